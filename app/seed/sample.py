"""An invented edition, made through the actions people use, for trying out, for screenshots and for measuring.

It says on every page that it is invented. It mails nobody: the addresses lie under domains that cannot exist, and
what registering put into the outbox is taken out again in the same transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import delete

from app import freshness
from app.agenda import actions as agenda
from app.agenda.models import Session
from app.agenda.rules import RoomFacts, SessionFacts, TrackFacts
from app.database import DbSession
from app.editions import actions as editions
from app.editions.models import Edition
from app.editions.rules import EditionFacts, OrganisationPart, State
from app.mail.models import OutgoingMail
from app.people import actions as people
from app.people.models import Organisation
from app.people.rules import OrganisationFacts, PersonFacts
from app.publishing import actions as publishing
from app.registrations import actions as registrations
from app.registrations.models import Category
from app.registrations.rules import Applicant, CategoryFacts
from app.seed import sample_balance, sample_crew, sample_languages, sample_late, sample_measures, sample_speakers
from app.seed import sample_plan as plan
from app.seed.reading import text, uid
from app.seed.sample_plan import Item, Size, Slot
from app.seed.sample_words import Employer, Somebody, Words, filled, words
from app.speakers import actions as speakers
from app.speakers.rules import SpeakerFacts
from app.values.actor import Actor
from app.values.language import Language, Translated
from app.values.text import slug_from
from app.values.time import DatePrecision, instant

ZONE = "Asia/Shanghai"
PLANNED, OPENED, RELEASED, RELEASED_AGAIN = (timedelta(days=days) for days in (60, 21, 20, 2))
"""So long ago. What an organiser reads about a sample did not all happen in the same second."""
DOMAINS = ("example.org", "example.com", "mail.test")


@dataclass(frozen=True, slots=True)
class Wanted:
    slug: str
    size: Size
    registrations: int = 500
    seats: int = 600
    seed: int = 1


@dataclass(slots=True)
class Making:
    """One run: what is wanted, who makes it, when, and the lots drawn."""

    db: DbSession
    wanted: Wanted
    actor: Actor
    now: datetime
    words: Words
    rng: Random
    heads: set[str] = field(default_factory=set)
    """Organisations that have one already."""

    def at(self, ago: timedelta) -> datetime:
        return self.now - ago


def make(db: DbSession, wanted: Wanted, *, actor: Actor, now: datetime) -> Edition:
    """A published edition, open for registration. Raises `DoesNotFit` and, for a slug that is taken, `Conflict`."""
    run = Making(db, wanted, actor, now, words(), Random(f"{wanted.seed}"))  # noqa: S311 nothing secret is drawn
    cast = list(islice(plan.people(run.words, run.rng), wanted.size.speakers))
    items = plan.agenda(wanted.size, _speaking(cast), run.words, run.rng)
    edition = _edition(run)
    organisations = _organisations(run, edition)
    speaker_ids = _speakers(run, edition, cast, organisations)
    news = _sessions(run, edition, items, speaker_ids)
    sample_balance.put_in_order(db, edition.id, actor=actor, now=run.at(OPENED))
    editions.step(db, edition.id, State.ANNOUNCED, actor=actor, now=run.at(OPENED))
    sample_languages.think_again(db, edition, actor=actor, now=run.at(OPENED))
    category, arrivals = _category(run, edition), _arrivals(run)
    _publish(run, edition, "first", run.at(RELEASED))
    _register(run, category, [one for one in arrivals if one[0] < run.at(RELEASED_AGAIN)])
    _second_release(run, edition, news)
    states = sample_speakers.states_of(len(cast))
    sample_speakers.go_their_way(db, edition, states, actor=actor, now=run.at(RELEASED_AGAIN))
    sample_crew.engage(db, edition, actor=actor, now=run.at(RELEASED_AGAIN))
    sample_measures.settle(db, edition, actor=actor, now=run.at(RELEASED_AGAIN))
    sample_late.propose(db, edition, actor=actor, now=run.at(RELEASED_AGAIN))
    _register(run, category, [one for one in arrivals if one[0] >= run.at(RELEASED_AGAIN)])
    db.execute(delete(OutgoingMail).where(OutgoingMail.edition_id == edition.id))
    freshness.touch(db, now)
    return edition


def _speaking(cast: Sequence[Somebody]) -> Sequence[Somebody]:
    """Those who have said yes."""
    states = sample_speakers.states_of(len(cast))
    return [somebody for somebody, state in zip(cast, states, strict=True) if state.has_agreed]


def _edition(run: Making) -> Edition:
    said, first = run.words.edition, plan.begins(run.now.date())
    facts = EditionFacts(
        slug=run.wanted.slug,
        year=first.year,
        country="CN",
        zone=ZONE,
        title=filled(text(said, "title"), year=first.year),
        theme=text(said, "theme"),
        summary=text(said, "summary"),
        city=text(said, "city"),
        venue=text(said, "venue"),
        address=text(said, "address"),
        date_precision=DatePrecision.DAY,
        starts_on=first,
        ends_on=first + timedelta(days=run.wanted.size.days - 1),
        is_sample=True,
    )
    when = run.at(PLANNED)
    edition = editions.create_edition(
        run.db, facts, uid=uid("sample", run.wanted.slug, f"{run.wanted.seed}"), actor=run.actor, now=when
    )
    topics = [Translated.of(topic) for topic in said["topic"]]
    return editions.set_topics(run.db, edition.id, topics, revision=edition.revision, actor=run.actor, now=when)


def _organisations(run: Making, edition: Edition) -> Mapping[str, Organisation]:
    """All of them, and the first four behind the edition."""
    when = run.at(PLANNED)
    made = {}
    for n, employer in enumerate(run.words.employers):
        facts = OrganisationFacts(
            employer.name,
            country=employer.country,
            international=employer.international,
            kind=sample_balance.kind_of(employer),
            sector=sample_balance.sector_of(employer, n),
        )
        made[employer.key] = people.create_organisation(run.db, facts, actor=run.actor, now=when)
    parts = (OrganisationPart.HOST, OrganisationPart.HOST, OrganisationPart.CO_HOST, OrganisationPart.CO_HOST)
    behind = [(part, made[employer.key].id) for part, employer in zip(parts, run.words.employers, strict=False)]
    partners = [employer.key for employer in run.words.employers if employer.kind == "company"]
    behind += [(OrganisationPart.PARTNER, made[key].id) for key in run.rng.sample(partners, 5)]
    editions.set_organisations(run.db, edition.id, behind, revision=edition.revision, actor=run.actor, now=when)
    return made


def _speakers(
    run: Making, edition: Edition, cast: Sequence[Somebody], organisations: Mapping[str, Organisation]
) -> list[int]:
    """Of each, who they are at this edition; every third says something about themselves."""
    when, ids, ranks = run.at(PLANNED), [], sample_balance.rank_ids(run.db)
    for n, (somebody, state) in enumerate(zip(cast, sample_speakers.states_of(len(cast)), strict=True)):
        employer = _employer(run, somebody)
        biography = run.rng.choice(run.words.biographies[employer.kind]) if n % 3 == 0 else Translated()
        about = PersonFacts(somebody.name, somebody.country, biography, sample_balance.gender_of(somebody, n))
        person, role = people.create_person(run.db, about, actor=run.actor, now=when), _role(run, employer, somebody)
        facts = SpeakerFacts(
            state=state,
            organisation_id=organisations[employer.key].id,
            country=somebody.country,
            role=role,
            rank_id=sample_balance.rank_of(role, ranks),
        )
        facts = sample_speakers.known(facts, n, somebody.name, now=run.now)
        ids.append(speakers.add_speaker(run.db, edition.id, person.id, facts, actor=run.actor, now=when).id)
    return ids


def _employer(run: Making, somebody: Somebody) -> Employer:
    """Where they work: as written down, else in their country, else anywhere. Only the first ones are ministers' people."""
    ordinary = [one for one in run.words.employers if one.kind != "authority"]
    near = [one for one in ordinary if one.country == somebody.country]
    named = [one for one in run.words.employers if one.key == somebody.employer]
    return named[0] if named else run.rng.choice(near or [one for one in ordinary if one.country not in ("CN", "DE")])


def _role(run: Making, employer: Employer, somebody: Somebody) -> Translated:
    """The first of the kind's roles is that of the head, of whom there is one."""
    head, *others = run.words.roles[employer.kind]
    if employer.key not in run.heads and (somebody.employer or run.rng.random() < 0.4):
        run.heads.add(employer.key)
        return head[somebody.gender]
    return run.rng.choice(others)[somebody.gender]


def _sessions(
    run: Making, edition: Edition, items: Sequence[Item], speaker_ids: Sequence[int]
) -> list[tuple[Session, Item, SessionFacts]]:
    """All of them as the first release has them; and those that the second changes, with what they become."""
    room_ids, track_ids = _rooms(run, edition), _tracks(run, edition)
    news: list[tuple[Session, Item, SessionFacts]] = []
    for n, item in enumerate(items):
        audience = sample_measures.audience(n, item, run.words.places)
        facts = replace(_facts(run, edition, item, room_ids, track_ids, speaker_ids), expected=audience)
        first = replace(facts, **_place(edition, item.before, room_ids)) if item.before else facts
        key = uid("sample", run.wanted.slug, f"{run.wanted.seed}", f"{n}")
        session = agenda.create_session(run.db, edition.id, first, uid=key, actor=run.actor, now=run.at(PLANNED))
        if item.before or item.falls_away:
            news.append((session, item, facts))
    return news


def _second_release(run: Making, edition: Edition, news: Sequence[tuple[Session, Item, SessionFacts]]) -> None:
    """One session moved and one cancelled, if there were so many."""
    when = run.at(RELEASED_AGAIN)
    for session, item, facts in news:
        if item.falls_away:
            reason = Translated.of(run.words.edition["cancelled"])
            agenda.cancel_session(run.db, session.id, reason, actor=run.actor, now=when)
        else:
            agenda.change_session(run.db, session.id, facts, revision=session.revision, actor=run.actor, now=when)
    if news:
        _publish(run, edition, "second", when)


def _publish(run: Making, edition: Edition, which: str, when: datetime) -> None:
    note = Translated.of(run.words.edition["releases"][which])
    publishing.publish(run.db, edition.id, note=note, actor=run.actor, now=when)


def _rooms(run: Making, edition: Edition) -> list[int]:
    """As many as wanted; those beyond the named ones have a number."""
    when, ids = run.at(PLANNED), []
    for n in range(run.wanted.size.rooms):
        if n < len(run.words.places):
            place = run.words.places[n]
            facts = RoomFacts(
                place.name, place.detail, place.seats, site=place.site, booths=place.booths, slug=place.key
            )
        else:
            facts = RoomFacts(filled(text(run.words.edition, "numbered_room"), n=n + 1), capacity=40, booths=2)
        ids.append(agenda.create_room(run.db, edition.id, facts, actor=run.actor, now=when).id)
    return ids


def _tracks(run: Making, edition: Edition) -> dict[str, int]:
    when = run.at(PLANNED)
    return {
        track.key: agenda.create_track(
            run.db, edition.id, TrackFacts(track.name, colour=track.colour, slug=track.key), actor=run.actor, now=when
        ).id
        for track in run.words.tracks
    }


def _facts(
    run: Making,
    edition: Edition,
    item: Item,
    room_ids: Sequence[int],
    track_ids: Mapping[str, int],
    speaker_ids: Sequence[int],
) -> SessionFacts:
    return SessionFacts(
        kind=item.topic.kind,
        title=item.topic.title,
        abstract=_perhaps_incomplete(item.topic.abstract, run.rng),
        track_id=track_ids.get(item.topic.track),
        for_all=item.for_all,
        language=item.language,
        interpretation=tuple(language.value for language in item.interpretation),
        speakers=tuple((speaker_ids[person], role) for person, role in item.cast),
        **_place(edition, item.slot, room_ids),
    )


def _place(edition: Edition, slot: Slot, room_ids: Sequence[int]) -> dict[str, Any]:
    assert edition.starts_on is not None
    starts_at, ends_at = slot.times(edition.starts_on)
    room_id = None if slot.room is None else room_ids[slot.room]
    return {"day": starts_at.date(), "starts_at": starts_at, "ends_at": ends_at, "room_id": room_id}


def _perhaps_incomplete(abstract: Translated, rng: Random) -> Translated:
    """Now and then a translation is still to come, as in life."""
    lot = rng.random()
    return replace(abstract, de="") if lot < 0.04 else replace(abstract, zh="") if lot < 0.07 else abstract


def _category(run: Making, edition: Edition) -> Category:
    """Open since a while, and until a week before."""
    assert edition.starts_on is not None
    closes = datetime.combine(edition.starts_on - timedelta(days=7), time(18))
    facts = CategoryFacts(
        Translated.of(run.words.edition["category"]),
        opens_at=run.at(OPENED),
        closes_at=instant(closes, ZONE),
        capacity=run.wanted.seats,
    )
    return registrations.create_category(run.db, edition.id, facts, actor=run.actor, now=run.at(OPENED))


def _arrivals(run: Making) -> list[tuple[datetime, Applicant]]:
    """People who come one after the other, from the opening until now."""
    number = run.wanted.registrations
    moments = sorted(run.at(OPENED) + run.rng.random() * OPENED for _ in range(number))
    names = islice(plan.people(run.words, run.rng), number)
    return [
        (moment, _applicant(run, somebody, n)) for n, (moment, somebody) in enumerate(zip(moments, names, strict=True))
    ]


def _register(run: Making, category: Category, arrivals: Sequence[tuple[datetime, Applicant]]) -> None:
    consent = category.edition.series.privacy_version
    for moment, applicant in arrivals:
        registrations.register(
            run.db,
            category.id,
            applicant,
            language=applicant.language,
            submission=None,
            consent=consent,
            now=moment,
        )


def _applicant(run: Making, somebody: Somebody, n: int) -> Applicant:
    employer = _employer(run, somebody)
    language = plan.SPOKEN.get(somebody.country, Language.EN)
    latin = somebody.name.spoken(Language.EN)
    said = run.rng.choice(run.words.remarks) if run.rng.random() < 0.06 else Translated()
    return Applicant(
        name=somebody.name.written,
        second_name=somebody.name.second,
        email=f"{slug_from(latin) or 'guest'}.{n + 1}@{run.rng.choice(DOMAINS)}",
        organisation=employer.name.best(language).text,
        role=run.rng.choice(run.words.roles[employer.kind])[somebody.gender].best(language).text,
        country=somebody.country,
        language=language,
        remarks=said.best(language).text,
    )
