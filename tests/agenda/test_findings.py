"""What is said of a draft agenda, and how bad it is."""

from datetime import date, datetime
from typing import Any

import pytest

from app.agenda.findings import Finding, Problem, Severity, marks, of_session, tally, worst
from app.agenda.plan import Duty, Interpreting, Measures, Place, Taking, Window
from app.agenda.problems import OF_THE_RECORD
from app.agenda.rules import SessionKind, SessionRole, SpeakingOrder
from app.values.language import Language, Translated
from tests.agenda.drafts import at, found, planned

ANNA, BEN = 5, 6
ZH_DE = (Interpreting(1, ANNA, ("zh-de",)), Interpreting(2, BEN, ("zh-de", "de-zh")))


def interpreted(**overrides: Any) -> Any:
    """A talk in Chinese, asked to be interpreted into German."""
    return planned(**{"language": Language.ZH, "interpretation": ("zh", "de")} | overrides)


def on_duty(interpreter: Interpreting = ZH_DE[0], into: Language = Language.DE, is_able: bool = True) -> Duty:
    return Duty(interpreter.id, interpreter.person, into, is_able)


BOOTHS = {"rooms": tuple(Place(room, booths=1) for room in range(1, 10)), "interpreters": ZH_DE}


def test_of_a_complete_session_there_is_nothing_to_say() -> None:
    assert found(planned()) == []


@pytest.mark.parametrize(
    ("wrong", "problem", "severity"),
    [
        ({"day": date(2027, 9, 25), "starts_at": datetime(2027, 9, 25, 9), "ends_at": datetime(2027, 9, 25, 10)}, Problem.OUTSIDE_DAYS, Severity.SERIOUS),
        ({"ends_at": at(8)}, Problem.END_BEFORE_START, Severity.IMPOSSIBLE),
        ({"room": None}, Problem.NO_ROOM, Severity.SERIOUS),
        ({"starts_at": None, "ends_at": None}, Problem.NO_TIME, Severity.LOOK),
        ({"cast": ()}, Problem.NO_SPEAKER, Severity.LOOK),
        ({"kind": SessionKind.PANEL}, Problem.NO_CHAIR, Severity.SERIOUS),
    ],
)  # fmt: skip
def test_one_thing_wrong_is_one_finding(wrong: dict[str, Any], problem: Problem, severity: Severity) -> None:
    [finding] = found(planned(**wrong))
    assert (finding.problem, finding.severity) == (problem, severity)


def test_a_title_names_the_languages_it_lacks_and_an_abstract_too_once_it_is_begun() -> None:
    assert found(planned(title=Translated(en="Cells"), abstract=Translated(zh="电池"))) == [
        Finding(Problem.TITLE_MISSING, 1, languages=(Language.DE, Language.ZH)),
        Finding(Problem.ABSTRACT_MISSING, 1, languages=(Language.EN, Language.DE)),
    ]
    assert found(planned(abstract=Translated())) == []


@pytest.mark.parametrize(("most", "long"), [(20, ()), (19, (Language.ZH,)), (18, (Language.EN, Language.ZH))])
def test_a_chinese_character_takes_the_room_of_two_in_print(most: int, long: tuple[Language, ...]) -> None:
    abstract = Translated("nineteen characters", "acht!", "十个字的中文摘要啊啊")
    longest = 20 if Language.ZH in long else 19
    expected = [Finding(Problem.ABSTRACT_LONG, 1, languages=long, count=longest, limit=most)] if long else []
    assert found(planned(abstract=abstract), measures=Measures(abstract_most=most)) == expected


def test_breaks_and_plenaries_need_neither_room_nor_speaker() -> None:
    coffee = planned(kind=SessionKind.BREAK, room=None, people=())
    opening = planned(2, 11, 12, kind=SessionKind.OPENING, for_all=True, room=None, people=())
    assert found(coffee, opening) == []


def test_the_same_room_and_the_same_person_are_two_problems() -> None:
    pair = [planned(1, room=7, people=(ANNA,)), planned(2, room=7, people=(ANNA,))]
    assert found(*pair) == [
        Finding(Problem.ROOM_BUSY, 1, 2, room=7),
        Finding(Problem.PERSON_BUSY, 1, 2, person=ANNA),
    ]


def test_sessions_that_only_touch_do_not_meet() -> None:
    assert found(planned(1, 9, 10, room=7, people=(ANNA,)), planned(2, 10, 11, room=7, people=(ANNA,))) == []


def test_who_interprets_cannot_speak_elsewhere_meanwhile() -> None:
    talk = interpreted(duties=(on_duty(),))
    assert found(talk, planned(2, 9.5, 11, people=(ANNA,)), **BOOTHS) == [
        Finding(Problem.PERSON_BUSY, 1, 2, person=ANNA)
    ]


def test_who_declined_need_not_be_there_and_should_not_stand_in_the_programme() -> None:
    no = Taking(1, ANNA, has_agreed=False, has_declined=True)
    assert found(planned(1, cast=(no,)), planned(2, people=(ANNA,))) == [Finding(Problem.DECLINED, 1, person=ANNA)]


def test_who_has_not_said_yes_is_named_once_a_session() -> None:
    open_ = tuple(Taking(person, person, has_agreed=False) for person in (BEN, ANNA))
    assert found(planned(cast=open_)) == [Finding(Problem.NOT_CONFIRMED, 1, people=(ANNA, BEN))]


def test_a_session_beside_a_plenary_is_worth_a_look() -> None:
    break_, talk = planned(1, kind=SessionKind.BREAK, for_all=True, room=None, people=()), planned(2)
    assert found(break_, talk) == [Finding(Problem.BESIDE_ALL, 2, 1)]


def test_a_cancelled_session_is_in_nobodys_way_and_lacks_nothing() -> None:
    cancelled = planned(2, room=7, title=Translated("Cells"), people=(), is_cancelled=True)
    assert found(planned(1, room=7), cancelled) == []


def test_a_time_the_clock_skips_is_impossible_and_one_it_shows_twice_is_explained() -> None:
    spring, autumn = date(2027, 3, 28), date(2027, 10, 31)
    skipped = planned(1, day=spring, starts_at=datetime(2027, 3, 28, 2, 30), ends_at=datetime(2027, 3, 28, 4))
    twice = planned(2, day=autumn, starts_at=datetime(2027, 10, 31, 2, 30), ends_at=datetime(2027, 10, 31, 4))
    assert found(twice, skipped, zone="Europe/Berlin", days=None) == [
        Finding(Problem.CLOCK_SKIPPED, 1),
        Finding(Problem.CLOCK_TWICE, 2),
    ]


def test_without_known_days_nothing_is_outside_them() -> None:
    assert found(planned(day=date(2031, 1, 1), starts_at=None, ends_at=None), days=None) == [
        Finding(Problem.NO_TIME, 1)
    ]


# Ways


WAYS = {"travel": {(1, 2): 20}}


@pytest.mark.parametrize(("start", "is_late"), [(10, True), (10.25, True), (20 / 60 + 10, False), (11, False)])
def test_the_next_session_begins_before_one_can_be_there(start: float, is_late: bool) -> None:
    minutes = round((start - 10) * 60)
    late = Finding(Problem.TOO_FAR, 1, 2, person=ANNA, count=minutes, limit=20)
    pair = planned(1, 9, 10, people=(ANNA,)), planned(2, start, 12, people=(ANNA,))
    assert found(*pair, **WAYS) == ([late] if is_late else [])


def test_between_two_buildings_the_editions_own_figure_counts_where_none_is_given() -> None:
    rooms = (Place(1, site="Old town"), Place(2, site="Fair"), Place(3, site="Fair"))
    pair = planned(1, 9, 10, people=(ANNA,)), planned(2, 10, 11, people=(ANNA,))
    [late] = found(*pair, rooms=rooms, measures=Measures(travel_minutes=30))
    assert (late.problem, late.limit) == (Problem.TOO_FAR, 30)
    same_site = planned(1, 9, 10, room=3, people=(ANNA,)), pair[1]
    assert found(*same_site, rooms=rooms, measures=Measures(travel_minutes=30)) == []


def test_a_way_is_reckoned_from_where_one_was_last() -> None:
    """From the third room the second is near, however far it is from the first."""
    between = planned(3, 10, 10.25, people=(ANNA,))
    row = planned(1, 9, 10, people=(ANNA,)), between, planned(2, 10.25, 11, people=(ANNA,))
    assert found(*row, **WAYS) == []
    long_too = planned(4, 10, 10.5, people=(ANNA,))
    assert {f.problem for f in found(*row, long_too, **WAYS)} == {Problem.PERSON_BUSY}


# Availability


@pytest.mark.parametrize(
    ("windows", "is_there"),
    [
        ([(8, 12)], True),
        ([(9, 10)], True),
        ([(8, 9.5), (9.5, 12)], True),
        ([(9.5, 12)], False),
        ([(8, 9.5)], False),
        ([(8, 9.25), (9.5, 12)], False),
        ([], False),
    ],
)
def test_people_are_there_only_when_they_said_so(windows: list[tuple[float, float]], is_there: bool) -> None:
    given = tuple(Window(at(start), at(end)) for start, end in windows)
    expected = [] if is_there else [Finding(Problem.UNAVAILABLE, 1, person=ANNA)]
    assert found(planned(people=(ANNA, BEN)), available={ANNA: given}) == expected


def test_an_interpreter_is_somebody_who_can_be_away_too() -> None:
    away = {ANNA: (Window(at(14), at(18)),)}
    assert found(interpreted(duties=(on_duty(),)), available=away, **BOOTHS) == [
        Finding(Problem.UNAVAILABLE, 1, person=ANNA)
    ]


# Rooms


def test_a_room_is_too_small_for_the_expected_and_a_plenary_for_those_who_signed_up() -> None:
    room = {"rooms": (Place(1, capacity=100),)}
    assert found(planned(expected=100), signed_up=101, **room) == []
    assert found(planned(expected=101), **room) == [Finding(Problem.ROOM_SMALL, 1, room=1, count=101, limit=100)]
    assert found(planned(for_all=True), signed_up=101, **room) == [
        Finding(Problem.ROOM_SMALL_FOR_ALL, 1, room=1, count=101, limit=100)
    ]
    assert found(planned(expected=101, for_all=True), signed_up=None, rooms=(Place(1, capacity=None),)) == []


# Interpretation


def test_every_language_interpreted_into_needs_a_booth_and_the_spoken_one_none() -> None:
    everything = interpreted(interpretation=("en", "de", "zh"), duties=(on_duty(), on_duty(ZH_DE[1], Language.EN)))
    assert found(everything, **BOOTHS) == [
        Finding(Problem.NO_BOOTH, 1, room=1, languages=(Language.EN, Language.DE), count=2, limit=1)
    ]


def test_who_could_is_named_where_nobody_is_on_duty_yet() -> None:
    assert found(interpreted(), **BOOTHS) == [
        Finding(Problem.UNSTAFFED, 1, languages=(Language.DE,), people=(ANNA, BEN))
    ]
    assert found(interpreted(duties=(on_duty(),)), **BOOTHS) == []


def test_nobody_is_left_once_all_who_could_are_busy_speaking_away_or_in_another_booth() -> None:
    elsewhere = interpreted(id=2, duties=(on_duty(ZH_DE[1]),))
    away = {ANNA: (Window(at(14), at(18)),)}
    expected = [Finding(Problem.NO_INTERPRETER, 1, languages=(Language.DE,))]
    assert found(interpreted(), elsewhere, available=away, **BOOTHS) == expected
    assert found(interpreted(), elsewhere, planned(3, people=(ANNA,)), **BOOTHS) == expected
    into_english = interpreted(interpretation=("en",))
    assert found(into_english, **BOOTHS) == [Finding(Problem.NO_INTERPRETER, 1, languages=(Language.EN,))]


def test_nobody_is_asked_to_interpret_what_has_no_time_yet() -> None:
    open_ = interpreted(starts_at=None, ends_at=None)
    assert [f.problem for f in found(open_, **BOOTHS)] == [Problem.NO_TIME]


def test_on_duty_for_a_language_one_does_not_speak_is_serious() -> None:
    wrong = on_duty(ZH_DE[0], Language.EN, is_able=False)
    [finding] = found(interpreted(interpretation=("en",), duties=(wrong,)), **BOOTHS)
    assert finding == Finding(Problem.UNABLE, 1, person=ANNA, languages=(Language.EN,))
    assert finding.severity is Severity.SERIOUS


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([(9, 11)], []),
        ([(9, 10), (10, 11.25)], [(2, 1, 135)]),
        ([(9, 11.25)], [(1, None, 135)]),
        ([(9, 10.5), (10 + 44 / 60, 12)], [(2, 1, 180)]),
        ([(9, 10.5), (10.75, 12)], []),
        ([(9, 10), (10, 11.5), (11.5, 13)], [(2, 1, 240)]),
    ],
)
def test_an_interpreter_works_no_longer_in_a_row_than_was_set(
    hours: list[tuple[float, float]], expected: list[tuple[int, int | None, int]]
) -> None:
    """The finding stands at the session in which the limit is passed; less than a quarter of an hour is no rest."""
    row = [
        interpreted(id=n, start=start, end=end, room=1, people=(), kind=SessionKind.OTHER, duties=(on_duty(),))
        for n, (start, end) in enumerate(hours, 1)
    ]
    assert [(f.session, f.other, f.count) for f in found(*row, **BOOTHS)] == expected


def test_a_short_duty_within_a_long_one_is_no_rest() -> None:
    row = [
        interpreted(id=n, start=start, end=end, people=(), kind=SessionKind.OTHER, duties=(on_duty(),))
        for n, (start, end) in enumerate([(9, 11), (9.25, 9.5), (11, 12)], 1)
    ]
    tired = [f for f in found(*row, **BOOTHS) if f.problem is Problem.NO_REST]
    assert tired == [Finding(Problem.NO_REST, 3, 1, person=ANNA, count=180, limit=120)]


# Protocol and balance


def test_the_stored_order_is_held_against_protocol_unless_it_was_made_by_hand() -> None:
    minister, ambassador = Taking(1, ANNA, rank=1), Taking(2, BEN, rank=4)
    against = [Finding(Problem.OUT_OF_ORDER, 1, person=BEN, people=(ANNA,))]
    assert found(planned(cast=(ambassador, minister))) == against
    assert found(planned(cast=(minister, ambassador))) == []
    assert found(planned(cast=(ambassador, minister), order=SpeakingOrder.BY_HAND)) == []


def test_a_panel_is_led_by_a_chair_or_a_moderator() -> None:
    for role, problems in ((SessionRole.CHAIR, []), (SessionRole.MODERATOR, []), (SessionRole.HOST, ["no_chair"])):
        assert [f.problem for f in found(planned(kind=SessionKind.PANEL, cast=(Taking(1, 1, role),)))] == problems


def test_each_side_has_its_share_of_those_whose_side_is_known() -> None:
    def cast(*sides: str | None) -> Any:
        return planned(cast=tuple(Taking(n, n, side=side) for n, side in enumerate(sides, 1)))

    asked = {"sides": ("CN", "DE"), "measures": Measures(least_share=30)}
    assert found(cast("CN", "CN", "DE", None, None), **asked) == []
    assert found(cast("CN", "CN", "CN", "DE"), **asked) == [Finding(Problem.SIDE_SHORT, 1, side="DE", count=1, limit=4)]
    assert found(cast("CN", None), **asked) == []
    assert found(cast("CN", "CN"), sides=("CN", "DE")) == []


# What is heard of at all


def test_what_was_never_recorded_of_a_past_edition_is_no_finding() -> None:
    past = interpreted(starts_at=None, ends_at=None, room=None, people=(), expected=99, title=Translated("Cells"))
    kept = [f.problem for f in found(past, is_over=True)]
    assert kept == [Problem.TITLE_MISSING]
    assert set(kept) <= OF_THE_RECORD


def test_a_kind_that_is_switched_off_is_found_nowhere() -> None:
    pair = planned(1, room=7), planned(2, room=7, people=())
    assert [f.problem for f in found(*pair)] == [Problem.ROOM_BUSY, Problem.NO_SPEAKER]
    off = Measures(switched_off=frozenset({"room_busy"}))
    assert [f.problem for f in found(*pair, measures=off)] == [Problem.NO_SPEAKER]


def test_what_was_waved_through_stays_visible_behind_all_else_and_counts_no_more() -> None:
    pair = planned(1, room=7), planned(2, room=7, people=())
    for session in (1, 2):  # it may stand by either of the two
        marked = found(*pair, waived={session: frozenset({"room_busy"})})
        assert [(f.problem, f.waived) for f in marked] == [(Problem.NO_SPEAKER, False), (Problem.ROOM_BUSY, True)]
        assert (worst(marked), tally(marked), marks(marked)) == (
            Severity.LOOK, {Severity.LOOK: 1}, {2: Severity.LOOK},
        )  # fmt: skip


def test_the_second_of_two_sees_the_first() -> None:
    all_of_them = found(planned(1, room=7), planned(2, room=7), planned(3, room=8, people=()))
    assert of_session(all_of_them, 2) == (Finding(Problem.ROOM_BUSY, 2, 1, room=7),)
    assert marks(all_of_them) == {1: Severity.IMPOSSIBLE, 2: Severity.IMPOSSIBLE, 3: Severity.LOOK}
    assert (worst(of_session(all_of_them, 2)), worst(of_session(all_of_them, 3)), worst(())) == (
        Severity.IMPOSSIBLE, Severity.LOOK, None,
    )  # fmt: skip


def test_the_worst_comes_first_then_the_order_of_the_agenda() -> None:
    mixed = found(planned(1, 9, people=()), planned(2, 11, 12, room=None), planned(3, 13, 14, room=None))
    assert [(f.severity, f.session) for f in mixed] == [
        (Severity.SERIOUS, 2), (Severity.SERIOUS, 3), (Severity.LOOK, 1),
    ]  # fmt: skip
