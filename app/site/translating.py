"""Writing texts in their languages, whatever they belong to, through the actions of the slices that own them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from app.agenda import actions as agenda
from app.agenda.actions import locked_book
from app.agenda.models import Room, Session, Track
from app.agenda.rules import RoomFacts, TrackFacts
from app.audit.actions import record
from app.database import DbSession
from app.editions import actions as editions
from app.editions import queries as edition_queries
from app.editions.models import Edition
from app.errors import Stale
from app.people import actions as people
from app.people import queries as people_queries
from app.people.models import Organisation, Person
from app.people.rules import Name
from app.publishing import actions as publishing
from app.publishing import planned
from app.registrations import actions as registrations
from app.registrations.models import Category
from app.registrations.rules import CategoryFacts
from app.site.matrix import Key, Subject, Text
from app.site.texts import texts_of
from app.site.wishes import Verdict, Wish, judged
from app.speakers import actions as speakers
from app.speakers import queries as speaker_queries
from app.speakers.models import LetterTemplate, Speaker
from app.speaking import actions as speaking
from app.speaking.rules import Letter
from app.translation.actions import still_right
from app.values.actor import Actor
from app.values.language import Language, Translated

Texts = Mapping[str, Translated]
OF_THE_EDITION = ("edition", "topic", "outcome")
UNDER_ITS_LOCK = (*OF_THE_EDITION, "letter", "planned_release")


@dataclass(frozen=True, slots=True)
class Pen:
    """Who writes in which edition, and when."""

    db: DbSession
    edition_id: int
    actor: Actor
    now: datetime

    @property
    def house(self) -> Language:
        return edition_queries.source_language(self.db)


def stored_texts(db: DbSession, edition_id: int) -> dict[Key, Text]:
    return {text.key: text for text in texts_of(db, [edition_id]).get(edition_id, [])}


def write(db: DbSession, edition_id: int, wishes: Sequence[Wish], *, actor: Actor, now: datetime) -> list[Verdict]:
    """Store those wishes that still stand, each judged by what is stored now; a verdict for each, in their order.

    What they may touch is locked first, so that what was judged is what is written over.
    """
    pen = Pen(db, edition_id, actor, now)
    _lock(pen, {wish.key.subject for wish in wishes})
    stored = stored_texts(db, edition_id)
    verdicts = [judged(wish, stored.get(wish.key)) for wish in wishes]
    pairs = list(zip(wishes, verdicts, strict=True))
    _approve(pen, [wish for wish, verdict in pairs if verdict is Verdict.STILL_RIGHT], stored)
    _rewrite(pen, [wish for wish, verdict in pairs if verdict is Verdict.WRITE], stored)
    return verdicts


def write_all(db: DbSession, edition_id: int, wishes: Sequence[Wish], *, actor: Actor, now: datetime) -> None:
    """All of them or, where something changed meanwhile, none: raises `Stale`."""
    if any(verdict.is_refusal for verdict in write(db, edition_id, wishes, actor=actor, now=now)):
        raise Stale


def _lock(pen: Pen, subjects: Iterable[Subject]) -> None:
    """In the order in which everybody takes these locks, the public stamp last."""
    ids: dict[str, list[int]] = defaultdict(list)
    for subject in subjects:
        ids[subject.kind].append(subject.id)
    if ids.keys() & set(UNDER_ITS_LOCK):
        edition_queries.locked_edition(pen.db, pen.edition_id)
    if "session" in ids:
        locked_book(pen.db, pen.edition_id)
    for kind, model in (
        ("session", Session), ("room", Room), ("track", Track), ("speaker", Speaker), ("category", Category),
        ("person", Person), ("organisation", Organisation),
    ):  # fmt: skip
        if ids[kind]:
            pen.db.execute(select(model.id).where(model.id.in_(ids[kind])).order_by(model.id).with_for_update())


def _approve(pen: Pen, wishes: Sequence[Wish], stored: Mapping[Key, Text]) -> None:
    for wish in wishes:
        subject, of = wish.key.subject, stored[wish.key].of
        still_right(pen.db, subject.kind, subject.id, wish.key.field, [wish.language])
        name = of.written if isinstance(of, Name) else of.best(Language.EN).text
        record(
            pen.db, pen.actor, "translation_approved", kind=subject.kind, subject_id=subject.id, now=pen.now,
            edition_id=pen.edition_id, name=name,
        )  # fmt: skip


def _rewrite(pen: Pen, wishes: Sequence[Wish], stored: Mapping[Key, Text]) -> None:
    changed: dict[Subject, dict[str, Translated]] = defaultdict(dict)
    for wish in wishes:
        before = changed[wish.key.subject].get(wish.key.field, stored[wish.key].text)
        changed[wish.key.subject][wish.key.field] = replace(before, **{wish.language.value: wish.text})
    put(pen, changed)


def put(pen: Pen, changed: Mapping[Subject, Texts]) -> None:
    """Each subject once, with all of its changed texts; then what the public reads of them at once."""
    for subject in sorted(changed):
        WRITERS[subject.kind](pen, subject.id, changed[subject])
    if {subject.kind for subject in changed} & set(OF_THE_EDITION):
        publishing.renew(pen.db, pen.edition_id, now=pen.now)
    if organisations := [subject.id for subject in changed if subject.kind == "organisation"]:
        publishing.renew_organisations(pen.db, organisations, now=pen.now)


def _edition(pen: Pen, n: int, texts: Texts) -> None:
    row = edition_queries.locked_edition(pen.db, n)
    if "reason" in texts:
        editions.reword_reason(pen.db, n, texts["reason"], actor=pen.actor, now=pen.now)
    said = {field: text for field, text in texts.items() if field != "reason"}
    facts = replace(edition_queries.edition_facts(row), **said)  # type: ignore[arg-type]
    editions.change_edition(pen.db, n, facts, revision=row.revision, actor=pen.actor, now=pen.now)


def _topic(pen: Pen, n: int, texts: Texts) -> None:
    row = pen.db.get_one(Edition, pen.edition_id, populate_existing=True)
    topics = [texts["text"] if topic.id == n else topic.text for topic in row.topics]
    editions.set_topics(pen.db, row.id, topics, revision=row.revision, actor=pen.actor, now=pen.now)


def _outcome(pen: Pen, n: int, texts: Texts) -> None:
    editions.change_outcome(pen.db, n, texts["text"], actor=pen.actor, now=pen.now)


def _room(pen: Pen, n: int, texts: Texts) -> None:
    row = pen.db.get_one(Room, n, populate_existing=True)
    facts = RoomFacts(row.name, row.detail, row.capacity, site=row.site, booths=row.booths)
    facts = replace(facts, **texts)  # type: ignore[arg-type]
    agenda.change_room(pen.db, n, facts, revision=row.revision, actor=pen.actor, now=pen.now)


def _track(pen: Pen, n: int, texts: Texts) -> None:
    row = pen.db.get_one(Track, n, populate_existing=True)
    facts = TrackFacts(texts["name"], row.colour)
    agenda.change_track(pen.db, n, facts, revision=row.revision, actor=pen.actor, now=pen.now)


def _session(pen: Pen, n: int, texts: Texts) -> None:
    agenda.reword_session(pen.db, n, texts, actor=pen.actor, now=pen.now)


def _speaker(pen: Pen, n: int, texts: Texts) -> None:
    row = speaker_queries.locked_speaker(pen.db, n)
    facts = replace(speaker_queries.speaker_facts(row), **texts)  # type: ignore[arg-type]
    speakers.change_speaker(pen.db, n, facts, revision=row.revision, actor=pen.actor, now=pen.now)


def _person(pen: Pen, n: int, texts: Texts) -> None:
    row = pen.db.get_one(Person, n, populate_existing=True)
    facts = replace(people_queries.person_facts(row), biography=texts["biography"])
    people.change_person(
        pen.db, n, facts, revision=row.revision, actor=pen.actor, now=pen.now, house=pen.house
    )  # fmt: skip


def _organisation(pen: Pen, n: int, texts: Texts) -> None:
    row = pen.db.get_one(Organisation, n, populate_existing=True)
    facts = replace(people_queries.organisation_facts(row), name=texts["name"])
    people.change_organisation(
        pen.db, n, facts, revision=row.revision, actor=pen.actor, now=pen.now, house=pen.house
    )  # fmt: skip


def _category(pen: Pen, n: int, texts: Texts) -> None:
    row = pen.db.get_one(Category, n, populate_existing=True)
    facts = CategoryFacts(texts["name"], row.opens_at, row.closes_at, row.capacity, row.paused)
    registrations.change_category(pen.db, n, facts, revision=row.revision, actor=pen.actor, now=pen.now)


def _letter(pen: Pen, n: int, texts: Texts) -> None:
    row = pen.db.get_one(LetterTemplate, n, populate_existing=True)
    speaking.store_letter(
        pen.db, row.edition_id, Letter(row.key), texts.get("subject", row.subject), texts.get("body", row.body),
        revision=row.revision, actor=pen.actor, now=pen.now,
    )  # fmt: skip


def _planned_release(pen: Pen, n: int, texts: Texts) -> None:
    planned.reword(pen.db, n, texts["note"], actor=pen.actor, now=pen.now)


WRITERS: Mapping[str, Callable[[Pen, int, Texts], None]] = {
    "edition": _edition,
    "topic": _topic,
    "outcome": _outcome,
    "room": _room,
    "track": _track,
    "session": _session,
    "speaker": _speaker,
    "person": _person,
    "organisation": _organisation,
    "category": _category,
    "letter": _letter,
    "planned_release": _planned_release,
}
