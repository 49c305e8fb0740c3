"""A feed: a header, the zones its times are written in, and the published blocks, joined."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.calendar.event import address, fold, one_line, text, utc
from app.calendar.zones import vtimezone

PRODID = "-//Luntan//Forum calendar//EN"
COLOUR = "teal"
"""A CSS name, as RFC 7986 wants it."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a calendar says about itself."""

    uid: str
    name: str
    told: str
    """What is in it, in a sentence."""
    zone: str
    refresh: str
    """How often to ask again: PT1H."""
    source: str
    """The feed's own address."""
    url: str
    """The page it is about."""
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A published event, in one language."""

    uid: str
    begins: str
    zone: str
    block: str


def calendar(head: Head, entries: Sequence[Entry]) -> bytes:
    """Raises `ValueError` without an entry: a calendar needs a component."""
    if not entries:
        raise ValueError("a calendar without a component")
    in_order = sorted(entries, key=lambda entry: (entry.begins, entry.uid))
    zones = sorted({entry.zone for entry in in_order} - {""})
    lines = [*_header(head), *(line for zone in zones for line in vtimezone(zone))]
    return "".join([*map(fold, lines), *(entry.block for entry in in_order), "END:VCALENDAR\r\n"]).encode()


def _header(head: Head) -> Iterator[str]:
    name, told = text(one_line(head.name)), text(one_line(head.told))
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:{PRODID}"
    yield "CALSCALE:GREGORIAN"
    yield f"UID:{head.uid}"
    yield f"LAST-MODIFIED:{utc(head.changed_at)}"
    yield f"NAME:{name}"
    yield f"X-WR-CALNAME:{name}"
    yield f"DESCRIPTION:{told}"
    yield f"X-WR-CALDESC:{told}"
    yield f"X-WR-TIMEZONE:{head.zone}"
    yield f"REFRESH-INTERVAL;VALUE=DURATION:{head.refresh}"
    yield f"X-PUBLISHED-TTL:{head.refresh}"
    yield f"SOURCE;VALUE=URI:{address(head.source)}"
    yield f"URL:{address(head.url)}"
    yield f"COLOR:{COLOUR}"
