"""Who takes part in an edition, as planned. What the public sees of it is in the releases."""

from collections.abc import Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from app.database import DbSession
from app.errors import NotFound, Stale
from app.people.models import Person
from app.speakers.models import Speaker
from app.speakers.rules import Scope, SpeakerFacts


def speakers_of(db: DbSession, edition_id: int) -> Sequence[Speaker]:
    """All, candidates too, with person and organisation, in the organisers' order."""
    return db.scalars(
        select(Speaker)
        .where(Speaker.edition_id == edition_id)
        .options(joinedload(Speaker.person).joinedload(Person.portrait), joinedload(Speaker.organisation))
        .order_by(Speaker.position, Speaker.id)
    ).all()


def speaker_of(db: DbSession, edition_id: int, speaker_id: int) -> Speaker:
    """Raises `NotFound` for one of another edition."""
    speaker = db.get(Speaker, speaker_id)
    if speaker is None or speaker.edition_id != edition_id:
        raise NotFound
    return speaker


def locked_speaker(db: DbSession, speaker_id: int, revision: int | None = None) -> Speaker:
    """As stored now, nobody else's to change. Raises `Stale` where somebody saved since `revision`."""
    speaker = db.get(Speaker, speaker_id, with_for_update=True, populate_existing=True)
    if speaker is None:
        raise NotFound
    if revision is not None and speaker.revision != revision:
        raise Stale
    return speaker


def takes_part(db: DbSession, edition_id: int, person_id: int, scope: Scope, *, other_than: int | None = None) -> bool:
    same = (Speaker.edition_id == edition_id) & (Speaker.person_id == person_id) & (Speaker.scope == scope)
    return bool(db.scalar(select(exists().where(same, Speaker.id != (other_than or 0)))))


def next_position(db: DbSession, edition_id: int) -> int:
    last = db.scalar(select(func.max(Speaker.position)).where(Speaker.edition_id == edition_id))
    return 0 if last is None else last + 1


def appearances_of(db: DbSession, person_id: int) -> Sequence[Speaker]:
    """All of a person's, over all editions, candidates and drafts too; the newest first."""
    return db.scalars(
        select(Speaker)
        .where(Speaker.person_id == person_id)
        .options(joinedload(Speaker.edition), joinedload(Speaker.organisation))
        .order_by(Speaker.id.desc())
    ).all()


def speaker_facts(speaker: Speaker) -> SpeakerFacts:
    return SpeakerFacts(**{name: getattr(speaker, name) for name in SpeakerFacts.__dataclass_fields__})
