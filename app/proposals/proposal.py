"""A proposal as plain values: what is to be placed, what stands, and what came of it.

Times are whole minutes since the calendar began (`minute_of`), so that the search compares numbers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.agenda.plan import Place, Plan, Planned
from app.agenda.rota import asked, joined
from app.proposals.wishes import Aim, Scope, Wishes

MINUTES_A_DAY = 24 * 60


def minute_of(at: datetime) -> int:
    return at.toordinal() * MINUTES_A_DAY + at.hour * 60 + at.minute


def moment(minute: int) -> datetime:
    day, rest = divmod(minute, MINUTES_A_DAY)
    return datetime.fromordinal(day) + timedelta(minutes=rest)


class Rule(StrEnum):
    """Why a session cannot be somewhere. The sentences are in `proposals/words.py`."""

    DAY = "day"
    """Not on the day it belongs to, or on none of those asked for."""
    FRAME = "frame"
    PAST = "past"
    CLOCK = "clock"
    CAPACITY = "capacity"
    BOOTHS = "booths"
    AVAILABLE = "available"
    ALL = "all"
    ROOM = "room"
    PERSON = "person"
    TRAVEL = "travel"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """A rule, and whom or what it speaks of."""

    rule: Rule
    person: int | None = None
    other: int | None = None
    """The session that is in the way."""


@dataclass(frozen=True, slots=True)
class Spot:
    """When and where. Without a room: in none, or in all of them."""

    start: int
    room: int | None = None

    @property
    def day(self) -> int:
        return self.start // MINUTES_A_DAY


@dataclass(frozen=True, slots=True)
class Item:
    """A session to be placed."""

    id: int
    minutes: int
    people: frozenset[int] = frozenset()
    """Speakers and interpreters alike: none of them is in two places."""
    track: int | None = None
    for_all: bool = False
    rooms: tuple[int | None, ...] = ()
    """Where it might be, as far as its kind says; size and booths are rules of their own."""
    expected: int = 0
    booths: int = 0
    day: date | None = None
    """It has no time but a day: there it stays."""
    at: int | None = None
    """It has a time and only wants a room."""
    present: Spot | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A session that stands."""

    session: int
    start: int
    end: int
    room: int | None = None
    people: frozenset[int] = frozenset()
    track: int | None = None
    for_all: bool = False


def block_of(item: Item, spot: Spot) -> Block:
    end = spot.start + item.minutes
    return Block(item.id, spot.start, end, spot.room, item.people, item.track, item.for_all)


@dataclass(frozen=True, slots=True)
class Problem:
    wishes: Wishes
    zone: str
    items: tuple[Item, ...]
    blocks: tuple[Block, ...] = ()
    rooms: Mapping[int, Place] = field(default_factory=dict)
    has_booths: bool = False
    """Booths are set somewhere, so a room without has none."""
    windows: Mapping[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    """By person, when they are there; who is not in it always is."""
    travel: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """Minutes between two rooms, both ways, where it takes any."""
    earliest: int = 0

    def item(self, session: int) -> Item:
        return next(item for item in self.items if item.id == session)

    def minutes_between(self, a: int | None, b: int | None) -> int:
        return self.travel.get((a, b), 0) if a is not None and b is not None else 0

    def around(self, freed: frozenset[int], places: Mapping[int, Spot]) -> "Problem":
        """The smaller problem of placing only these, everything else standing where it is placed."""
        standing = [
            block_of(item, places[item.id]) for item in self.items if item.id in places and item.id not in freed
        ]
        items = tuple(item for item in self.items if item.id in freed)
        there = {block.session for block in standing}
        return replace(self, items=items, blocks=(*(b for b in self.blocks if b.session not in there), *standing))


@dataclass(frozen=True, slots=True)
class Tally:
    """How far an aim is missed: so much of it, for so many points."""

    aim: Aim
    amount: int
    points: int

    def to_json(self) -> list[Any]:
        return [self.aim.value, self.amount, self.points]


@dataclass(frozen=True, slots=True)
class Answer:
    places: Mapping[int, Spot]
    left: Mapping[int, tuple[Hindrance, ...]] = field(default_factory=dict)
    """Who found no place, and the rules that one would have to bend for the nearest."""
    tallies: tuple[Tally, ...] = ()
    bound: float = 0
    """No proposal at all can cost fewer points."""

    @property
    def points(self) -> int:
        return sum(tally.points for tally in self.tallies)


def problem_of(plan: Plan, wishes: Wishes, *, at: datetime, only: frozenset[int] | None = None) -> Problem:
    """What these wishes mean for the draft. `at` is the wall time there now; `only` narrows it to these sessions."""
    past = minute_of(at)
    moving = {s.id for s in plan.sessions if (_is_wanted(s, wishes.scope, past) if only is None else s.id in only)}
    travel = {(a.id, b.id): m for a in plan.rooms for b in plan.rooms if (m := plan.minutes_between(a.id, b.id))}
    return Problem(
        wishes,
        plan.zone,
        items=tuple(_item(session, plan, wishes) for session in plan.sessions if session.id in moving),
        blocks=tuple(_blocks(plan.sessions, moving, wishes.scope)),
        rooms={room.id: room for room in plan.rooms},
        has_booths=any(room.booths for room in plan.rooms),
        windows={
            person: tuple((minute_of(w.starts_at), minute_of(w.ends_at)) for w in joined(windows))
            for person, windows in plan.available.items()
        },
        travel=travel,
        earliest=past,
    )


def _is_wanted(session: Planned, scope: Scope, past: int) -> bool:
    """Pauses and what is for all are respected once they have a time: everything else arranges itself around them."""
    if session.is_cancelled or session.is_pinned:
        return False
    if session.starts_at is None:
        return True
    if session.for_all or session.kind.is_pause or minute_of(session.starts_at) < past:
        return False
    return scope is Scope.UNFIXED or session.room is None


def _item(session: Planned, plan: Plan, wishes: Wishes) -> Item:
    start = minute_of(session.starts_at) if session.starts_at else None
    rooms: tuple[int | None, ...] = tuple(room.id for room in plan.rooms)
    return Item(
        session.id,
        wishes.minutes(session),
        everybody(session),
        session.track,
        session.for_all,
        (session.room,) if session.kind.is_pause else rooms,
        max(session.expected or 0, (plan.signed_up or 0) if session.for_all else 0),
        len(asked(session)),
        session.day if start is None else None,
        start if _wants_only_a_room(session, wishes.scope) else None,
        Spot(start, session.room) if start is not None else None,
    )


def _wants_only_a_room(session: Planned, scope: Scope) -> bool:
    return scope is Scope.UNPLACED and session.starts_at is not None and session.room is None


def everybody(session: Planned) -> frozenset[int]:
    """Who has to be there: who has declined has not."""
    return frozenset(t.person for t in session.cast if not t.has_declined) | {duty.person for duty in session.duties}


def _blocks(sessions: Iterable[Planned], moving: set[int], scope: Scope) -> Iterable[Block]:
    """What stands. Who only wants a room holds its people meanwhile: they are there whether it gets one or not."""
    for session in sessions:
        slot = session.slot
        if slot is None or slot.end <= slot.start:
            continue
        start, end, people = minute_of(slot.start), minute_of(slot.end), everybody(session)
        if session.id not in moving:
            yield Block(session.id, start, end, slot.room, people, session.track, session.for_all)
        elif _wants_only_a_room(session, scope):
            yield Block(session.id, start, end, None, people)
