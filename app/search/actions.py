from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete

from app.database import DbSession
from app.search.models import SearchEntry
from app.search.rules import Kind
from app.values.language import Translated
from app.values.text import folded


@dataclass(frozen=True, slots=True)
class Findable:
    kind: Kind
    key: str
    title: Translated
    detail: Translated
    text: str
    """Everything else it shall be found by, in all languages and spellings."""


def replace(db: DbSession, owner: str, things: Iterable[Findable]) -> None:
    """From now on exactly these can be found of what the owner has."""
    db.execute(delete(SearchEntry).where(SearchEntry.owner == owner))
    for thing in things:
        title = folded(" ".join(thing.title.as_dict().values()))
        db.add(
            SearchEntry(
                kind=thing.kind,
                key=thing.key,
                owner=owner,
                title=thing.title,
                detail=thing.detail,
                folded_title=title,
                folded=f" {title} {folded(thing.text)} ",
            )
        )
    db.flush()
