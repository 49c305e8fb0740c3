"""How a draft is judged: what it is measured by, how long ways take, and what somebody lets stand."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select

from app.agenda.actions import locked_book, locked_session, next_number
from app.agenda.models import AgendaBook, Room, Travel, Waiver
from app.agenda.plan import Measures
from app.agenda.planning import plan_of
from app.agenda.problems import Problem
from app.audit.actions import record
from app.database import DbSession
from app.errors import Conflict, NotFound, Stale
from app.values.actor import Actor

Ways = Mapping[tuple[int, int], int]
"""Minutes between two rooms of the edition, the smaller id first; the same both ways."""


def waive(db: DbSession, session_id: int, problem: Problem, reason: str, *, actor: Actor, now: datetime) -> Waiver:
    """Let one kind of finding stand for one session. Somebody else's reason is never written over: `Conflict`."""
    session = locked_session(db, session_id)
    if earlier := db.get(Waiver, (session_id, problem.value)):
        raise Conflict("waived_already", who=earlier.waived_by)
    waiver = Waiver(session_id=session_id, problem=problem.value, reason=reason, waived_by=actor.name, waived_at=now)
    db.add(waiver)
    db.flush()
    record(db, actor, "finding_waived", kind="session", subject_id=session_id, now=now, edition_id=session.edition_id)
    return waiver


def take_back(db: DbSession, session_id: int, problem: Problem, *, actor: Actor, now: datetime) -> None:
    """It is heard of again. Taken back already, there is nothing left to do."""
    session = locked_session(db, session_id)
    waiver = db.get(Waiver, (session_id, problem.value))
    if waiver is None:
        return
    db.delete(waiver)
    db.flush()
    record(db, actor, "finding_heard", kind="session", subject_id=session_id, now=now, edition_id=session.edition_id)


def set_measures(
    db: DbSession, edition_id: int, measures: Measures, *, revision: int, actor: Actor, now: datetime
) -> AgendaBook:
    """Raises `Stale` if somebody saved meanwhile."""
    book = _judged_anew(db, edition_id, revision)
    book.switched_off = tuple(sorted(measures.switched_off))
    book.rest_after, book.least_share = measures.rest_after, measures.least_share
    book.travel_minutes, book.abstract_most = measures.travel_minutes, measures.abstract_most
    db.flush()
    record(db, actor, "measures_set", kind="edition", subject_id=edition_id, now=now, edition_id=edition_id)
    return book


def set_ways(db: DbSession, edition_id: int, ways: Ways, *, revision: int, actor: Actor, now: datetime) -> None:
    """All of them anew. Raises `NotFound` for a room of another edition, `Stale` if somebody saved meanwhile."""
    _judged_anew(db, edition_id, revision)
    own = set(db.scalars(select(Room.id).where(Room.edition_id == edition_id)))
    if any(not {a, b} <= own or a >= b for a, b in ways):
        raise NotFound
    db.execute(delete(Travel).where(Travel.a_id.in_(own)))
    db.add_all(Travel(a_id=a, b_id=b, minutes=minutes) for (a, b), minutes in sorted(ways.items()))
    db.flush()
    record(db, actor, "ways_set", kind="edition", subject_id=edition_id, now=now, edition_id=edition_id)


def take_over(
    db: DbSession, past_id: int, edition_id: int, rooms: Mapping[int, int], *, actor: Actor, now: datetime
) -> None:
    """A new edition is measured as the past one was, and between `rooms` (past to new) ways are as long as they were."""
    past, revision = plan_of(db, past_id), 1
    if past.measures != Measures():
        revision = set_measures(db, edition_id, past.measures, revision=revision, actor=actor, now=now).revision
    ways = {
        (min(rooms[a], rooms[b]), max(rooms[a], rooms[b])): minutes
        for (a, b), minutes in past.travel.items()
        if a in rooms and b in rooms
    }
    if ways:
        set_ways(db, edition_id, ways, revision=revision, actor=actor, now=now)


def _judged_anew(db: DbSession, edition_id: int, revision: int) -> AgendaBook:
    """The edition's book, counted on: whoever has the grid open is to see other marks."""
    book = locked_book(db, edition_id)
    if book.revision != revision:
        raise Stale
    next_number(db, edition_id)
    book.revision += 1
    return book
