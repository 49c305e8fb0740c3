"""What a speaker may see of the draft, and what a letter to them is made of."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.agenda.models import Session, SessionSpeaker
from app.database import DbSession
from app.editions.models import Edition
from app.errors import NotFound
from app.mail import queries as mails
from app.people.models import Person
from app.publishing import queries as publishing
from app.publishing.content import Content
from app.speakers import queries as speakers
from app.speakers.models import LetterTemplate, Speaker
from app.speakers.rules import SpeakerState
from app.speakers.tokens import uid_of
from app.speaking.rules import Letter, mail_of


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One of theirs in the draft."""

    session: Session
    is_released: bool
    """The public sees it just so: time, place and them in it. Anything else is provisional."""
    beside: tuple[Person, ...] = ()
    """Who else is in it and has agreed; of the others they hear nothing."""


def speaker_by_token(db: DbSession, token: str, secret: str) -> Speaker:
    """Whose page it is. Raises `NotFound` for any other token, and for a candidate, whom nobody has asked yet."""
    speaker = speakers.speaker_by_uid(db, uid_of(token, secret))
    if speaker is None or speaker.state is SpeakerState.CANDIDATE:
        raise NotFound
    return speaker


def own_sessions(db: DbSession, edition: Edition, speaker_ids: Collection[int]) -> Mapping[int, list[OwnSession]]:
    """Of each of these speakers, by day and time; what was cancelled before anybody saw it is not among them."""
    content = publishing.current_content(db, edition.id) if edition.is_public else None
    found: defaultdict[int, list[OwnSession]] = defaultdict(list)
    for session in _sessions_with(db, edition.id, speaker_ids):
        if session.is_cancelled and not session.was_published:
            continue
        cast = [row.speaker for row in session.speakers]
        for speaker in cast:
            if speaker.id in speaker_ids:
                beside = tuple(one.person for one in cast if one is not speaker and one.state.has_agreed)
                found[speaker.id].append(OwnSession(session, _is_released(session, speaker.id, content), beside))
    return found


def _sessions_with(db: DbSession, edition_id: int, speaker_ids: Collection[int]) -> Sequence[Session]:
    theirs = select(SessionSpeaker.session_id).where(SessionSpeaker.speaker_id.in_(speaker_ids))
    return db.scalars(
        select(Session)
        .where(Session.edition_id == edition_id, Session.id.in_(theirs))
        .order_by(
            Session.day.is_(None), Session.day, Session.starts_at.is_(None), Session.starts_at, Session.position,
            Session.id,
        )
        .options(
            selectinload(Session.room),
            selectinload(Session.speakers).selectinload(SessionSpeaker.speaker).selectinload(Speaker.person),
        )
    ).all()  # fmt: skip


def _is_released(session: Session, speaker_id: int, content: Content | None) -> bool:
    shown = next((one for one in content.sessions if one.uid == session.uid), None) if content else None
    if shown is None:
        return False
    room = session.room.slug if session.room else None
    same_place = (shown.day, shown.starts_at, shown.ends_at, shown.room, shown.is_cancelled) == (
        session.day, session.starts_at, session.ends_at, room, session.is_cancelled,
    )  # fmt: skip
    return same_place and any(entry.speaker_id == speaker_id for entry in shown.speakers)


def template_of(db: DbSession, edition_id: int, letter: Letter) -> LetterTemplate | None:
    """As an organiser wrote it; None while the house's own words hold."""
    return db.scalar(
        select(LetterTemplate).where(LetterTemplate.edition_id == edition_id, LetterTemplate.key == letter.value)
    )


def on_their_way(db: DbSession, edition_id: int, letter: Letter) -> frozenset[int]:
    """To whom this letter waits in the outbox, where it can be taken back."""
    return frozenset(mail.data["speaker"] for mail in mails.held_back(db, edition_id, [mail_of(letter)]))
