"""Loads the history through the actions people use. Creates what is missing, never touches what is there.

So whatever an organiser has changed or removed since stays as they left it: an edition that exists is not
looked into. The order is that of dependence.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from app.agenda import actions as agenda
from app.agenda.rules import SessionRole
from app.database import DbSession
from app.editions import actions as editions
from app.editions import queries as found_editions
from app.editions.models import Edition, Series, Source
from app.editions.rules import Claim, OrganisationPart, State
from app.people import actions as people
from app.people import queries as found_people
from app.people.models import Organisation, Person
from app.publishing import actions as publishing
from app.seed import reading
from app.seed.reading import HISTORY, Entry
from app.speakers import actions as speakers
from app.speakers import ranks
from app.speakers.rules import Scope
from app.values.actor import Actor
from app.values.language import Translated

NOTE = Translated(
    en="From published sources",
    de="Aus veröffentlichten Quellen",
    zh="根据公开资料整理",
)


@dataclass
class Load:
    """One run: who loads, when, into what; and what it has at hand by key."""

    db: DbSession
    actor: Actor
    now: datetime
    created: Counter[str] = field(default_factory=Counter)
    sources: dict[str, Source] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)

    def cited(self, entry: Entry, name: str = "sources") -> list[Source]:
        return [self.sources[key] for key in entry.get(name, ())]


def load(db: DbSession, *, actor: Actor, now: datetime, folder: Path = HISTORY) -> Counter[str]:
    """How many of each kind it created; empty when everything was there."""
    run = Load(db, actor, now)
    for entry in reading.read(folder / "sources.toml")["source"]:
        _source(run, entry)
    for entry in reading.read(folder / "organisations.toml")["organisation"]:
        _organisation(run, entry)
    for entry in reading.read(folder / "people.toml")["person"]:
        _person(run, entry)
    _series(run, reading.read(folder / "series.toml"))
    for path in sorted((folder / "editions").glob("*.toml")):
        _edition(run, reading.read(path))
    return run.created


def _source(run: Load, entry: Entry) -> None:
    source = found_editions.source_by_key(run.db, entry["key"])
    if source is None:
        source = editions.create_source(run.db, reading.source_facts(entry), actor=run.actor, now=run.now)
        run.created["sources"] += 1
    run.sources[entry["key"]] = source


def _organisation(run: Load, entry: Entry) -> None:
    organisation = found_people.organisation_by_slug(run.db, entry["key"])
    if organisation is None:
        facts = reading.organisation_facts(entry)
        organisation = people.create_organisation(run.db, facts, actor=run.actor, now=run.now, slug=entry["key"])
        run.created["organisations"] += 1
    run.organisations[entry["key"]] = organisation


def _person(run: Load, entry: Entry) -> None:
    person = found_people.person_by_slug(run.db, entry["key"])
    if person is None:
        facts = reading.person_facts(entry)
        person = people.create_person(run.db, facts, actor=run.actor, now=run.now, slug=entry["key"])
        run.created["people"] += 1
    run.people[entry["key"]] = person


def _series(run: Load, entry: Entry) -> None:
    if run.db.scalar(select(Series.id)) is None:
        slug = entry["slug"]
        editions.create_series(
            run.db,
            slug,
            reading.series_facts(entry),
            uid=reading.uid(slug),
            sources=run.cited(entry),
            actor=run.actor,
            now=run.now,
        )
        run.created["series"] += 1
    if not ranks.ranks_of(run.db, found_editions.the_series(run.db).id):
        for rank in entry["rank"]:
            ranks.create_rank(run.db, reading.text(rank, "name"), key=rank["key"], actor=run.actor, now=run.now)
            run.created["ranks"] += 1
    for milestone in entry["milestone"]:
        if found_editions.milestone_by_key(run.db, milestone["key"]) is None:
            _milestone(run, milestone)


def _milestone(run: Load, entry: Entry) -> None:
    editions.create_milestone(
        run.db,
        reading.milestone_facts(entry),
        people=[(run.people[one["person"]], reading.text(one, "role")) for one in entry.get("person", ())],
        sources=run.cited(entry),
        actor=run.actor,
        now=run.now,
    )
    run.created["milestones"] += 1


def _edition(run: Load, entry: Entry) -> None:
    """As organisers would: draft with all that is known, announced, its agenda released, held, archived."""
    if found_editions.edition_by_slug(run.db, entry["slug"]) is not None:
        return
    facts = reading.edition_facts(entry)
    edition = editions.create_edition(run.db, facts, uid=reading.uid(entry["slug"]), actor=run.actor, now=run.now)
    _record(run, edition, entry)
    _agenda(run, edition, entry, _speakers(run, edition, entry))
    editions.step(run.db, edition.id, State.ANNOUNCED, actor=run.actor, now=run.now)
    publishing.publish(run.db, edition.id, note=NOTE, actor=run.actor, now=run.now)
    for state in (State.HELD, State.ARCHIVED):
        editions.step(run.db, edition.id, state, actor=run.actor, now=run.now)
    publishing.renew(run.db, edition.id, now=run.now)
    run.created["editions"] += 1


def _record(run: Load, edition: Edition, entry: Entry) -> None:
    parent = entry.get("parent", {})
    editions.set_organisations(
        run.db, edition.id, _behind(run, entry), revision=edition.revision, actor=run.actor, now=run.now
    )
    topics = [Translated.of(topic) for topic in entry.get("topic", ())]
    editions.set_topics(run.db, edition.id, topics, revision=edition.revision, actor=run.actor, now=run.now)
    cited = {
        Claim.EDITION: run.cited(entry),
        Claim.HOSTS: run.cited(entry, "hosts_sources"),
        Claim.GUEST_OF_HONOUR: run.cited(entry, "guest_of_honour_sources"),
        Claim.PARENT: run.cited(parent),
        Claim.PARENT_HOSTS: run.cited(parent, "hosts_sources"),
    }
    for claim, sources in cited.items():
        editions.cite(run.db, edition, claim, sources, actor=run.actor, now=run.now)
    for outcome in entry.get("outcome", ()):
        sources = run.cited(outcome)
        editions.add_outcome(run.db, edition, Translated.of(outcome), sources, actor=run.actor, now=run.now)


def _behind(run: Load, entry: Entry) -> list[tuple[OrganisationPart, int]]:
    own = [(part, key) for name, part in reading.PARTS.items() for key in entry.get(name, ())]
    parent = entry.get("parent", {})
    around = [(part, key) for name, part in reading.PARENT_PARTS.items() for key in parent.get(name, ())]
    return [(part, run.organisations[key].id) for part, key in own + around]


def _speakers(run: Load, edition: Edition, entry: Entry) -> dict[str, int]:
    """Who takes part, by the person's key. Someone at both stands for the forum, not the congress."""
    ids: dict[str, int] = {}
    for one in entry.get("speaker", ()):
        organisation = run.organisations[one["organisation"]] if "organisation" in one else None
        facts = reading.speaker_facts(one, organisation_id=organisation.id if organisation else None)
        speaker = speakers.add_speaker(
            run.db,
            edition.id,
            run.people[one["person"]].id,
            facts,
            source_ids=[source.id for source in run.cited(one)],
            actor=run.actor,
            now=run.now,
        )
        if one["person"] not in ids or facts.scope is Scope.FORUM:
            ids[one["person"]] = speaker.id
    return ids


def _agenda(run: Load, edition: Edition, entry: Entry, speaker_ids: dict[str, int]) -> None:
    for position, session in enumerate(entry.get("session", ())):
        cast = tuple((speaker_ids[one["person"]], SessionRole(one["role"])) for one in session.get("speakers", ()))
        agenda.create_session(
            run.db,
            edition.id,
            reading.session_facts(session, position=position, speakers=cast),
            uid=reading.uid(edition.slug, session["key"]),
            source_ids=tuple(source.id for source in run.cited(session)),
            actor=run.actor,
            now=run.now,
        )
        run.created["sessions"] += 1
