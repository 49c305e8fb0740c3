"""A whole draft agenda as plain values: what findings, gestures, protocol, rota and proposals all reason about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from app.agenda.rules import Placement, SessionKind, SessionRole, Slot, SpeakingOrder
from app.values.language import Language, Translated
from app.values.time import Days


@dataclass(frozen=True, slots=True)
class Taking:
    """Somebody taking part in a session, as the rules see them; in the order of speaking."""

    speaker: int
    person: int
    role: SessionRole = SessionRole.SPEAKER
    rank: int | None = None
    """Position of their rank of protocol; the lowest goes first. None: no rank given."""
    side: str | None = None
    """Country (ISO 3166), where it is one of the plan's sides."""
    has_agreed: bool = True
    has_declined: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """An interpreter at work in a session."""

    interpreter: int
    person: int
    into: Language
    is_able: bool = True
    """Whether one of their pairs goes from the session's language into this one."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A session as far as it can be wrong. People are persons, not speakers: one may be there in two parts."""

    id: int
    kind: SessionKind
    title: Translated = Translated()
    abstract: Translated = Translated()
    day: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: int | None = None
    track: int | None = None
    for_all: bool = False
    is_cancelled: bool = False
    is_pinned: bool = False
    language: Language | None = None
    interpretation: tuple[str, ...] = ()
    """Languages it is to be interpreted into."""
    expected: int | None = None
    order: SpeakingOrder = SpeakingOrder.RANK
    cast: tuple[Taking, ...] = ()
    duties: tuple[Duty, ...] = ()

    @property
    def people(self) -> frozenset[int]:
        return frozenset(taking.person for taking in self.cast)

    @property
    def placement(self) -> Placement:
        return Placement(self.day, self.starts_at, self.ends_at, self.room, self.is_pinned)

    @property
    def turn(self) -> tuple[bool, date, bool, datetime, int]:
        """Sorts sessions in the order of the agenda: by day and time, those without either last."""
        day, start = self.day or date.min, self.starts_at
        return self.day is None, day, start is None, start or datetime.combine(day, time()), self.id

    @property
    def slot(self) -> Slot | None:
        """None without a time, and once cancelled: such a session is in nobody's way."""
        if self.is_cancelled or self.starts_at is None or self.ends_at is None:
            return None
        return Slot(self.id, self.starts_at, self.ends_at, self.room, self.people)


@dataclass(frozen=True, slots=True)
class Place:
    """A room, as far as it matters to what happens in it."""

    id: int
    capacity: int | None = None
    booths: int = 0
    site: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A span of wall time."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Interpreting:
    """An interpreter of the edition."""

    id: int
    person: int
    pairs: tuple[str, ...] = ()
    """From and into: `zh-de`."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What an edition's agenda is measured by."""

    switched_off: frozenset[str] = frozenset()
    rest_after: int = 120
    least_share: int | None = None
    travel_minutes: int = 0
    abstract_most: int = 1200


@dataclass(frozen=True, slots=True)
class Plan:
    """The draft of one edition, at one moment."""

    zone: str
    days: Days | None = None
    sessions: tuple[Planned, ...] = ()
    """In the order of the agenda: by day and time, those without either last."""
    rooms: tuple[Place, ...] = ()
    sides: tuple[str, ...] = ()
    """Countries the series is between, the host of this edition first."""
    interpreters: tuple[Interpreting, ...] = ()
    available: Mapping[int, tuple[Window, ...]] = field(default_factory=dict)
    """By person; who is not in it is there all the time."""
    travel: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """Minutes between two rooms, the smaller id first."""
    measures: Measures = Measures()
    waived: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """By session: the problems that somebody looked at and let stand."""
    signed_up: int | None = None
    """Confirmed registrations: who comes to what is for all. None: not known here."""
    is_over: bool = False
    number: int = 0
    """How often the agenda had changed."""

    def session(self, session_id: int) -> Planned | None:
        return next((session for session in self.sessions if session.id == session_id), None)

    def minutes_between(self, a: int | None, b: int | None) -> int:
        """That somebody needs from one room to the other."""
        if a is None or b is None or a == b:
            return 0
        given = self.travel.get((min(a, b), max(a, b)))
        if given is not None:
            return given
        sites = {room.site for room in self.rooms if room.id in (a, b)}
        return self.measures.travel_minutes if len(sites) > 1 else 0
