"""What kinds, languages and days are called on a public page."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from babel.dates import format_date
from markupsafe import Markup

from app.agenda.rules import SessionKind
from app.agenda.words import KINDS, PARTS_OF_DAY, ROLES
from app.values.language import Language
from app.values.time import zone
from app.web.languages import language

__all__ = [
    "ROLES",
    "in_line",
    "kind",
    "month_and_year",
    "month_name",
    "part_of_day",
    "rfc3339",
    "utc_offset",
    "weekday_name",
]


def kind(of: SessionKind) -> str:
    """Nothing where it would only say that it is something else."""
    return "" if of is SessionKind.OTHER else str(KINDS[of.value])


def part_of_day(code: str) -> str:
    return str(PARTS_OF_DAY.get(code, "")) if code else ""


def in_line(parts: Iterable[str | None]) -> Markup:
    """What belongs together in one line, empty parts left out: role, organisation, country."""
    return Markup("，" if language() is Language.ZH else ", ").join(part for part in parts if part)


def weekday_name(day: date) -> str:
    name: str = format_date(day, "EEEE", locale=language().locale)
    return name


def month_name(day: date) -> str:
    name: str = format_date(day, "M月" if language() is Language.ZH else "LLLL", locale=language().locale)
    return name


def month_and_year(day: date) -> str:
    name: str = format_date(day, "y年M月" if language() is Language.ZH else "LLLL y", locale=language().locale)
    return name


def utc_offset(zone_name: str, day: date) -> str:
    """UTC+2, UTC+5:30; as it is there at noon of that day."""
    offset = datetime.combine(day, time(12), zone(zone_name)).utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def rfc3339(at: datetime) -> str:
    """2027-03-01T09:00:00Z; for feeds."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
