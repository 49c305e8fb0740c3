"""Proposals for an agenda that was drawn so that all of it fits, and then taken apart. As the worker searches, without it."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from app.agenda.plan import Place, Plan, Planned, Taking, Window
from app.agenda.rules import SessionKind
from app.proposals.proposal import Problem, problem_of
from app.proposals.solving import Progress, solved
from app.proposals.wishes import Scope, usual_wishes
from app.values.time import Days
from bench.figures import Figure

FIRST = date(2027, 9, 23)
BLOCKS = ((585, 645), (675, 765), (825, 945), (975, 1080))
"""When rooms run side by side, in minutes of the day; between them coffee and lunch."""
SPLITS: dict[int, tuple[tuple[int, ...], ...]] = {
    60: ((60,), (30, 30)),
    90: ((90,), (45, 45), (30, 30, 30), (60, 30)),
    105: ((60, 45), (75, 30), (45, 30, 30)),
    120: ((60, 60), (75, 45), (30, 45, 45), (90, 30)),
}
SEATS, BOOTHS = (400, 250, 160, 120, 120, 80, 80, 60), (3, 2, 1, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Size:
    sessions: int
    rooms: int
    days: int
    seconds: int


SIZES = (Size(60, 4, 2, 5), Size(200, 8, 3, 60))


def proposals() -> Sequence[Figure]:
    return [figure for size in SIZES for figure in _proposed(size)]


def _proposed(size: Size) -> Iterator[Figure]:
    problem, first = _problem(size), 0.0
    began = time.monotonic()

    def heard(_done: Progress) -> bool:
        nonlocal first
        first = first or time.monotonic() - began
        return False

    answer = solved(problem, heard=heard)
    seconds = time.monotonic() - began
    name = f"proposal, {size.sessions} sessions, {size.rooms} rooms, {size.days} days"
    placed, gap = len(answer.places), (answer.points - answer.bound) / max(answer.bound, 1)
    yield Figure(f"{name}: first answer", f"{first:.2f} s")
    yield Figure(f"{name}: end", f"{seconds:.1f} s", f"≤ {size.seconds} s", seconds <= size.seconds)
    yield Figure(f"{name}: placed", f"{placed} of {len(problem.items)}", "all", not answer.left)
    yield Figure(f"{name}: objective", f"{answer.points}")
    yield Figure(f"{name}: bound", f"{answer.bound:.0f} (gap {gap:.0%})")


def _problem(size: Size) -> Problem:
    """All of it without a place, for nine tenths of the goal: the rest is the worker's, to take it up and to store it."""
    plan = drawn(size)
    wishes = replace(usual_wishes(plan, Scope.UNFIXED), seconds=size.seconds * 9 // 10)
    problem = problem_of(plan, wishes, at=datetime(2027, 1, 1))
    return replace(problem, items=tuple(replace(item, present=None) for item in problem.items))


def drawn(size: Size, seed: int = 1) -> Plan:
    """Rooms filled block by block with sessions that suit them, people who are free then, and tracks that share rooms."""
    lot = Random(seed)
    frame = [session for day in range(size.days) for session in _frame(day)]
    slots = list(_slots(size, lot))
    chosen = sorted(lot.sample(slots, min(len(slots), size.sessions - len(frame))))
    people = range(1, round(len(chosen) * 1.5))
    home = {person: lot.randrange(size.days) for person in people if lot.random() < 0.3}
    busy: dict[int, list[tuple[int, int, int]]] = {}
    sessions = [_session(n, slot, size, lot, busy, home, people) for n, slot in enumerate(chosen, len(frame) + 1)]
    rooms = tuple(Place(n + 1, SEATS[n % 8], BOOTHS[n % 8]) for n in range(size.rooms))
    return Plan(
        "Asia/Shanghai", Days(FIRST, FIRST + timedelta(days=size.days - 1)), rooms=rooms,
        sessions=tuple(replace(session, id=n) for n, session in enumerate((*frame, *sessions), 1)),
        available={person: (Window(_at(day, 480), _at(day, 1200)),) for person, day in home.items()},
    )  # fmt: skip


def _frame(day: int) -> Iterator[Planned]:
    """What is for all."""
    for kind, room, start, end in (
        (SessionKind.OPENING, 1, 540, 585), (SessionKind.BREAK, None, 645, 675), (SessionKind.MEAL, None, 765, 825),
        (SessionKind.BREAK, None, 945, 975),
    ):  # fmt: skip
        yield Planned(0, kind, day=_at(day, 0).date(), starts_at=_at(day, start), ends_at=_at(day, end), room=room, for_all=True)  # fmt: skip


def _slots(size: Size, lot: Random) -> Iterator[tuple[int, int, int, int]]:
    """Day, start, minutes, room."""
    for day in range(size.days):
        for begins, ends in BLOCKS:
            for room in range(size.rooms):
                at = begins
                for minutes in lot.choice(SPLITS[ends - begins]):
                    yield day, at, minutes, room
                    at += minutes


def _session(
    id_: int, slot: tuple[int, int, int, int], size: Size, lot: Random, busy: dict[int, list[tuple[int, int, int]]],
    home: dict[int, int], people: range,
) -> Planned:  # fmt: skip
    day, start, minutes, room = slot
    cast: list[int] = []
    for person in lot.sample(people, len(people)):
        if len(cast) == (1 if minutes <= 30 else 2 if minutes <= 45 else 4):
            break
        own = busy.setdefault(person, [])
        is_busy = any(d == day and a < start + minutes + 15 and start < b + 15 for d, a, b in own)
        if home.get(person, day) == day and not is_busy:
            own.append((day, start, start + minutes))
            cast.append(person)
    kind = SessionKind.TALK if minutes <= 45 else SessionKind.PANEL
    languages = ("en", "de", "zh")[: lot.choice((0, 0, 0, BOOTHS[room % 8]))]
    return Planned(
        id_, kind, day=_at(day, 0).date(), starts_at=_at(day, start), ends_at=_at(day, start + minutes), room=room + 1,
        track=(room + day) % max(4, size.rooms - 1) + 1, cast=tuple(Taking(person, person) for person in cast),
        expected=lot.choice((None, None, SEATS[room % 8] // 2, SEATS[room % 8])), interpretation=languages,
    )  # fmt: skip


def _at(day: int, minute: int) -> datetime:
    return datetime.combine(FIRST + timedelta(days=day), datetime.min.time()) + timedelta(minutes=minute)
