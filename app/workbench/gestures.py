"""What an organiser's hand does to the grid, and what it changes. Plain values in, plain values out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from app.agenda.notation import as_seen, placement_from_json, placement_to_json
from app.agenda.plan import Plan, Planned
from app.agenda.rules import Misfit, Placement, SessionKind, misfit
from app.values.language import Translated


class Deed(StrEnum):
    CREATE = "create"
    PLACE = "place"
    UNPLACE = "unplace"
    SWAP = "swap"
    SHIFT = "shift"
    DUPLICATE = "duplicate"
    PIN = "pin"
    TAKE = "take"
    """A proposal, or a part of one."""


class Refusal(StrEnum):
    """Why a gesture is not made, where it is no `Misfit`. The sentences are in `app/web/messages.py`."""

    OVER_MIDNIGHT = "session_over_midnight"
    NOTHING_MOVES = "nothing_moves"
    NOTHING_SHIFTS = "nothing_shifts"


@dataclass(frozen=True, slots=True)
class Create:
    """Drawn on empty ground."""

    start: datetime
    minutes: int
    room: int | None
    title: Translated
    kind: SessionKind = SessionKind.TALK


@dataclass(frozen=True, slots=True)
class Place:
    """From the unplaced, to another time or room, or longer and shorter."""

    session: int
    start: datetime
    minutes: int
    room: int | None = None
    saw: str | None = None
    """Where the one who moves it saw it (`notation.as_seen`). None: wherever it stands."""


@dataclass(frozen=True, slots=True)
class Unplace:
    """Back to the unplaced: without day, time, room or pin."""

    session: int
    saw: str | None = None


@dataclass(frozen=True, slots=True)
class Swap:
    """Two change places, each keeping its own length; one without a time takes the other's."""

    session: int
    other: int
    saw: str | None = None
    saw_other: str | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """Everything that day from this time on, or everything in one room, by some minutes.

    Pauses go with it. What is pinned stays: that is what the pin is for. What is cancelled stays, since the public
    looks for it where it was announced.
    """

    start: datetime
    by: int
    room: int | None = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An unplaced copy with everything said of it; never published, so with an address and a UID of its own."""

    session: int


@dataclass(frozen=True, slots=True)
class Pin:
    session: int
    is_pinned: bool = True


@dataclass(frozen=True, slots=True)
class Take:
    """Places from a proposal. Pins are not its to set."""

    placements: Mapping[int, Placement]
    saw: Mapping[int, str] = field(default_factory=dict)


Gesture = Create | Place | Unplace | Swap | Shift | Duplicate | Pin | Take
DEEDS: dict[type[Any], Deed] = {
    Create: Deed.CREATE, Place: Deed.PLACE, Unplace: Deed.UNPLACE, Swap: Deed.SWAP, Shift: Deed.SHIFT,
    Duplicate: Deed.DUPLICATE, Pin: Deed.PIN, Take: Deed.TAKE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one session. `before` is None where it is new, `after` where it goes."""

    session_id: int | None
    """None: not there yet, or not any more."""
    before: Placement | None
    after: Placement | None
    uid: str = ""
    """Finds the session again where it went and came back: ids are given anew, UIDs are for life."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Of a new one (`notation.facts_to_json`), so that it can come back."""

    @property
    def moves(self) -> bool:
        """Another time or room. Pinning alone does not."""
        return self.before is None or self.after is None or place(self.before) != place(self.after)

    @property
    def pins(self) -> bool:
        return self.before is not None and self.after is not None and self.before.is_pinned != self.after.is_pinned

    def onto(self, stored: Placement) -> Placement:
        """What comes of it where the session stands elsewhere by now: place and pin are two matters."""
        assert self.after is not None
        put = self.after if self.moves else stored
        return replace(put, is_pinned=(self.after if self.pins else stored).is_pinned)

    def to_json(self) -> dict[str, Any]:
        before, after = (state and placement_to_json(state) for state in (self.before, self.after))
        return {
            "session": self.session_id, "uid": self.uid, "before": before, "after": after, "facts": dict(self.facts),
        }  # fmt: skip

    @classmethod
    def from_json(cls, noted: Mapping[str, Any]) -> "Change":
        before, after = (state and placement_from_json(state) for state in (noted["before"], noted["after"]))
        return cls(noted["session"], before, after, noted["uid"], noted["facts"])


@dataclass(frozen=True, slots=True)
class Refused:
    """Why not, and because of which session."""

    why: Misfit | Refusal
    session_id: int | None = None


def place(placement: Placement) -> tuple[object, ...]:
    """A placement without its pin."""
    return placement.day, placement.starts_at, placement.ends_at, placement.room_id


def sessions_of(gesture: Gesture) -> frozenset[int]:
    """Those it names; what a `Shift` moves is found by its day."""
    match gesture:
        case Place() | Unplace() | Duplicate() | Pin():
            return frozenset({gesture.session})
        case Swap():
            return frozenset({gesture.session, gesture.other})
        case Take():
            return frozenset(gesture.placements)
    return frozenset()


def saw_of(gesture: Gesture) -> dict[int, str]:
    """By session: where whoever makes the gesture believes it to stand."""
    match gesture:
        case Place(session=session, saw=saw) | Unplace(session=session, saw=saw):
            pairs = [(session, saw)]
        case Swap():
            pairs = [(gesture.session, gesture.saw), (gesture.other, gesture.saw_other)]
        case Take():
            pairs = [*gesture.saw.items()]
        case _:
            pairs = []
    return {session: saw for session, saw in pairs if saw is not None}


def moved_meanwhile(gesture: Gesture, changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes of sessions that stand elsewhere than they were seen, unless that is where they were to go."""
    saw = saw_of(gesture)
    return tuple(
        change
        for change in changes
        if change.before is not None
        and as_seen(change.before) != saw.get(change.session_id or 0, as_seen(change.before))
    )


def changes_of(gesture: Gesture, sessions: Mapping[int, Planned]) -> tuple[Change, ...]:
    """What it changes, where the sessions it concerns stand like this. What stays as it is is no change.

    `sessions` are at least those it names; for a `Shift` all of that day.
    """
    match gesture:
        case Create():
            return (Change(None, None, _placed(gesture.start, gesture.minutes, gesture.room)),)
        case Duplicate():
            return (Change(None, None, Placement()),)
        case _:
            wanted = _wanted(gesture, sessions)
    stood = {session: sessions[session].placement for session in sorted(wanted)}
    return tuple(Change(id_, before, wanted[id_]) for id_, before in stood.items() if before != wanted[id_])


def _wanted(gesture: Gesture, sessions: Mapping[int, Planned]) -> dict[int, Placement]:
    stood = {session.id: session.placement for session in sessions.values()}
    match gesture:
        case Place(session=session):
            pinned = stood[session].is_pinned
            return {session: _placed(gesture.start, gesture.minutes, gesture.room, pinned=pinned)}
        case Unplace(session=session):
            return {session: Placement()}
        case Swap(session=a, other=b):
            return {a: _in_place_of(stood[a], stood[b]), b: _in_place_of(stood[b], stood[a])}
        case Shift():
            return {s.id: _later(s.placement, gesture.by) for s in sessions.values() if _goes_with(gesture, s)}
        case Pin(session=session):
            return {session: replace(stood[session], is_pinned=gesture.is_pinned)}
        case Take(placements=placements):
            return {id_: replace(to, is_pinned=stood[id_].is_pinned) for id_, to in placements.items()}
    return {}


def refusal(gesture: Gesture, changes: Sequence[Change], *, zone: str) -> Refused | None:
    """The first reason why its changes cannot be stored; None: they can. Everything else is a finding."""
    if not changes:
        return Refused(Refusal.NOTHING_SHIFTS if isinstance(gesture, Shift) else Refusal.NOTHING_MOVES)
    for change in changes:
        if change.after is not None and change.moves and (why := _misfit(change.after, zone)):
            return Refused(why, change.session_id)
    return None


def inverse(changes: Iterable[Change]) -> tuple[Change, ...]:
    """What takes them back. Each is of another session, so their order does not matter."""
    return tuple(replace(change, before=change.after, after=change.before) for change in changes)


def rewound(plan: Plan, changes: Iterable[Change]) -> Plan:
    """The plan as it stood before these changes: what was new is not there, what went is not brought back."""
    was = {change.session_id: change.before for change in changes}
    kept = (session for session in plan.sessions if was.get(session.id, session.placement) is not None)
    stood = (_stood(session, was.get(session.id)) for session in kept)
    return replace(plan, sessions=tuple(sorted(stood, key=lambda session: session.turn)))


def _stood(session: Planned, was: Placement | None) -> Planned:
    if was is None:
        return session
    day, start, end, room = was.day, was.starts_at, was.ends_at, was.room_id
    return replace(session, day=day, starts_at=start, ends_at=end, room=room, is_pinned=was.is_pinned)


def _placed(start: datetime, minutes: int, room: int | None, *, pinned: bool = False) -> Placement:
    return Placement(start.date(), start, start + timedelta(minutes=minutes), room, pinned)


def _in_place_of(own: Placement, other: Placement) -> Placement:
    """Where the other stood, with one's own length and pin."""
    if other.starts_at is None:
        return Placement()
    minutes = own.minutes or other.minutes or 0
    return _placed(other.starts_at, minutes, other.room_id, pinned=own.is_pinned)


def _goes_with(shift: Shift, session: Planned) -> bool:
    return (
        session.starts_at is not None
        and session.day == shift.start.date()
        and session.starts_at >= shift.start
        and shift.room in (None, session.room)
        and not (session.is_pinned or session.is_cancelled)
    )


def _later(placement: Placement, minutes: int) -> Placement:
    """The day it stands on stays, so that one pushed beyond it is refused."""
    assert placement.starts_at is not None
    assert placement.ends_at is not None
    by = timedelta(minutes=minutes)
    return replace(placement, starts_at=placement.starts_at + by, ends_at=placement.ends_at + by)


def _misfit(placement: Placement, zone: str) -> Misfit | Refusal | None:
    day, start, end = placement.day, placement.starts_at, placement.ends_at
    if start is None or end is None or day is None:
        return misfit(day=day, starts_at=start, ends_at=end, zone=zone)
    midnight = datetime.combine(day, time()) + timedelta(days=1)
    if start.date() != day or end > midnight:
        return Refusal.OVER_MIDNIGHT
    return misfit(day=day, starts_at=start, ends_at=end, zone=zone)
