"""Dates, times and spans in words, in the three languages. Patterns are those of the look's README."""

from datetime import date, datetime

from babel.dates import format_date, format_datetime

from app.values.language import Language
from app.values.time import CITIES, Days, in_zone, instant, wall, zone
from app.web.languages import language

DAY = {Language.EN: "d MMMM y", Language.DE: "d. MMMM y", Language.ZH: "y年M月d日"}
LONG_DAY = {Language.EN: "EEEE d MMMM y", Language.DE: "EEEE, d. MMMM y", Language.ZH: "y年M月d日（EEEE）"}
WEEKDAY = {Language.EN: "EEEE d MMMM", Language.DE: "EEEE, d. MMMM", Language.ZH: "M月d日（EEEE）"}
SHORT_DAY = {Language.EN: "EEE d MMM", Language.DE: "EEE d. MMM", Language.ZH: "M月d日 EEE"}
MONTH = {Language.EN: "MMMM y", Language.DE: "MMMM y", Language.ZH: "y年M月"}
INSTANT = {Language.EN: "d MMMM y, HH:mm", Language.DE: "d. MMMM y, HH:mm", Language.ZH: "y年M月d日 HH:mm"}


def in_words(day: date, pattern: dict[Language, str], *, lang: Language | None = None) -> str:
    lang = lang or language()
    return format_date(day, pattern[lang], locale=lang.locale)


def day_text(day: date, lang: Language | None = None) -> str:
    return in_words(day, DAY, lang=lang)


def long_day(day: date, lang: Language | None = None) -> str:
    return in_words(day, LONG_DAY, lang=lang)


def weekday(day: date, lang: Language | None = None) -> str:
    return in_words(day, WEEKDAY, lang=lang)


def short_day(day: date, lang: Language | None = None) -> str:
    return in_words(day, SHORT_DAY, lang=lang)


def span(days: Days, lang: Language | None = None) -> str:
    """23–24 September 2027; 30 September – 1 October 2027; one day alone."""
    lang = lang or language()
    first, last = days.first, days.last
    if first == last:
        return day_text(first, lang)
    same_month = (first.year, first.month) == (last.year, last.month)
    if lang is Language.ZH:
        if same_month:
            return f"{day_text(first, lang)[:-1]}日至{last.day}日"
        end = format_date(last, "M月d日" if first.year == last.year else "y年M月d日", locale=lang.locale)
        return f"{day_text(first, lang)}至{end}"
    dot = "." if lang is Language.DE else ""
    if same_month:
        return f"{first.day}{dot}–{day_text(last, lang)}"
    start = format_date(first, f"d{dot} MMMM" if first.year == last.year else DAY[lang], locale=lang.locale)
    return f"{start} – {day_text(last, lang)}"


def big_span(days: Days, lang: Language | None = None) -> tuple[str, str]:
    """The large numeral and the line below it: ("23–24", "September 2027")."""
    lang = lang or language()
    first, last = days.first, days.last
    month = in_words(last, MONTH, lang=lang)
    if first == last:
        return str(first.day), month
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day}", month
    start = format_date(first, "M月" if lang is Language.ZH else "MMMM", locale=lang.locale)
    return f"{first.day}–{last.day}", f"{start} – {month}"


def clock(at: datetime) -> str:
    return f"{at:%H:%M}"


def city_of(zone_name: str, lang: Language | None = None) -> str:
    lang = lang or language()
    if zone_name in CITIES:
        return CITIES[zone_name][lang.value]
    return zone_name.split("/")[-1].replace("_", " ")


def iso(wall_time: datetime, zone_name: str) -> str:
    """For <time datetime>: with the offset that held there and then."""
    return wall_time.replace(tzinfo=zone(zone_name)).isoformat(timespec="minutes")


def day_shift(wall_time: datetime, zone_name: str, other: str) -> int:
    """-1, 0 or 1: is it the day before, the same, or the day after over there?"""
    return (in_zone(wall_time, zone_name, other).date() - wall_time.date()).days


def instant_text(at: datetime, zone_name: str, lang: Language | None = None) -> str:
    """An instant as a clock in that zone shows it, with its date."""
    lang = lang or language()
    return format_datetime(wall(at, zone_name), INSTANT[lang], locale=lang.locale)


def home_zones(venue_zone: str, at: datetime, homes: tuple[str, ...]) -> tuple[str, ...]:
    """The home zones whose clock differs from the venue's at that moment."""
    here = at.replace(tzinfo=zone(venue_zone)).utcoffset()
    moment = instant(at, venue_zone)
    return tuple(home for home in homes if moment.astimezone(zone(home)).utcoffset() != here)


def published_text(published: str) -> str:
    """A source's date as precisely as it is known."""
    parts = [int(part) for part in published.split("-") if part.isdigit()]
    if len(parts) == 3:
        return day_text(date(parts[0], parts[1], parts[2]))
    if len(parts) == 2:
        return in_words(date(parts[0], parts[1], 1), MONTH)
    return f"{parts[0]}年" if parts and language() is Language.ZH else published
