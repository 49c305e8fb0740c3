"""What is planned. Everything here reads the draft; the public's agenda is in `publishing`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, selectinload
from sqlalchemy.sql.base import ExecutableOption

from app.agenda.findings import Finding, findings
from app.agenda.models import AgendaBook, Interpreter, Proposal, Room, Session, SessionSpeaker, Track, Waiver
from app.agenda.plan import Plan, Window
from app.agenda.planning import plan_of
from app.agenda.rules import ProposalState, SessionFacts, free_rooms
from app.database import DbSession
from app.editions.models import Edition
from app.errors import NotFound
from app.people.models import Person
from app.speakers import queries as speakers
from app.speakers.models import Speaker
from app.values.language import Language


def sessions_of(db: DbSession, edition_id: int) -> Sequence[Session]:
    """The whole draft by day and time, those without either last, everything loaded in a constant number of queries.

    With rooms, tracks, speakers, their people and organisations; sources are not among it.
    """
    return db.scalars(
        select(Session)
        .where(Session.edition_id == edition_id)
        .order_by(
            Session.day.is_(None),
            Session.day,
            Session.starts_at.is_(None),
            Session.starts_at,
            Session.position,
            Session.id,
        )
        .options(*_loaded())
    ).all()


def session_of(db: DbSession, edition_id: int, session_id: int) -> Session:
    """One session of this edition. Raises `NotFound` for another edition's."""
    found = db.scalar(
        select(Session).where(Session.id == session_id, Session.edition_id == edition_id).options(*_loaded())
    )
    if found is None:
        raise NotFound
    return found


def session_by_uid(db: DbSession, uid: str) -> Session | None:
    return db.scalar(select(Session).where(Session.uid == uid))


def _loaded() -> tuple[ExecutableOption, ...]:
    speaker = selectinload(Session.speakers).selectinload(SessionSpeaker.speaker)
    return (
        selectinload(Session.room),
        selectinload(Session.track),
        speaker.selectinload(Speaker.person),
        speaker.selectinload(Speaker.organisation),
    )


def rooms_of(db: DbSession, edition_id: int) -> Sequence[Room]:
    return db.scalars(select(Room).where(Room.edition_id == edition_id).order_by(Room.position, Room.id)).all()


def tracks_of(db: DbSession, edition_id: int) -> Sequence[Track]:
    return db.scalars(select(Track).where(Track.edition_id == edition_id).order_by(Track.position, Track.id)).all()


def room_of(db: DbSession, edition_id: int, room_id: int) -> Room:
    found = db.scalar(select(Room).where(Room.id == room_id, Room.edition_id == edition_id))
    if found is None:
        raise NotFound
    return found


def track_of(db: DbSession, edition_id: int, track_id: int) -> Track:
    found = db.scalar(select(Track).where(Track.id == track_id, Track.edition_id == edition_id))
    if found is None:
        raise NotFound
    return found


def sessions_in_room(db: DbSession, room_id: int) -> int:
    return db.scalar(select(func.count()).select_from(Session).where(Session.room_id == room_id)) or 0


def sessions_in_track(db: DbSession, track_id: int) -> int:
    return db.scalar(select(func.count()).select_from(Session).where(Session.track_id == track_id)) or 0


def sessions_by_room(db: DbSession, edition_id: int) -> dict[int | None, int]:
    """How many sessions each room holds; under None those without one."""
    return _counts(db, Session.room_id, edition_id)


def sessions_by_track(db: DbSession, edition_id: int) -> dict[int | None, int]:
    return _counts(db, Session.track_id, edition_id)


def _counts(db: DbSession, column: InstrumentedAttribute[int | None], edition_id: int) -> dict[int | None, int]:
    query = select(column, func.count()).where(Session.edition_id == edition_id).group_by(column)
    return dict(db.execute(query).all())


def crew_of(db: DbSession, edition_id: int, language: Language = Language.EN) -> Sequence[Interpreter]:
    """All of the edition's with their people, in the order of that language."""
    key = Person.sort_zh if language is Language.ZH else Person.sort_latin
    query = select(Interpreter).where(Interpreter.edition_id == edition_id).join(Interpreter.person)
    return db.scalars(query.options(contains_eager(Interpreter.person)).order_by(key, Interpreter.id)).all()


def interpreter_of(db: DbSession, edition_id: int, interpreter_id: int) -> Interpreter:
    """Raises `NotFound` for one of another edition."""
    found = db.get(Interpreter, interpreter_id)
    if found is None or found.edition_id != edition_id:
        raise NotFound
    return found


def interpreter_by_uid(db: DbSession, uid: str) -> Interpreter | None:
    return db.scalar(select(Interpreter).where(Interpreter.uid == uid))


def windows_of(db: DbSession, interpreter: Interpreter) -> tuple[Window, ...]:
    """When they can be there; none where they said nothing, which means always."""
    spans = speakers.spans_of(db, interpreter.edition_id, interpreter.person_id)
    return tuple(Window(span.starts_at, span.ends_at) for span in spans)


def facts_of(session: Session) -> SessionFacts:
    """What is stored, as an organiser would say it: to change a part, or to take it to another edition."""
    return SessionFacts(
        kind=session.kind,
        title=session.title,
        title_translated=session.title_translated,
        abstract=session.abstract,
        note=session.note,
        slug=session.slug,
        day=session.day,
        part_of_day=session.part_of_day,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        room_id=session.room_id,
        track_id=session.track_id,
        for_all=session.for_all,
        language=session.language,
        interpretation=session.interpretation,
        speakers=tuple((row.speaker_id, row.role) for row in session.speakers),
        position=session.position,
        expected=session.expected,
        order=session.order,
        is_pinned=session.is_pinned,
    )


def draft_findings(db: DbSession, edition: Edition, *, signed_up: int | None = None) -> tuple[Finding, ...]:
    """What is wrong with the draft, as it is stored."""
    return findings(plan_of(db, edition.id, signed_up=signed_up))


def book_of(db: DbSession, edition_id: int) -> AgendaBook:
    """What the edition's agenda is measured by; as it would be made, where nobody has set anything yet."""
    found = db.get(AgendaBook, edition_id, populate_existing=True)
    return found or AgendaBook(edition_id=edition_id, revision=1, number=0)


def waivers_of(db: DbSession, edition_id: int) -> dict[tuple[int, str], Waiver]:
    """By session and problem, with who let it stand and why."""
    query = select(Waiver).join(Session).where(Session.edition_id == edition_id)
    return {(waiver.session_id, waiver.problem): waiver for waiver in db.scalars(query)}


def free_rooms_for(db: DbSession, plan: Plan, session_id: int) -> Sequence[Room]:
    """Rooms of the edition that nobody uses while this session lasts; none if it has no time."""
    session = plan.session(session_id)
    slot = session.slot if session else None
    if slot is None:
        return ()
    free = free_rooms(slot, [other for s in plan.sessions if (other := s.slot)], [room.id for room in plan.rooms])
    return db.scalars(select(Room).where(Room.id.in_(free)).order_by(Room.position, Room.id)).all()


def proposal_overdue(db: DbSession, before: datetime) -> datetime | None:
    """Since when the oldest proposal waits for a sign of a worker, if that is longer ago than `before`."""
    since = func.coalesce(Proposal.alive_at, Proposal.asked_at)
    living = Proposal.state.in_((ProposalState.WAITING, ProposalState.RUNNING))
    return db.scalar(select(func.min(since)).where(living, since < before))
