"""One day of an agenda as rows and columns: which slot, which room, over how many starts, what is on now."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.publishing.content import Content, RoomContent, SessionContent
from app.values.language import Language

MOST_ROOMS_SIDE_BY_SIDE = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader wants to see. Empty: everything."""

    track: str | None = None
    room: str | None = None
    language: Language | None = None
    finds: Callable[[SessionContent], bool] | None = None
    """By words; the caller knows the names."""

    def __bool__(self) -> bool:
        return any(wish is not None for wish in (self.track, self.room, self.language, self.finds))

    def takes(self, session: SessionContent) -> bool:
        """A break is nobody's search result: it is there only when everything is."""
        if not self:
            return True
        return not session.kind.is_pause and (
            (self.track is None or session.track == self.track)
            and (self.room is None or session.room == self.room)
            and (self.language is None or self.language in followed(session))
            and (self.finds is None or self.finds(session))
        )


def followed(session: SessionContent) -> frozenset[str]:
    """Languages in which one can follow it: spoken or interpreted."""
    return frozenset([*session.interpretation, *([session.language] if session.language else [])])


@dataclass(frozen=True, slots=True)
class Cell:
    """A session in its place."""

    session: SessionContent
    column: int | None
    """1 for the first room; None across all of them."""
    starts: int = 1
    """The number of rows it lasts over."""
    is_now: bool = False
    is_next: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """One distinct start, in whose row the sessions stand in order of rooms."""

    at: datetime
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Day:
    rooms: tuple[RoomContent, ...]
    """Those in use, in their order."""
    slots: tuple[Slot, ...]
    untimed: tuple[SessionContent, ...]
    """Of this day, their clock time unknown or not yet set."""

    @property
    def side_by_side(self) -> bool:
        return 0 < len(self.rooms) <= MOST_ROOMS_SIDE_BY_SIDE


@dataclass(slots=True)
class _Row:
    at: datetime
    cells: list[tuple[SessionContent, int | None]] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Rows of the grid this slot takes: more than one where a column holds several sessions at once."""
        across = sum(column is None for _, column in self.cells)
        columns = [column for _, column in self.cells if column is not None]
        return max(1, across + max((columns.count(column) for column in columns), default=0))


def days_of(content: Content) -> tuple[date, ...]:
    return tuple(sorted({session.day for session in content.sessions if session.day}))


def day_to_show(days: Sequence[date], wished: date | None, today: date) -> date | None:
    """The one asked for; else today's, during the days; else the first."""
    for day in (wished, today):
        if day in days:
            return day
    return days[0] if days else None


def lay_out(content: Content, day: date, *, choice: Choice, now: datetime) -> Day:
    """`now` is what the clock at the venue shows."""
    shown = [session for session in content.sessions if session.day == day and choice.takes(session)]
    timed = [session for session in shown if session.starts_at]
    in_use = {session.room for session in timed if not _across(session)}
    rooms = tuple(room for room in content.rooms if room.slug in in_use)
    columns = {room.slug: n for n, room in enumerate(rooms, start=1)}
    rows = _rows(timed, columns)
    next_start = upcoming(content, day, now)
    return Day(
        rooms,
        tuple(
            Slot(
                row.at,
                tuple(
                    Cell(
                        session,
                        column,
                        _span(rows, n, session, column),
                        is_now=is_on(session, now),
                        is_next=session.starts_at == next_start and not session.is_cancelled,
                    )
                    for session, column in row.cells
                ),
            )
            for n, row in enumerate(rows)
        ),
        tuple(session for session in shown if not session.starts_at),
    )


def is_on(session: SessionContent, now: datetime) -> bool:
    if session.is_cancelled or session.starts_at is None or session.ends_at is None:
        return False
    return session.starts_at <= now < session.ends_at


def upcoming(content: Content, day: date, now: datetime) -> datetime | None:
    """When the next sessions begin, while the day is on: from its first minute to its last start."""
    if now.date() != day:
        return None
    starts = (s.starts_at for s in content.sessions if s.day == day and s.starts_at and not s.is_cancelled)
    return min((at for at in starts if at > now), default=None)


def _across(session: SessionContent) -> bool:
    return session.for_all or session.room is None


def _rows(timed: Sequence[SessionContent], columns: dict[str, int]) -> list[_Row]:
    rows: dict[datetime, _Row] = {}
    for session in timed:
        assert session.starts_at is not None
        column = None if _across(session) else columns[session.room or ""]
        rows.setdefault(session.starts_at, _Row(session.starts_at)).cells.append((session, column))
    for row in rows.values():
        row.cells = _in_order(row.cells)
    return [rows[at] for at in sorted(rows)]


def _in_order(cells: Sequence[tuple[SessionContent, int | None]]) -> list[tuple[SessionContent, int | None]]:
    """What is for all comes first; then one session of each room, then a second of a room that has two."""
    levels: list[tuple[int, int, int]] = []
    for n, (_, column) in enumerate(cells):
        earlier = sum(other == column for _, other in cells[:n])
        levels.append((0, 0, n) if column is None else (1 + earlier, column, n))
    return [cells[n] for _, _, n in sorted(levels)]


def _span(rows: Sequence[_Row], n: int, session: SessionContent, column: int | None) -> int:
    """Rows from its own to the last slot before its end, or to one that needs its place."""
    own = rows[n].cells
    last_of_column = [s for s, c in own if c == column][-1] is session
    if column is None or not last_of_column:
        return 1
    span = rows[n].height - sum(c in (None, column) for _, c in own) + 1
    for row in rows[n + 1 :]:
        assert session.ends_at is not None
        if row.at >= session.ends_at or _needed(column, row.cells):
            break
        span += row.height
    return span


def _needed(column: int, cells: Collection[tuple[SessionContent, int | None]]) -> bool:
    return any(other in (None, column) for _, other in cells)


def neighbours(content: Content, session: SessionContent) -> tuple[SessionContent | None, SessionContent | None]:
    """Before and after it in the same room on the same day; breaks and cancelled ones are passed over."""
    if session.room is None or session.starts_at is None:
        return None, None
    row = [
        other
        for other in content.sessions
        if other.room == session.room
        and other.day == session.day
        and other.starts_at
        and not other.kind.is_pause
        and (not other.is_cancelled or other is session)
    ]
    if session not in row:
        return None, None
    at = row.index(session)
    return row[at - 1] if at else None, row[at + 1] if at + 1 < len(row) else None


def moved_from(before: SessionContent | None, after: SessionContent) -> SessionContent | None:
    """Where and when it was in the release before, if a reader of that one would now miss it."""
    if before is None or before.starts_at is None or after.starts_at is None or after.is_cancelled:
        return None
    then = (before.starts_at, before.ends_at, before.room)
    return before if then != (after.starts_at, after.ends_at, after.room) else None
