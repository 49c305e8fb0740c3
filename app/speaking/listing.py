"""All speakers of an edition with what is open about each: for the board, the list, and letters to many."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.agenda.models import Session, SessionSpeaker
from app.database import DbSession
from app.editions.models import Edition
from app.mail import queries as mails
from app.speakers import queries as speakers
from app.speakers.correcting import Field
from app.speakers.models import Speaker
from app.speakers.rules import Material, SpeakerState, is_overdue, lacking
from app.values.time import wall


@dataclass(frozen=True, slots=True)
class Row:
    speaker: Speaker
    sessions: int
    pending: frozenset[Field]
    """Corrections to approve."""
    missing: tuple[Material, ...]
    is_overdue: bool
    is_refused: bool
    """Their address did not take a mail of ours."""
    waiting_days: int | None
    """Since they were invited, while they have not answered."""

    @property
    def needs_somebody(self) -> bool:
        return self.is_overdue or self.is_refused or bool(self.pending)


def rows_of(db: DbSession, edition: Edition, now: datetime) -> list[Row]:
    """In the organisers' order; the number of queries does not grow with them."""
    pending, slides = speakers.pending_fields(db, edition.id), speakers.with_slides(db, edition.id)
    sessions, refused = _sessions(db, edition.id), mails.refused_addresses(db, edition.id)
    today = wall(now, edition.zone).date()
    return [
        _row(one, sessions[one.id], pending.get(one.id, frozenset()), one.id in slides, refused, today, edition.zone)
        for one in speakers.speakers_of(db, edition.id)
    ]


def countries(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """Of those who come or may come, the most frequent first."""
    living = [row.speaker.country for row in rows if row.speaker.state is not SpeakerState.DECLINED]
    return Counter(country for country in living if country).most_common()


def _row(
    speaker: Speaker, sessions: int, pending: frozenset[Field], has_slides: bool, refused: set[str], today: date,
    zone: str,
) -> Row:  # fmt: skip
    there = speakers.there(speaker, pending=pending, has_slides=has_slides)
    waits = speaker.state is SpeakerState.INVITED and speaker.invited_at
    return Row(
        speaker=speaker,
        sessions=sessions,
        pending=pending,
        missing=lacking(speaker.part, there),
        is_overdue=is_overdue(speaker.state, speaker.due_on, today),
        is_refused=bool(speaker.email) and speaker.email in refused,
        waiting_days=(today - wall(speaker.invited_at, zone).date()).days if waits and speaker.invited_at else None,
    )


def _sessions(db: DbSession, edition_id: int) -> Counter[int]:
    counted = db.execute(
        select(SessionSpeaker.speaker_id, func.count())
        .join(Session, Session.id == SessionSpeaker.session_id)
        .where(Session.edition_id == edition_id, Session.is_cancelled.is_(False))
        .group_by(SessionSpeaker.speaker_id)
    )
    return Counter(dict(counted.all()))
