"""Wall time, zones, instants, and how precisely a date is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
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
    name: {"en": en, "de": de, "zh": zh}
    for name, en, de, zh in (
        ("Africa/Cairo", "Cairo", "Kairo", "开罗"),
        ("Africa/Johannesburg", "Johannesburg", "Johannesburg", "约翰内斯堡"),
        ("Africa/Lagos", "Lagos", "Lagos", "拉各斯"),
        ("Africa/Nairobi", "Nairobi", "Nairobi", "内罗毕"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires", "Buenos Aires", "布宜诺斯艾利斯"),
        ("America/Bogota", "Bogotá", "Bogotá", "波哥大"),
        ("America/Chicago", "Chicago", "Chicago", "芝加哥"),
        ("America/Denver", "Denver", "Denver", "丹佛"),
        ("America/Los_Angeles", "Los Angeles", "Los Angeles", "洛杉矶"),
        ("America/Mexico_City", "Mexico City", "Mexiko-Stadt", "墨西哥城"),
        ("America/New_York", "New York", "New York", "纽约"),
        ("America/Santiago", "Santiago", "Santiago de Chile", "圣地亚哥"),
        ("America/Sao_Paulo", "São Paulo", "São Paulo", "圣保罗"),
        ("America/Toronto", "Toronto", "Toronto", "多伦多"),
        ("Asia/Bangkok", "Bangkok", "Bangkok", "曼谷"),
        ("Asia/Dhaka", "Dhaka", "Dhaka", "达卡"),
        ("Asia/Dubai", "Dubai", "Dubai", "迪拜"),
        ("Asia/Ho_Chi_Minh", "Ho Chi Minh City", "Ho-Chi-Minh-Stadt", "胡志明市"),
        ("Asia/Hong_Kong", "Hong Kong", "Hongkong", "香港"),
        ("Asia/Jakarta", "Jakarta", "Jakarta", "雅加达"),
        ("Asia/Karachi", "Karachi", "Karatschi", "卡拉奇"),
        ("Asia/Kolkata", "New Delhi", "Neu-Delhi", "新德里"),
        ("Asia/Riyadh", "Riyadh", "Riad", "利雅得"),
        ("Asia/Seoul", "Seoul", "Seoul", "首尔"),
        ("Asia/Shanghai", "Beijing", "Peking", "北京"),
        ("Asia/Singapore", "Singapore", "Singapur", "新加坡"),
        ("Asia/Tashkent", "Tashkent", "Taschkent", "塔什干"),
        ("Asia/Tokyo", "Tokyo", "Tokio", "东京"),
        ("Australia/Perth", "Perth", "Perth", "珀斯"),
        ("Australia/Sydney", "Sydney", "Sydney", "悉尼"),
        ("Europe/Berlin", "Berlin", "Berlin", "柏林"),
        ("Europe/Helsinki", "Helsinki", "Helsinki", "赫尔辛基"),
        ("Europe/Istanbul", "Istanbul", "Istanbul", "伊斯坦布尔"),
        ("Europe/Kyiv", "Kyiv", "Kiew", "基辅"),
        ("Europe/London", "London", "London", "伦敦"),
        ("Europe/Madrid", "Madrid", "Madrid", "马德里"),
        ("Europe/Moscow", "Moscow", "Moskau", "莫斯科"),
        ("Europe/Paris", "Paris", "Paris", "巴黎"),
        ("Europe/Rome", "Rome", "Rom", "罗马"),
        ("Europe/Vienna", "Vienna", "Wien", "维也纳"),
        ("Europe/Warsaw", "Warsaw", "Warschau", "华沙"),
        ("Europe/Zurich", "Zurich", "Zürich", "苏黎世"),
        ("Pacific/Auckland", "Auckland", "Auckland", "奥克兰"),
        ("Pacific/Honolulu", "Honolulu", "Honolulu", "檀香山"),
    )
}
"""What a zone is called: as somebody's home, and among those a reader may choose from. Others: the city of their name."""


@cache
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@cache
def zone_names() -> frozenset[str]:
    """Names of real places, as organisers choose from; not `Etc/GMT+3`, not `EST`."""
    return frozenset(
        n for n in available_timezones() if "/" in n and not n.startswith(("Etc/", "posix/", "right/", "SystemV/"))
    )


@lru_cache(maxsize=4096)
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
