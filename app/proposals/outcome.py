"""What came of a proposal, and what of it can still be taken: the draft goes on changing beside it."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.agenda.notation import as_seen, placement_from_json, placement_to_json
from app.agenda.plan import Plan
from app.agenda.rules import Placement
from app.proposals.fitting import refitted
from app.proposals.proposal import Answer, Hindrance, Item, Problem, Rule, Spot, Tally, minute_of, moment, problem_of
from app.proposals.wishes import Aim, Scope, Wishes


@dataclass(frozen=True, slots=True)
class Line:
    """One session that is to stand elsewhere than it did. `after` without a time: back to the unplaced."""

    session: int
    before: Placement
    after: Placement

    @property
    def spot(self) -> Spot | None:
        return Spot(minute_of(self.after.starts_at), self.after.room_id) if self.after.starts_at else None

    @property
    def turn(self) -> tuple[int, int]:
        """By the time proposed; what goes back to the unplaced comes last."""
        return minute_of(self.after.starts_at) if self.after.starts_at else sys.maxsize, self.session


@dataclass(frozen=True, slots=True)
class Outcome:
    """A proposal's result, as it is stored."""

    lines: tuple[Line, ...] = ()
    left: Mapping[int, tuple[Hindrance, ...]] = field(default_factory=dict)
    tallies: tuple[Tally, ...] = ()
    bound: float = 0
    sessions: int = 0
    """How many were to be placed."""

    @property
    def points(self) -> int:
        return sum(tally.points for tally in self.tallies)

    def to_json(self) -> dict[str, Any]:
        return {
            "lines": [
                [line.session, placement_to_json(line.before), placement_to_json(line.after)] for line in self.lines
            ],
            "left": [[session, [[h.rule.value, h.person, h.other] for h in own]] for session, own in self.left.items()],
            "tallies": [[tally.aim.value, tally.amount, tally.points] for tally in self.tallies],
            "bound": self.bound,
            "sessions": self.sessions,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Outcome":
        return cls(
            tuple(Line(s, placement_from_json(a), placement_from_json(b)) for s, a, b in stored["lines"]),
            {
                session: tuple(Hindrance(Rule(r), who, other) for r, who, other in own)
                for session, own in stored["left"]
            },
            tuple(Tally(Aim(aim), amount, points) for aim, amount, points in stored["tallies"]),
            stored["bound"],
            stored["sessions"],
        )


def outcome(plan: Plan, problem: Problem, answer: Answer) -> Outcome:
    """The answer beside the draft that it was asked of, in the order of the days proposed."""
    stood = {session.id: session.placement for session in plan.sessions}
    after = {item.id: _after(item, answer, stood[item.id], problem.wishes.scope) for item in problem.items}
    lines = [Line(i, stood[i], to) for i, to in after.items() if as_seen(stood[i]) != as_seen(to)]
    return Outcome(
        tuple(sorted(lines, key=lambda line: line.turn)), answer.left, answer.tallies, answer.bound, len(problem.items)
    )


def _after(item: Item, answer: Answer, stood: Placement, scope: Scope) -> Placement:
    """Who finds no place any more goes back to the unplaced; who only wanted a room stays without."""
    spot = answer.places.get(item.id)
    if spot is not None:
        start = moment(spot.start)
        return Placement(start.date(), start, moment(spot.start + item.minutes), spot.room)
    return stood if scope is Scope.UNPLACED or stood.starts_at is None else Placement()


class Fate(StrEnum):
    """What has become of a line since."""

    OPEN = "open"
    """It fits, if everything that fits is taken."""
    MOVED = "moved"
    """It fits, but somebody has put the session elsewhere since: they may have had a reason."""
    HINDERED = "hindered"
    GONE = "gone"
    """Removed, cancelled, pinned, begun, or its room is no longer there."""
    THERE = "there"
    """It stands as proposed."""


@dataclass(frozen=True, slots=True)
class Standing:
    fate: Fate
    hindrances: tuple[Hindrance, ...] = ()

    @property
    def can_be_taken(self) -> bool:
        return self.fate in (Fate.OPEN, Fate.MOVED)


def standings(plan: Plan, wishes: Wishes, lines: Sequence[Line], *, at: datetime) -> dict[int, Standing]:
    """For each line whether it can be taken now, together with all others of these that can."""
    found = {line.session: _without_rules(plan, line, at) for line in lines}
    asked = {line.session: line for line in lines if found[line.session].can_be_taken}
    days = tuple(frame for frame in wishes.frames if plan.days and frame.day in plan.days)
    problem = problem_of(plan, replace(wishes, frames=days), at=at, only=frozenset(asked))
    items = tuple(replace(item, minutes=asked[item.id].after.minutes or item.minutes) for item in problem.items)
    places = {session: spot for session, line in asked.items() if (spot := line.spot)}
    _taken, refused = refitted(replace(problem, items=items), places)
    return found | {session: Standing(Fate.HINDERED, why) for session, why in refused.items()}


def _without_rules(plan: Plan, line: Line, at: datetime) -> Standing:
    """As far as the session itself and the room say it."""
    session, to = plan.session(line.session), line.after.room_id
    if session is None or session.is_cancelled or session.is_pinned or (session.starts_at or at) < at:
        return Standing(Fate.GONE)
    if to is not None and all(room.id != to for room in plan.rooms):
        return Standing(Fate.GONE)
    now = as_seen(session.placement)
    if now == as_seen(line.after):
        return Standing(Fate.THERE)
    return Standing(Fate.OPEN if now == as_seen(line.before) else Fate.MOVED)


def to_take(lines: Iterable[Line], found: Mapping[int, Standing]) -> tuple[Line, ...]:
    return tuple(line for line in lines if found[line.session].can_be_taken)
