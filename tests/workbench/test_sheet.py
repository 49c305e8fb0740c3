"""Where sessions stand on a day's sheet."""

from datetime import datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.agenda.plan import Plan, Planned, Taking
from app.agenda.rules import SessionKind
from app.workbench.sheet import ACROSS, free_starts, hours, letters, spots

DAY = datetime(2027, 9, 23)
HALL, CORAL = 1, 2
ROOMS = [HALL, CORAL]


def at(minutes: int) -> datetime:
    return DAY + timedelta(minutes=minutes)


def planned(id_: int, start: str, minutes: int, room: int | None = HALL, **more: object) -> Planned:
    hour, minute = start.split(":")
    starts = at(int(hour) * 60 + int(minute))
    return Planned(
        id_, more.pop("kind", SessionKind.TALK), day=DAY.date(), starts_at=starts,  # type: ignore[arg-type]
        ends_at=starts + timedelta(minutes=minutes), room=room, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_session_stands_at_its_time_in_the_column_of_its_room() -> None:
    found = spots([planned(7, "09:12", 47, CORAL)], ROOMS)[7]
    assert (found.at, found.past, found.steps, found.more, found.column) == (110, 2, 9, 2, 2)


@pytest.mark.parametrize(
    ("kind", "for_all", "column"),
    [(SessionKind.BREAK, False, ACROSS), (SessionKind.OTHER, True, ACROSS), (SessionKind.TALK, False, 3)],
)
def test_without_a_room_a_break_runs_across_and_a_talk_stands_behind_the_rooms(
    kind: SessionKind, for_all: bool, column: int
) -> None:
    assert spots([planned(1, "10:00", 30, None, kind=kind, for_all=for_all)], ROOMS)[1].column == column


def test_two_in_one_room_at_once_stand_half_and_half_and_the_next_has_the_room_alone() -> None:
    found = spots([planned(1, "10:00", 60), planned(2, "10:30", 60), planned(3, "11:30", 30)], ROOMS)
    assert [(found[n].lane, found[n].lanes) for n in (1, 2, 3)] == [(1, 2), (2, 2), (1, 1)]


starts = st.integers(0, 60).map(lambda n: n * 5)
lengths = st.integers(1, 24).map(lambda n: n * 5)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(starts, lengths, st.sampled_from(ROOMS)), max_size=12))
def test_nothing_covers_anything_else(drawn: list[tuple[int, int, int]]) -> None:
    sessions = [
        Planned(n, SessionKind.TALK, day=DAY.date(), starts_at=at(start), ends_at=at(start + length), room=room)
        for n, (start, length, room) in enumerate(drawn)
    ]
    found = spots(sessions, ROOMS)
    for a, b in combinations(found.values(), 2):
        meet = a.column == b.column and a.at < b.at + b.steps and b.at < a.at + a.steps
        assert not meet or a.lane != b.lane
        assert not meet or a.lanes == b.lanes
    assert all(1 <= spot.lane <= spot.lanes for spot in found.values())


def test_a_sheet_shows_the_working_day_and_whatever_lies_outside_it() -> None:
    assert hours([]) == (8, 20)
    assert hours([planned(1, "06:30", 30), planned(2, "21:00", 75)]) == (6, 23)
    assert hours([planned(1, "23:00", 120)]) == (8, 25)


def test_every_track_has_a_letter_of_its_own() -> None:
    assert letters(["Batteries", "Buildings", "电池", "Bau", "B"]) == ["B", "U", "电", "A", "5"]


def test_free_starts_are_those_at_which_neither_its_room_nor_its_people_are_taken() -> None:
    zha = Taking(1, 1)
    moved = planned(1, "10:00", 60, cast=(zha,))
    lunch = planned(4, "12:00", 60, None, kind=SessionKind.MEAL)
    plenary = planned(5, "15:00", 60, CORAL, for_all=True)
    plan = Plan(
        "Asia/Shanghai",
        sessions=(moved, planned(2, "08:00", 120), planned(3, "11:00", 60, CORAL, cast=(zha,)), lunch, plenary),
    )
    assert free_starts(plan, moved) == [at(13 * 60), at(14 * 60), at(16 * 60)]
    assert free_starts(plan, Planned(9, SessionKind.TALK)) == []
