from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from app import freshness
from app.calendar.actions import promise_all
from app.calendar.event import EventFacts, EventTexts
from app.calendar.models import CalendarEvent
from app.database import DbSession
from app.editions.models import Edition
from app.values.language import Language
from tests.conftest import NOW

DOMAIN = "forum.test"
UID = "session-11111111-2222-4333-8444-555555555555"


def texts(**overrides: Any) -> dict[Language, EventTexts]:
    """The same words in every language, but for the address."""
    facts: dict[str, Any] = {"title": "Batteries after lithium", "room": "Meilan Hall", "city": "Haikou"}
    return {
        language: EventTexts(**{"url": f"https://forum.test/{language}/agenda/batteries"} | facts | overrides)
        for language in Language
    }


def session_facts(uid: str = UID, **overrides: Any) -> EventFacts:
    """An hour on the morning of the forum's first day in Haikou."""
    facts: dict[str, Any] = {
        "starts": datetime(2027, 9, 23, 9, 0),
        "ends": datetime(2027, 9, 23, 10, 0),
        "zone": "Asia/Shanghai",
        "place": "meilan-hall",
        "texts": texts(),
        "session": "batteries",
        "room": "meilan-hall",
    }
    return EventFacts(uid, **facts | overrides)


def days_facts(edition: Edition | None = None, **overrides: Any) -> EventFacts:
    """An edition's own days."""
    facts: dict[str, Any] = {
        "starts": date(2027, 9, 23),
        "ends": date(2027, 9, 24),
        "zone": "Asia/Shanghai",
        "place": "Haikou",
        "texts": texts(title="Haikou Forum 2027", room=""),
    }
    return EventFacts(f"edition-{edition.uid if edition else 'x'}", **facts | overrides)


def promised(
    db: DbSession, edition: Edition, sessions: Iterable[EventFacts] = (), *, now: datetime = NOW, **days: Any
) -> list[CalendarEvent]:
    """Published: the edition's days and these sessions, and nothing else any more."""
    freshness.touch(db, now)
    facts = [days_facts(edition, **days), *sessions]
    return list(promise_all(db, edition.id, facts, domain=DOMAIN, now=now))
