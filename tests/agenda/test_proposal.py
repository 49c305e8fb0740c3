"""What a proposal may do and must not: the rules it keeps, what it says of those it leaves out, what of it can be taken."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.agenda.findings import Problem, Severity, findings
from app.agenda.fitting import Ground, prevented
from app.agenda.merit import UNPLACED, total
from app.agenda.outcome import Fate, Line, Outcome, outcome, standings
from app.agenda.plan import Duty, Interpreting, Measures, Place, Plan, Planned, Taking, Window
from app.agenda.proposal import Hindrance, Problem as Asked, Rule, Spot, block_of, minute_of, problem_of
from app.agenda.rules import Placement, SessionKind
from app.agenda.solving import Progress, solved
from app.agenda.wishes import Aim, Frame, Scope, Wishes, frames_of, lengths_of, usual_wishes
from app.values.language import Language
from app.values.time import Days
from tests.agenda.drafts import DAY, DAYS, at, planned

NEXT = date(2027, 9, 24)
LONG_AGO = datetime(2027, 1, 1)
ROOMS = (Place(1, 40, 0, "Fair"), Place(2, 100, 2, "Fair"), Place(3, None, 1, "Old town"))
NOWHERE = {"day": None, "starts_at": None, "ends_at": None, "room": None}


def draft(*sessions: Planned, **overrides: object) -> Plan:
    plan: dict[str, object] = {"zone": "Asia/Shanghai", "days": DAYS, "sessions": sessions, "rooms": ROOMS}
    return Plan(**plan | overrides)  # type: ignore[arg-type]


def wishing(plan: Plan, scope: Scope = Scope.UNPLACED, **overrides: object) -> Wishes:
    wishes: dict[str, object] = {"frames": tuple(Frame(day) for day in plan.days or ()), "seconds": 20, "step": 30}
    return Wishes(scope, **wishes | overrides)  # type: ignore[arg-type]


def proposed(plan: Plan, wishes: Wishes) -> Outcome:
    problem = problem_of(plan, wishes, at=LONG_AGO)
    return outcome(plan, problem, solved(problem))


def taken(plan: Plan, lines: tuple[Line, ...]) -> Plan:
    """The draft once these lines are taken."""
    to = {line.session: line.after for line in lines}
    return replace(plan, sessions=tuple(_put(s, to[s.id]) if s.id in to else s for s in plan.sessions))


def _put(session: Planned, to: Placement) -> Planned:
    return replace(session, day=to.day, starts_at=to.starts_at, ends_at=to.ends_at, room=to.room_id)


# every proposal


@st.composite
def drafts(draw: st.DrawFn) -> Plan:
    """Two short days, three rooms, few people in many sessions: crowded, so that not everything fits."""
    sessions = tuple(draw(_session(n)) for n in range(1, draw(st.integers(1, 9)) + 1))
    windows = st.sampled_from([(8, 11), (10, 18), (9, 18)])
    available = {
        person: (Window(at(a, day), at(b, day)),)
        for person in draw(st.sets(st.integers(1, 5), max_size=2))
        for day, (a, b) in [(draw(st.sampled_from([DAY, NEXT])), draw(windows))]
    }
    travel = draw(st.sampled_from([{}, {(1, 3): 30}, {(1, 2): 15, (2, 3): 60}]))
    return draft(
        *sessions, available=available, travel=travel, measures=Measures(travel_minutes=draw(st.sampled_from([0, 20])))
    )


@st.composite
def _session(draw: st.DrawFn, id: int) -> Planned:
    is_pause = draw(st.integers(0, 7)) == 0
    people = draw(st.lists(st.integers(1, 5), unique=True, max_size=2))
    facts: dict[str, object] = {
        "kind": SessionKind.BREAK if is_pause else draw(st.sampled_from([SessionKind.TALK, SessionKind.PANEL])),
        "for_all": is_pause or draw(st.integers(0, 5)) == 0,
        "track": draw(st.sampled_from([None, 1, 2])),
        "expected": draw(st.sampled_from([None, 30, 90, 150])),
        "interpretation": draw(st.sampled_from([(), ("en",), ("de", "en")])),
        "is_pinned": draw(st.integers(0, 5)) == 0,
        "is_cancelled": draw(st.integers(0, 9)) == 0,
        "cast": tuple(Taking(p, p, has_declined=draw(st.integers(0, 9)) == 0) for p in people),
        "duties": tuple(Duty(1, p, Language.EN) for p in draw(st.sampled_from([(), (5,)]))),
    }
    day, start = draw(st.sampled_from([DAY, NEXT])), draw(st.integers(18, 23)) / 2
    match draw(st.sampled_from(["nowhere", "a day", "a time", "a place"])):
        case "nowhere":
            place: dict[str, object] = NOWHERE
        case "a day":
            place = NOWHERE | {"day": day}
        case where:
            minutes = draw(st.sampled_from([20, 30, 60, 90]))
            ends = at(start, day) + timedelta(minutes=minutes)
            room = draw(st.sampled_from([1, 2, 3])) if where == "a place" and not is_pause else None
            place = {"day": day, "starts_at": at(start, day), "ends_at": ends, "room": room}
    return planned(id, **facts | place)


HOURS = tuple(Frame(day, 9 * 60, 12 * 60) for day in (DAY, NEXT))
CROWDED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CROWDED
@given(drafts(), st.sampled_from(Scope))
def test_a_proposal_brings_nothing_impossible_and_breaks_no_rule_anew(plan: Plan, scope: Scope) -> None:
    wishes = wishing(plan, scope, frames=HOURS)
    found = proposed(plan, wishes)
    after = taken(plan, found.lines)
    kinds = {
        Problem.PERSON_BUSY, Problem.ROOM_BUSY, Problem.CLOCK_SKIPPED, Problem.BESIDE_ALL, Problem.UNAVAILABLE,
        Problem.ROOM_SMALL, Problem.NO_BOOTH, Problem.TOO_FAR, Problem.OUTSIDE_DAYS, Problem.END_BEFORE_START,
    }  # fmt: skip
    new = [f for f in findings(after) if f.problem in kinds or f.severity is Severity.IMPOSSIBLE]
    moved = {line.session for line in found.lines}
    was = {(f.problem, f.session, f.other, f.person) for f in findings(plan)}
    assert [f for f in new if moved & {f.session, f.other} and (f.problem, f.session, f.other, f.person) not in was] == []
    assert _broken(after, moved, wishes) == []


@CROWDED
@given(drafts(), st.sampled_from(Scope))
def test_there_is_always_an_answer_and_nothing_is_left_out_that_would_fit(plan: Plan, scope: Scope) -> None:
    problem = problem_of(plan, wishing(plan, scope, frames=HOURS), at=LONG_AGO)
    answer = solved(problem)
    assert {item.id for item in problem.items} == answer.places.keys() | answer.left.keys()
    assert not answer.places.keys() & answer.left.keys()
    assert answer.bound <= answer.points == total(problem, answer.places)
    ground = Ground(problem, [block_of(problem.item(i), spot) for i, spot in answer.places.items()])
    for session, why in answer.left.items():
        assert ground.spots(problem.item(session)) == ()
        assert why == prevented(ground, problem.item(session)) != ()


@CROWDED
@given(drafts(), st.sampled_from(Scope))
def test_what_is_pinned_cancelled_for_all_or_a_pause_stays_where_it_is(plan: Plan, scope: Scope) -> None:
    moved = {line.session for line in proposed(plan, wishing(plan, scope, frames=HOURS)).lines}
    for session in plan.sessions:
        is_respected = session.starts_at is not None and (session.for_all or session.kind.is_pause)
        if session.is_pinned or session.is_cancelled or is_respected:
            assert session.id not in moved
        if scope is Scope.UNPLACED and session.room is not None:
            assert session.id not in moved


@CROWDED
@given(drafts(), st.sampled_from(Scope), st.data())
def test_whatever_part_is_taken_what_fits_brings_nothing_impossible(plan: Plan, scope: Scope, data: st.DataObject) -> None:
    wishes = wishing(plan, scope, frames=HOURS)
    lines = proposed(plan, wishes).lines
    chosen = tuple(line for line in lines if data.draw(st.booleans()))
    found = standings(plan, wishes, chosen, at=LONG_AGO)
    fitting = tuple(line for line in chosen if found[line.session].can_be_taken)
    was = {(f.problem, f.session, f.other, f.person) for f in findings(plan)}
    after = [f for f in findings(taken(plan, fitting)) if f.severity is Severity.IMPOSSIBLE]
    assert [f for f in after if (f.problem, f.session, f.other, f.person) not in was] == []
    if len(chosen) == len(lines):
        assert fitting == lines


def _broken(plan: Plan, moved: set[int], wishes: Wishes) -> list[object]:
    """The rules again, naively: every pair, every room, every person."""
    broken: list[object] = []
    there = [s for s in plan.sessions if s.starts_at and s.ends_at and not s.is_cancelled]
    rooms = {room.id: room for room in plan.rooms}
    for session in (s for s in there if s.id in moved):
        assert session.starts_at is not None
        assert session.ends_at is not None
        frame = next((f for f in wishes.frames if f.day == session.starts_at.date()), None)
        opens = session.starts_at.replace(hour=0, minute=0)
        is_inside = frame and opens + timedelta(minutes=frame.opens) <= session.starts_at
        if not (is_inside and frame and session.ends_at <= opens + timedelta(minutes=frame.closes)):
            broken += [session] if wishes.scope is Scope.UNFIXED else []  # one that only wants a room keeps its time
        if session.room is not None and (session.expected or 0) > (rooms[session.room].capacity or 10_000):
            broken.append(session)
        if session.room is not None and len(session.interpretation) > rooms[session.room].booths:
            broken.append(session)
    for a, b in combinations(there, 2):
        if not {a.id, b.id} & moved or a.starts_at >= b.ends_at or b.starts_at >= a.ends_at:  # type: ignore[operator]
            continue
        is_same_room = a.room is not None and a.room == b.room
        if is_same_room or a.for_all or b.for_all or _needed(a) & _needed(b):
            broken.append((a, b))
    return broken


def _needed(session: Planned) -> set[int]:
    return {t.person for t in session.cast if not t.has_declined} | {duty.person for duty in session.duties}
