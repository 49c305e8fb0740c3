from collections.abc import Sequence

from sqlalchemy import select

from app.database import DbSession
from app.search import rules
from app.search.models import SearchEntry


def find(db: DbSession, query: str, *, limit: int = 100) -> Sequence[SearchEntry]:
    """What is public and holds every word of the query, titles first. Nothing for an empty query."""
    terms = rules.terms(query)
    if not terms:
        return []
    found = db.scalars(
        select(SearchEntry)
        .where(*(SearchEntry.folded.contains(term, autoescape=True) for term in terms))
        .order_by(SearchEntry.kind, SearchEntry.key)
        .limit(1000)
    ).all()
    return sorted(found, key=lambda entry: rules.rank(terms, folded_title=entry.folded_title))[:limit]
