"""Who interprets what: gaps, who could fill them, what speaks against it, and a proposal."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.agenda.plan import Duty, Interpreting, Measures, Place, Plan, Planned, Taking, Window
from app.agenda.problems import Severity
from app.agenda.rota import (
    PAIRS,
    REST,
    Against,
    Need,
    Objection,
    Offer,
    able,
    asked,
    conflicts,
    fill,
    gaps,
    has_pair,
    needs,
    not_asked,
    objections,
    rota_of,
    runs,
    too_few_booths,
)
from app.agenda.rules import SessionKind, Slot
from app.interpretation.roster import Filter, away, days_of, lanes, lines_of, offer_of, parts, scale_of
from app.values.language import Language
from app.values.time import Days

EN, DE, ZH = Language.EN, Language.DE, Language.ZH
THURSDAY = date(2027, 9, 23)
ANNA, BEN = Interpreting(1, 101, ("zh-de", "de-zh")), Interpreting(2, 102, ("zh-en", "zh-de"))


def at(clock: str, day: date = THURSDAY) -> datetime:
    return datetime.combine(day, datetime.strptime(clock, "%H:%M").time())


def a_session(id: int, starts: str, ends: str, into: str = "de", **facts: Any) -> Planned:
    """Spoken in Chinese, in room 1."""
    known: dict[str, Any] = {"language": ZH, "room": 1, "interpretation": tuple(into.split())}
    return Planned(id, SessionKind.TALK, day=THURSDAY, starts_at=at(starts), ends_at=at(ends), **known | facts)


def doing(session: Planned, *duties: tuple[Interpreting, Language]) -> Planned:
    return replace(session, duties=tuple(Duty(who.id, who.person, into) for who, into in duties))


def a_plan(*sessions: Planned, crew: tuple[Interpreting, ...] = (ANNA, BEN), **facts: Any) -> Plan:
    rooms = (Place(1, booths=2), Place(2, booths=1), Place(3))
    return Plan("Asia/Shanghai", sessions=sessions, rooms=rooms, interpreters=crew, **facts)


def against(plan: Plan, who: Interpreting, session: int, into: Language = DE) -> list[tuple[Against, int | None, int]]:
    rota = rota_of(plan)
    found = objections(rota, who.id, rota.sessions[session], into)
    return [(one.against, one.other, one.minutes) for one in found]


def test_a_session_asks_for_each_language_but_its_own() -> None:
    plan = a_plan(a_session(1, "09:00", "10:00", "zh de en"), doing(a_session(2, "10:00", "11:00"), (ANNA, DE)))
    assert needs(plan) == (Need(1, DE), Need(1, EN), Need(2, DE, (ANNA.id,)))
    assert gaps(plan) == (Need(1, DE), Need(1, EN))


def test_a_cancelled_session_and_one_without_a_time_ask_for_nobody() -> None:
    nowhere = Planned(2, SessionKind.TALK, language=ZH, interpretation=("de",))
    assert needs(a_plan(a_session(1, "09:00", "10:00", is_cancelled=True), nowhere)) == ()


def test_a_language_nobody_asks_for_any_more_is_told() -> None:
    session = doing(a_session(1, "09:00", "10:00", "en"), (ANNA, DE), (BEN, EN))
    assert (asked(session), not_asked(session)) == ((EN,), (DE,))
    assert [(line.into, line.is_asked) for line in lines_of(rota_of(a_plan(session)), session)] == [
        (EN, True), (DE, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("room", "into", "booths"),
    [(1, "de en", None), (2, "de en", 1), (2, "de", None), (3, "de", 0), (None, "de en", None)],
)
def test_every_language_needs_a_booth_of_its_own(room: int | None, into: str, booths: int | None) -> None:
    session = a_session(1, "09:00", "10:00", into, room=room)
    assert too_few_booths(session, a_plan(session)) == booths


@pytest.mark.parametrize(
    ("spoken", "into", "can"), [(ZH, DE, True), (DE, ZH, False), (None, DE, True), (None, ZH, False), (EN, DE, False)]
)
def test_a_pair_goes_one_way(spoken: Language | None, into: Language, can: bool) -> None:
    assert has_pair(("zh-de",), spoken, into) is can


def test_nobody_interprets_in_two_rooms_at_once() -> None:
    first, second = doing(a_session(1, "09:00", "10:00"), (ANNA, DE)), a_session(2, "09:30", "10:30", room=2)
    assert against(a_plan(first, second), ANNA, 2) == [(Against.BUSY, 1, 0)]


def test_a_session_that_only_touches_is_no_hindrance() -> None:
    first, second = doing(a_session(1, "09:00", "10:00"), (ANNA, DE)), a_session(2, "10:00", "10:30", room=2)
    assert against(a_plan(first, second), ANNA, 2) == []


@pytest.mark.parametrize(("starts", "ends"), [("10:10", "11:00"), ("08:00", "08:50")])
def test_the_way_between_two_rooms_takes_its_time_in_both_directions(starts: str, ends: str) -> None:
    plan = a_plan(
        doing(a_session(1, "09:00", "10:00"), (ANNA, DE)), a_session(2, starts, ends, room=2),
        travel={(1, 2): 20}, measures=Measures(rest_after=600),
    )  # fmt: skip
    assert against(plan, ANNA, 2) == [(Against.BUSY, 1, 20)]
    assert against(replace(plan, travel={(1, 2): 10}), ANNA, 2) == []


@pytest.mark.parametrize(
    ("objection", "severity"),
    [
        (Objection(Against.BUSY, 1), Severity.IMPOSSIBLE),
        (Objection(Against.BUSY, 1, 20), Severity.SERIOUS),
        (Objection(Against.SPEAKS, 1), Severity.IMPOSSIBLE),
        (Objection(Against.NO_REST, minutes=150), Severity.SERIOUS),
    ],
)
def test_two_places_at_once_cannot_be_and_all_else_is_serious(objection: Objection, severity: Severity) -> None:
    assert objection.severity is severity


def test_who_speaks_cannot_interpret_meanwhile_and_least_of_all_themselves() -> None:
    talk = a_session(1, "09:00", "10:00", cast=(Taking(7, ANNA.person),))
    plan = a_plan(talk, a_session(2, "09:30", "10:30", room=2))
    assert against(plan, ANNA, 1) == [(Against.SPEAKS, 1, 0)]
    assert against(plan, ANNA, 2) == [(Against.SPEAKS, 1, 0)]


def test_who_has_declined_to_speak_is_free() -> None:
    talk = a_session(1, "09:00", "10:00", cast=(Taking(7, ANNA.person, has_agreed=False, has_declined=True),))
    assert against(a_plan(talk), ANNA, 1) == []


@pytest.mark.parametrize(
    ("windows", "there"),
    [
        ((("08:00", "12:00"),), True),
        ((("09:30", "12:00"),), False),
        ((("08:00", "09:30"),), False),
        ((("08:00", "09:30"), ("09:30", "12:00")), True),
        ((("08:00", "09:30"), ("09:35", "12:00")), False),
        ((("09:00", "10:00"),), True),
    ],
)
def test_an_interpreter_is_there_only_when_they_said_so(windows: tuple[tuple[str, str], ...], there: bool) -> None:
    available = {ANNA.person: tuple(Window(at(starts), at(ends)) for starts, ends in windows)}
    plan = a_plan(a_session(1, "09:00", "10:00"), available=available)
    assert against(plan, ANNA, 1) == ([] if there else [(Against.AWAY, None, 0)])


def test_more_than_the_set_minutes_in_a_row_is_too_much() -> None:
    sessions = (
        doing(a_session(1, "09:00", "10:00"), (ANNA, DE)),
        doing(a_session(2, "10:10", "11:00"), (ANNA, DE)),
        a_session(3, "11:00", "11:30"),
    )
    plan = a_plan(*sessions, measures=Measures(rest_after=120))
    assert against(plan, ANNA, 3) == [(Against.NO_REST, None, 150)]
    assert against(plan, ANNA, 2) == []
    assert against(replace(plan, measures=Measures(rest_after=150)), ANNA, 3) == []


def test_a_quarter_of_an_hour_is_a_rest_and_less_is_none() -> None:
    first = Slot(1, at("09:00"), at("10:00"))
    assert [run.minutes for run in runs([Slot(2, at("10:15"), at("11:00")), first])] == [60, 45]
    assert [run.minutes for run in runs([Slot(2, at("10:14"), at("11:00")), first])] == [120]


def test_what_speaks_against_a_duty_that_is_given_is_a_conflict() -> None:
    plan = a_plan(
        doing(a_session(1, "09:00", "10:00"), (ANNA, DE)),
        doing(a_session(2, "09:30", "10:30", "en", room=2), (ANNA, EN)),
    )
    found = [(one.duty.session, one.objection.against) for one in conflicts(rota_of(plan))]
    assert found == [(1, Against.BUSY), (2, Against.BUSY), (2, Against.NO_PAIR)]


def test_those_who_could_come_first_the_least_busy_of_them_before_the_others() -> None:
    clara = Interpreting(3, 103, ("zh-de",))
    plan = a_plan(
        doing(a_session(1, "09:00", "10:00"), (ANNA, DE)),
        doing(a_session(2, "14:00", "14:30"), (clara, DE)),
        a_session(3, "11:00", "12:00"),
        crew=(ANNA, Interpreting(2, 102, ("zh-en",)), clara),
    )
    rota = rota_of(plan)
    assert [(one.interpreter, one.is_able) for one in able(rota, rota.sessions[3], DE)] == [
        (3, True), (1, True), (2, False),
    ]  # fmt: skip


def test_who_is_in_the_session_already_is_not_offered_again() -> None:
    plan = a_plan(doing(a_session(1, "09:00", "10:00", "de en"), (ANNA, DE)))
    rota = rota_of(plan)
    assert [one.interpreter for one in able(rota, rota.sessions[1], EN)] == [BEN.id]


def test_the_gap_that_fewest_could_fill_is_filled_first() -> None:
    """Ben alone goes into English; Anna could have left him the German."""
    plan = a_plan(a_session(1, "09:00", "10:00"), a_session(2, "09:00", "10:00", "en", room=2))
    assert fill(plan) == (Offer(1, ANNA.id, DE), Offer(2, BEN.id, EN))


def test_who_has_done_least_is_asked_first() -> None:
    plan = a_plan(
        doing(a_session(1, "09:00", "10:00"), (ANNA, DE)),
        a_session(2, "11:00", "12:00"),
        a_session(3, "14:00", "15:00"),
    )
    assert fill(plan) == (Offer(2, BEN.id, DE), Offer(3, ANNA.id, DE))


def test_one_interpreter_is_not_proposed_for_two_booths_of_a_session() -> None:
    plan = a_plan(a_session(1, "09:00", "10:00", "de en"), crew=(BEN,))
    assert len(fill(plan)) == 1


CLOCKS = st.integers(8 * 12, 19 * 12)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    people = draw(st.integers(1, 4))
    crew = tuple(
        Interpreting(n, 100 + n, tuple(draw(st.lists(st.sampled_from(PAIRS), max_size=4, unique=True))))
        for n in range(1, people + 1)
    )
    sessions = tuple(_drawn_session(draw, id, crew) for id in range(1, draw(st.integers(1, 9)) + 1))
    windows = {who.person: (_window(draw),) for who in crew if draw(st.booleans())}
    travel = {(1, 2): draw(st.sampled_from((0, 10, 30)))}
    measures = Measures(rest_after=draw(st.sampled_from((60, 90, 120))))
    return Plan(
        "Asia/Shanghai", sessions=sessions, rooms=(Place(1), Place(2)), interpreters=crew, available=windows,
        travel=travel, measures=measures,
    )  # fmt: skip


def _drawn_session(draw: st.DrawFn, id: int, crew: tuple[Interpreting, ...]) -> Planned:
    starts, length = draw(CLOCKS), draw(st.integers(3, 30))
    starts_at = at("00:00") + timedelta(minutes=5 * starts)
    chosen = draw(st.lists(st.sampled_from(crew), max_size=2, unique=True))
    return Planned(
        id,
        SessionKind.TALK,
        day=THURSDAY,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=5 * length),
        room=draw(st.sampled_from((1, 2, None))),
        language=draw(st.sampled_from((EN, DE, ZH, None))),
        interpretation=tuple(draw(st.lists(st.sampled_from(list(Language)), max_size=2, unique=True))),
        cast=tuple(Taking(n, 100 + n) for n in draw(st.lists(st.integers(1, 4), max_size=1))),
        duties=tuple(Duty(who.id, who.person, draw(st.sampled_from((EN, DE, ZH)))) for who in chosen),
        is_cancelled=draw(st.booleans()) and draw(st.booleans()),
    )


def _window(draw: st.DrawFn) -> Window:
    first, last = sorted(draw(st.lists(CLOCKS, min_size=2, max_size=2, unique=True)))
    midnight = at("00:00")
    return Window(midnight + timedelta(minutes=5 * first), midnight + timedelta(minutes=5 * last))


def with_duties(plan: Plan, offers: tuple[Offer, ...]) -> Plan:
    people = {who.id: who.person for who in plan.interpreters}

    def grown(session: Planned) -> Planned:
        more = tuple(Duty(o.interpreter, people[o.interpreter], o.into) for o in offers if o.session == session.id)
        return replace(session, duties=(*session.duties, *more))

    return replace(plan, sessions=tuple(grown(session) for session in plan.sessions))


@settings(deadline=None, max_examples=200)
@given(plans())
def test_a_proposal_fills_only_gaps_and_brings_no_conflict(plan: Plan) -> None:
    offers = fill(plan)
    open_before = {(gap.session, gap.into) for gap in gaps(plan)}
    assert {(offer.session, offer.into) for offer in offers} <= open_before
    assert max(Counter((offer.session, offer.interpreter) for offer in offers).values(), default=1) == 1
    after = with_duties(plan, offers)
    given_now = {one.duty for one in conflicts(rota_of(after))}
    assert not given_now & set(offers)
    assert set(conflicts(rota_of(plan))) == {one for one in conflicts(rota_of(after)) if one.duty not in offers}


@settings(deadline=None, max_examples=200)
@given(plans())
def test_after_a_proposal_no_gap_is_left_that_somebody_could_fill(plan: Plan) -> None:
    after = with_duties(plan, fill(plan))
    rota = rota_of(after)
    left = [
        (gap, one) for gap in gaps(after) for one in able(rota, rota.sessions[gap.session], gap.into) if one.is_able
    ]
    assert left == []
    assert fill(after) == ()


@settings(deadline=None, max_examples=100)
@given(plans())
def test_the_same_plan_gives_the_same_proposal_in_whatever_order_it_is_read(plan: Plan) -> None:
    turned = replace(plan, interpreters=plan.interpreters[::-1])
    assert fill(turned) == fill(plan)


@settings(deadline=None, max_examples=200)
@given(plans())
def test_in_a_row_means_no_rest_within_and_one_around(plan: Plan) -> None:
    for slots in rota_of(plan).booths.values():
        found = list(runs(slots))
        assert sorted(slot.session for run in found for slot in run.slots) == sorted(slot.session for slot in slots)
        assert all(later.start - earlier.end >= REST for earlier, later in pairwise(found))
        for run in found:
            ends = [max(s.end for s in run.slots[: n + 1]) for n in range(len(run.slots))]
            assert all(s.start - end < REST for s, end in zip(run.slots[1:], ends, strict=False))


def test_a_day_has_a_lane_for_everybody_with_what_they_do_and_when_they_are_away() -> None:
    plan = a_plan(
        doing(a_session(1, "09:00", "10:30"), (ANNA, DE)),
        doing(a_session(2, "10:00", "11:00", room=2), (ANNA, DE)),
        available={ANNA.person: (Window(at("09:00"), at("13:00")),)},
    )
    rota = rota_of(plan)
    scale = scale_of(rota, THURSDAY)
    hers, his = lanes(rota, THURSDAY, scale)
    assert [(block.session.id, block.at, block.width, block.half) for block in hers.blocks] == [
        (1, 0.0, 18.75, 1), (2, 12.5, 12.5, 2),
    ]  # fmt: skip
    assert (hers.away, hers.minutes, hers.conflicts) == (((50.0, 50.0),), 150, 2)
    assert (his.blocks, his.away, his.minutes, his.longest) == ((), (), 0, None)


def test_lanes_are_long_enough_for_early_and_late_sessions() -> None:
    rota = rota_of(a_plan(a_session(1, "07:30", "08:00"), a_session(2, "21:00", "22:10")))
    scale = scale_of(rota, THURSDAY)
    assert (scale.starts_at, scale.ends_at) == (at("07:00"), at("23:00"))


def test_nobody_is_away_who_said_nothing_and_everybody_who_is_never_there() -> None:
    scale = scale_of(rota_of(a_plan(a_session(1, "09:00", "10:00"))), THURSDAY)
    assert list(away(None, scale)) == []
    assert list(away((), scale)) == [(scale.starts_at, scale.ends_at)]


def test_a_filter_shows_one_room_one_language_or_only_gaps() -> None:
    plan = a_plan(
        doing(a_session(1, "09:00", "10:00", "de en"), (ANNA, DE)), a_session(2, "11:00", "12:00", room=2),
        doing(a_session(3, "14:00", "15:00", "en"), (ANNA, EN)),
    )  # fmt: skip
    rota = rota_of(plan)

    def shown(**wish: str) -> list[str]:
        return [line.key for part in parts(rota, THURSDAY, Filter(**wish)) for line in part.lines]

    assert shown() == ["1-de", "1-en", "2-de", "3-en"]
    assert shown(room="2") == ["2-de"]
    assert shown(into="en") == ["1-en", "3-en"]
    assert shown(only="gaps") == ["1-en", "2-de"]
    assert shown(only="wrong") == ["1-en", "2-de", "3-en"]


def test_the_days_are_the_editions_own_and_any_other_with_interpretation() -> None:
    friday = date(2027, 9, 24)
    plan = a_plan(a_session(1, "09:00", "10:00"), days=Days(friday, friday))
    assert days_of(plan) == [THURSDAY, friday]


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        ("3-1-de", Offer(3, 1, DE)),
        ("3-1-fr", None),
        ("3-1", None),
        ("3--de", None),
        ("x-1-de", None),
        ("99999999999-1-de", None),
        ("3000000000-1-de", None),
        ("", None),
    ],
)
def test_a_form_says_who_shall_do_what(text: str, offer: Offer | None) -> None:
    assert offer_of(text) == offer
