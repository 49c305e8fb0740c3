"""What is published once under a UID is a promise: kept, changed in the open, or cancelled, never dropped."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from app import freshness
from app.calendar import queries
from app.calendar.event import EventFacts, Mark, block, cancelled, unfold
from app.calendar.models import CalendarEvent
from app.calendar.rules import EventStatus, Promise, next_sequence, next_stamp
from app.database import DbSession
from app.values.language import Language, Translated

HISTORY = ("DTSTAMP:", "LAST-MODIFIED:", "SEQUENCE:")


def promise_all(
    db: DbSession, edition_id: int, facts: Iterable[EventFacts], *, domain: str, now: datetime
) -> Sequence[CalendarEvent]:
    """Publish an edition's days and sessions as they are now, and cancel what else it once published.

    `domain` stands behind each UID and is for life too: the series' `uid_domain`. Lock the edition first: two
    first publications at once would both insert.
    """
    events = queries.locked_events(db, edition_id)
    kept = [_kept(db, edition_id, events.get(each.uid), each, domain=domain, now=now) for each in facts]
    for uid in sorted(set(events) - {event.uid for event in kept}):
        _withdraw(events[uid], now)
    db.flush()
    schedule(db, edition_id, now=now)
    return kept


def promise(db: DbSession, edition_id: int, facts: EventFacts, *, domain: str, now: datetime) -> CalendarEvent:
    """Publish one event as it is now; one that was withdrawn is reinstated."""
    event = _kept(db, edition_id, _locked(db, facts.uid), facts, domain=domain, now=now)
    db.flush()
    return event


def withdraw(db: DbSession, uid: str, *, now: datetime) -> bool:
    """Cancel what is no longer published, its time and words kept. False if there was nothing left to cancel."""
    event = _locked(db, uid)
    done = event is not None and _withdraw(event, now)
    db.flush()
    return done


def _locked(db: DbSession, uid: str) -> CalendarEvent | None:
    return db.get(CalendarEvent, uid, with_for_update=True, populate_existing=True)


def _kept(
    db: DbSession, edition_id: int, event: CalendarEvent | None, facts: EventFacts, *, domain: str, now: datetime
) -> CalendarEvent:
    """Publishing the same again leaves the row, and so every byte, untouched."""
    if event is None:
        return _first(db, edition_id, facts, domain=domain, now=now)
    sequence = next_sequence(event.sequence, Promise.of(event.promised), facts.promise)
    same = sequence == event.sequence and _same_words(_blocks(facts, _mark(event, domain)), event.blocks)
    if not same:
        event.sequence, event.changed_at = sequence, next_stamp(event.changed_at, now)
        event.blocks = _blocks(facts, _mark(event, domain))
    event.gone_at = (event.gone_at or now) if facts.cancelled else None
    _describe(event, facts)
    return event


def _first(db: DbSession, edition_id: int, facts: EventFacts, *, domain: str, now: datetime) -> CalendarEvent:
    at = now.replace(microsecond=0)
    event = CalendarEvent(uid=facts.uid, edition_id=edition_id, sequence=0, created_at=at, changed_at=at)
    event.gone_at = now if facts.cancelled else None
    event.blocks = _blocks(facts, _mark(event, domain))
    _describe(event, facts)
    db.add(event)
    return event


def _mark(event: CalendarEvent, domain: str = "") -> Mark:
    return Mark(domain, event.sequence, event.created_at, event.changed_at)


def _blocks(facts: EventFacts, mark: Mark) -> dict[str, str]:
    return {language.value: block(facts, language, mark) for language in Language}


def _same_words(blocks: dict[str, str], stored: dict[str, str]) -> bool:
    """Whether a reader would see no difference: everything but the history."""
    return all(_words(text) == _words(stored.get(language, "")) for language, text in blocks.items())


def _words(text: str) -> list[str]:
    return [line for line in unfold(text) if not line.startswith(HISTORY)]


def _describe(event: CalendarEvent, facts: EventFacts) -> None:
    """What feeds choose and sort by. Assigning what was there already writes nothing."""
    event.session_slug, event.room, event.track, event.people = facts.session, facts.room, facts.track, facts.people
    event.once_with = tuple(sorted({*(event.once_with or ()), *facts.parts}))
    event.begins, event.last_day, event.zone = facts.begins, facts.promise.last_day, facts.tzid
    event.status = facts.status
    event.titles = Translated.of({language.value: texts.title for language, texts in facts.texts.items()})
    if event.promised != (promised := facts.promise.as_dict()):
        event.promised = promised


def _withdraw(event: CalendarEvent, now: datetime) -> bool:
    if event.status is EventStatus.CANCELLED:
        return False
    event.status, event.gone_at = EventStatus.CANCELLED, now
    event.sequence, event.changed_at = event.sequence + 1, next_stamp(event.changed_at, now)
    event.promised = {**event.promised, "status": EventStatus.CANCELLED.value}
    event.blocks = {code: cancelled(text, Language(code), _mark(event)) for code, text in event.blocks.items()}
    return True


def schedule(db: DbSession, edition_id: int, *, now: datetime) -> None:
    """Have the feeds made anew when only time changes them: the days begin, are over, a tombstone may leave."""
    for at in queries.turning_points(db, edition_id):
        freshness.due(db, at, now=now)
