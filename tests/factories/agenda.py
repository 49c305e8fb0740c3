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
from tests.factories.people import make_person
from tests.factories.speakers import make_speaker


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


def make_puzzle(db: DbSession, edition: Edition, sessions: int = 40) -> None:
    """Unplaced sessions that all want the same people and rooms: a proposal for them is not finished in a minute."""
    for n in range(4):
        make_room(db, edition, f"Room {n}", capacity=60 + 40 * n)
    tracks = [make_track(db, edition, f"Track {n}") for n in range(5)]
    people = [make_speaker(db, edition, make_person(db, f"Person {n}")) for n in range(23)]
    kinds = (SessionKind.TALK, SessionKind.PANEL, SessionKind.WORKSHOP)
    for n in range(sessions):
        cast = tuple(people[(n * by) % len(people)] for by in (1, 7, 11)) if n else tuple(people[:2])
        make_session(
            db, edition, f"Talk {n}", kind=kinds[n % 3], track=tracks[n * 3 % 5], speakers=cast,
            expected=(None, 50, 90, 130)[n % 4],
        )  # fmt: skip
