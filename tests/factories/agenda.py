from datetime import datetime
from typing import Any

from app.agenda import actions
from app.agenda.models import Room, Session, Track
from app.agenda.rules import RoomFacts, SessionFacts, SessionKind, SessionRole, TrackFacts
from app.database import DbSession
from app.editions.models import Edition
from app.speakers.models import Speaker
from app.values.actor import COMMAND
from app.values.language import Translated
from tests.conftest import NOW


def make_room(db: DbSession, edition: Edition, name: str = "Meilan Hall", **overrides: Any) -> Room:
    facts = RoomFacts(Translated(name, name, name), **overrides)
    return actions.create_room(db, edition.id, facts, actor=COMMAND, now=NOW)


def make_track(db: DbSession, edition: Edition, name: str = "Batteries", **overrides: Any) -> Track:
    facts = TrackFacts(Translated(name, name, name), **overrides)
    return actions.create_track(db, edition.id, facts, actor=COMMAND, now=NOW)


def session_facts(title: str = "Solid-state cells", **overrides: Any) -> SessionFacts:
    facts: dict[str, Any] = {"kind": SessionKind.OTHER, "title": Translated(title, title, title)}
    starts = overrides.get("starts_at")
    return SessionFacts(**facts | ({"day": starts.date()} if starts else {}) | overrides)


def make_session(
    db: DbSession,
    edition: Edition,
    title: str = "Solid-state cells",
    starts: str = "",
    ends: str = "",
    *,
    room: Room | None = None,
    track: Track | None = None,
    speakers: tuple[Speaker, ...] = (),
    **overrides: Any,
) -> Session:
    """Times as "2027-09-23 09:00"; without them the session has no place in time yet."""
    if starts:
        overrides |= {"starts_at": datetime.fromisoformat(starts), "ends_at": datetime.fromisoformat(ends)}
    facts = session_facts(
        title,
        room_id=room.id if room else None,
        track_id=track.id if track else None,
        speakers=tuple((speaker.id, SessionRole.SPEAKER) for speaker in speakers),
        **overrides,
    )
    return actions.create_session(db, edition.id, facts, actor=COMMAND, now=NOW)
