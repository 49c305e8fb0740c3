"""The organisers' list: what they ask for in the address, and pages of it that hold at any length."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from app.database import DbSession
from app.registrations.models import Registration
from app.registrations.rules import Seat
from app.search.rules import terms
from app.values.language import Language


class Sort(StrEnum):
    NEWEST = "-registered"
    OLDEST = "registered"
    NAME = "name"
    NAME_BACK = "-name"

    @property
    def descends(self) -> bool:
        return self.value.startswith("-")

    @property
    def columns(self) -> tuple[Any, ...]:
        """What it sorts by, the last one telling equals apart."""
        by_name = self in (Sort.NAME, Sort.NAME_BACK)
        return (Registration.sort_name, Registration.id) if by_name else (Registration.position,)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an organiser looks for. `after` and `before` are the last and the first row of a page seen before."""

    category_id: int
    text: str = ""
    seat: Seat | None = None
    country: str = ""
    language: Language | None = None
    sort: Sort = Sort.NEWEST
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Registration]
    places: dict[int, int]
    """In the queue, of those who wait."""
    total: int
    before: int | None
    """The row to say `before` for the page before this one; None on the first."""
    after: int | None


def page_of(db: DbSession, wanted: Wanted, *, size: int) -> Page:
    """A page beside a known row, found by its keys: the thousandth costs what the first does."""
    back = wanted.before is not None
    rows = list(db.scalars(_beside(db, wanted).limit(size + 1)).all())
    more, rows = len(rows) > size, rows[:size]
    if back:
        rows.reverse()
    first, last = (rows[0].id, rows[-1].id) if rows else (None, None)
    return Page(
        rows=rows,
        places=_places(db, wanted.category_id, rows),
        total=db.scalar(_found(wanted, select(func.count()).select_from(Registration))) or 0,
        before=first if (more if back else wanted.after is not None) else None,
        after=last if (back or more) else None,
    )


def countries_of(db: DbSession, category_id: int) -> Sequence[str]:
    """Those to filter by."""
    query = select(Registration.country).where(Registration.category_id == category_id).distinct()
    return db.scalars(query.order_by(Registration.country)).all()


def cancelled(db: DbSession, category_id: int) -> int:
    query = select(func.count()).where(Registration.category_id == category_id, Registration.seat == Seat.CANCELLED)
    return db.scalar(query) or 0


def everyone(db: DbSession, wanted: Wanted, cells: Callable[[Registration], list[str]]) -> Iterator[list[str]]:
    """All rows of the list in order of arrival, a few hundred in memory at a time."""
    query = _found(wanted, select(Registration)).order_by(Registration.position)
    for registration in db.scalars(query.execution_options(yield_per=500)):
        yield cells(registration)
        db.expunge(registration)


def _found(wanted: Wanted, query: Select[Any]) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [Registration.category_id == wanted.category_id]
    conditions += [Registration.findable.contains(term, autoescape=True) for term in terms(wanted.text)]
    if wanted.seat:
        conditions.append(Registration.seat == wanted.seat)
    if wanted.country:
        conditions.append(Registration.country == wanted.country)
    if wanted.language:
        conditions.append(Registration.language == wanted.language)
    return query.where(*conditions)


def _beside(db: DbSession, wanted: Wanted) -> Select[Any]:
    """After a row, or before one; then the order is turned round, and the page with it."""
    columns, back = wanted.sort.columns, wanted.before is not None
    descending = wanted.sort.descends is not back
    query = _found(wanted, select(Registration))
    here = _keys(db, columns, wanted)
    if here is not None:
        query = query.where(tuple_(*columns) < here if descending else tuple_(*columns) > here)
    return query.order_by(*(column.desc() if descending else column.asc() for column in columns))


def _keys(db: DbSession, columns: tuple[Any, ...], wanted: Wanted) -> Any:
    row_id = wanted.before if wanted.before is not None else wanted.after
    if row_id is None:
        return None
    row = db.execute(
        select(*columns).where(Registration.id == row_id, Registration.category_id == wanted.category_id)
    ).one_or_none()
    return tuple_(*row) if row else None


def _places(db: DbSession, category_id: int, rows: Sequence[Registration]) -> dict[int, int]:
    """One query, however many of them wait."""
    waiting = [row.id for row in rows if row.seat is Seat.WAITING]
    if not waiting:
        return {}
    queue = (
        select(Registration.id, func.row_number().over(order_by=Registration.position).label("place"))
        .where(Registration.category_id == category_id, Registration.seat == Seat.WAITING)
        .subquery()
    )
    found = db.execute(select(queue.c.id, queue.c.place).where(queue.c.id.in_(waiting)))
    return {row.id: row.place for row in found}
