"""What is published once under a UID is a promise: kept, changed in the open, or cancelled, never dropped."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from app import freshness
from app.calendar import queries
from app.calendar.event import EventFacts, Mark, block, cancelled, unfold
from app.calendar.models import CalendarEvent
from app.calendar.rules import EventStatus, Promise, next_sequence, next_stamp
from app.database import DbSession
from app.values.language import Language, Translated

HISTORY = ("DTSTAMP:", "LAST-MODIFIED:", "SEQUENCE:")


def promise(db: DbSession, edition_id: int, facts: EventFacts, *, domain: str, now: datetime) -> CalendarEvent:
    """Publish an event as it is now. Publishing the same again leaves its row, and so every byte, untouched.

    `domain` stands behind the UID and is for life too: the series' `uid_domain`. An event that was withdrawn
    is reinstated; one that moved from another edition keeps its history.
    """
    event = db.get(CalendarEvent, facts.uid, with_for_update=True, populate_existing=True)
    promised = facts.promise
    if event is None:
        return _first(db, edition_id, facts, domain=domain, now=now)
    sequence = next_sequence(event.sequence, Promise.of(event.promised), promised)
    mark = Mark(domain, sequence, event.created_at, event.changed_at)
    blocks = _blocks(facts, mark)
    if sequence != event.sequence or not _same_words(blocks, event.blocks):
        event.changed_at = next_stamp(event.changed_at, now)
        event.sequence = sequence
        event.blocks = _blocks(facts, Mark(domain, sequence, event.created_at, event.changed_at))
    _describe(event, edition_id, facts)
    event.gone_at = (event.gone_at or now) if facts.cancelled else None
    db.flush()
    return event


def _first(db: DbSession, edition_id: int, facts: EventFacts, *, domain: str, now: datetime) -> CalendarEvent:
    at = now.replace(microsecond=0)
    event = CalendarEvent(
        uid=facts.uid,
        sequence=0,
        created_at=at,
        changed_at=at,
        gone_at=now if facts.cancelled else None,
        blocks=_blocks(facts, Mark(domain, 0, at, at)),
    )
    _describe(event, edition_id, facts)
    db.add(event)
    db.flush()
    return event


def _blocks(facts: EventFacts, mark: Mark) -> dict[str, str]:
    return {language.value: block(facts, language, mark) for language in Language}


def _same_words(blocks: dict[str, str], stored: dict[str, str]) -> bool:
    """Whether a reader would see no difference: everything but the history."""
    return all(_words(text) == _words(stored.get(language, "")) for language, text in blocks.items())


def _words(text: str) -> list[str]:
    return [line for line in unfold(text) if not line.startswith(HISTORY)]


def _describe(event: CalendarEvent, edition_id: int, facts: EventFacts) -> None:
    """What feeds choose and sort by. Assigning what was there already writes nothing."""
    event.edition_id = edition_id
    event.session_slug, event.room, event.track, event.people = facts.session, facts.room, facts.track, facts.people
    event.begins, event.last_day, event.zone = facts.begins, facts.promise.last_day, facts.tzid
    event.status = facts.status
    event.titles = Translated.of({language.value: texts.title for language, texts in facts.texts.items()})
    if event.promised != (promised := facts.promise.as_dict()):
        event.promised = promised


def withdraw(db: DbSession, uid: str, *, now: datetime) -> bool:
    """Cancel what is no longer published, its time and words kept. False if there was nothing left to cancel."""
    event = db.get(CalendarEvent, uid, with_for_update=True, populate_existing=True)
    if event is None or event.status is EventStatus.CANCELLED:
        return False
    event.status = EventStatus.CANCELLED
    event.sequence += 1
    event.changed_at = next_stamp(event.changed_at, now)
    event.gone_at = now
    event.promised = {**event.promised, "status": EventStatus.CANCELLED.value}
    mark = Mark("", event.sequence, event.created_at, event.changed_at)
    event.blocks = {code: cancelled(text, Language(code), mark) for code, text in event.blocks.items()}
    db.flush()
    return True


def withdraw_others(db: DbSession, edition_id: int, kept: Collection[str], *, now: datetime) -> int:
    """Cancel whatever this edition once promised, but for the UIDs it still does. Returns how many were cancelled."""
    promised = db.scalars(select(CalendarEvent.uid).where(CalendarEvent.edition_id == edition_id))
    return sum(withdraw(db, uid, now=now) for uid in sorted(set(promised) - set(kept)))


def schedule(db: DbSession, edition_id: int, *, now: datetime) -> None:
    """Have the feeds made anew when only time changes them: the days begin, are over, a tombstone may leave."""
    for at in queries.turning_points(db, edition_id):
        freshness.due(db, at, now=now)
