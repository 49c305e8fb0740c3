"""What a proposal may do and must not: the rules it keeps, what it says of those it leaves out, what of it can be taken."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.agenda.findings import Problem, Severity, findings
from app.agenda.plan import Duty, Interpreting, Measures, Place, Plan, Planned, Taking, Window
from app.agenda.rules import Placement, SessionKind
from app.proposals.fitting import Ground, prevented
from app.proposals.merit import UNPLACED, total
from app.proposals.outcome import Fate, Line, Outcome, outcome, standings
from app.proposals.proposal import Hindrance, Rule, Spot, block_of, minute_of, problem_of
from app.proposals.proposal import Problem as Asked
from app.proposals.solving import Progress, solved
from app.proposals.wishes import Aim, Frame, Scope, Wishes, frames_of, lengths_of, usual_wishes
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
    assert [
        f for f in new if moved & {f.session, f.other} and (f.problem, f.session, f.other, f.person) not in was
    ] == []
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
def test_whatever_part_is_taken_what_fits_brings_nothing_impossible(
    plan: Plan, scope: Scope, data: st.DataObject
) -> None:
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


# by example


def unplaced(id: int, **overrides: object) -> Planned:
    return planned(id, **NOWHERE | overrides)


def why(plan: Plan, **wished: object) -> dict[int, tuple[Rule, ...]]:
    left = proposed(plan, wishing(plan, **wished)).left
    return {session: tuple(hindrance.rule for hindrance in own) for session, own in left.items()}


ALL_MORNING = tuple(Frame(day, 9 * 60, 10 * 60) for day in (DAY, NEXT))


@pytest.mark.parametrize(
    ("session", "rule"),
    [
        (unplaced(9, expected=900), Rule.CAPACITY),
        (unplaced(9, interpretation=("de", "en", "zh")), Rule.BOOTHS),
        (unplaced(9, day=date(2027, 9, 25)), Rule.DAY),
        (unplaced(9, kind=SessionKind.WORKSHOP), Rule.FRAME),  # 90 minutes into an hour
        (unplaced(9, cast=(Taking(5, 5),)), Rule.AVAILABLE),
        (unplaced(9, cast=(Taking(6, 6),)), Rule.PERSON),
    ],
)
def test_what_finds_no_place_names_the_rule(session: Planned, rule: Rule) -> None:
    seats = tuple(replace(room, capacity=room.capacity or 200) for room in ROOMS)
    busy = [planned(n, people=(6,), day=day, starts_at=at(9, day), ends_at=at(10, day), room=1) for n, day in ((1, DAY), (2, NEXT))]  # fmt: skip
    plan = draft(*busy, session, rooms=seats, available={5: (Window(at(7), at(9)),)})
    assert why(plan, frames=ALL_MORNING, lengths={SessionKind.WORKSHOP: 90}) == {9: (rule,)}


def test_of_a_room_taken_and_a_plenary_it_is_said_what_is_in_the_way() -> None:
    rooms = ROOMS[:1]
    full = draft(planned(1, room=1, is_pinned=True), unplaced(2), rooms=rooms, days=Days(DAY, DAY))
    assert proposed(full, wishing(full, frames=ALL_MORNING[:1], lengths={SessionKind.TALK: 60})).left == {
        2: (Hindrance(Rule.ROOM, other=1),)
    }
    plenary = draft(planned(1, room=1, for_all=True), unplaced(2), days=Days(DAY, DAY))
    assert proposed(plenary, wishing(plenary, frames=ALL_MORNING[:1], lengths={SessionKind.TALK: 60})).left == {
        2: (Hindrance(Rule.ALL, other=1),)
    }


def test_nobody_is_sent_further_than_they_can_get_in_time() -> None:
    plan = draft(
        planned(1, 9, 10, room=1, people=(5,)), unplaced(2, cast=(Taking(5, 5),), expected=60),
        rooms=(Place(1, 40), Place(2, 100), Place(3, 90)), travel={(1, 2): 30, (1, 3): 30}, days=Days(DAY, DAY),
    )  # fmt: skip
    found = proposed(plan, wishing(plan, step=15, pause=0))
    assert [(line.after.starts_at, line.after.room_id) for line in found.lines] == [(at(10.5), 2)]
    assert why(plan, frames=(Frame(DAY, 600, 630),), lengths={SessionKind.TALK: 30}) == {2: (Rule.TRAVEL,)}


def test_who_has_a_time_and_no_room_gets_a_room_and_keeps_the_time() -> None:
    plan = draft(
        planned(1, 9, 10, room=None), planned(2, 9, 10, room=1), planned(3, 9, 10, room=3), days=Days(DAY, DAY)
    )
    [line] = proposed(plan, wishing(plan)).lines
    assert (line.session, line.after.starts_at, line.after.room_id) == (1, at(9), 2)


def test_sessions_of_a_track_come_one_after_the_other_in_one_room() -> None:
    plan = draft(*(unplaced(n, track=1) for n in range(1, 5)), days=Days(DAY, DAY))
    lines = proposed(plan, wishing(plan, lengths={SessionKind.TALK: 30})).lines
    assert len({line.after.room_id for line in lines}) == 1
    assert sorted(line.after.starts_at for line in lines if line.after.starts_at) == [at(9), at(9.5), at(10), at(10.5)]


def test_a_speaker_of_two_sessions_comes_on_one_day_and_has_a_pause() -> None:
    plan = draft(*(unplaced(n, cast=(Taking(5, 5),)) for n in (1, 2)))
    first, second = proposed(plan, wishing(plan, pause=30, lengths={SessionKind.TALK: 30})).lines
    assert first.after.day == second.after.day
    assert first.after.ends_at is not None
    assert second.after.starts_at is not None
    assert second.after.starts_at - first.after.ends_at >= timedelta(minutes=30)


def test_what_stands_well_is_not_moved() -> None:
    plan = draft(planned(1, 9, 10), planned(2, 9, 10), planned(3, 9, 10))
    assert proposed(plan, wishing(plan, Scope.UNFIXED)).lines == ()


def test_of_two_in_one_room_at_once_one_goes_elsewhere() -> None:
    plan = draft(planned(1, 9, 10, room=3), planned(2, 9, 10, room=3))
    [line] = proposed(plan, wishing(plan, Scope.UNFIXED)).lines
    assert (line.after.starts_at, line.after.room_id != 3) == (at(9), True)


def test_what_has_no_place_any_more_goes_back_to_the_unplaced() -> None:
    plan = draft(planned(1, 9, 10, room=1), planned(2, 9, 10, room=1), rooms=ROOMS[:1], days=Days(DAY, DAY))
    found = proposed(plan, wishing(plan, Scope.UNFIXED, frames=ALL_MORNING[:1]))
    assert [line.after for line in found.lines] == [Placement()]
    assert list(found.left) == [found.lines[0].session]


def test_in_spring_nothing_is_put_where_the_clock_is_put_forward() -> None:
    night = date(2027, 3, 28)
    plan = draft(unplaced(1), zone="Europe/Berlin", days=Days(night, night))
    assert why(plan, frames=(Frame(night, 120, 170),), lengths={SessionKind.TALK: 30}) == {1: (Rule.CLOCK,)}


def test_nothing_is_put_into_the_past() -> None:
    plan = draft(unplaced(1), days=Days(DAY, DAY))
    problem = problem_of(plan, wishing(plan), at=at(14))
    assert solved(problem).places == {1: Spot(minute_of(at(14)), 1)}


def test_without_days_there_is_an_answer_too() -> None:
    plan = draft(unplaced(1), days=None)
    assert why(plan) == {1: (Rule.DAY,)}


# how good it is, and the search


def test_the_same_seed_gives_the_same_answer() -> None:
    plan = draft(*(unplaced(n, track=n % 2, cast=(Taking(n % 3, n % 3),)) for n in range(1, 9)))
    problem = problem_of(plan, wishing(plan), at=LONG_AGO)
    assert solved(problem, seed=3) == solved(problem, seed=3)


def test_stopped_at_once_it_still_answers() -> None:
    plan = draft(*(unplaced(n) for n in range(1, 6)))
    problem = problem_of(plan, wishing(plan), at=LONG_AGO)
    heard: list[Progress] = []

    def stop(progress: Progress) -> bool:
        heard.append(progress)
        return True

    assert len(solved(problem, heard=stop).places) == 5
    assert heard == [Progress(5, 5, heard[0].points, 0.0)]


def test_leaving_out_costs_more_than_anything_else() -> None:
    people = tuple(Taking(n, n) for n in range(1, 6))
    plan = draft(*(unplaced(n, track=1, cast=people) for n in range(1, 6)))
    problem: Asked = problem_of(plan, wishing(plan, weights=dict.fromkeys(Aim, 4)), at=LONG_AGO)
    answer = solved(problem)
    assert answer.left == {}
    assert answer.points < UNPLACED


# what it is asked with


def test_hours_and_lengths_are_those_of_what_is_planned() -> None:
    plan = draft(
        planned(1, 8.5, 9), planned(2, 16, 16.5), planned(3, 10, 11), planned(4, 18, 23, room=None, for_all=True)
    )
    assert frames_of(plan) == (Frame(DAY, 510, 990), Frame(NEXT, 540, 1080))
    assert lengths_of(plan)[SessionKind.TALK] == 30
    assert lengths_of(plan)[SessionKind.PANEL] == 75
    waiting = draft(*plan.sessions, unplaced(5))
    assert frames_of(waiting) == (Frame(DAY, 510, 1080), Frame(NEXT, 540, 1080))


def test_wishes_and_outcomes_come_back_from_the_database_as_they_were() -> None:
    plan = draft(unplaced(1), unplaced(2, expected=99), planned(3, room=None), interpreters=(Interpreting(1, 5),))
    usual = replace(usual_wishes(plan), weights={Aim.STAY: 4})
    assert Wishes.from_json(usual.to_json()) == usual
    found = proposed(plan, usual)
    assert Outcome.from_json(found.to_json()) == found


# what can still be taken


def fates(plan: Plan, lines: tuple[Line, ...]) -> list[Fate]:
    return [standing.fate for standing in standings(plan, wishing(plan), lines, at=LONG_AGO).values()]


def line_to(session: int, start: float, room: int, before: Placement | None = None) -> Line:
    return Line(session, before or Placement(), Placement(DAY, at(start), at(start + 1), room))


def test_a_line_says_what_has_become_of_it() -> None:
    line = line_to(1, 9, 1)
    assert fates(draft(unplaced(1)), (line,)) == [Fate.OPEN]
    assert fates(draft(planned(1, 9, 10, room=1)), (line,)) == [Fate.THERE]
    assert fates(draft(planned(1, 14, 15, room=2)), (line,)) == [Fate.MOVED]
    assert fates(draft(unplaced(1), planned(2, 9.5, 10.5, room=1)), (line,)) == [Fate.HINDERED]
    for gone in (
        {"is_pinned": True},
        {"is_cancelled": True},
        {"starts_at": at(9, date(2026, 1, 1)), "ends_at": at(10)},
    ):
        assert fates(draft(unplaced(1, **gone)), (line,)) == [Fate.GONE]
    assert fates(draft(), (line,)) == [Fate.GONE]
    assert fates(draft(unplaced(1), rooms=ROOMS[1:]), (line,)) == [Fate.GONE]


def test_two_that_change_places_fit_together_but_not_alone() -> None:
    plan = draft(planned(1, 9, 10, room=1), planned(2, 9, 10, room=2))
    swap = (line_to(1, 9, 2, plan.sessions[0].placement), line_to(2, 9, 1, plan.sessions[1].placement))
    assert fates(plan, swap) == [Fate.OPEN, Fate.OPEN]
    assert fates(plan, swap[:1]) == [Fate.HINDERED]


def test_the_drafts_drawn_here_are_neither_empty_nor_easy() -> None:
    """Guards the properties above: they say nothing of what never comes up."""
    seen: Counter[str] = Counter()

    @settings(max_examples=60, deadline=None)
    @given(drafts())
    def look(plan: Plan) -> None:
        found = proposed(plan, wishing(plan, Scope.UNFIXED, frames=HOURS))
        seen["lines"] += len(found.lines)
        seen["left"] += len(found.left)

    look()
    assert min(seen["lines"], seen["left"]) > 5
