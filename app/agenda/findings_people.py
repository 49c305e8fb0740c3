"""What is wrong with where people have to be: speakers and interpreters alike, and what interpreters are asked."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate

from app.agenda.findings_rooms import sound_slot
from app.agenda.plan import Duty, Interpreting, Plan, Planned, Window
from app.agenda.problems import Finding, Problem
from app.agenda.rota import asked, has_pair, is_there, joined, runs
from app.agenda.rules import Slot, overlapping
from app.values.language import Language

Days = Mapping[int, Sequence[Slot]]
"""By person, everything they have to be at, the earliest first."""


def of_people(plan: Plan) -> Iterator[Finding]:
    slots = {session.id: slot for session in plan.sessions if (slot := sound_slot(session))}
    days = _days(plan.sessions, slots)
    windows = {person: joined(given) for person, given in plan.available.items()}
    yield from _at_once(days)
    yield from _too_far(days, cache(plan.minutes_between))
    yield from _unavailable(days, windows)
    yield from _without_rest(plan, slots)
    crew = _Crew(plan, days, windows)
    for session in plan.sessions:
        yield from crew.lacking(session, slots.get(session.id))


def _days(sessions: Sequence[Planned], slots: Mapping[int, Slot]) -> Days:
    found: defaultdict[int, list[Slot]] = defaultdict(list)
    for session in sessions:
        if slot := slots.get(session.id):
            for person in _needed(session):
                found[person].append(slot)
    return {person: sorted(own, key=_in_time) for person, own in found.items()}


def _needed(session: Planned) -> set[int]:
    """Who has declined need not be there. Who interprets where they also speak is there once."""
    speaking = {taking.person for taking in session.cast if not taking.has_declined}
    return speaking | {duty.person for duty in session.duties}


def _in_time(slot: Slot) -> tuple[object, int]:
    return slot.start, slot.session


def _at_once(days: Days) -> Iterator[Finding]:
    for person, slots in days.items():
        for a, b in overlapping(slots):
            yield Finding(Problem.PERSON_BUSY, a.session, b.session, person=person)


def _too_far(days: Days, way: Callable[[int | None, int | None], int]) -> Iterator[Finding]:
    """From one session to the next: what lies further on is reckoned from what lies between."""
    for person, slots in days.items():
        for a, b in _following(slots):
            there, needed = b.start - a.end, way(a.room, b.room)
            if there < timedelta(minutes=needed):
                minutes = int(there.total_seconds() // 60)
                yield Finding(Problem.TOO_FAR, a.session, b.session, person=person, count=minutes, limit=needed)


def _following(slots: Sequence[Slot]) -> Iterator[tuple[Slot, Slot]]:
    """Every pair, one after the other, between which nothing else lies whole."""
    for n, a in enumerate(slots):
        soonest_end = None
        for b in slots[n + 1 :]:
            if b.start < a.end:
                continue
            if soonest_end is not None and b.start >= soonest_end:
                break
            soonest_end = b.end if soonest_end is None else min(soonest_end, b.end)
            yield a, b


def _unavailable(days: Days, windows: Mapping[int, Sequence[Window]]) -> Iterator[Finding]:
    for person, given in windows.items():
        for slot in days.get(person, ()):
            if not is_there(given, slot):
                yield Finding(Problem.UNAVAILABLE, slot.session, person=person)


def _without_rest(plan: Plan, slots: Mapping[int, Slot]) -> Iterator[Finding]:
    """`session` is the one in which the limit is passed, and somebody else should take over; `other` where it began."""
    most = plan.measures.rest_after
    for person, own in _duties(plan.sessions, slots).items():
        for stretch in (run.slots for run in runs(own)):
            lengths = [int((slot.end - stretch[0].start).total_seconds() // 60) for slot in stretch]
            if max(lengths) > most:
                at = next(slot.session for slot, length in zip(stretch, lengths, strict=True) if length > most)
                began = stretch[0].session if stretch[0].session != at else None
                yield Finding(Problem.NO_REST, at, began, person=person, count=max(lengths), limit=most)


def _duties(sessions: Sequence[Planned], slots: Mapping[int, Slot]) -> dict[int, list[Slot]]:
    found: defaultdict[int, list[Slot]] = defaultdict(list)
    for session in sessions:
        if slot := slots.get(session.id):
            for person in {duty.person for duty in session.duties}:
                found[person].append(slot)
    return found


class _Crew:
    """The interpreters of the edition: who is on duty for what is asked, and who could be."""

    def __init__(self, plan: Plan, days: Days, windows: Mapping[int, Sequence[Window]]) -> None:
        self._days, self._windows, self._all = days, windows, plan.interpreters
        self._able = cache(self._able_for)
        self._busy = cache(self._busy_times)

    def lacking(self, session: Planned, slot: Slot | None) -> Iterator[Finding]:
        """Languages asked that nobody able is on duty for; nothing of a session that has no time yet."""
        if slot is None:
            return
        wanted = [into for into in asked(session) if not _of(session.duties, into)]
        free = {into: self._free(session, into, slot) for into in wanted}
        if nobody := tuple(into for into in wanted if not free[into]):
            yield Finding(Problem.NO_INTERPRETER, session.id, languages=nobody)
        if open_ := tuple(into for into in wanted if free[into]):
            people = sorted({person for into in open_ for person in free[into]})
            yield Finding(Problem.UNSTAFFED, session.id, languages=open_, people=tuple(people))
        for duty in session.duties:
            if not duty.is_able:
                yield Finding(Problem.UNABLE, session.id, person=duty.person, languages=(duty.into,))

    def _free(self, session: Planned, into: Language, slot: Slot) -> list[int]:
        """The persons who could, and have nothing else then."""
        return [who.person for who in self._able(session.language, into) if self._is_free(who.person, slot)]

    def _is_free(self, person: int, slot: Slot) -> bool:
        if not is_there(self._windows.get(person), slot):
            return False
        starts, until = self._busy(person)
        begun = bisect_left(starts, slot.end)
        return begun == 0 or until[begun - 1] <= slot.start

    def _busy_times(self, person: int) -> tuple[list[datetime], list[datetime]]:
        """When they begin something, and until when they are then busy with it or anything earlier."""
        own = self._days.get(person, ())
        return [slot.start for slot in own], [*accumulate((slot.end for slot in own), max)]

    def _able_for(self, spoken: Language | None, into: Language) -> list[Interpreting]:
        return [who for who in self._all if has_pair(who.pairs, spoken, into)]


def _of(duties: Sequence[Duty], into: Language) -> list[Duty]:
    return [duty for duty in duties if duty.into == into]
