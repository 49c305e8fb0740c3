"""In which zones a reader may have the second time beside the venue's."""

from collections.abc import Iterable

from app.values.time import CITIES

NO_SECOND = "none"
"""Asked for like a zone: the venue's time alone."""
OLD_NAMES = {
    "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "America/Argentina/Buenos_Aires": "America/Buenos_Aires",
    "Europe/Kyiv": "Europe/Kiev",
}
"""What some browsers still call a zone."""


def offered(venue: str, homes: Iterable[str]) -> tuple[str, ...]:
    """The homes of the series, the venue, then cities of all continents. A list, so that kept pages are countable."""
    return tuple(dict.fromkeys((*homes, venue, *CITIES)))


def wish_of(asked: Iterable[str], venue: str, homes: Iterable[str]) -> str | None:
    """What of the asked is one on offer; None for anything else, more than one, or nothing."""
    wishes = tuple(asked)
    known = len(wishes) == 1 and wishes[0] in (*offered(venue, homes), NO_SECOND)
    return wishes[0] if known else None
