"""Wall time, zones, instants, and how precisely a date is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


class DatePrecision(StrEnum):
    DAY = "day"
    PARENT_EVENT = "parent_event"
    """Only the days of the parent event are known, not the edition's own within them."""
    YEAR = "year"


class WallKind(StrEnum):
    """How a wall time meets the zone's clock changes."""

    PLAIN = "plain"
    GAP = "gap"
    """Never shown by any clock there: refused."""
    OVERLAP = "overlap"
    """Shown twice: taken as the first, and explained."""


YEARS = range(1990, 2201)
"""What can be planned or remembered here. Far outside, zones have no rules and dates no day after them."""

CITIES = {
    "Europe/Berlin": {"en": "Berlin", "de": "Berlin", "zh": "柏林"},
    "Asia/Shanghai": {"en": "Beijing", "de": "Peking", "zh": "北京"},
    "Europe/London": {"en": "London", "de": "London", "zh": "伦敦"},
    "America/New_York": {"en": "New York", "de": "New York", "zh": "纽约"},
}
"""What a zone is called as somebody's home. Others: the city in Babel's own words."""


@cache
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@cache
def zone_names() -> frozenset[str]:
    """Names of real places, as organisers choose from; not `Etc/GMT+3`, not `EST`."""
    return frozenset(
        n for n in available_timezones() if "/" in n and not n.startswith(("Etc/", "posix/", "right/", "SystemV/"))
    )


def wall_kind(wall: datetime, zone_name: str) -> WallKind:
    place = zone(zone_name)
    first, second = wall.replace(tzinfo=place, fold=0), wall.replace(tzinfo=place, fold=1)
    if first.utcoffset() == second.utcoffset():
        return WallKind.PLAIN
    back = first.astimezone(UTC).astimezone(place).replace(tzinfo=None)
    return WallKind.OVERLAP if back == wall else WallKind.GAP


def instant(wall: datetime, zone_name: str) -> datetime:
    """The instant (UTC) at which the clock on that wall shows this time; the first of two in an overlap."""
    return wall.replace(tzinfo=zone(zone_name), fold=0).astimezone(UTC)


def wall(at: datetime, zone_name: str) -> datetime:
    """What the clock on a wall in that zone shows at an instant."""
    return at.astimezone(zone(zone_name)).replace(tzinfo=None, fold=0)


def in_zone(wall_time: datetime, zone_name: str, other: str) -> datetime:
    """The same moment as a clock elsewhere shows it."""
    return wall(instant(wall_time, zone_name), other)


@dataclass(frozen=True, slots=True)
class Days:
    """A span of whole days, both ends included."""

    first: date
    last: date

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last
