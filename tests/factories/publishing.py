from datetime import date, datetime
from typing import Any

from app.agenda import actions as agenda
from app.agenda.models import Room, Session, Track
from app.agenda.rules import RoomFacts, SessionFacts, SessionKind, SessionRole, TrackFacts
from app.database import DbSession
from app.editions.models import Edition
from app.editions.rules import State
from app.publishing import actions
from app.publishing.models import Release
from app.speakers.models import Speaker
from app.values.actor import COMMAND
from app.values.language import Language, Translated
from tests.conftest import NOW
from tests.factories.editions import make_edition

THURSDAY = date(2027, 9, 23)


def in_three(text: str) -> Translated:
    return Translated(text, f"{text} (de)", f"{text}（中）")


def plan_room(db: DbSession, edition: Edition, name: str = "Coral Room", capacity: int | None = 160) -> Room:
    return agenda.create_room(db, edition.id, RoomFacts(in_three(name), capacity=capacity), actor=COMMAND, now=NOW)


def plan_track(db: DbSession, edition: Edition, name: str = "Batteries") -> Track:
    return agenda.create_track(db, edition.id, TrackFacts(in_three(name)), actor=COMMAND, now=NOW)


def session_facts(
    title: str | Translated, start: str | None = "09:00", end: str | None = "09:45", **overrides: Any
) -> SessionFacts:
    """On the first of the edition's days, in English."""
    day = overrides.pop("day", THURSDAY)
    speakers = tuple((speaker.id, SessionRole.SPEAKER) for speaker in overrides.pop("speakers", ()))
    facts: dict[str, Any] = {
        "kind": SessionKind.TALK,
        "title": title if isinstance(title, Translated) else in_three(title),
        "day": day,
        "starts_at": datetime.fromisoformat(f"{day} {start}") if start else None,
        "ends_at": datetime.fromisoformat(f"{day} {end}") if end else None,
        "language": Language.EN,
        "interpretation": ("zh",),
        "speakers": speakers,
    }
    return SessionFacts(**facts | overrides)


def plan_session(
    db: DbSession,
    edition: Edition,
    title: str | Translated = "Sodium-ion: where it pays",
    start: str | None = "09:00",
    end: str | None = "09:45",
    **overrides: Any,
) -> Session:
    facts = session_facts(title, start, end, **overrides)
    return agenda.create_session(db, edition.id, facts, actor=COMMAND, now=NOW)


def replan(db: DbSession, session: Session, facts: SessionFacts) -> Session:
    return agenda.change_session(db, session.id, facts, revision=session.revision, actor=COMMAND, now=NOW)


def publish(db: DbSession, edition: Edition, note: str = "", now: datetime = NOW) -> Release:
    return actions.publish(db, edition.id, note=Translated(note), actor=COMMAND, now=now)


def make_published(db: DbSession, *speakers: Speaker, **overrides: Any) -> Edition:
    """An announced edition with one session, in its first release."""
    edition = make_edition(db, **{"state": State.ANNOUNCED} | overrides)
    plan_session(db, edition, room_id=plan_room(db, edition).id, speakers=speakers)
    publish(db, edition)
    return edition
