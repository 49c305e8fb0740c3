"""In which order those who take part speak and are listed. Whoever leads a session stays where they were put."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest

from app.agenda.plan import Taking
from app.agenda.rules import SessionRole, SpeakingOrder

LEADING = frozenset({SessionRole.CHAIR, SessionRole.MODERATOR, SessionRole.HOST})
"""Who opens and guides; protocol orders those who are given the floor."""


def in_order(cast: Sequence[Taking], order: SpeakingOrder, sides: Sequence[str]) -> tuple[Taking, ...]:
    """The cast as protocol would have it; `sides` are countries, the host's first.

    By rank, the highest first; who has none comes after all who have. Equals keep the order they stand in, so
    that a session without ranks is never out of order. Alternating takes the sides in turn, each by its own
    ranks; speakers of other countries follow, and by hand is whatever it is.
    """
    if order is SpeakingOrder.BY_HAND:
        return tuple(cast)
    speaking = [taking for taking in cast if taking.role not in LEADING]
    ordered = iter(_in_turn(speaking, sides) if order is SpeakingOrder.ALTERNATING else by_rank(speaking))
    return tuple(taking if taking.role in LEADING else next(ordered) for taking in cast)


def by_rank(takings: Iterable[Taking]) -> list[Taking]:
    return sorted(takings, key=lambda taking: (taking.rank is None, taking.rank or 0))


def _in_turn(takings: Sequence[Taking], sides: Sequence[str]) -> Iterator[Taking]:
    of_side = [by_rank(taking for taking in takings if taking.side == side) for side in sides]
    others = by_rank(taking for taking in takings if taking.side not in sides)
    turns = chain.from_iterable(zip_longest(*of_side))
    return chain((taking for taking in turns if taking is not None), others)
