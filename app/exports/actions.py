"""Taking what translators sent."""

from collections.abc import Sequence
from datetime import datetime

from app.audit.actions import record
from app.database import DbSession
from app.site.translating import write
from app.site.wishes import Verdict, Wish
from app.values.actor import Actor


def take(db: DbSession, edition_id: int, wishes: Sequence[Wish], *, actor: Actor, now: datetime) -> list[Verdict]:
    """Those that still stand are written; a verdict for each, in their order. What changed since the dry run is not."""
    verdicts = write(db, edition_id, wishes, actor=actor, now=now)
    number = sum(not verdict.is_refusal for verdict in verdicts)
    record(
        db, actor, "translations_imported", kind="edition", subject_id=edition_id, edition_id=edition_id, now=now,
        number=number,
    )  # fmt: skip
    return verdicts
