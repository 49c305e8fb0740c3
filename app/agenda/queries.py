"""What is planned. Everything here reads the draft; the public's agenda is in `publishing`."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload
from sqlalchemy.sql.base import ExecutableOption

from app.agenda.findings import Finding, Planned, findings
from app.agenda.models import Room, Session, SessionSpeaker, Track
from app.agenda.rules import SessionFacts, SessionRole, free_rooms
from app.database import DbSession
from app.editions.models import Edition
from app.editions.rules import State
from app.errors import NotFound
from app.speakers.models import Speaker
from app.speakers.rules import SpeakerState


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


def planned(session: Session) -> Planned:
    """The session as the rules of findings see it. Pays for its speakers unless they are loaded."""
    speakers = [row.speaker for row in session.speakers]
    return Planned(
        id=session.id,
        kind=session.kind,
        title=session.title,
        day=session.day,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        room=session.room_id,
        for_all=session.for_all,
        is_cancelled=session.is_cancelled,
        people=frozenset(speaker.person_id for speaker in speakers),
        declined=frozenset(s.person_id for s in speakers if s.state is SpeakerState.DECLINED),
        has_chair=any(row.role in (SessionRole.CHAIR, SessionRole.MODERATOR) for row in session.speakers),
    )


def draft_findings(edition: Edition, sessions: Sequence[Session]) -> tuple[Finding, ...]:
    """What is wrong with these sessions of the edition: give all of them, or clashes are missed."""
    return findings(
        [planned(session) for session in sessions],
        zone=edition.zone,
        days=edition.own_days,
        is_over=edition.state in (State.HELD, State.ARCHIVED),
    )


def free_rooms_for(db: DbSession, session: Session, sessions: Sequence[Session]) -> list[Room]:
    """Rooms of the edition that nobody uses while this session lasts; none if it has no time."""
    slot = planned(session).slot
    if slot is None:
        return []
    rooms = {room.id: room for room in rooms_of(db, session.edition_id)}
    others = [other for s in sessions if (other := planned(s).slot)]
    return [rooms[room] for room in free_rooms(slot, others, rooms)]
