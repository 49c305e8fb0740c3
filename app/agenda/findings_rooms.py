"""What is wrong with where sessions are: rooms used twice, too small, or without booths, and what runs beside all."""

from collections import defaultdict
from collections.abc import Iterator

from app.agenda.plan import Place, Plan, Planned
from app.agenda.problems import Finding, Problem
from app.agenda.rota import asked
from app.agenda.rules import Slot, overlapping


def of_rooms(plan: Plan) -> Iterator[Finding]:
    rooms = {room.id: room for room in plan.rooms}
    for session in plan.sessions:
        if session.room is None:
            yield from _no_room(session)
        elif room := rooms.get(session.room):
            yield from _seats(session, room, plan.signed_up)
            yield from _booths(session, room)
    slots = [slot for session in plan.sessions if (slot := sound_slot(session))]
    yield from _used_twice(slots)
    yield from _beside_all(slots, {session.id for session in plan.sessions if session.for_all})


def sound_slot(session: Planned) -> Slot | None:
    """None as well where the end comes before the start: of such a time nothing else can be said."""
    slot = session.slot
    return slot if slot and slot.start < slot.end else None


def _no_room(session: Planned) -> Iterator[Finding]:
    if session.starts_at is not None and not (session.for_all or session.kind.is_pause):
        yield Finding(Problem.NO_ROOM, session.id)


def _seats(session: Planned, room: Place, signed_up: int | None) -> Iterator[Finding]:
    seats = room.capacity
    if seats is None:
        return
    if session.expected is not None and session.expected > seats:
        yield Finding(Problem.ROOM_SMALL, session.id, room=room.id, count=session.expected, limit=seats)
    if session.for_all and signed_up is not None and signed_up > seats:
        yield Finding(Problem.ROOM_SMALL_FOR_ALL, session.id, room=room.id, count=signed_up, limit=seats)


def _booths(session: Planned, room: Place) -> Iterator[Finding]:
    """A booth for each language: two at once in one room are that room's trouble already."""
    languages = asked(session)
    if len(languages) > room.booths:
        yield Finding(
            Problem.NO_BOOTH, session.id, room=room.id, languages=languages, count=len(languages), limit=room.booths
        )


def _used_twice(slots: list[Slot]) -> Iterator[Finding]:
    by_room: defaultdict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        if slot.room is not None:
            by_room[slot.room].append(slot)
    for room, uses in by_room.items():
        for a, b in overlapping(uses):
            yield Finding(Problem.ROOM_BUSY, a.session, b.session, room=room)


def _beside_all(slots: list[Slot], for_all: set[int]) -> Iterator[Finding]:
    """Kept at hand is only what still runs, so that a day of many rooms costs no more than its concurrency."""
    running: list[Slot] = []
    for slot in sorted(slots, key=lambda slot: (slot.start, slot.session)):
        running = [earlier for earlier in running if earlier.end > slot.start]
        for earlier in running:
            if earlier.session in for_all:
                yield Finding(Problem.BESIDE_ALL, slot.session, earlier.session)
            elif slot.session in for_all:
                yield Finding(Problem.BESIDE_ALL, earlier.session, slot.session)
        running.append(slot)
