"""The draft of an edition as a `Plan`: read by columns, so that 500 sessions cost milliseconds, not rows of objects."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.agenda.models import AgendaBook, Duty, Interpreter, Room, Session, SessionSpeaker, Travel, Waiver
from app.agenda.plan import Duty as DutyOf
from app.agenda.plan import Interpreting, Measures, Place, Plan, Planned, Taking, Window
from app.agenda.rota import has_pair
from app.database import DbSession
from app.editions.models import Edition, Series
from app.editions.rules import State
from app.errors import NotFound
from app.speakers.models import Availability, Rank, Speaker
from app.speakers.rules import SpeakerState

COLUMNS = (
    Session.id, Session.kind, Session.title, Session.abstract, Session.day, Session.starts_at, Session.ends_at,
    Session.room_id, Session.track_id, Session.for_all, Session.is_cancelled, Session.is_pinned, Session.language,
    Session.interpretation, Session.expected, Session.order,
)  # fmt: skip
"""In the order of the fields of `Planned`."""


def plan_of(db: DbSession, edition_id: int, *, signed_up: int | None = None) -> Plan:
    """Everything about the draft that can be right or wrong. Nine queries, however much is planned."""
    head = db.execute(
        select(Edition.zone, Edition.starts_on, Edition.state, Edition.country, Series.sides, Edition)
        .join(Edition.series)
        .where(Edition.id == edition_id)
    ).one_or_none()
    if head is None:
        raise NotFound
    zone, _first, state, host, sides, edition = head
    book = db.get(AgendaBook, edition_id, populate_existing=True)
    interpreters = _interpreters(db, edition_id)
    return Plan(
        zone=zone,
        days=edition.own_days,
        sessions=_sessions(db, edition_id, frozenset(sides), interpreters),
        rooms=_rooms(db, edition_id),
        sides=tuple(sorted(sides, key=lambda side: side != host)),
        interpreters=tuple(interpreters.values()),
        available=_available(db, edition_id),
        travel=_travel(db, edition_id),
        measures=_measures(book),
        waived=_waived(db, edition_id),
        signed_up=signed_up,
        is_over=state in (State.HELD, State.ARCHIVED),
        number=book.number if book else 0,
    )


def _sessions(
    db: DbSession, edition_id: int, sides: frozenset[str], interpreters: Mapping[int, Interpreting]
) -> tuple[Planned, ...]:
    cast, duties = _cast(db, edition_id, sides), _duties(db, edition_id)
    rows = db.execute(select(*COLUMNS).where(Session.edition_id == edition_id))
    planned = [
        Planned(
            *row,
            cast=tuple(cast.get(row[0], ())),
            duties=tuple(
                _duty(interpreters[interpreter], row.language, into) for interpreter, into in duties.get(row[0], ())
            ),
        )
        for row in rows
    ]
    return tuple(sorted(planned, key=lambda session: session.turn))


def _duty(who: Interpreting, spoken: Any, into: Any) -> DutyOf:
    is_able = spoken is None or has_pair(who.pairs, spoken, into)
    return DutyOf(who.id, who.person, into, is_able)


def _cast(db: DbSession, edition_id: int, sides: frozenset[str]) -> dict[int, list[Taking]]:
    query = (
        select(
            SessionSpeaker.session_id, Speaker.id, Speaker.person_id, SessionSpeaker.role, Rank.position,
            Speaker.country, Speaker.state,
        )
        .join(SessionSpeaker.speaker)
        .join(Rank, Rank.id == Speaker.rank_id, isouter=True)
        .where(Speaker.edition_id == edition_id)
        .order_by(SessionSpeaker.session_id, SessionSpeaker.position)
    )  # fmt: skip
    found: defaultdict[int, list[Taking]] = defaultdict(list)
    for session, speaker, person, role, rank, country, state in db.execute(query):
        side = country if country in sides else None
        taking = Taking(speaker, person, role, rank, side, state.has_agreed, state is SpeakerState.DECLINED)
        found[session].append(taking)
    return found


def _duties(db: DbSession, edition_id: int) -> dict[int, list[tuple[int, Any]]]:
    query = (
        select(Duty.session_id, Duty.interpreter_id, Duty.into)
        .join(Duty.interpreter)
        .where(Interpreter.edition_id == edition_id)
        .order_by(Duty.session_id, Duty.interpreter_id)
    )
    found: defaultdict[int, list[tuple[int, Any]]] = defaultdict(list)
    for session, interpreter, into in db.execute(query):
        found[session].append((interpreter, into))
    return found


def _interpreters(db: DbSession, edition_id: int) -> dict[int, Interpreting]:
    query = select(Interpreter.id, Interpreter.person_id, Interpreter.pairs).where(Interpreter.edition_id == edition_id)
    return {
        row.id: Interpreting(row.id, row.person_id, row.pairs) for row in db.execute(query.order_by(Interpreter.id))
    }


def _rooms(db: DbSession, edition_id: int) -> tuple[Place, ...]:
    query = select(Room.id, Room.capacity, Room.booths, Room.site).where(Room.edition_id == edition_id)
    return tuple(Place(*row) for row in db.execute(query.order_by(Room.position, Room.id)))


def _available(db: DbSession, edition_id: int) -> dict[int, tuple[Window, ...]]:
    query = (
        select(Availability.person_id, Availability.starts_at, Availability.ends_at)
        .where(Availability.edition_id == edition_id)
        .order_by(Availability.person_id, Availability.starts_at)
    )
    found: defaultdict[int, tuple[Window, ...]] = defaultdict(tuple)
    for person, starts_at, ends_at in db.execute(query):
        found[person] += (Window(starts_at, ends_at),)
    return dict(found)


def _travel(db: DbSession, edition_id: int) -> dict[tuple[int, int], int]:
    query = select(Travel.a_id, Travel.b_id, Travel.minutes).join(Room, Room.id == Travel.a_id)
    return {(a, b): minutes for a, b, minutes in db.execute(query.where(Room.edition_id == edition_id))}


def _measures(book: AgendaBook | None) -> Measures:
    if book is None:
        return Measures()
    return Measures(
        frozenset(book.switched_off), book.rest_after, book.least_share, book.travel_minutes, book.abstract_most
    )


def _waived(db: DbSession, edition_id: int) -> dict[int, frozenset[str]]:
    query = select(Waiver.session_id, Waiver.problem).join(Session).where(Session.edition_id == edition_id)
    found: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    for session, problem in db.execute(query):
        found[session] |= {problem}
    return dict(found)
