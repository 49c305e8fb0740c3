from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.calendar.models import CalendarEvent
from app.calendar.rules import Phase, Promise, leaves_at, phase, phase_changes
from app.database import DbSession


def events_of(db: DbSession, edition_id: int) -> Sequence[CalendarEvent]:
    """Everything this edition ever promised, its own days first, then by start. Empty if it was never announced."""
    rows = db.scalars(select(CalendarEvent).where(CalendarEvent.edition_id == edition_id)).all()
    return sorted(rows, key=lambda event: (event.begins, event.uid))


def own_events(db: DbSession) -> Sequence[CalendarEvent]:
    """Every edition's own days."""
    return db.scalars(select(CalendarEvent).where(CalendarEvent.session_slug == "")).all()


def sessions_to_come(db: DbSession, own: Sequence[CalendarEvent], as_of: datetime) -> Sequence[CalendarEvent]:
    """Of those editions whose days are not over yet."""
    coming = [event.edition_id for event in own if phase_of(event, as_of) is not Phase.PAST]
    query = select(CalendarEvent).where(CalendarEvent.session_slug != "", CalendarEvent.edition_id.in_(coming))
    return db.scalars(query).all()


def locked_events(db: DbSession, edition_id: int) -> dict[str, CalendarEvent]:
    """By UID, as they are now, and nobody else's to change until the transaction ends."""
    query = select(CalendarEvent).where(CalendarEvent.edition_id == edition_id).order_by(CalendarEvent.uid)
    rows = db.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {event.uid: event for event in rows}


def phase_of(event: CalendarEvent, as_of: datetime) -> Phase:
    """Of an edition, by its own event."""
    promised = Promise.of(event.promised)
    return phase(promised.days, promised.zone, as_of)


def in_feeds(event: CalendarEvent, as_of: datetime) -> bool:
    """A tombstone stays until nobody can still be waiting for the event."""
    return event.gone_at is None or as_of < leaves_at(Promise.of(event.promised).ends_at, event.gone_at)


def changed_at(events: Sequence[CalendarEvent], as_of: datetime) -> datetime:
    """When a feed of any of these was last other than it is: an event changed, moved elsewhere, or time passed."""
    passed = [at for event in events for at in turning_points_of(event) if at <= as_of]
    return max([event.changed_at for event in events] + passed)


def turning_points(db: DbSession, edition_id: int) -> list[datetime]:
    """Every instant, past or to come, at which this edition's feeds change by themselves."""
    return sorted({at for event in events_of(db, edition_id) for at in turning_points_of(event)})


def turning_points_of(event: CalendarEvent) -> list[datetime]:
    promised = Promise.of(event.promised)
    points = [leaves_at(promised.ends_at, event.gone_at)] if event.gone_at else []
    if not event.session_slug:
        points += phase_changes(promised.days, promised.zone)
    return points
