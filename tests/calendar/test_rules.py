from datetime import UTC, date, datetime, timedelta

import pytest

from app.calendar.rules import EventStatus, Phase, Promise, leaves_at, next_sequence, next_stamp, phase, phase_changes
from app.values.time import Days

BEFORE = Promise("2027-09-23T09:00:00", "2027-09-23T10:00:00", "Asia/Shanghai", "hall-a", EventStatus.CONFIRMED)
DAYS = Days(date(2027, 9, 23), date(2027, 9, 24))


@pytest.mark.parametrize(
    ("change", "sequence"),
    [
        ({}, 3),
        ({"starts": "2027-09-23T09:30:00"}, 4),
        ({"ends": "2027-09-23T11:00:00"}, 4),
        ({"zone": "Europe/Berlin"}, 4),
        ({"place": "hall-b"}, 4),
        ({"status": EventStatus.CANCELLED}, 4),
        ({"starts": "2027-09-23T11:00:00", "ends": "2027-09-23T12:00:00", "place": "hall-b"}, 4),
    ],
)
def test_sequence_rises_by_one_when_the_promise_no_longer_holds(change: dict[str, str], sequence: int) -> None:
    after = Promise.of({**BEFORE.as_dict(), **change})

    assert next_sequence(3, BEFORE, after) == sequence


def test_whole_days_stay_the_same_in_another_zone() -> None:
    day = Promise("2027-09-23", "2027-09-24", "Asia/Shanghai", "Haikou", EventStatus.CONFIRMED)
    there = Promise("2027-09-23", "2027-09-24", "Europe/Berlin", "Haikou", EventStatus.CONFIRMED)

    assert not there.breaks(day)


def test_a_stamp_grows_even_within_one_second() -> None:
    at = datetime(2027, 3, 1, 9, 0, 0, tzinfo=UTC)

    assert next_stamp(at, at + timedelta(milliseconds=300)) == at + timedelta(seconds=1)
    assert next_stamp(at, at + timedelta(hours=1, milliseconds=300)) == at + timedelta(hours=1)
    assert next_stamp(at, at - timedelta(days=1)) == at + timedelta(seconds=1)


def test_a_tombstone_stays_thirty_days_after_the_later_of_end_and_cancellation() -> None:
    end, cancelled = datetime(2027, 9, 24, tzinfo=UTC), datetime(2027, 5, 1, tzinfo=UTC)

    assert leaves_at(end, cancelled) == datetime(2027, 10, 24, tzinfo=UTC)
    assert leaves_at(end, datetime(2027, 10, 1, tzinfo=UTC)) == datetime(2027, 10, 31, tzinfo=UTC)


def test_a_whole_day_ends_at_its_own_midnight() -> None:
    day = Promise("2027-09-23", "2027-09-24", "Asia/Shanghai", "Haikou", EventStatus.CONFIRMED)

    assert day.ends_at == datetime(2027, 9, 24, 16, 0, tzinfo=UTC)
    assert BEFORE.ends_at == datetime(2027, 9, 23, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "shown", "refresh"),
    [
        (datetime(2027, 9, 22, 15, 59, 59, tzinfo=UTC), Phase.BEFORE, "PT1H"),
        (datetime(2027, 9, 22, 16, 0, tzinfo=UTC), Phase.DURING, "PT15M"),
        (datetime(2027, 9, 24, 15, 59, 59, tzinfo=UTC), Phase.DURING, "PT15M"),
        (datetime(2027, 9, 24, 16, 0, tzinfo=UTC), Phase.PAST, "P1D"),
    ],
)
def test_subscribers_ask_more_often_on_the_days_themselves(at: datetime, shown: Phase, refresh: str) -> None:
    assert phase(DAYS, "Asia/Shanghai", at) is shown
    assert shown.refresh == refresh


def test_the_days_begin_and_end_where_the_forum_is_held() -> None:
    assert phase_changes(DAYS, "Europe/Berlin") == (
        datetime(2027, 9, 22, 22, 0, tzinfo=UTC),
        datetime(2027, 9, 24, 22, 0, tzinfo=UTC),
    )
