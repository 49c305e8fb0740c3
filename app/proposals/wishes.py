"""What organisers ask of a proposal: which sessions, which days and hours, how long, and what matters how much."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.agenda.plan import Plan, Planned
from app.agenda.rules import USUAL, SessionKind

OPENS, CLOSES = 9 * 60, 18 * 60
A_DAY = 6 * 60
"""What is planned on a day says when the day begins and ends only if it fills so many minutes."""
STEPS = (5, 10, 15, 20, 30, 60)
SECONDS = range(1, 301)
MINUTES = range(5, 721)


class Scope(StrEnum):
    UNPLACED = "unplaced"
    UNFIXED = "unfixed"
    """Those with a place too, unless they are pinned, a pause, for all or already past."""


class Aim(StrEnum):
    """What a proposal is measured by beside the rules. Its points are in `proposals/merit.py`."""

    PLACED = "placed"
    TOPIC = "topic"
    """No two sessions of one track at once."""
    ROOM = "room"
    """A track keeps to one room on a day."""
    PAUSE = "pause"
    """Nobody goes from one session straight into the next."""
    DAYS = "days"
    """Nobody comes on more days than needed."""
    STAY = "stay"
    """What has a place keeps it."""
    EARLY = "early"
    """No gaps: sessions as early in the day as they can be."""


CHOSEN = (Aim.TOPIC, Aim.ROOM, Aim.PAUSE, Aim.DAYS, Aim.STAY, Aim.EARLY)
"""Aims that organisers give a weight."""
WEIGHTS = (0, 1, 2, 4)
NORMAL = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """From when to when sessions may be put on a day, in minutes since its midnight."""

    day: date
    opens: int = OPENS
    closes: int = CLOSES


@dataclass(frozen=True, slots=True)
class Wishes:
    scope: Scope = Scope.UNPLACED
    frames: tuple[Frame, ...] = ()
    seconds: int = 30
    step: int = 15
    """Sessions begin at multiples of so many minutes, or where something for all ends."""
    pause: int = 15
    """Minutes that somebody should have between two sessions."""
    lengths: Mapping[SessionKind, int] = field(default_factory=dict)
    """Of sessions that never had a time."""
    weights: Mapping[Aim, int] = field(default_factory=dict)

    def weight(self, aim: Aim) -> int:
        return self.weights.get(aim, NORMAL)

    def minutes(self, session: Planned) -> int:
        """As long as it is; what has no time yet, or an impossible one, as long as its kind."""
        own = session.placement.minutes or 0
        return own if own > 0 else self.lengths.get(session.kind, USUAL[session.kind])

    def to_json(self) -> dict[str, Any]:
        return {
            "scope": self.scope.value,
            "frames": [[frame.day.isoformat(), frame.opens, frame.closes] for frame in self.frames],
            "seconds": self.seconds,
            "step": self.step,
            "pause": self.pause,
            "lengths": {kind.value: minutes for kind, minutes in self.lengths.items()},
            "weights": {aim.value: weight for aim, weight in self.weights.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Wishes":
        return cls(
            Scope(stored["scope"]),
            tuple(Frame(date.fromisoformat(day), opens, closes) for day, opens, closes in stored["frames"]),
            stored["seconds"],
            stored["step"],
            stored["pause"],
            {SessionKind(kind): minutes for kind, minutes in stored["lengths"].items()},
            {Aim(aim): weight for aim, weight in stored["weights"].items()},
        )


def usual_wishes(plan: Plan, scope: Scope = Scope.UNPLACED) -> Wishes:
    """What a form begins with: hours and lengths as they are in what is planned already."""
    many = len(plan.sessions) > 80
    return Wishes(scope, frames_of(plan), seconds=60 if many else 10, lengths=lengths_of(plan))


def frames_of(plan: Plan) -> tuple[Frame, ...]:
    """The edition's days, each from the first to the last session in a room; wider where that says little.

    While sessions wait for a place, a day is not over where the last one placed ends.
    """
    placed: defaultdict[date, list[tuple[int, int]]] = defaultdict(list)
    for session in plan.sessions:
        slot = session.slot
        if slot and slot.room is not None and not session.kind.is_pause and slot.start.date() == slot.end.date():
            placed[slot.start.date()].append((_of_day(slot.start), _of_day(slot.end)))
    are_waiting = any(session.starts_at is None and not session.is_cancelled for session in plan.sessions)
    return tuple(_frame(day, placed[day], are_waiting) for day in plan.days or ())


def _frame(day: date, spans: list[tuple[int, int]], are_waiting: bool) -> Frame:
    opens, closes = min((a for a, _ in spans), default=OPENS), max((b for _, b in spans), default=CLOSES)
    if are_waiting or closes - opens < A_DAY:
        return Frame(day, min(opens, OPENS), max(closes, CLOSES))
    return Frame(day, opens, closes)


def _of_day(at: datetime) -> int:
    return at.hour * 60 + at.minute


def lengths_of(plan: Plan) -> dict[SessionKind, int]:
    """For each kind how long its sessions mostly are; the shorter where two lengths are as frequent."""
    seen: defaultdict[SessionKind, Counter[int]] = defaultdict(Counter)
    for session in plan.sessions:
        if (minutes := session.placement.minutes or 0) > 0:
            seen[session.kind][minutes] += 1
    return {kind: min(seen[kind], key=lambda m: (-seen[kind][m], m), default=USUAL[kind]) for kind in SessionKind}
