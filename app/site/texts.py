"""Every text of an edition that is written in languages, and which languages it still lacks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from app.agenda.models import Room, Session, Track
from app.database import DbSession
from app.editions.models import Edition, Topic
from app.people.models import Person
from app.people.rules import Name
from app.speakers.models import Speaker
from app.speakers.rules import SpeakerState
from app.values.language import Language, Translated


class TextKind(StrEnum):
    EDITION = "edition"
    ROOM = "room"
    TRACK = "track"
    SESSION_TITLE = "session_title"
    SESSION_ABSTRACT = "session_abstract"
    SPEAKER_ROLE = "speaker_role"
    SPEAKER_TOPIC = "speaker_topic"
    BIOGRAPHY = "biography"


EDITION_FIELDS = (
    "title", "theme", "summary", "guest_of_honour", "city", "venue", "address", "parent_name", "parent_theme",
    "parent_format",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """One text, whose it is, and where it is written."""

    kind: TextKind
    of: Translated | Name
    """What it belongs to, by name."""
    text: Translated
    subject: int | str
    """The id, or a person's slug: what the address of its form is made of."""
    field: str = ""

    @property
    def missing(self) -> tuple[Language, ...]:
        return self.text.missing()


@dataclass(frozen=True, slots=True)
class Count:
    """Of one kind: how many texts are written at all, and how many of those lack each language."""

    kind: TextKind
    total: int
    lacking: dict[Language, int]


def texts_of(db: DbSession, edition_ids: Iterable[int]) -> dict[int, list[Text]]:
    """Of these editions, in a number of queries that does not grow with them. Unwritten texts are left out."""
    ids = list(edition_ids)
    found: dict[int, list[Text]] = defaultdict(list)
    for part in (_editions, _rooms_and_tracks, _sessions, _speakers):
        for edition_id, text in part(db, ids):
            if text.text:
                found[edition_id].append(text)
    return found


def counts(texts: Sequence[Text]) -> list[Count]:
    """By kind, in the order of the page; kinds without any text are left out."""
    by_kind = {kind: [text for text in texts if text.kind is kind] for kind in TextKind}
    return [Count(kind, len(some), lacking(some)) for kind, some in by_kind.items() if some]


def lacking(texts: Iterable[Text]) -> dict[Language, int]:
    missing = [language for text in texts for language in text.missing]
    return {language: missing.count(language) for language in Language}


Found = Iterable[tuple[int, Text]]


def _editions(db: DbSession, ids: list[int]) -> Found:
    for edition in db.scalars(select(Edition).where(Edition.id.in_(ids))):
        for field in EDITION_FIELDS:
            yield edition.id, Text(TextKind.EDITION, edition.title, getattr(edition, field), edition.slug, field)
    for topic in db.scalars(select(Topic).where(Topic.edition_id.in_(ids)).order_by(Topic.position)):
        yield topic.edition_id, Text(TextKind.EDITION, topic.text, topic.text, "", "topics")


def _rooms_and_tracks(db: DbSession, ids: list[int]) -> Found:
    for room in db.scalars(select(Room).where(Room.edition_id.in_(ids)).order_by(Room.position)):
        yield room.edition_id, Text(TextKind.ROOM, room.name, room.name, room.id, "name")
        yield room.edition_id, Text(TextKind.ROOM, room.name, room.detail, room.id, "detail")
    for track in db.scalars(select(Track).where(Track.edition_id.in_(ids)).order_by(Track.position)):
        yield track.edition_id, Text(TextKind.TRACK, track.name, track.name, track.id, "name")


def _sessions(db: DbSession, ids: list[int]) -> Found:
    query = (
        select(Session.edition_id, Session.id, Session.title, Session.abstract)
        .where(Session.edition_id.in_(ids), Session.is_cancelled.is_(False))
        .order_by(Session.starts_at, Session.position, Session.id)
    )
    for edition_id, session_id, title, abstract in db.execute(query):
        yield edition_id, Text(TextKind.SESSION_TITLE, title, title, session_id, "title")
        yield edition_id, Text(TextKind.SESSION_ABSTRACT, title, abstract, session_id, "abstract")


def _speakers(db: DbSession, ids: list[int]) -> Found:
    """A biography counts once for an edition, however often its person appears there."""
    seen: set[tuple[int, str]] = set()
    query = (
        select(Speaker.edition_id, Speaker.id, Speaker.role, Speaker.topic, Person)
        .join(Speaker.person)
        .where(Speaker.edition_id.in_(ids), Speaker.state != SpeakerState.DECLINED)
        .order_by(Person.sort_latin, Person.id)
    )
    for edition_id, speaker_id, role, topic, person in db.execute(query):
        name = person.full_name
        yield edition_id, Text(TextKind.SPEAKER_ROLE, name, role, speaker_id, "role")
        yield edition_id, Text(TextKind.SPEAKER_TOPIC, name, topic, speaker_id, "topic")
        if (edition_id, person.slug) not in seen:
            seen.add((edition_id, person.slug))
            yield edition_id, Text(TextKind.BIOGRAPHY, name, person.biography, person.slug, "biography")
