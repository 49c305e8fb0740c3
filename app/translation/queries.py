from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select

from app.database import DbSession
from app.translation.models import StaleText
from app.translation.rules import Mark
from app.values.language import Language

Marks = Mapping[tuple[str, int, str], Mapping[Language, Mark]]
"""(kind, id, field) → which of its languages are stale. What has no stale translation is not in it."""


def stale_marks(db: DbSession) -> Marks:
    """Of everything there is, in one query: only what waits for a translator has a row."""
    found: dict[tuple[str, int, str], dict[Language, Mark]] = defaultdict(dict)
    for row in db.scalars(select(StaleText)):
        found[row.kind, row.subject_id, row.field][row.language] = Mark(row.source, row.source_before, row.since)
    return found
