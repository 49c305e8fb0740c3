"""The organisers' list of sessions: what its address asks for, and how the rows are grouped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum

from app.agenda.findings import Finding, Severity
from app.agenda.models import Session
from app.agenda.plan import Planned
from app.people.rules import findable
from app.search.rules import terms
from app.values.text import a_number

NOWHERE = "none"
"""Asks for sessions without a day, a room or a track."""


class Standing(StrEnum):
    UNPLACED = "unplaced"
    PLACED = "placed"
    WRONG = "wrong"
    CANCELLED = "cancelled"
    UNPUBLISHED = "unpublished"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the address asks for; what it does not know it ignores."""

    q: str = ""
    day: str = ""
    room: str = ""
    track: str = ""
    kind: str = ""
    state: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Wish":
        return cls(**{name: arguments.get(name, "").strip()[:200] for name in cls.__dataclass_fields__})

    @property
    def active(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    def without(self, name: str) -> dict[str, str]:
        return replace(self, **{name: ""}).active

    def fits(self, session: Session, worst: Severity | None) -> bool:
        return (
            _is(self.day, session.day and session.day.isoformat())
            and _is(self.room, session.room_id)
            and _is(self.track, session.track_id)
            and (not self.kind or self.kind == session.kind)
            and self._fits_state(session, worst)
            and self._fits_text(session)
        )

    def _fits_state(self, session: Session, worst: Severity | None) -> bool:
        match self.state:
            case Standing.UNPLACED:
                return session.starts_at is None and not session.is_cancelled
            case Standing.PLACED:
                return session.starts_at is not None and not session.is_cancelled
            case Standing.WRONG:
                return worst is not None
            case Standing.CANCELLED:
                return session.is_cancelled
            case Standing.UNPUBLISHED:
                return not session.was_published
        return True

    def _fits_text(self, session: Session) -> bool:
        wanted = terms(self.q)
        if not wanted:
            return True
        people = [row.speaker.person.findable for row in session.speakers]
        text = findable(*session.title.as_dict().values()) + "".join(people)
        return all(term in text for term in wanted)


def _is(wanted: str, value: object) -> bool:
    return not wanted or (value is None if wanted == NOWHERE else str(value) == wanted)


@dataclass(frozen=True, slots=True)
class FindingWish:
    """What the address of the findings page asks for; what it does not know finds nothing."""

    severity: str = ""
    kind: str = ""
    day: str = ""
    room: str = ""
    person: str = ""
    waived: str = ""
    """Anything: what was waved through. Empty: what still stands."""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "FindingWish":
        return cls(**{name: arguments.get(name, "").strip()[:40] for name in cls.__dataclass_fields__})

    @property
    def active(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    def but(self, **changed: str) -> dict[str, str]:
        return replace(self, **changed).active

    def fits(self, finding: Finding, sessions: Mapping[int, Planned]) -> bool:
        """Days and rooms of both sessions count: who looks into a room wants to see what happens to it."""
        both = [sessions[id_] for id_ in (finding.session, finding.other) if id_ is not None]
        return (
            finding.waived is bool(self.waived)
            and self.severity in ("", finding.severity)
            and self.kind in ("", finding.problem)
            and any(_is(self.day, session.day and session.day.isoformat()) for session in both)
            and any(_is(self.room, session.room) for session in both)
            and (not self.person or finding.names(a_number(self.person) or 0))
        )


@dataclass(frozen=True, slots=True)
class Group:
    day: date | None
    is_unplaced: bool
    sessions: Sequence[Session]


def grouped(sessions: Iterable[Session], *, is_over: bool) -> list[Group]:
    """What is still without a time first, then day by day. Of a past edition, where no time is recorded, by day alone."""
    unplaced: list[Session] = []
    days: dict[date | None, list[Session]] = {}
    for session in sessions:
        if session.starts_at is None and not is_over:
            unplaced.append(session)
        else:
            days.setdefault(session.day, []).append(session)
    first = [Group(None, True, unplaced)] if unplaced else []
    return first + [Group(day, False, rows) for day, rows in days.items()]
