"""One day of the agenda as a sheet of paper: where each session stands on it. Steps are five minutes from midnight."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from app.agenda.plan import Plan, Planned
from app.agenda.rules import Slot, overlap

STEP = 5
MORNING, EVENING = 8, 20
"""Hours that a sheet shows at least."""
ACROSS = 0
"""The column of what is for all: it runs over all rooms."""
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the sheet. `at` and `steps` are whole steps; `past` and `more` the minutes left over."""

    at: int
    past: int
    steps: int
    more: int
    column: int
    """1 for the first room, `ACROSS`, or one behind the last room where none is given."""
    lane: int = 1
    lanes: int = 1
    """Sessions in one room at once stand side by side, each in its lane."""


def spots(sessions: Iterable[Planned], rooms: Sequence[int]) -> dict[int, Spot]:
    """By session; those without a time are on no sheet. All of one day."""
    column = {room: n for n, room in enumerate(rooms, 1)}
    placed = [s for s in sessions if s.starts_at and s.ends_at and s.ends_at > s.starts_at]
    by_column: defaultdict[int, list[Planned]] = defaultdict(list)
    for session in placed:
        by_column[column_of(session, column)].append(session)
    found: dict[int, Spot] = {}
    for at, there in by_column.items():
        for session, lane, lanes in _lanes(there):
            found[session.id] = replace(_spot(session, at), lane=lane, lanes=lanes)
    return found


def column_of(session: Planned, columns: Mapping[int, int]) -> int:
    if session.room is not None:
        return columns.get(session.room, len(columns) + 1)
    return ACROSS if is_across(session) else len(columns) + 1


def is_across(session: Planned) -> bool:
    """A break or a meeting of all that is in no one room."""
    return session.room is None and (session.for_all or session.kind.is_pause)


def _spot(session: Planned, column: int) -> Spot:
    starts, ends = _times(session)
    at, past = divmod(starts.hour * 60 + starts.minute, STEP)
    steps, more = divmod(int((ends - starts).total_seconds() // 60), STEP)
    return Spot(at, past, steps, more, column)


def _times(session: Planned) -> tuple[datetime, datetime]:
    assert session.starts_at is not None
    assert session.ends_at is not None
    return session.starts_at, session.ends_at


def _lanes(sessions: Iterable[Planned]) -> Iterator[tuple[Planned, int, int]]:
    """Whatever hangs together in time shares the column's width; each takes the first lane that is free again."""
    cluster: list[tuple[Planned, int]] = []
    ends: list[datetime] = []
    for session in sorted(sessions, key=lambda session: (_times(session), session.id)):
        start, end = _times(session)
        if ends and start >= max(ends):
            yield from ((other, lane, len(ends)) for other, lane in cluster)
            cluster, ends = [], []
        lane = next((n for n, until in enumerate(ends) if until <= start), len(ends))
        ends[lane : lane + 1] = [end]
        cluster.append((session, lane + 1))
    yield from ((other, lane, len(ends)) for other, lane in cluster)


def hours(sessions: Iterable[Planned]) -> tuple[int, int]:
    """The first hour a sheet shows and the one it ends with; beyond 24 where something runs over midnight."""
    first, last = MORNING, EVENING
    for session in sessions:
        if session.starts_at and session.ends_at:
            minutes = (session.ends_at - session.starts_at).total_seconds() / 60
            end = session.starts_at.hour * 60 + session.starts_at.minute + minutes
            first, last = min(first, session.starts_at.hour), max(last, int(-(-end // 60)))
    return first, min(last, 36)


def letters(names: Sequence[str]) -> list[str]:
    """A letter for each name, as lines of a railway have them: its first that no other has yet, else its number."""
    taken: set[str] = set()
    found = []
    for n, name in enumerate(names, 1):
        free = (sign.upper() for sign in name if sign.isalpha() and sign.upper() not in taken)
        sign = next(free, str(n % 10))
        taken.add(sign)
        found.append(sign)
    return found


def free_starts(plan: Plan, session: Planned, *, limit: int = 3) -> list[datetime]:
    """Quarters of an hour of its day at which it could begin in its room: nobody else is there, its people are free."""
    if session.day is None or session.slot is None or session.room is None:
        return []
    length = session.slot.end - session.slot.start
    others = [o for s in plan.sessions if s.id != session.id and s.day == session.day and (o := _busy(s))]
    found: list[datetime] = []
    for start in _quarters(session.day):
        wished = Slot(session.id, start, start + length, session.room, session.people)
        if start != session.slot.start and not any(_fight(wished, other) for other in others):
            found.append(start)
    return _nearest(found, session.slot.start, limit)


def _busy(session: Planned) -> Slot | None:
    """What is for all, and a pause, is in everybody's way: here it has no room of its own."""
    slot = session.slot
    return replace(slot, room=None) if slot and (session.for_all or is_across(session)) else slot


def _fight(a: Slot, b: Slot) -> bool:
    return overlap(a, b) and (b.room is None or a.room == b.room or bool(a.people & b.people))


def _quarters(day: date) -> Iterator[datetime]:
    start = datetime.combine(day, time(MORNING))
    while start < datetime.combine(day, time(EVENING)):
        yield start
        start += QUARTER


def _nearest(starts: list[datetime], to: datetime, limit: int) -> list[datetime]:
    """Those next to where it is now, not three in a row: at least an hour between them."""
    chosen: list[datetime] = []
    for start in sorted(starts, key=lambda start: (abs(start - to), start)):
        if all(abs(start - other) >= timedelta(hours=1) for other in chosen):
            chosen.append(start)
    return sorted(chosen[:limit])
