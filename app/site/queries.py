"""What the public pages of the series show, from last releases and live facts. Nothing here reads a draft."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition, EditionOrganisation, Milestone, MilestonePerson, MilestoneSource, Source
from app.editions.rules import Claim, Kind, OrganisationPart, is_over
from app.errors import NotFound
from app.people import queries as people
from app.people.models import Organisation, Person, Portrait
from app.publishing import queries as publishing
from app.publishing.content import Content, SessionContent, SpeakerContent
from app.registrations.models import Category
from app.registrations.rules import Refusal, refusal
from app.site.cast import Cast, cast_of, is_apart
from app.site.plots import Held
from app.speakers.rules import Part, Scope
from app.values.language import Language


@dataclass(frozen=True, slots=True)
class Entry:
    """One point of the story."""

    day: date
    edition: Edition | None = None
    milestone: Milestone | None = None

    @property
    def year(self) -> int:
        return self.edition.year if self.edition else self.day.year


def story(db: DbSession, found: Iterable[Edition]) -> list[Entry]:
    """These editions and all milestones, newest first."""
    entries = [Entry(_first_day(edition), edition=edition) for edition in found]
    entries += [Entry(milestone.day, milestone=milestone) for milestone in editions.milestones(db)]
    return sorted(entries, key=lambda entry: entry.day, reverse=True)


def _first_day(edition: Edition) -> date:
    return edition.days.first if edition.days else date(edition.year, 12, 31)


def is_past(edition: Edition, at: datetime) -> bool:
    return is_over(edition.state, edition.days, edition.zone, at=at)


def held(found: Iterable[Edition], at: datetime, language: Language) -> list[Held]:
    """What a plot of places and years may show: what was held, and was not invented."""
    return [
        Held(edition.city.best(language).text, edition.year, edition.kind is Kind.FORUM)
        for edition in found
        if is_past(edition, at) and not edition.is_sample and edition.state_before is None
    ]


@dataclass(frozen=True, slots=True)
class Record:
    """An edition as the public may read it: its facts, its last release, and everything that points to."""

    edition: Edition
    content: Content | None
    people: Mapping[int, Person]
    organisations: Mapping[int, Organisation]
    cited: Mapping[int, Source]
    sources: Sequence[Source]
    """All of the page, in the order of their numbers."""

    @property
    def cast(self) -> Cast:
        return cast_of(self.edition.kind, self.content.speakers if self.content else ())

    @property
    def sessions(self) -> list[SessionContent]:
        """Without breaks and meals."""
        return [session for session in self.content.sessions if not session.kind.is_pause] if self.content else []

    @property
    def has_times(self) -> bool:
        return any(session.starts_at for session in self.sessions)

    def sources_of(self, thing: SessionContent | SpeakerContent) -> list[Source]:
        return [self.cited[source] for source in thing.sources if source in self.cited]


def record_of(db: DbSession, edition: Edition) -> Record:
    editions.with_record(db, [edition])
    content = publishing.current_content(db, edition.id)
    cited = publishing.sources_by_id(db, content.source_ids if content else ())
    released: list[SessionContent | SpeakerContent] = [*content.sessions, *content.speakers] if content else []
    own = [source for claim in Claim for source in edition.sources_for(claim)]
    outcomes = [source for outcome in edition.outcomes for source in outcome.sources]
    in_release = [cited[source] for thing in released for source in thing.sources if source in cited]
    return Record(
        edition=edition,
        content=content,
        people=publishing.people_by_id(db, content.person_ids if content else ()),
        organisations=publishing.organisations_by_id(db, content.organisation_ids if content else ()),
        cited=cited,
        sources=numbered([*own, *outcomes, *in_release]),
    )


def numbered(sources: Iterable[Source]) -> list[Source]:
    """Each once, in the order of first mention."""
    return list({source.id: source for source in sources}.values())


def beside(db: DbSession, edition: Edition) -> tuple[Edition | None, Edition | None]:
    """The public editions before and after."""
    found = editions.public_editions(db)
    here = next(n for n, other in enumerate(found) if other.id == edition.id)
    return (found[here + 1] if here + 1 < len(found) else None), (found[here - 1] if here > 0 else None)


@dataclass(frozen=True, slots=True)
class Registering:
    """Whether one may register, and from when or until when."""

    opens_at: datetime
    closes_at: datetime
    refused: Refusal | None


def registering(db: DbSession, edition: Edition, at: datetime) -> Registering | None:
    """None where no registration is planned, or where the edition is over or off."""
    category = db.scalar(select(Category).where(Category.edition_id == edition.id))
    if category is None or is_past(edition, at) or edition.state_before is not None:
        return None
    refused = refusal(opens_at=category.opens_at, closes_at=category.closes_at, paused=category.paused, now=at)
    return Registering(category.opens_at, category.closes_at, refused)


@dataclass(frozen=True, slots=True)
class Appearance:
    """A person at an edition, as its last release shows them."""

    edition: Edition
    speaker: SpeakerContent

    @property
    def is_apart(self) -> bool:
        return is_apart(self.edition.kind, self.speaker.scope)

    @property
    def at_forum(self) -> bool:
        return self.speaker.scope is Scope.FORUM

    @property
    def only_present(self) -> bool:
        return self.speaker.part is Part.ATTENDEE


def appearances(db: DbSession) -> list[Appearance]:
    """Everybody at every public edition, newest first."""
    releases = sorted(publishing.public_releases(db), key=lambda r: _first_day(r.edition), reverse=True)
    return [
        Appearance(release.edition, speaker)
        for release in releases
        for speaker in Content.from_json(release.content).speakers
    ]


@dataclass(frozen=True, slots=True)
class Listed:
    """A person in the index, with where they appeared, oldest first."""

    person: Person
    appearances: Sequence[Appearance]
    milestones: Sequence[Milestone]

    @property
    def is_invented(self) -> bool:
        """Known from samples alone."""
        return not self.milestones and all(one.edition.is_sample for one in self.appearances)


def everybody(db: DbSession, language: Language) -> list[Listed]:
    """All who are public, in the order of the language."""
    seen: defaultdict[int, list[Appearance]] = defaultdict(list)
    for appearance in sorted(appearances(db), key=lambda one: (_first_day(one.edition), one.is_apart)):
        seen[appearance.speaker.person_id].append(appearance)
    named: defaultdict[int, list[Milestone]] = defaultdict(list)
    for milestone in reversed(editions.milestones(db)):
        for entry in milestone.people:
            named[entry.person_id].append(milestone)
    found = people.people(db, publishing.public_person_ids(db), language=language)
    return [Listed(person, seen[person.id], named[person.id]) for person in found]


@dataclass(frozen=True, slots=True)
class Life:
    """A person over all editions."""

    person: Person
    in_series: Sequence[Appearance]
    apart: Sequence[Appearance]
    """At a congress around a forum; not known to have been part of the forum."""
    milestones: Sequence[MilestonePerson]
    organisations: Mapping[int, Organisation]
    cited: Mapping[int, Source]
    sources: Sequence[Source]

    @property
    def is_invented(self) -> bool:
        """Known from samples alone."""
        return not self.milestones and all(one.edition.is_sample for one in (*self.in_series, *self.apart))

    @property
    def latest(self) -> Appearance | None:
        return max([*self.in_series, *self.apart], key=lambda one: _first_day(one.edition), default=None)

    def organisation(self, appearance: Appearance) -> Organisation | None:
        return self.organisations.get(appearance.speaker.organisation_id or 0)

    def sources_of(self, appearance: Appearance) -> list[Source]:
        return [self.cited[source] for source in appearance.speaker.sources if source in self.cited]


def life_of(db: DbSession, slug: str) -> Life:
    """Raises `NotFound` unless a release or the history shows the person."""
    person = people.person_by_slug(db, slug)
    if person is None or person.id not in publishing.public_person_ids(db):
        raise NotFound
    own = [one for one in appearances(db) if one.speaker.person_id == person.id]
    cited = publishing.sources_by_id(db, {source for one in own for source in one.speaker.sources})
    milestones = _milestones_of(db, person)
    in_order = [cited[source] for one in own for source in one.speaker.sources if source in cited]
    organisation_ids = {one.speaker.organisation_id for one in own if one.speaker.organisation_id is not None}
    return Life(
        person=person,
        in_series=[one for one in own if not one.is_apart],
        apart=[one for one in own if one.is_apart],
        milestones=milestones,
        organisations=publishing.organisations_by_id(db, organisation_ids),
        cited=cited,
        sources=numbered([*in_order, *(source for entry in milestones for source in entry.milestone.sources)]),
    )


def _milestones_of(db: DbSession, person: Person) -> Sequence[MilestonePerson]:
    return db.scalars(
        select(MilestonePerson)
        .join(Milestone)
        .where(MilestonePerson.person_id == person.id)
        .options(
            joinedload(MilestonePerson.milestone).selectinload(Milestone.citations).joinedload(MilestoneSource.source)
        )
        .order_by(Milestone.day.desc())
    ).all()


@dataclass(frozen=True, slots=True)
class Standing:
    """An organisation behind an edition, or the event around it."""

    edition: Edition
    parts: Sequence[OrganisationPart]


@dataclass(frozen=True, slots=True)
class House:
    """An organisation over all editions."""

    organisation: Organisation
    standings: Sequence[Standing]
    voices: Sequence[tuple[Person, Appearance]]
    """Who appeared for it."""

    @property
    def editions(self) -> list[Edition]:
        return [*(standing.edition for standing in self.standings), *(one.edition for _, one in self.voices)]

    @property
    def years(self) -> list[int]:
        return sorted({edition.year for edition in self.editions if not edition.is_sample})

    @property
    def is_invented(self) -> bool:
        """Known from samples alone."""
        return all(edition.is_sample for edition in self.editions)


def houses(db: DbSession, language: Language) -> list[House]:
    """All organisations that are public, in the order of the language."""
    behind = _standings(db)
    found = appearances(db)
    cast = publishing.people_by_id(db, {one.speaker.person_id for one in found})
    voices: defaultdict[int, list[tuple[Person, Appearance]]] = defaultdict(list)
    for one in found:
        voices[one.speaker.organisation_id or 0].append((cast[one.speaker.person_id], one))
    shown = people.organisations(db, publishing.public_organisation_ids(db), language=language)
    return [House(organisation, behind[organisation.id], voices[organisation.id]) for organisation in shown]


def house_of(db: DbSession, slug: str, language: Language) -> House:
    """Raises `NotFound` unless a release or a public edition shows the organisation."""
    found = next((house for house in houses(db, language) if house.organisation.slug == slug), None)
    if found is None:
        raise NotFound
    return found


def _standings(db: DbSession) -> dict[int, list[Standing]]:
    standings: defaultdict[int, list[Standing]] = defaultdict(list)
    public = editions.public_editions(db)
    entries: defaultdict[int, defaultdict[int, list[OrganisationPart]]] = defaultdict(lambda: defaultdict(list))
    query = select(EditionOrganisation).where(EditionOrganisation.edition_id.in_([edition.id for edition in public]))
    for entry in db.scalars(query.order_by(EditionOrganisation.position)):
        entries[entry.edition_id][entry.organisation_id].append(entry.part)
    for edition in public:
        for organisation_id, parts in entries[edition.id].items():
            standings[organisation_id].append(Standing(edition, parts))
    return standings


def public_portrait(db: DbSession, digest: str) -> Portrait:
    """Raises `NotFound` for a picture of somebody who is not public."""
    portrait = people.portrait_by_digest(db, digest)
    if portrait is None or portrait.person_id not in publishing.public_person_ids(db):
        raise NotFound
    return portrait
