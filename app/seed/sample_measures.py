"""How many come to an invented session, what an invented agenda is measured by, and one finding that may stand."""

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations

from app.agenda import measuring, queries
from app.agenda.findings import Problem
from app.agenda.models import Room
from app.agenda.plan import Measures
from app.database import DbSession
from app.editions.models import Edition
from app.seed.reading import text
from app.seed.sample_plan import Item
from app.seed.sample_words import Place, words
from app.values.actor import Actor
from app.values.language import Language

SHARES = (45, 60, 75, 90, 55, 80, 70)
"""Per cent of a room's seats that people come to, session after session."""
CROWDED, MORE = 26, 125
"""One of so many sessions draws this per cent of its room."""
UPSTAIRS = 4
"""Minutes from any room to the one on the third floor."""


def audience(n: int, item: Item, places: Sequence[Place]) -> int | None:
    """Of the nth session; of one for all nobody need guess, since people sign up."""
    if item.for_all or item.slot.room is None or item.slot.room >= len(places):
        return None
    share = MORE if n % CROWDED == CROWDED // 2 else SHARES[n % len(SHARES)]
    return max(places[item.slot.room].seats * share // 500 * 5, 5)


def settle(db: DbSession, edition: Edition, *, actor: Actor, now: datetime) -> None:
    """Measures and ways, and the opening may stand in a hall with fewer seats than people who signed up."""
    measures = Measures(least_share=25, travel_minutes=15)
    book = measuring.set_measures(db, edition.id, measures, revision=1, actor=actor, now=now)
    rooms = queries.rooms_of(db, edition.id)
    measuring.set_ways(db, edition.id, _ways(rooms), revision=book.revision, actor=actor, now=now)
    opening = next(
        (session for session in queries.sessions_of(db, edition.id) if session.for_all and session.room), None
    )
    if opening is not None:
        reason = text(words().edition, "gallery").exact(Language.EN)
        measuring.waive(db, opening.id, Problem.ROOM_SMALL_FOR_ALL, reason, actor=actor, now=now)


def _ways(rooms: Sequence[Room]) -> dict[tuple[int, int], int]:
    """Within the house, to and from the room upstairs."""
    pairs = [(a, b) for a, b in combinations(rooms, 2) if a.site == b.site and "harbour" in (a.slug, b.slug)]
    return {(min(a.id, b.id), max(a.id, b.id)): UPSTAIRS for a, b in pairs}
