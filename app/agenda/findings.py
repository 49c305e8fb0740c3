"""What is wrong with a draft agenda, and how wrong. A person may know better: nothing here refuses anything."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from app.agenda.rules import Misfit, Over, SessionKind, Slot, clashes, misfit, overlapping
from app.values.language import Language, Translated
from app.values.time import Days, WallKind, wall_kind


class Severity(StrEnum):
    IMPOSSIBLE = "impossible"
    SERIOUS = "serious"
    LOOK = "look"


class Problem(StrEnum):
    """The sentences are in `templates/agenda/_findings.html`."""

    ROOM_BUSY = "room_busy"
    PERSON_BUSY = "person_busy"
    END_BEFORE_START = "end_before_start"
    CLOCK_SKIPPED = "clock_skipped"
    """After a change of zone or year: no clock there ever shows this time."""
    OUTSIDE_DAYS = "outside_days"
    NO_ROOM = "no_room"
    DECLINED = "declined"
    NO_CHAIR = "no_chair"
    BESIDE_ALL = "beside_all"
    CLOCK_TWICE = "clock_twice"
    NO_TIME = "no_time"
    NO_SPEAKER = "no_speaker"
    TITLE_MISSING = "title_missing"

    @property
    def severity(self) -> Severity:
        return SEVERITY.get(self, Severity.LOOK)


SEVERITY = {
    Problem.ROOM_BUSY: Severity.IMPOSSIBLE,
    Problem.PERSON_BUSY: Severity.IMPOSSIBLE,
    Problem.END_BEFORE_START: Severity.IMPOSSIBLE,
    Problem.CLOCK_SKIPPED: Severity.IMPOSSIBLE,
    Problem.OUTSIDE_DAYS: Severity.SERIOUS,
    Problem.NO_ROOM: Severity.SERIOUS,
    Problem.DECLINED: Severity.SERIOUS,
    Problem.NO_CHAIR: Severity.SERIOUS,
}
UNPLANNED = frozenset({Problem.NO_ROOM, Problem.NO_TIME, Problem.NO_SPEAKER, Problem.NO_CHAIR})
"""What is still to do before an edition, and simply not recorded after it."""
TALKS = frozenset(
    {SessionKind.KEYNOTE, SessionKind.TALK, SessionKind.PANEL, SessionKind.ROUNDTABLE, SessionKind.WORKSHOP}
)
LED = frozenset({SessionKind.PANEL, SessionKind.ROUNDTABLE})


@dataclass(frozen=True, slots=True)
class Planned:
    """A session as far as it can be wrong. People are persons, not speakers: one may be there in two parts."""

    id: int
    kind: SessionKind
    title: Translated = Translated()
    day: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: int | None = None
    for_all: bool = False
    is_cancelled: bool = False
    people: frozenset[int] = frozenset()
    declined: frozenset[int] = frozenset()
    has_chair: bool = False

    @property
    def slot(self) -> Slot | None:
        """None without a time, and once cancelled: such a session is in nobody's way."""
        if self.is_cancelled or self.starts_at is None or self.ends_at is None:
            return None
        return Slot(self.id, self.starts_at, self.ends_at, self.room, self.people)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a session, or between it and another."""

    problem: Problem
    session: int
    other: int | None = None
    room: int | None = None
    person: int | None = None
    languages: tuple[Language, ...] = ()

    @property
    def severity(self) -> Severity:
        return self.problem.severity

    def concerns(self, session: int) -> bool:
        return session in (self.session, self.other)

    def seen_from(self, session: int) -> "Finding":
        """The same with this session first, for the page of the second of two."""
        return self if self.session == session else replace(self, session=session, other=self.session)


def findings(
    sessions: Iterable[Planned], *, zone: str, days: Days | None, is_over: bool = False
) -> tuple[Finding, ...]:
    """Everything worth saying, the worst first, then in the order of the sessions.

    Without `days` nothing is outside them. Where the edition `is_over`, what was never recorded is no finding.
    """
    living = [session for session in sessions if not session.is_cancelled]
    place = {session.id: n for n, session in enumerate(living)}
    found = [f for session in living for f in _alone(session, zone, days)] + list(_together(living))
    kept = [f for f in found if not (is_over and f.problem in UNPLANNED)]
    order = list(Severity)
    return tuple(sorted(kept, key=lambda f: (order.index(f.severity), place[f.session])))


def of_session(found: Iterable[Finding], session: int) -> tuple[Finding, ...]:
    return tuple(finding.seen_from(session) for finding in found if finding.concerns(session))


def worst(found: Iterable[Finding]) -> Severity | None:
    severities = {finding.severity for finding in found}
    return next((severity for severity in Severity if severity in severities), None)


def _alone(session: Planned, zone: str, days: Days | None) -> Iterator[Finding]:
    yield from _time(session, zone)
    if session.day is not None and days is not None and session.day not in days:
        yield Finding(Problem.OUTSIDE_DAYS, session.id)
    if session.starts_at is not None and session.room is None and not (session.for_all or session.kind.is_pause):
        yield Finding(Problem.NO_ROOM, session.id)
    for person in sorted(session.declined):
        yield Finding(Problem.DECLINED, session.id, person=person)
    if session.kind in TALKS and not session.people:
        yield Finding(Problem.NO_SPEAKER, session.id)
    if session.kind in LED and session.people and not session.has_chair:
        yield Finding(Problem.NO_CHAIR, session.id)
    if missing := session.title.missing():
        yield Finding(Problem.TITLE_MISSING, session.id, languages=missing)


def _time(session: Planned, zone: str) -> Iterator[Finding]:
    if session.starts_at is None or session.ends_at is None:
        yield Finding(Problem.NO_TIME, session.id)
        return
    why = misfit(day=session.day, starts_at=session.starts_at, ends_at=session.ends_at, zone=zone)
    if why is Misfit.END_BEFORE_START:
        yield Finding(Problem.END_BEFORE_START, session.id)
    elif why in (Misfit.START_IN_GAP, Misfit.END_IN_GAP):
        yield Finding(Problem.CLOCK_SKIPPED, session.id)
    elif WallKind.OVERLAP in (wall_kind(session.starts_at, zone), wall_kind(session.ends_at, zone)):
        yield Finding(Problem.CLOCK_TWICE, session.id)


def _together(sessions: list[Planned]) -> Iterator[Finding]:
    slots = [slot for session in sessions if (slot := session.slot)]
    for clash in clashes(slots):
        first, second = clash.a.session, clash.b.session
        if clash.over is Over.ROOM:
            yield Finding(Problem.ROOM_BUSY, first, second, room=clash.which)
        else:
            yield Finding(Problem.PERSON_BUSY, first, second, person=clash.which)
    for_all = {session.id for session in sessions if session.for_all}
    for a, b in overlapping(slots):
        if for_all & {a.session, b.session}:
            beside, main = (b, a) if a.session in for_all else (a, b)
            yield Finding(Problem.BESIDE_ALL, beside.session, main.session)
