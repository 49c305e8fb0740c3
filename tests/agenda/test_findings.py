"""What is said of a draft agenda, and how bad it is."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agenda.findings import Finding, Planned, Problem, Severity, findings, of_session, worst
from app.agenda.rules import SessionKind
from app.values.language import Language, Translated
from app.values.time import Days

DAYS = Days(date(2027, 9, 23), date(2027, 9, 24))
IN_ALL = Translated("Cells", "Zellen", "电池")


def planned(id: int = 1, start: int = 9, end: int = 10, **overrides: Any) -> Planned:
    """A complete session on the first day, with nothing wrong about it."""
    facts: dict[str, Any] = {
        "kind": SessionKind.TALK,
        "title": IN_ALL,
        "day": date(2027, 9, 23),
        "starts_at": datetime(2027, 9, 23, start),
        "ends_at": datetime(2027, 9, 23, end),
        "room": id,
        "people": frozenset({id}),
    }
    return Planned(id, **facts | overrides)


def found(
    *sessions: Planned, zone: str = "Asia/Shanghai", days: Days | None = DAYS, is_over: bool = False
) -> list[Finding]:
    return list(findings(sessions, zone=zone, days=days, is_over=is_over))


def test_of_a_complete_session_there_is_nothing_to_say() -> None:
    assert found(planned()) == []


@pytest.mark.parametrize(
    ("wrong", "problem", "severity"),
    [
        ({"day": date(2027, 9, 25), "starts_at": datetime(2027, 9, 25, 9), "ends_at": datetime(2027, 9, 25, 10)}, Problem.OUTSIDE_DAYS, Severity.SERIOUS),
        ({"ends_at": datetime(2027, 9, 23, 8)}, Problem.END_BEFORE_START, Severity.IMPOSSIBLE),
        ({"room": None}, Problem.NO_ROOM, Severity.SERIOUS),
        ({"starts_at": None, "ends_at": None}, Problem.NO_TIME, Severity.LOOK),
        ({"people": frozenset()}, Problem.NO_SPEAKER, Severity.LOOK),
        ({"kind": SessionKind.PANEL}, Problem.NO_CHAIR, Severity.SERIOUS),
    ],
)  # fmt: skip
def test_one_thing_wrong_is_one_finding(wrong: dict[str, Any], problem: Problem, severity: Severity) -> None:
    [finding] = found(planned(**wrong))
    assert (finding.problem, finding.severity) == (problem, severity)


def test_a_title_names_the_languages_it_lacks() -> None:
    assert found(planned(title=Translated(en="Cells"))) == [
        Finding(Problem.TITLE_MISSING, 1, languages=(Language.DE, Language.ZH))
    ]


def test_someone_who_declined_and_still_stands_in_a_session_is_serious() -> None:
    assert found(planned(declined=frozenset({1}))) == [Finding(Problem.DECLINED, 1, person=1)]


def test_breaks_and_plenaries_need_neither_room_nor_speaker() -> None:
    coffee = planned(kind=SessionKind.BREAK, room=None, people=frozenset())
    opening = planned(2, 11, 12, kind=SessionKind.OPENING, for_all=True, room=None, people=frozenset())
    assert found(coffee, opening) == []


def test_the_same_room_and_the_same_person_are_two_problems() -> None:
    pair = [planned(1, room=7, people=frozenset({5})), planned(2, room=7, people=frozenset({5}))]
    assert found(*pair) == [
        Finding(Problem.ROOM_BUSY, 1, 2, room=7),
        Finding(Problem.PERSON_BUSY, 1, 2, person=5),
    ]


def test_a_session_beside_a_plenary_is_worth_a_look() -> None:
    break_, talk = planned(1, kind=SessionKind.BREAK, for_all=True, room=None, people=frozenset()), planned(2)
    assert found(break_, talk) == [Finding(Problem.BESIDE_ALL, 2, 1)]


def test_a_cancelled_session_is_in_nobodys_way() -> None:
    assert found(planned(1, room=7), planned(2, room=7, is_cancelled=True)) == []


@given(st.integers(0, 22), st.integers(0, 22), st.booleans())
def test_whatever_is_cancelled_clashes_with_nothing(first: int, second: int, for_all: bool) -> None:
    cancelled = planned(1, first, first + 1, room=7, people=frozenset({5}), for_all=for_all, is_cancelled=True)
    assert found(cancelled, planned(2, second, second + 1, room=7, people=frozenset({5}))) == []


def test_a_time_the_clock_skips_is_impossible_and_one_it_shows_twice_is_explained() -> None:
    spring, autumn = date(2027, 3, 28), date(2027, 10, 31)
    skipped = planned(1, day=spring, starts_at=datetime(2027, 3, 28, 2, 30), ends_at=datetime(2027, 3, 28, 4))
    twice = planned(2, day=autumn, starts_at=datetime(2027, 10, 31, 2, 30), ends_at=datetime(2027, 10, 31, 4))
    assert found(twice, skipped, zone="Europe/Berlin", days=None) == [
        Finding(Problem.CLOCK_SKIPPED, 1),
        Finding(Problem.CLOCK_TWICE, 2),
    ]


def test_what_was_never_recorded_of_a_past_edition_is_no_finding() -> None:
    past = planned(starts_at=None, ends_at=None, room=None, people=frozenset())
    assert [f.problem for f in found(past)] == [Problem.NO_TIME, Problem.NO_SPEAKER]
    assert found(past, is_over=True) == []


def test_without_known_days_nothing_is_outside_them() -> None:
    assert found(planned(day=date(2031, 1, 1), starts_at=None, ends_at=None), days=None) == [
        Finding(Problem.NO_TIME, 1)
    ]


def test_the_second_of_two_sees_the_first() -> None:
    all_of_them = found(planned(1, room=7), planned(2, room=7), planned(3, room=8, people=frozenset()))
    assert of_session(all_of_them, 2) == (Finding(Problem.ROOM_BUSY, 2, 1, room=7),)
    assert (worst(of_session(all_of_them, 2)), worst(of_session(all_of_them, 3)), worst(())) == (
        Severity.IMPOSSIBLE, Severity.LOOK, None,
    )  # fmt: skip
