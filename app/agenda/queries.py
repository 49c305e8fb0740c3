"""What is planned. Everything here reads the draft; the public's agenda is in `publishing`."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload
from sqlalchemy.sql.base import ExecutableOption

from app.agenda.models import Room, Session, SessionSpeaker, Track
from app.database import DbSession
from app.errors import NotFound
from app.speakers.models import Speaker


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
