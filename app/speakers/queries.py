"""Who takes part in an edition, as planned. What the public sees of it is in the releases."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.database import DbSession
from app.errors import NotFound, Stale
from app.people.models import Person
from app.speakers.correcting import Field
from app.speakers.models import Availability, Correction, Slides, Speaker
from app.speakers.rules import CorrectionState, Material, Scope, Span, SpeakerFacts

PENDING = Correction.state == CorrectionState.PENDING


def speakers_of(db: DbSession, edition_id: int) -> Sequence[Speaker]:
    """All, candidates too, with person, organisation and inviter, in the organisers' order."""
    return db.scalars(
        select(Speaker)
        .where(Speaker.edition_id == edition_id)
        .options(
            joinedload(Speaker.person).joinedload(Person.portrait),
            joinedload(Speaker.organisation),
            joinedload(Speaker.inviter),
            joinedload(Speaker.rank),
        )
        .order_by(Speaker.position, Speaker.id)
    ).all()


def speaker_of(db: DbSession, edition_id: int, speaker_id: int) -> Speaker:
    """Raises `NotFound` for one of another edition."""
    speaker = db.get(Speaker, speaker_id)
    if speaker is None or speaker.edition_id != edition_id:
        raise NotFound
    return speaker


def speaker_by_uid(db: DbSession, uid: str | None) -> Speaker | None:
    return db.scalar(select(Speaker).where(Speaker.uid == uid)) if uid else None


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


def pending_of(db: DbSession, speaker_id: int) -> Mapping[Field, Correction]:
    """What they wrote and nobody has decided on."""
    rows = db.scalars(select(Correction).where(Correction.speaker_id == speaker_id, PENDING).order_by(Correction.id))
    return {Field(row.field): row for row in rows}


def pending_in(db: DbSession, edition_id: int) -> Sequence[Correction]:
    """Of all speakers of an edition, with their people, those of one speaker together."""
    return db.scalars(
        select(Correction)
        .join(Correction.speaker)
        .options(contains_eager(Correction.speaker).joinedload(Speaker.person).joinedload(Person.portrait))
        .where(Speaker.edition_id == edition_id, PENDING)
        .order_by(Speaker.position, Speaker.id, Correction.id)
    ).all()


def pending_fields(db: DbSession, edition_id: int) -> Mapping[int, frozenset[Field]]:
    """By speaker, for lists: one query however many they are."""
    found: defaultdict[int, set[Field]] = defaultdict(set)
    rows = db.execute(
        select(Correction.speaker_id, Correction.field)
        .join(Correction.speaker)
        .where(Speaker.edition_id == edition_id, PENDING)
    )
    for speaker_id, field in rows:
        found[speaker_id].add(Field(field))
    return {speaker_id: frozenset(fields) for speaker_id, fields in found.items()}


def slides_of(db: DbSession, speaker_id: int) -> Sequence[Slides]:
    return db.scalars(select(Slides).where(Slides.speaker_id == speaker_id).order_by(Slides.id)).all()


def with_slides(db: DbSession, edition_id: int) -> frozenset[int]:
    """The speakers of whom there are some."""
    query = select(Slides.speaker_id).join(Slides.speaker).where(Speaker.edition_id == edition_id)
    return frozenset(db.scalars(query))


def files_of(db: DbSession, speaker_id: int) -> list[str]:
    """Digests of what this speaker sent us and nobody has taken or refused."""
    slides = [row.digest for row in slides_of(db, speaker_id)]
    portrait = pending_of(db, speaker_id).get(Field.PORTRAIT)
    return [*slides, portrait.after["digest"]] if portrait else slides


def is_kept(db: DbSession, digest: str) -> bool:
    """Whether any row still names this file."""
    of_slides = exists().where(Slides.digest == digest)
    portraits = db.scalars(select(Correction).where(Correction.field == Field.PORTRAIT, PENDING))
    return bool(db.scalar(select(of_slides))) or any(row.after.get("digest") == digest for row in portraits)


def there(speaker: Speaker, *, pending: frozenset[Field], has_slides: bool) -> frozenset[Material]:
    """What has come in of what may be asked; what waits for approval has come in."""
    came = {
        Material.PORTRAIT: speaker.person.portrait is not None or Field.PORTRAIT in pending,
        Material.BIOGRAPHY: bool(speaker.person.biography) or Field.BIOGRAPHY in pending,
        Material.SLIDES: has_slides,
    }
    return frozenset(material for material, is_there in came.items() if is_there)


def materials_of(db: DbSession, speaker: Speaker) -> frozenset[Material]:
    pending = frozenset(pending_of(db, speaker.id))
    return there(speaker, pending=pending, has_slides=bool(slides_of(db, speaker.id)))


def spans_of(db: DbSession, edition_id: int, person_id: int) -> tuple[Span, ...]:
    """When they can be there, in order of time; nothing where they are taken to be there all the time."""
    rows = db.scalars(
        select(Availability)
        .where(Availability.edition_id == edition_id, Availability.person_id == person_id)
        .order_by(Availability.starts_at, Availability.id)
    )
    return tuple(Span(row.starts_at, row.ends_at) for row in rows)
