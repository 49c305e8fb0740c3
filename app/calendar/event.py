"""The text of one VEVENT in one language, from plain values.

Written here line by line rather than by a library, so that the same facts give the same bytes for ever: a fixed
order of properties, every text cleaned and escaped, lines folded at 75 octets and never inside a character.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.calendar.rules import EventStatus, Promise
from app.calendar.zones import has_rule
from app.values.language import Language
from app.values.time import instant

LONGEST_LINE = 75
LONGEST_ABSTRACT = 1500
CANCELLED = {Language.EN: "Cancelled: ", Language.DE: "Abgesagt: ", Language.ZH: "已取消："}
"""Before the title, since calendars on the web strike nothing through."""

BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
REORDERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


@dataclass(frozen=True, slots=True)
class EventTexts:
    """An event's words in one language, already fallen back and translated by the caller. Plain text, no Markdown."""

    title: str
    """Without "Cancelled": that is put before it here."""
    url: str
    """Absolute address of its page in this language."""
    room: str = ""
    venue: str = ""
    city: str = ""
    note: str = ""
    """First in the description: why it is cancelled, or that only the congress days are known."""
    speakers: tuple[str, ...] = ()
    """One line each, with affiliation: "Wan Gang, CAST (moderator)"."""
    languages: str = ""
    """ "In Chinese, interpreted into English and German." """
    abstract: str = ""
    home_time: str = ""
    """ "03:00 in Berlin" """
    categories: tuple[str, ...] = ()
    """Track and kind."""


@dataclass(frozen=True, slots=True)
class EventFacts:
    """A session with its clock time, or an edition's days, as it is to be published."""

    uid: str
    """`session-<uuid>` or `edition-<uuid>`, without a domain."""
    starts: datetime | date
    """Wall time; a date for an all-day event."""
    ends: datetime | date
    """Wall time; for an all-day event its last day, included."""
    zone: str
    """The edition's, also for an all-day event."""
    place: str
    """What identifies the place, not how it is called: a room's slug and the venue. A change raises SEQUENCE."""
    texts: Mapping[Language, EventTexts]
    """All three languages."""
    cancelled: bool = False
    latitude: float | None = None
    longitude: float | None = None
    session: str = ""
    """Slugs, by which feeds choose; all empty for the edition's own days."""
    room: str = ""
    track: str = ""
    people: tuple[str, ...] = ()

    @property
    def status(self) -> EventStatus:
        return EventStatus.CANCELLED if self.cancelled else EventStatus.CONFIRMED

    @property
    def all_day(self) -> bool:
        return not isinstance(self.starts, datetime)

    @property
    def promise(self) -> Promise:
        return Promise(self.starts.isoformat(), self.ends.isoformat(), self.zone, self.place, self.status)

    @property
    def parts(self) -> frozenset[str]:
        """What feeds of less than the whole agenda are about."""
        room, track = {f"room:{self.room}"} if self.room else set(), {f"track:{self.track}"} if self.track else set()
        return frozenset(room | track | {f"person:{slug}" for slug in self.people})

    @property
    def tzid(self) -> str:
        """The zone its times are written in; empty for whole days, and for UTC where the zone has no yearly rule."""
        years = {self.starts.year, self.ends.year}
        return "" if self.all_day or not all(has_rule(self.zone, year) for year in years) else self.zone

    @property
    def begins(self) -> str:
        """Sorts as the starts do."""
        if isinstance(self.starts, datetime):
            return f"{instant(self.starts, self.zone):%Y-%m-%dT%H:%M:%SZ}"
        return self.starts.isoformat()


@dataclass(frozen=True, slots=True)
class Mark:
    """What an event's row says about its history."""

    domain: str
    sequence: int
    created_at: datetime
    changed_at: datetime


def block(facts: EventFacts, language: Language, mark: Mark) -> str:
    """BEGIN:VEVENT to END:VEVENT, folded, with CRLF."""
    return "".join(fold(line) for line in _lines(facts, facts.texts[language], language, mark))


def _lines(facts: EventFacts, texts: EventTexts, language: Language, mark: Mark) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{facts.uid}@{mark.domain}"
    yield f"DTSTAMP:{utc(mark.changed_at)}"
    yield f"LAST-MODIFIED:{utc(mark.changed_at)}"
    yield f"CREATED:{utc(mark.created_at)}"
    yield f"SEQUENCE:{mark.sequence}"
    yield f"DTSTART{_time(facts.starts, facts)}"
    yield f"DTEND{_time(facts.ends if not facts.all_day else facts.ends + timedelta(days=1), facts)}"
    yield f"SUMMARY:{text((CANCELLED[language] if facts.cancelled else '') + one_line(texts.title))}"
    yield f"DESCRIPTION:{text(description(texts))}"
    if location := ", ".join(filter(None, map(one_line, (texts.room, texts.venue, texts.city)))):
        yield f"LOCATION:{text(location)}"
    if facts.latitude is not None and facts.longitude is not None:
        yield f"GEO:{facts.latitude:.6f};{facts.longitude:.6f}"
    yield f"STATUS:{facts.status.value}"
    yield "TRANSP:TRANSPARENT"
    yield "X-MICROSOFT-CDO-BUSYSTATUS:FREE"
    yield f"URL:{address(texts.url)}"
    if categories := ",".join(text(one_line(category)) for category in texts.categories if one_line(category)):
        yield f"CATEGORIES:{categories}"
    yield "END:VEVENT"


def description(texts: EventTexts) -> str:
    """Its parts on lines of their own, then an empty line and the address, which many clients make a link."""
    abstract = shortened(several_lines(texts.abstract))
    parts = (one_line(texts.note), *map(one_line, texts.speakers), one_line(texts.languages), abstract)
    told = "\n".join(part for part in (*parts, one_line(texts.home_time)) if part)
    return f"{told}\n\n{texts.url}" if told else texts.url


def shortened(abstract: str) -> str:
    """At most about 1,500 characters, cut between words where there are any."""
    if len(abstract) <= LONGEST_ABSTRACT:
        return abstract
    cut = abstract[:LONGEST_ABSTRACT]
    at_word = cut.rfind(" ", LONGEST_ABSTRACT - 80)
    return cut[: at_word if at_word > 0 else LONGEST_ABSTRACT].rstrip() + " …"


def _time(at: datetime | date, facts: EventFacts) -> str:
    if not isinstance(at, datetime):
        return f";VALUE=DATE:{at:%Y%m%d}"
    if not facts.tzid:
        return f":{utc(instant(at, facts.zone))}"
    return f";TZID={facts.tzid}:{at:%Y%m%dT%H%M%S}"


def utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def several_lines(raw: str) -> str:
    """NFC with plain line breaks, and nothing that is no text: controls, reordering, halves of characters."""
    lines = BREAKS.sub("\n", raw).replace("\t", " ")
    return unicodedata.normalize("NFC", "".join(c for c in lines if c == "\n" or _is_text(c))).strip()


def one_line(raw: str) -> str:
    return " ".join(several_lines(raw).split())


def _is_text(c: str) -> bool:
    return not (
        c in REORDERING
        or unicodedata.category(c) in ("Cc", "Cs")
        or (ord(c) & 0xFFFE) == 0xFFFE
        or 0xFDD0 <= ord(c) <= 0xFDEF
    )


def text(raw: str) -> str:
    """A TEXT value: cleaned, then escaped (RFC 5545, 3.3.11)."""
    escaped = several_lines(raw).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def address(raw: str) -> str:
    """A URI value: not escaped, so nothing but what may stand in one."""
    return "".join(c for c in raw if c.isprintable() and not c.isspace() and c not in REORDERING)


def fold(line: str) -> str:
    """One content line as lines of at most 75 octets, the CRLF not counted."""
    octets = line.encode()
    if len(octets) <= LONGEST_LINE:
        return line + "\r\n"
    pieces, start, room = [], 0, LONGEST_LINE
    while start < len(octets):
        end = start + room
        while end < len(octets) and octets[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(octets[start:end])
        start, room = end, LONGEST_LINE - 1
    return b"\r\n ".join(pieces).decode() + "\r\n"


def unfold(folded: str) -> list[str]:
    return folded.replace("\r\n ", "").split("\r\n")[:-1]


def cancelled(published: str, language: Language, mark: Mark) -> str:
    """A published block as its tombstone: same time and words, for when the facts themselves are gone."""
    changes = {
        "DTSTAMP": utc(mark.changed_at),
        "LAST-MODIFIED": utc(mark.changed_at),
        "SEQUENCE": str(mark.sequence),
        "STATUS": EventStatus.CANCELLED.value,
    }
    lines = []
    for line in unfold(published):
        name, _, value = line.partition(":")
        if name == "SUMMARY" and not value.startswith(CANCELLED[language]):
            value = CANCELLED[language] + value
        lines.append(fold(f"{name}:{changes.get(name, value)}" if ":" in line else line))
    return "".join(lines)
