"""What speakers hand in beside texts: slides, when they can be there, and what they need."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete

from app.database import DbSession
from app.errors import Conflict, NotFound
from app.speakers import pipeline, queries
from app.speakers.actions import record
from app.speakers.models import Availability, Slides, Speaker
from app.speakers.rules import Span, joined
from app.values.actor import Actor

MOST_SLIDES = 10
"""Files of one speaker."""


def add_slides(
    db: DbSession, speaker_id: int, *, digest: str, name: str, media: str, size: int, now: datetime
) -> Slides:
    """The same file sent twice is there once. Raises `Conflict` when there are too many."""
    speaker = queries.locked_speaker(db, speaker_id)
    rows = queries.slides_of(db, speaker_id)
    if there := next((row for row in rows if row.digest == digest), None):
        return there
    if len(rows) >= MOST_SLIDES:
        raise Conflict("slides_too_many", most=MOST_SLIDES)
    slides = Slides(speaker_id=speaker_id, digest=digest, name=name, media=media, size=size, uploaded_at=now)
    db.add(slides)
    db.flush()
    record(db, speaker, "slides_added", actor=pipeline.themselves(speaker), now=now)
    pipeline.settle(db, speaker, now=now)
    return slides


def remove_slides(db: DbSession, speaker_id: int, slides_id: int, *, now: datetime) -> str | None:
    """The digest of a file nobody needs any more, to be forgotten once this is committed."""
    speaker = queries.locked_speaker(db, speaker_id)
    slides = db.get(Slides, slides_id)
    if slides is None or slides.speaker_id != speaker_id:
        raise NotFound
    db.delete(slides)
    db.flush()
    record(db, speaker, "slides_removed", actor=pipeline.themselves(speaker), now=now)
    pipeline.settle(db, speaker, taken_away=True, now=now)
    return None if queries.is_kept(db, slides.digest) else slides.digest


def say_when(
    db: DbSession, speaker_id: int, spans: Iterable[Span], needs: str | None, *, revision: int, actor: Actor | None,
    now: datetime,
) -> Speaker:  # fmt: skip
    """When they can be there, and what they need (None: as it was). Without an actor it is the speaker who says so.

    Raises `Stale` where somebody changed anything of the speaker since that revision.
    """
    speaker = queries.locked_speaker(db, speaker_id, revision)
    wanted, before = joined(spans), queries.spans_of(db, speaker.edition_id, speaker.person_id)
    needs = speaker.needs if needs is None else needs
    if wanted == before and needs == speaker.needs:
        return speaker
    _put_spans(db, speaker, wanted)
    speaker.needs = needs
    speaker.revision += 1
    speaker.changed_at = now
    db.flush()
    record(db, speaker, "speaker_time_said", actor=actor or pipeline.themselves(speaker), now=now)
    return speaker


def _put_spans(db: DbSession, speaker: Speaker, spans: Iterable[Span]) -> None:
    own = (Availability.edition_id == speaker.edition_id) & (Availability.person_id == speaker.person_id)
    db.execute(delete(Availability).where(own))
    db.add_all(
        Availability(
            edition_id=speaker.edition_id, person_id=speaker.person_id, starts_at=span.starts_at, ends_at=span.ends_at
        )
        for span in spans
    )
