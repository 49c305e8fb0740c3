from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import pytest
from icalendar import Calendar

from app.calendar.zones import has_rule, rule_of, vtimezone

YEARS = range(2025, 2030)
WITHOUT_RULE = {"Africa/Casablanca", "Africa/El_Aaiun", "Asia/Gaza", "Asia/Hebron"}
"""Clocks that follow Ramadan, and those whose tzdata lists single years."""


def test_every_zone_with_a_yearly_rule_has_it_in_every_year_to_come() -> None:
    without = {name for name in available_timezones() for year in (2026, 2027, 2028) if not has_rule(name, year)}

    assert without <= WITHOUT_RULE


@pytest.mark.parametrize(
    "name",
    [
        "Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "Europe/London",
        "Europe/Dublin", "Africa/Casablanca", "Africa/Cairo", "America/Nuuk", "Pacific/Chatham", "Asia/Jerusalem",
    ],
)  # fmt: skip
def test_where_a_rule_is_used_it_is_right_to_the_minute(name: str) -> None:
    rule, zone, checked = rule_of(name), ZoneInfo(name), 0
    assert rule is not None
    for year in YEARS:
        if not has_rule(name, year):
            continue
        moments = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(365 * 24)]
        for change, _ in rule.changes(year):
            moments += [change + timedelta(minutes=n) for n in range(-180, 180)]
        assert [at for at in moments if rule.offset(at) != at.astimezone(zone).utcoffset()] == []
        checked += 1
    assert checked == (0 if name in WITHOUT_RULE else len(YEARS))


def test_berlin_changes_at_two_in_spring_and_at_three_in_autumn_by_the_clock_before() -> None:
    assert vtimezone("Europe/Berlin") == (
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "END:STANDARD",
        "END:VTIMEZONE",
    )


def test_shanghai_keeps_one_clock() -> None:
    assert vtimezone("Asia/Shanghai") == (
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Shanghai",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0800",
        "TZOFFSETTO:+0800",
        "TZNAME:CST",
        "END:STANDARD",
        "END:VTIMEZONE",
    )


def test_ireland_has_its_summer_as_daylight_whatever_the_law_calls_it() -> None:
    text = "\n".join(vtimezone("Europe/Dublin"))

    assert "BEGIN:DAYLIGHT\nDTSTART:19700329T010000" in text
    assert "TZOFFSETFROM:+0000\nTZOFFSETTO:+0100\nTZNAME:IST\nEND:DAYLIGHT" in text


def test_a_time_after_midnight_of_the_last_thursday_may_be_a_friday_of_the_next_month() -> None:
    """Cairo: the last Thursday of October at 24:00."""
    text = "\n".join(vtimezone("Africa/Cairo"))

    assert "RRULE:FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=26,27,28,29,30,31;BYDAY=FR" in text
    assert "DTSTART:19741101T000000\nRRULE:FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=1;BYDAY=FR" in text


@pytest.mark.parametrize("name", sorted(available_timezones()))
def test_icalendar_reads_every_zone(name: str) -> None:
    lines = vtimezone(name)
    if not lines:
        return
    calendar = Calendar.from_ical("\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]))
    zone = calendar.walk("VTIMEZONE")[0].to_tz()
    for month in (1, 7) if has_rule(name, 2027) else ():
        noon = datetime(2027, month, 15, 12)
        assert noon.replace(tzinfo=zone).utcoffset() == noon.replace(tzinfo=ZoneInfo(name)).utcoffset()


def test_what_is_no_zone_is_never_looked_up_as_a_file() -> None:
    for name in ("../../../etc/passwd", "/etc/passwd", "Europe/Nowhere"):
        with pytest.raises((ValueError, ZoneInfoNotFoundError)):
            rule_of(name)


def test_an_onset_is_a_day_its_own_rule_hits() -> None:
    for name in sorted(available_timezones()):
        rule = rule_of(name)
        for change in (rule.to_daylight, rule.to_standard) if rule else ():
            for rrule in change.rules() if change else ():
                parts = dict(part.split("=") for part in rrule.split(";"))
                onset = change.first_hit(rrule) if change else datetime.min
                assert str(onset.month) == parts["BYMONTH"], name
                assert onset.strftime("%a")[:2].upper() == parts["BYDAY"][-2:], name
                assert str(onset.day) in parts.get("BYMONTHDAY", str(onset.day)).split(","), name
                assert onset.date() < date(2000, 1, 1)
