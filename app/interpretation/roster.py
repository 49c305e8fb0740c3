"""One day of the rota as a page shows it: a lane for every interpreter, a line for every language asked for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.agenda.plan import Interpreting, Plan, Planned, Window
from app.agenda.problems import Severity
from app.agenda.rota import (
    Candidate,
    Objection,
    Offer,
    Rota,
    Run,
    able,
    asked,
    minutes_of,
    not_asked,
    objections,
    runs,
    too_few_booths,
    worst,
)
from app.agenda.rules import overlap
from app.values.language import Language

HOUR = timedelta(hours=1)
MORNING, EVENING = time(9), time(17)
"""What a lane shows at least."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the address asks for; what it does not know it ignores."""

    day: str = ""
    room: str = ""
    into: str = ""
    only: str = ""
    """`gaps`: what nobody does yet; `wrong`: that and every conflict."""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Filter":
        return cls(**{name: arguments.get(name, "").strip()[:40] for name in cls.__dataclass_fields__})

    @property
    def active(self) -> dict[str, str]:
        return {name: value for name in self.__dataclass_fields__ if (value := getattr(self, name))}

    def without(self, *names: str) -> dict[str, str]:
        return {name: value for name, value in self.active.items() if name not in names}

    def fits(self, line: "Line") -> bool:
        is_wrong = line.is_gap or any(given.objections for given in line.given)
        return (
            self.room in ("", str(line.session.room))
            and self.into in ("", line.into)
            and (self.only != "gaps" or line.is_gap)
            and (self.only != "wrong" or is_wrong)
        )


@dataclass(frozen=True, slots=True)
class Given:
    """Somebody's duty, and what speaks against it all the same."""

    interpreter: int
    objections: tuple[Objection, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A session and one language: asked for, or left over from when it was."""

    session: Planned
    into: Language
    given: tuple[Given, ...]
    is_asked: bool = True

    @property
    def key(self) -> str:
        """In addresses, ids and forms."""
        return f"{self.session.id}-{self.into}"

    @property
    def is_gap(self) -> bool:
        return self.is_asked and not self.given


@dataclass(frozen=True, slots=True)
class Part:
    """A session with its lines."""

    session: Planned
    lines: tuple[Line, ...]
    booths: int | None
    """How many its room has, where they are too few."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The hours a day's lanes run over. Places on it are per cent of its length."""

    starts_at: datetime
    ends_at: datetime

    @property
    def hours(self) -> tuple[datetime, ...]:
        return tuple(self.starts_at + n * HOUR for n in range(minutes_of(self.ends_at - self.starts_at) // 60 + 1))

    def at(self, moment: datetime) -> float:
        whole = self.ends_at - self.starts_at
        return round(100 * ((min(max(moment, self.starts_at), self.ends_at) - self.starts_at) / whole), 3)

    def between(self, starts_at: datetime, ends_at: datetime) -> float:
        return round(self.at(ends_at) - self.at(starts_at), 3)


@dataclass(frozen=True, slots=True)
class Block:
    """A duty on a lane. `half`: 0 for the whole height, 1 above and 2 below where two stand at once."""

    session: Planned
    into: Language
    at: float
    width: float
    half: int
    objections: tuple[Objection, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """An interpreter's day."""

    who: Interpreting
    blocks: tuple[Block, ...]
    away: tuple[tuple[float, float], ...]
    """Place and width of the times at which they are not there."""
    minutes: int
    longest: Run | None

    @property
    def conflicts(self) -> int:
        return sum(1 for block in self.blocks if block.objections)

    @property
    def severity(self) -> Severity | None:
        return worst(objection for block in self.blocks for objection in block.objections)


def days_of(plan: Plan) -> list[date]:
    """The edition's own days and any other on which something is to be interpreted."""
    own = set(plan.days or ())
    return sorted(own | {session.starts_at.date() for session in _interpreted(plan) if session.starts_at})


def parts(rota: Rota, day: date, wish: Filter = Filter()) -> list[Part]:
    """The day's sessions that are interpreted, by time, with those of their lines that fit the filter."""
    found = []
    for session in _of_day(rota.plan, day):
        lines = tuple(line for line in lines_of(rota, session) if wish.fits(line))
        if lines:
            found.append(Part(session, lines, too_few_booths(session, rota.plan)))
    return found


def lines_of(rota: Rota, session: Planned) -> Iterator[Line]:
    wanted = asked(session)
    for into in (*wanted, *not_asked(session)):
        given = tuple(
            Given(duty.interpreter, objections(rota, duty.interpreter, session, into))
            for duty in session.duties
            if duty.into is into
        )
        yield Line(session, into, given, into in wanted)


def candidates(rota: Rota, lines: Iterable[Line], chosen: str = "") -> dict[str, tuple[Candidate, ...]]:
    """Whom a form offers, by the line's key: for each gap, and for the line that was `chosen`."""
    return {line.key: able(rota, line.session, line.into) for line in lines if line.is_gap or line.key == chosen}


def scale_of(rota: Rota, day: date) -> Scale:
    """Whole hours, so that everything of the day is on it."""
    sessions = _of_day(rota.plan, day)
    first = min([datetime.combine(day, MORNING), *(s.starts_at for s in sessions if s.starts_at)])
    last = max([datetime.combine(day, EVENING), *(s.ends_at for s in sessions if s.ends_at)])
    return Scale(_whole_hour(first), _whole_hour(last + HOUR - timedelta(minutes=1)))


def lanes(rota: Rota, day: date, scale: Scale) -> list[Lane]:
    """Everybody of the crew, in the plan's order."""
    return [_lane(rota, who, day, scale) for who in rota.plan.interpreters]


def longest_run(rota: Rota, interpreter: int, day: date | None = None) -> Run | None:
    slots = [slot for slot in rota.booths[interpreter] if day in (None, slot.start.date())]
    return max(runs(slots), key=lambda run: run.minutes, default=None)


def away(windows: Sequence[Window] | None, scale: Scale) -> Iterator[tuple[datetime, datetime]]:
    """The spans of the scale in which somebody with these windows is not there."""
    if windows is None:
        return
    until = scale.starts_at
    for window in sorted(windows, key=lambda window: window.starts_at):
        if window.ends_at <= until:
            continue
        if window.starts_at >= scale.ends_at:
            break
        if window.starts_at > until:
            yield until, window.starts_at
        until = window.ends_at
    if until < scale.ends_at:
        yield until, scale.ends_at


def offer_of(text: str) -> Offer | None:
    """`session-interpreter-language`, as a form says it; None for anything else."""
    session, _dash, rest = text.partition("-")
    interpreter, _dash, into = rest.partition("-")
    if not (_is_id(session) and _is_id(interpreter) and into in list(Language)):
        return None
    return Offer(int(session), int(interpreter), Language(into))


def _is_id(text: str) -> bool:
    """A number that a column can hold."""
    return text.isdecimal() and len(text) <= 10 and int(text) < 2**31


def _lane(rota: Rota, who: Interpreting, day: date, scale: Scale) -> Lane:
    theirs = [
        (session, duty.into)
        for session in _of_day(rota.plan, day)
        for duty in session.duties
        if duty.interpreter == who.id
    ]
    return Lane(
        who,
        tuple(_blocks(rota, who, theirs, scale)),
        tuple((scale.at(a), scale.between(a, b)) for a, b in away(rota.plan.available.get(who.person), scale)),
        rota.minutes(who.id, day),
        longest_run(rota, who.id, day),
    )


def _blocks(rota: Rota, who: Interpreting, theirs: Sequence[tuple[Planned, Language]], scale: Scale) -> Iterator[Block]:
    half = 0
    for session, into in theirs:
        slot = session.slot
        if slot is None:
            continue
        beside = [other for other, _into in theirs if other is not session and other.slot and overlap(slot, other.slot)]
        half = 0 if not beside else 2 if half == 1 else 1
        width = scale.between(slot.start, slot.end)
        yield Block(session, into, scale.at(slot.start), width, half, objections(rota, who.id, session, into))


def _interpreted(plan: Plan) -> Iterator[Planned]:
    """Sessions with a time that ask for a language, or that somebody interprets all the same."""
    return (session for session in plan.sessions if session.slot and (asked(session) or session.duties))


def _of_day(plan: Plan, day: date) -> list[Planned]:
    found = [s for s in _interpreted(plan) if s.starts_at and s.starts_at.date() == day]
    return sorted(found, key=lambda session: (session.starts_at, session.ends_at, session.id))


def _whole_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
