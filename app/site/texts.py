"""Every text of an edition that is written in languages, and how it stands in each of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, select, union

from app.agenda.models import Room, Session, SessionSpeaker, Track
from app.database import DbSession
from app.editions.models import Edition, EditionOrganisation, Outcome, Topic
from app.editions.queries import source_language
from app.editions.rules import OUR_TRANSLATIONS
from app.people.models import Organisation, Person
from app.people.rules import Name
from app.publishing.models import PlannedRelease
from app.registrations.models import Category
from app.site.matrix import SHAPES, Key, Subject, Text, TextKind
from app.speakers.models import LetterTemplate, Speaker
from app.speakers.rules import SpeakerState
from app.translation.queries import Marks, stale_marks
from app.translation.rules import source_of
from app.values.language import Language, Translated

EDITION_FIELDS = tuple(field for kind, field in SHAPES if kind == "edition")
PERSON_NAME = (Person.name, Person.family_name, Person.second_name, Person.second_family_name)

Found = Iterator[tuple[int, Text]]
"""Of which edition, and the text as it stands there; its source and what is stale come later."""


def texts_of(db: DbSession, edition_ids: Iterable[int]) -> dict[int, list[Text]]:
    """Of these editions, in a number of queries that does not grow with them. Unwritten texts are left out."""
    ids, house, marks = list(edition_ids), source_language(db), stale_marks(db)
    found: dict[int, list[Text]] = defaultdict(list)
    for part in PARTS:
        for edition_id, text in part(db, ids, house):
            if text.text:
                found[edition_id].append(_marked(text, marks))
    return found


def _marked(text: Text, marks: Marks) -> Text:
    subject = text.key.subject
    stale = marks.get((subject.kind, subject.id, text.key.field))
    return replace(text, stale=stale) if stale else text


def _text(
    kind: TextKind,
    subject: tuple[str, int, str],
    of: Translated | Name,
    text: Translated,
    house: Language,
    *,
    translated: tuple[str, ...] = (),
    **more: Any,
) -> Text:
    key = Key(Subject(subject[0], subject[1]), subject[2])
    return Text(key, kind, of, text, source_of(text, house=house, translated=translated), **more)


def _editions(db: DbSession, ids: list[int], house: Language) -> Found:
    for edition in db.scalars(select(Edition).where(Edition.id.in_(ids))):
        for field in EDITION_FIELDS:
            ours = getattr(edition, OUR_TRANSLATIONS[field]) if field in OUR_TRANSLATIONS else ()
            text: Translated = getattr(edition, field)
            subject = ("edition", edition.id, field)
            yield edition.id, _text(TextKind.EDITION, subject, edition.title, text, house, translated=ours)
    for topic in db.scalars(select(Topic).where(Topic.edition_id.in_(ids)).order_by(Topic.position)):
        yield topic.edition_id, _text(TextKind.EDITION, ("topic", topic.id, "text"), topic.text, topic.text, house)


def _rooms_and_tracks(db: DbSession, ids: list[int], house: Language) -> Found:
    rooms = select(Room.edition_id, Room.id, Room.name, Room.detail).where(Room.edition_id.in_(ids))
    for edition_id, room_id, name, detail in db.execute(rooms.order_by(Room.position, Room.id)):
        yield edition_id, _text(TextKind.ROOM, ("room", room_id, "name"), name, name, house)
        yield edition_id, _text(TextKind.ROOM, ("room", room_id, "detail"), name, detail, house)
    tracks = select(Track.edition_id, Track.id, Track.name).where(Track.edition_id.in_(ids))
    for edition_id, track_id, name in db.execute(tracks.order_by(Track.position, Track.id)):
        yield edition_id, _text(TextKind.TRACK, ("track", track_id, "name"), name, name, house)


def _sessions(db: DbSession, ids: list[int], house: Language) -> Found:
    """Of a cancelled one the title and the reason, which the public goes on reading."""
    cast = _cast(db, ids)
    query = (
        select(Session.edition_id, Session.id, Session.title, Session.title_translated, Session.abstract,
               Session.note, Session.cancel_reason, Session.is_cancelled)
        .where(Session.edition_id.in_(ids))
        .order_by(Session.starts_at, Session.position, Session.id)
    )  # fmt: skip
    for edition_id, n, title, ours, abstract, note, reason, is_cancelled in db.execute(query):
        about: dict[str, Any] = {"people": cast.get(n, frozenset())}
        kind = TextKind.SESSION_TITLE
        yield edition_id, _text(kind, ("session", n, "title"), title, title, house, translated=ours, **about)
        kind, texts = TextKind.SESSION_NOTE, [("cancel_reason", reason)]
        if not is_cancelled:
            yield (
                edition_id,
                _text(TextKind.SESSION_ABSTRACT, ("session", n, "abstract"), title, abstract, house, **about),
            )
            texts = [("note", note)]
        for field, text in texts:
            yield edition_id, _text(kind, ("session", n, field), title, text, house, **about)


def _cast(db: DbSession, ids: list[int]) -> dict[int, frozenset[int]]:
    """Who takes part in each session."""
    query = (
        select(SessionSpeaker.session_id, Speaker.person_id).join(Speaker, Speaker.id == SessionSpeaker.speaker_id)
    ).where(Speaker.edition_id.in_(ids))
    found: dict[int, set[int]] = defaultdict(set)
    for session_id, person_id in db.execute(query):
        found[session_id].add(person_id)
    return {session_id: frozenset(people) for session_id, people in found.items()}


def _speakers(db: DbSession, ids: list[int], house: Language) -> Found:
    """A biography counts once for an edition, however often its person appears there."""
    seen: set[tuple[int, int]] = set()
    query = (
        select(Speaker.edition_id, Speaker.id, Speaker.role, Speaker.topic, Speaker.note,
               Person.id, Person.slug, Person.biography, *PERSON_NAME)
        .join(Speaker.person)
        .where(Speaker.edition_id.in_(ids), Speaker.state != SpeakerState.DECLINED)
        .order_by(Person.sort_latin, Person.id)
    )  # fmt: skip
    for edition_id, n, role, topic, note, person_id, slug, biography, *written in db.execute(query):
        name = Name(*written)
        about: dict[str, Any] = {"people": frozenset({person_id})}
        yield edition_id, _text(TextKind.SPEAKER_ROLE, ("speaker", n, "role"), name, role, house, **about)
        yield edition_id, _text(TextKind.SPEAKER_TOPIC, ("speaker", n, "topic"), name, topic, house, **about)
        yield edition_id, _text(TextKind.SPEAKER_NOTE, ("speaker", n, "note"), name, note, house, **about)
        if (edition_id, person_id) not in seen:
            seen.add((edition_id, person_id))
            subject = ("person", person_id, "biography")
            yield edition_id, _text(TextKind.BIOGRAPHY, subject, name, biography, house, slug=slug, **about)


def _organisations(db: DbSession, ids: list[int], house: Language) -> Found:
    """Who stands behind the edition, and for whom its speakers come."""
    pairs = union(
        select(EditionOrganisation.edition_id, EditionOrganisation.organisation_id)
        .where(EditionOrganisation.edition_id.in_(ids)),
        select(Speaker.edition_id, Speaker.organisation_id)
        .where(Speaker.edition_id.in_(ids), Speaker.state != SpeakerState.DECLINED),
    ).subquery()  # fmt: skip
    query: Select[Any] = (
        select(pairs.c.edition_id, Organisation.id, Organisation.slug, Organisation.name)
        .join(Organisation, Organisation.id == pairs.c.organisation_id)
        .order_by(Organisation.sort_en, Organisation.id)
    )
    for edition_id, n, slug, name in db.execute(query):
        yield edition_id, _text(TextKind.ORGANISATION, ("organisation", n, "name"), name, name, house, slug=slug)


def _outcomes(db: DbSession, ids: list[int], house: Language) -> Found:
    for row in db.scalars(select(Outcome).where(Outcome.edition_id.in_(ids)).order_by(Outcome.position, Outcome.id)):
        yield row.edition_id, _text(TextKind.OUTCOME, ("outcome", row.id, "text"), row.text, row.text, house)


def _registration(db: DbSession, ids: list[int], house: Language) -> Found:
    query = select(Category.edition_id, Category.id, Category.name).where(Category.edition_id.in_(ids))
    for edition_id, n, name in db.execute(query):
        yield edition_id, _text(TextKind.REGISTRATION, ("category", n, "name"), name, name, house)


def _letters(db: DbSession, ids: list[int], house: Language) -> Found:
    """As organisers wrote them; what the house itself says is in the catalogues' care."""
    for row in db.scalars(select(LetterTemplate).where(LetterTemplate.edition_id.in_(ids)).order_by(LetterTemplate.id)):
        for field, text in (("subject", row.subject), ("body", row.body)):
            yield row.edition_id, _text(TextKind.LETTER, ("letter", row.id, field), row.subject, text, house)


def _planned_release(db: DbSession, ids: list[int], house: Language) -> Found:
    for n, note in db.execute(
        select(PlannedRelease.edition_id, PlannedRelease.note).where(PlannedRelease.edition_id.in_(ids))
    ):
        yield n, _text(TextKind.RELEASE_NOTE, ("planned_release", n, "note"), note, note, house)


PARTS = (
    _editions, _rooms_and_tracks, _sessions, _speakers, _organisations, _outcomes, _registration, _letters,
    _planned_release,
)  # fmt: skip
