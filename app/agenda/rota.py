"""Who interprets what: the duties a plan asks for, who has them, who could take them, and what speaks against it.

A pair, a booth, a rest, work in a row and a gap are defined here and nowhere else. Nothing here refuses anything:
an organiser may know better.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.agenda.plan import Interpreting, Plan, Planned, Window
from app.agenda.problems import Severity
from app.agenda.rules import Slot, overlap
from app.values.language import Language

REST = timedelta(minutes=15)
"""A shorter pause is none: what lies on both sides of it was worked in a row."""
PAIRS = tuple(f"{spoken}-{into}" for spoken in Language for into in Language if spoken is not into)
"""From and into; both directions are two pairs."""


class Against(StrEnum):
    """What speaks against somebody's interpreting something, the worst first."""

    BUSY = "busy"
    """Interprets elsewhere at that time, or so close to it that there is no time to get there."""
    SPEAKS = "speaks"
    """Takes part in a session themselves, then or too close to it."""
    AWAY = "away"
    NO_PAIR = "no_pair"
    NO_REST = "no_rest"


@dataclass(frozen=True, slots=True)
class InterpreterFacts:
    """What an organiser may say of an interpreter."""

    pairs: tuple[str, ...]
    email: str = ""
    language: Language = Language.EN
    note: str = ""
    available: tuple[Window, ...] = ()
    """None: there all the time."""


@dataclass(frozen=True, slots=True)
class Objection:
    """One thing that speaks against it, with the session it is about."""

    against: Against
    other: int | None = None
    minutes: int = 0
    """In a row, where there is no rest; else what the way between the two rooms takes, 0 where both run at once."""

    @property
    def severity(self) -> Severity:
        """As findings have it: nobody is in two places, but a figure for a way is an estimate."""
        is_twice = self.against in (Against.BUSY, Against.SPEAKS) and not self.minutes
        return Severity.IMPOSSIBLE if is_twice else Severity.SERIOUS


def worst(objections: Iterable[Objection]) -> Severity | None:
    severities = {objection.severity for objection in objections}
    return next((severity for severity in Severity if severity in severities), None)


@dataclass(frozen=True, slots=True)
class Run:
    """Work in a row, without a rest in between."""

    slots: tuple[Slot, ...]

    @property
    def start(self) -> datetime:
        return self.slots[0].start

    @property
    def end(self) -> datetime:
        return max(slot.end for slot in self.slots)

    @property
    def minutes(self) -> int:
        return minutes_of(self.end - self.start)


@dataclass(frozen=True, slots=True)
class Need:
    """A language that a session with a time is to be interpreted into, and who does it."""

    session: int
    into: Language
    interpreters: tuple[int, ...] = ()

    @property
    def is_gap(self) -> bool:
        return not self.interpreters


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody for a duty: as proposed, or as given."""

    session: int
    interpreter: int
    into: Language


@dataclass(frozen=True, slots=True)
class Conflict:
    """What speaks against a duty that somebody has all the same."""

    duty: Offer
    objection: Objection


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might take a duty, what speaks against it, and how much they do already."""

    interpreter: int
    objections: tuple[Objection, ...]
    minutes: int

    @property
    def is_able(self) -> bool:
        return not self.objections


@dataclass(frozen=True, slots=True)
class Rota:
    """A plan with who is where, looked up once. What cannot be in the way (cancelled, without a time) is not in it."""

    plan: Plan
    sessions: Mapping[int, Planned]
    crew: Mapping[int, Interpreting]
    booths: dict[int, list[Slot]]
    """Everything they interpret, by interpreter."""
    stages: Mapping[int, list[Slot]]
    """What interpreters take part in themselves, by person."""
    windows: Mapping[int, Sequence[Window]]
    """When people are there, by person."""

    def take(self, session: Planned, interpreter: int) -> None:
        """Reckon with one more duty."""
        if slot := session.slot:
            self.booths[interpreter].append(slot)

    def minutes(self, interpreter: int, day: date | None = None) -> int:
        """On duty, on that day or in all."""
        slots = self.booths[interpreter]
        return sum(minutes_of(slot.end - slot.start) for slot in slots if day in (None, slot.start.date()))


def rota_of(plan: Plan) -> Rota:
    crew = {who.id: who for who in plan.interpreters}
    booths: dict[int, list[Slot]] = {interpreter: [] for interpreter in crew}
    stages: defaultdict[int, list[Slot]] = defaultdict(list)
    people = {who.person for who in plan.interpreters}
    for session in plan.sessions:
        if slot := session.slot:
            for duty in session.duties:
                booths[duty.interpreter].append(slot)
            for taking in session.cast:
                if taking.person in people and not taking.has_declined:
                    stages[taking.person].append(slot)
    windows = {person: joined(given) for person, given in plan.available.items()}
    return Rota(plan, {session.id: session for session in plan.sessions}, crew, booths, stages, windows)


def asked(session: Planned) -> tuple[Language, ...]:
    """The languages somebody has to interpret into: not the one that is spoken, and none once it is cancelled."""
    if session.is_cancelled:
        return ()
    return tuple(Language(into) for into in session.interpretation if into != session.language)


def needs(plan: Plan) -> tuple[Need, ...]:
    """All that a plan asks for, in the order of the agenda. A session without a time asks for nobody yet."""
    return tuple(
        Need(session.id, into, tuple(duty.interpreter for duty in session.duties if duty.into is into))
        for session in plan.sessions
        if session.slot is not None
        for into in asked(session)
    )


def gaps(plan: Plan) -> tuple[Need, ...]:
    return tuple(need for need in needs(plan) if need.is_gap)


def not_asked(session: Planned) -> tuple[Language, ...]:
    """Languages somebody interprets into although nobody asks for them any more."""
    wanted = asked(session)
    return tuple(into for into in Language if into not in wanted and any(duty.into is into for duty in session.duties))


def too_few_booths(session: Planned, plan: Plan) -> int | None:
    """How many booths its room has, if more languages are asked for: each needs one of its own."""
    room = next((room for room in plan.rooms if room.id == session.room), None)
    return room.booths if room is not None and len(asked(session)) > room.booths else None


def has_pair(pairs: Collection[str], spoken: Language | None, into: Language) -> bool:
    """Where nobody has said what a session is spoken in, any pair into the language will do."""
    if spoken is None:
        return any(pair.endswith(f"-{into}") for pair in pairs)
    return f"{spoken}-{into}" in pairs


def runs(slots: Iterable[Slot]) -> Iterator[Run]:
    """What is worked in a row; a rest begins a new run."""
    row: list[Slot] = []
    until = None
    for slot in sorted(slots, key=lambda slot: (slot.start, slot.session)):
        if until is not None and slot.start - until >= REST:
            yield Run(tuple(row))
            row, until = [], None
        row.append(slot)
        until = slot.end if until is None else max(until, slot.end)
    if row:
        yield Run(tuple(row))


def joined(windows: Iterable[Window]) -> list[Window]:
    """Windows that touch are one: who is there until noon and from noon on is there at noon."""
    found: list[Window] = []
    for window in sorted(windows, key=lambda window: window.starts_at):
        if found and window.starts_at <= found[-1].ends_at:
            found[-1] = Window(found[-1].starts_at, max(found[-1].ends_at, window.ends_at))
        else:
            found.append(window)
    return found


def is_there(windows: Sequence[Window] | None, slot: Slot) -> bool:
    """By `joined` windows; whoever has given none at all is there all the time."""
    return windows is None or any(w.starts_at <= slot.start and slot.end <= w.ends_at for w in windows)


def objections(rota: Rota, interpreter: int, session: Planned, into: Language) -> tuple[Objection, ...]:
    """All that speaks against it, the worst first; another duty in the same session does not."""
    who, slot = rota.crew[interpreter], session.slot
    found = list(_elsewhere(rota, who, slot)) if slot else []
    if slot and not is_there(rota.windows.get(who.person), slot):
        found.append(Objection(Against.AWAY))
    if not has_pair(who.pairs, session.language, into):
        found.append(Objection(Against.NO_PAIR))
    if slot and (minutes := _in_a_row(rota, interpreter, slot)) > rota.plan.measures.rest_after:
        found.append(Objection(Against.NO_REST, minutes=minutes))
    order = list(Against)
    return tuple(sorted(found, key=lambda objection: order.index(objection.against)))


def conflicts(rota: Rota) -> Iterator[Conflict]:
    """Everything that speaks against duties as they are given, in the order of the agenda."""
    for session in rota.plan.sessions:
        if session.slot is None:
            continue
        for duty in session.duties:
            given = Offer(session.id, duty.interpreter, duty.into)
            for objection in objections(rota, duty.interpreter, session, duty.into):
                yield Conflict(given, objection)


def able(rota: Rota, session: Planned, into: Language) -> tuple[Candidate, ...]:
    """Everybody who has no duty in this session yet: who could take it first, the least busy first."""
    there = {duty.interpreter for duty in session.duties}
    found = [
        Candidate(interpreter, objections(rota, interpreter, session, into), rota.minutes(interpreter))
        for interpreter in rota.crew
        if interpreter not in there
    ]
    return tuple(sorted(found, key=_least_trouble))


def fill(plan: Plan) -> tuple[Offer, ...]:
    """Somebody for every gap that can be filled without a conflict; in the order of the agenda.

    Greedy: the gaps that fewest could fill come first, each goes to whoever has worked least by then.
    """
    rota = rota_of(plan)
    found: list[Offer] = []
    for _choice, _place, gap in sorted(_by_choice(rota), key=lambda entry: entry[:2]):
        session = rota.sessions[gap.session]
        chosen = min(
            (who for who in _free(rota, session, gap.into)), key=lambda who: (rota.minutes(who), who), default=None
        )
        if chosen is not None:
            rota.take(session, chosen)
            found.append(Offer(gap.session, chosen, gap.into))
    place = {session.id: n for n, session in enumerate(plan.sessions)}
    return tuple(sorted(found, key=lambda offer: (place[offer.session], list(Language).index(offer.into))))


def _by_choice(rota: Rota) -> Iterator[tuple[int, int, Need]]:
    """Each gap with the number of those who could fill it as things stand, and its place in the agenda."""
    for place, gap in enumerate(gaps(rota.plan)):
        yield sum(1 for _ in _free(rota, rota.sessions[gap.session], gap.into)), place, gap


def _free(rota: Rota, session: Planned, into: Language) -> Iterator[int]:
    for interpreter, slots in rota.booths.items():
        is_here = any(slot.session == session.id for slot in slots)
        if not is_here and not objections(rota, interpreter, session, into):
            yield interpreter


def minutes_of(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _elsewhere(rota: Rota, who: Interpreting, slot: Slot) -> Iterator[Objection]:
    """Where else they have to be, and cannot be in time. Who speaks in a session cannot sit in its booth."""
    booths = ((Against.BUSY, other) for other in rota.booths[who.id] if other.session != slot.session)
    stages = ((Against.SPEAKS, other) for other in rota.stages.get(who.person, ()))
    for against, other in (*booths, *stages):
        if overlap(other, slot):
            yield Objection(against, other.session)
        elif _apart(other, slot) < timedelta(minutes=(way := rota.plan.minutes_between(other.room, slot.room))):
            yield Objection(against, other.session, way)


def _apart(a: Slot, b: Slot) -> timedelta:
    """The time between the end of one and the start of the other, where they do not overlap."""
    return max(a.start, b.start) - min(a.end, b.end)


def _in_a_row(rota: Rota, interpreter: int, slot: Slot) -> int:
    """How long they would work in a row with this one."""
    others = [other for other in rota.booths[interpreter] if other.session != slot.session]
    return next(run.minutes for run in runs([*others, slot]) if slot in run.slots)


def _least_trouble(candidate: Candidate) -> tuple[bool, list[int], int, int]:
    order = list(Against)
    worst = [order.index(objection.against) for objection in candidate.objections]
    return not candidate.is_able, worst, candidate.minutes, candidate.interpreter
