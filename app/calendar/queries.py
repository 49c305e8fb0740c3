from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from app.calendar.models import CalendarEvent
from app.calendar.rules import Promise, leaves_at, phase_changes
from app.database import DbSession
from app.values.time import Days


def events_of(db: DbSession, edition_id: int) -> Sequence[CalendarEvent]:
    """Everything this edition ever promised, its own days first, then by start. Empty if it was never announced."""
    rows = db.scalars(select(CalendarEvent).where(CalendarEvent.edition_id == edition_id)).all()
    return sorted(rows, key=lambda event: (event.begins, event.uid))


def events_of_series(db: DbSession, sessions_of: Sequence[int]) -> Sequence[CalendarEvent]:
    """Every edition's days, and the sessions of some of them."""
    wanted = or_(CalendarEvent.session_slug == "", CalendarEvent.edition_id.in_(sessions_of))
    rows = db.scalars(select(CalendarEvent).where(wanted)).all()
    return sorted(rows, key=lambda event: (event.begins, event.uid))


def locked_events(db: DbSession, edition_id: int) -> dict[str, CalendarEvent]:
    """By UID, as they are now, and nobody else's to change until the transaction ends."""
    query = select(CalendarEvent).where(CalendarEvent.edition_id == edition_id).order_by(CalendarEvent.uid)
    rows = db.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {event.uid: event for event in rows}


def days_of(event: CalendarEvent) -> Days:
    """Of an edition's own event."""
    return Days(Promise.of(event.promised).first_day, event.last_day)


def turning_points(db: DbSession, edition_id: int) -> list[datetime]:
    """Every instant, past or to come, at which this edition's feeds change by themselves."""
    return sorted({at for event in events_of(db, edition_id) for at in turning_points_of(event)})


def turning_points_of(event: CalendarEvent) -> list[datetime]:
    promised = Promise.of(event.promised)
    points = [leaves_at(promised.ends_at, event.gone_at)] if event.gone_at else []
    if not event.session_slug:
        points += phase_changes(Days(promised.first_day, promised.last_day), promised.zone)
    return points
