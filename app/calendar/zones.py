"""VTIMEZONE from the yearly rule that tzdata keeps at the end of each zone's file.

`CET-1CEST,M3.5.0,M10.5.0/3` says all a calendar needs: two offsets, two days of the year, two times. Written as
RRULEs it is understood everywhere; a list of dates is not. A rule is used only for years in which it gives
zoneinfo's own offsets; where it does not, there is no VTIMEZONE and times are written in UTC.
"""

import calendar
import re
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from pathlib import Path

from app.values.time import zone

SINCE = 1970
"""Onsets are written from this year on, whatever years are in use: the same bytes for every feed."""
DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
NAME = r"(<[^>]+>|[A-Za-z]+)"
OFFSET = r"([+-]?\d+(?::\d+){0,2})"
CHANGE = r",M(\d+)\.(\d)\.(\d)(?:/([+-]?\d+(?::\d+){0,2}))?"
POSIX = re.compile(f"{NAME}{OFFSET}(?:{NAME}{OFFSET}?{CHANGE}{CHANGE})?")


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two clocks a zone keeps."""

    name: str
    offset: timedelta


@dataclass(frozen=True, slots=True)
class Change:
    """The yearly day and wall time, by the old clock, at which the other clock begins."""

    month: int
    week: int
    """First to fourth; 5 is the last."""
    weekday: int
    """0 is Sunday."""
    at: timedelta
    """From that day's midnight; may lie on the day before or after."""

    def in_year(self, year: int) -> datetime:
        first = date(year, self.month, 1)
        day = first + timedelta(days=(self.weekday - first.isoweekday()) % 7 + 7 * (self.week - 1))
        if day.month != self.month:
            day -= timedelta(days=7)
        return midnight(day) + self.at

    def rules(self) -> Iterator[str]:
        """RRULEs that together hit this day. One, unless its time runs over into the next month or back."""
        shift = self.at // timedelta(days=1)
        weekday = DAYS[(self.weekday + shift) % 7]
        if not shift:
            yield f"FREQ=YEARLY;BYMONTH={self.month};BYDAY={-1 if self.week == 5 else self.week}{weekday}"
            return
        year = SINCE + 1  # no leap day: nobody changes clocks in February
        length = calendar.monthrange(year, self.month)[1]
        start = length - 7 if self.week == 5 else 7 * (self.week - 1)
        days = [date(year, self.month, 1) + timedelta(days=start + n + shift) for n in range(7)]
        for month in dict.fromkeys(day.month for day in days):
            numbers = ",".join(str(day.day) for day in days if day.month == month)
            yield f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={numbers};BYDAY={weekday}"

    def first_hit(self, rule: str) -> datetime:
        """DTSTART has to be a day that its own RRULE hits."""
        month = int(rule.split("BYMONTH=")[1].split(";")[0])
        return next(at for year in range(SINCE, SINCE + 30) if (at := self.in_year(year)).month == month)


@dataclass(frozen=True, slots=True)
class YearlyRule:
    standard: Side
    daylight: Side | None = None
    to_daylight: Change | None = None
    to_standard: Change | None = None

    def changes(self, year: int) -> list[tuple[datetime, Side]]:
        """The instants (UTC) of a year's changes, and the clock that begins."""
        if self.daylight is None or self.to_daylight is None or self.to_standard is None:
            return []
        spring = (self.to_daylight.in_year(year) - self.standard.offset).replace(tzinfo=UTC)
        autumn = (self.to_standard.in_year(year) - self.daylight.offset).replace(tzinfo=UTC)
        return sorted([(spring, self.daylight), (autumn, self.standard)], key=lambda change: change[0])

    def offset(self, at: datetime) -> timedelta:
        """What this rule says a clock there is ahead of UTC at an instant."""
        begun = [change for year in (at.year - 1, at.year, at.year + 1) for change in self.changes(year)]
        return next((side.offset for since, side in reversed(begun) if since <= at), self.standard.offset)


@cache
def rule_of(name: str) -> YearlyRule | None:
    """None where tzdata gives no rule that RRULE can say."""
    match = POSIX.fullmatch(_footer(name))
    if match is None:
        return None
    standard = Side(match[1].strip("<>"), -_duration(match[2]))
    if match[3] is None:
        return YearlyRule(standard)
    daylight = Side(match[3].strip("<>"), -_duration(match[4]) if match[4] else standard.offset + timedelta(hours=1))
    return YearlyRule(standard, daylight, _change(*match.group(5, 6, 7, 8)), _change(*match.group(9, 10, 11, 12)))


def _change(month: str, week: str, weekday: str, at: str | None) -> Change:
    return Change(int(month), int(week), int(weekday), _duration(at or "2"))


def _duration(text: str) -> timedelta:
    hours, minutes, seconds = ([int(part) for part in text.lstrip("+-").split(":")] + [0, 0])[:3]
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -length if text.startswith("-") else length


def _footer(name: str) -> str:
    """The last line of the file zoneinfo itself reads: the system's, else the tzdata package's."""
    zone(name)  # raises on what is no zone's name, before it becomes part of a path
    for folder in zoneinfo.TZPATH:
        if (path := Path(folder, name)).is_file():
            return _last_line(path.read_bytes())
    return _last_line(resources.files("tzdata.zoneinfo").joinpath(*name.split("/")).read_bytes())


def _last_line(file: bytes) -> str:
    """Empty for a file of the first version, which has none."""
    return file.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", "ignore") if file[4:5] >= b"2" else ""


@cache
def has_rule(name: str, year: int) -> bool:
    """Whether the yearly rule gives zoneinfo's offsets in that year: each day, and around each change."""
    rule = rule_of(name)
    if rule is None:
        return False
    new_year = datetime(year, 1, 1, tzinfo=UTC)
    moments = [new_year + timedelta(days=n) for n in range(-1, 368)]
    for since, _ in rule.changes(year):
        moments += [since - timedelta(seconds=1), since]
    return all(at.astimezone(zone(name)).utcoffset() == rule.offset(at) for at in moments)


def vtimezone(name: str) -> tuple[str, ...]:
    """The lines of its VTIMEZONE, for years in which `has_rule`. None at all for a zone without a rule."""
    rule = rule_of(name)
    if rule is None:
        return ()
    return ("BEGIN:VTIMEZONE", f"TZID:{name}", *_observances(rule), "END:VTIMEZONE")


def _observances(rule: YearlyRule) -> Iterator[str]:
    """DAYLIGHT is the clock that is further ahead, whichever of them the law calls standard (Ireland)."""
    standard, daylight = rule.standard, rule.daylight
    if daylight is None or rule.to_daylight is None or rule.to_standard is None:
        yield from _observance("STANDARD", standard, standard, midnight(date(SINCE, 1, 1)))
        return
    ahead, behind = ("DAYLIGHT", "STANDARD") if daylight.offset > standard.offset else ("STANDARD", "DAYLIGHT")
    for kind, change, before, after in (
        (ahead, rule.to_daylight, standard, daylight),
        (behind, rule.to_standard, daylight, standard),
    ):
        for rrule in change.rules():
            yield from _observance(kind, before, after, change.first_hit(rrule), rrule)


def _observance(kind: str, before: Side, after: Side, onset: datetime, rrule: str = "") -> Iterator[str]:
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{onset:%Y%m%dT%H%M%S}"
    if rrule:
        yield f"RRULE:{rrule}"
    yield f"TZOFFSETFROM:{_written(before.offset)}"
    yield f"TZOFFSETTO:{_written(after.offset)}"
    yield f"TZNAME:{after.name}"
    yield f"END:{kind}"


def _written(offset: timedelta) -> str:
    seconds = abs(int(offset.total_seconds()))
    sign = "-" if offset < timedelta() else "+"
    odd = f"{seconds % 60:02}" if seconds % 60 else ""
    return f"{sign}{seconds // 3600:02}{seconds // 60 % 60:02}{odd}"
