"""The frame of a past agenda in new days: the wall keeps its times, whatever the zones do."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.site.cloning import Slot, Snag, first_day, moved
from app.values.time import Days, WallKind, wall_kind

THURSDAY = date(2025, 9, 18)
NEW = Days(date(2027, 10, 30), date(2027, 10, 31))  # in Berlin the clocks go back in the second night
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
ZONES = st.sampled_from(["Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"])


def at(day: date, start: str, end: str) -> Slot:
    return Slot(day, datetime.combine(day, time.fromisoformat(start)), datetime.combine(day, time.fromisoformat(end)))


@given(
    old=DAYS, new=DAYS, offset=st.integers(0, 5), minutes=st.integers(0, 1400), lasts=st.integers(5, 600), zone=ZONES
)
def test_a_session_keeps_its_time_on_the_wall_its_length_and_its_place_among_the_days(
    old: date, new: date, offset: int, minutes: int, lasts: int, zone: str
) -> None:
    starts = datetime.combine(old + timedelta(days=offset), time()) + timedelta(minutes=minutes)
    slot = Slot(starts.date(), starts, starts + timedelta(minutes=lasts))

    there, snags = moved(slot, first=old, days=Days(new, new + timedelta(days=5)), zone=zone)

    assert there.day == new + timedelta(days=offset)
    if Snag.GAP in snags:
        assert (there.starts_at, there.ends_at) == (None, None)
        return
    assert there.starts_at is not None
    assert there.ends_at is not None
    assert there.starts_at.time() == starts.time()
    assert there.ends_at - there.starts_at == timedelta(minutes=lasts)
    assert there.starts_at.date() == there.day
    assert WallKind.GAP not in {wall_kind(there.starts_at, zone), wall_kind(there.ends_at, zone)}


@given(old=DAYS, new=DAYS, slots=st.lists(st.integers(0, 4000), min_size=2, max_size=6))
def test_the_order_of_sessions_stays(old: date, new: date, slots: list[int]) -> None:
    starts = sorted(datetime.combine(old, time()) + timedelta(minutes=n) for n in slots)
    days = Days(new, new + timedelta(days=3))
    there = [
        moved(Slot(s.date(), s, s + timedelta(minutes=5)), first=old, days=days, zone="Asia/Shanghai")[0].starts_at
        for s in starts
    ]
    known = [start for start in there if start is not None]
    assert known == sorted(known)


def test_a_session_on_a_day_the_new_edition_no_longer_has_is_taken_and_marked() -> None:
    there, snags = moved(at(date(2025, 9, 20), "09:00", "10:00"), first=THURSDAY, days=NEW, zone="Asia/Shanghai")
    assert there == at(date(2027, 11, 1), "09:00", "10:00")
    assert snags == (Snag.OUTSIDE,)


def test_a_time_the_clock_skips_comes_without_a_time() -> None:
    days = Days(date(2027, 3, 28), date(2027, 3, 28))  # 02:00 becomes 03:00 in Berlin
    assert moved(at(THURSDAY, "02:30", "03:30"), first=THURSDAY, days=days, zone="Europe/Berlin") == (
        Slot(date(2027, 3, 28)), (Snag.GAP,),
    )  # fmt: skip


def test_a_time_the_clock_shows_twice_is_taken_as_the_first_and_marked() -> None:
    days = Days(date(2027, 10, 31), date(2027, 10, 31))
    there, snags = moved(at(THURSDAY, "02:30", "03:30"), first=THURSDAY, days=days, zone="Europe/Berlin")
    assert there == at(date(2027, 10, 31), "02:30", "03:30")
    assert snags == (Snag.OVERLAP,)


@pytest.mark.parametrize(("first", "days"), [(None, NEW), (THURSDAY, None)])
def test_without_days_on_either_side_a_session_comes_without_a_day(first: date | None, days: Days | None) -> None:
    slot = at(THURSDAY, "09:00", "10:00")
    assert moved(slot, first=first, days=days, zone="Asia/Shanghai") == (Slot(), (Snag.NO_DAYS,))


def test_a_session_whose_day_nobody_knew_stays_unknown() -> None:
    assert moved(Slot(), first=THURSDAY, days=NEW, zone="Asia/Shanghai") == (Slot(), ())


def test_an_agenda_counts_from_the_editions_first_day_else_from_its_first_session() -> None:
    own = Days(THURSDAY, date(2025, 9, 19))
    assert first_day(own, [date(2025, 9, 19)]) == THURSDAY
    assert first_day(None, [date(2025, 9, 19), THURSDAY]) == THURSDAY
    assert first_day(None, []) is None
