"""What cannot happen at once, and what a session is. Plain values in, plain values out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.people.rules import pinyin
from app.values.language import Language, Translated
from app.values.text import has_han, slug_from
from app.values.time import WallKind, wall_kind

PALETTE = range(1, 9)
"""Colours of tracks: the accessible palette of `static/css/tokens.css`."""


class SessionKind(StrEnum):
    OPENING = "opening"
    KEYNOTE = "keynote"
    TALK = "talk"
    PANEL = "panel"
    ROUNDTABLE = "roundtable"
    WORKSHOP = "workshop"
    REPORT_RELEASE = "report_release"
    CEREMONY = "ceremony"
    CLOSING = "closing"
    BREAK = "break"
    MEAL = "meal"
    OTHER = "other"

    @property
    def is_pause(self) -> bool:
        return self in (SessionKind.BREAK, SessionKind.MEAL)


USUAL = {
    SessionKind.OPENING: 45, SessionKind.KEYNOTE: 45, SessionKind.TALK: 30, SessionKind.PANEL: 75,
    SessionKind.ROUNDTABLE: 75, SessionKind.WORKSHOP: 90, SessionKind.REPORT_RELEASE: 45, SessionKind.CEREMONY: 30,
    SessionKind.CLOSING: 30, SessionKind.BREAK: 30, SessionKind.MEAL: 60, SessionKind.OTHER: 45,
}  # fmt: skip
"""Minutes, where the edition has none of the kind to go by."""


class SessionRole(StrEnum):
    SPEAKER = "speaker"
    MODERATOR = "moderator"
    CHAIR = "chair"
    PANELLIST = "panellist"
    HOST = "host"


class SpeakingOrder(StrEnum):
    """How those who take part are put in order; the stored positions are the truth, a finding says where they differ."""

    RANK = "rank"
    ALTERNATING = "alternating"
    """By rank within each side, the sides in turn, the host's first."""
    BY_HAND = "by_hand"


class ProposalState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Placement:
    """Where and when a session stands: what gestures change, and proposals propose."""

    day: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room_id: int | None = None
    is_pinned: bool = False

    @property
    def minutes(self) -> int | None:
        if self.starts_at is None or self.ends_at is None:
            return None
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What an organiser may say of a session. Times are wall times in the edition's zone."""

    kind: SessionKind
    title: Translated
    title_translated: tuple[str, ...] = ()
    abstract: Translated = Translated()
    note: Translated = Translated()
    slug: str = ""
    """Empty: made from the title."""
    day: date | None = None
    part_of_day: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room_id: int | None = None
    track_id: int | None = None
    for_all: bool = False
    language: Language | None = None
    interpretation: tuple[str, ...] = ()
    speakers: tuple[tuple[int, SessionRole], ...] = ()
    """Speaker ids with their roles, in the order of speaking."""
    position: int = 0
    expected: int | None = None
    order: SpeakingOrder = SpeakingOrder.RANK
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """What an organiser may say of a room."""

    name: Translated
    detail: Translated = Translated()
    capacity: int | None = None
    site: str = ""
    booths: int = 0
    position: int | None = None
    """None: behind the others, or where it is."""
    slug: str = ""


@dataclass(frozen=True, slots=True)
class TrackFacts:
    """What an organiser may say of a track."""

    name: Translated
    colour: int | None = None
    """None: the first of the palette that is still free, or as it is."""
    position: int | None = None
    slug: str = ""


class Misfit(StrEnum):
    """Why a session cannot be stored as it is. The sentences are in `app/web/messages.py`."""

    END_BEFORE_START = "session_end_before_start"
    START_IN_GAP = "session_start_in_gap"
    END_IN_GAP = "session_end_in_gap"
    TIME_WITHOUT_DAY = "session_time_without_day"
    TIME_INCOMPLETE = "session_time_incomplete"


def misfit(*, day: date | None, starts_at: datetime | None, ends_at: datetime | None, zone: str) -> Misfit | None:
    """What makes no sense whatever the organiser knows; everything else is a finding. None: it can be stored."""
    if starts_at is None or ends_at is None:
        return Misfit.TIME_INCOMPLETE if starts_at or ends_at else None
    if day is None or starts_at.date() != day:
        return Misfit.TIME_WITHOUT_DAY
    if ends_at <= starts_at:
        return Misfit.END_BEFORE_START
    if wall_kind(starts_at, zone) is WallKind.GAP:
        return Misfit.START_IN_GAP
    return Misfit.END_IN_GAP if wall_kind(ends_at, zone) is WallKind.GAP else None


def slug_of(name: Translated, *, otherwise: str) -> str:
    """An address part from the English or German name, else from the pinyin of the Chinese one."""
    for text in (name.en, name.de, pinyin(name.zh) if has_han(name.zh) else name.zh):
        if slug := slug_from(text):
            return slug
    return otherwise


def free_slug(wanted: str, taken: frozenset[str]) -> str:
    """`wanted`, or with the first number from 2 that is free."""
    if wanted not in taken:
        return wanted
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{wanted}-{n}") not in taken)


def free_colour(used: tuple[int, ...]) -> int:
    """The first colour nobody has; when all are taken, the one used least."""
    return min(PALETTE, key=lambda colour: (used.count(colour), colour))


@dataclass(frozen=True, slots=True)
class Slot:
    """When and where a session takes place, and who has to be there."""

    session: int
    start: datetime
    end: datetime
    room: int | None = None
    people: frozenset[int] = frozenset()


class Over(StrEnum):
    ROOM = "room"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Clash:
    """Two slots that cannot both happen, and the room or person they fight over."""

    a: Slot
    b: Slot
    over: Over
    which: int


def overlap(a: Slot, b: Slot) -> bool:
    """Slots that only touch do not overlap."""
    return a.start < b.end and b.start < a.end


def overlapping(slots: Iterable[Slot]) -> Iterator[tuple[Slot, Slot]]:
    """Every pair that runs at once, the earlier one first."""
    in_order = sorted(slots, key=lambda slot: (slot.start, slot.session))
    for n, a in enumerate(in_order):
        for b in in_order[n + 1 :]:
            if b.start >= a.end:
                break
            if overlap(a, b):
                yield a, b


def clashes(slots: Iterable[Slot]) -> Iterator[Clash]:
    """Every pair of slots that cannot both happen, and the room or person they fight over.

    One pair may clash more than once: the same room *and* the same person are two
    separate problems, and an organiser has to solve both.
    """
    for a, b in overlapping(slots):
        if a.room is not None and a.room == b.room:
            yield Clash(a, b, Over.ROOM, a.room)
        for person in sorted(a.people & b.people):
            yield Clash(a, b, Over.PERSON, person)


def free_rooms(slot: Slot, others: Iterable[Slot], rooms: Iterable[int]) -> tuple[int, ...]:
    """Which rooms nobody else uses while this slot lasts."""
    taken = {other.room for other in others if other.session != slot.session and overlap(slot, other)}
    return tuple(room for room in rooms if room not in taken)
