"""Going out: a release of the agenda, and everything made of it that is kept ready for the public."""

from collections.abc import Iterable
from datetime import datetime, time

from sqlalchemy import select, update

from app import freshness
from app.agenda.actions import locked_book
from app.agenda.models import Session
from app.audit.actions import record
from app.calendar.actions import promise_all
from app.database import DbSession, house
from app.editions import queries as editions
from app.editions.models import Edition, Series
from app.errors import Conflict
from app.people import queries as people
from app.publishing import chronicle, entries, promises, queries
from app.publishing.content import Content
from app.publishing.difference import Difference, difference
from app.publishing.models import Release, ReleaseOrganisation, ReleasePerson
from app.publishing.promises import Cast
from app.publishing.rules import Refusal
from app.publishing.timetable import days_of
from app.registrations.models import Category
from app.search import actions as search
from app.values.actor import Actor
from app.values.language import Translated
from app.values.time import instant


def publish(db: DbSession, edition_id: int, *, note: Translated, actor: Actor, now: datetime) -> Release:
    """Make the draft the next release. Two at once come out one after the other, under a lock on the edition.

    An edition nobody knows of yet may be published too: its release waits until it is announced. Raises `Conflict`
    where nothing differs from the last release, where something in the draft cannot happen, and where texts lack a
    language while the edition's releases are to wait for them.
    """
    edition = editions.locked_edition(db, edition_id)
    locked_book(db, edition_id)  # before the sessions, as whoever changes them
    content, last = queries.draft_content(db, edition_id), queries.current_release(db, edition_id)
    require_publishable(db, edition, content, difference(Content.from_json(last.content) if last else None, content))
    release = Release(
        edition_id=edition_id,
        number=last.number + 1 if last else 1,
        note=note,
        published_at=now,
        published_by=actor.name,
        content=content.to_json(),
    )
    db.add(release)
    db.flush()
    db.add_all(ReleasePerson(release_id=release.id, person_id=person) for person in content.person_ids)
    db.add_all(ReleaseOrganisation(release_id=release.id, organisation_id=org) for org in content.organisation_ids)
    db.execute(update(Session).where(Session.uid.in_([s.uid for s in content.sessions])).values(was_published=True))
    record(
        db, actor, "release_published", kind="release", subject_id=release.id, now=now, edition_id=edition_id,
        number=release.number,
    )  # fmt: skip
    renew(db, edition_id, now=now)
    return release


def require_publishable(db: DbSession, edition: Edition, draft: Content, changes: Difference) -> None:
    """Raises `Conflict` where there is nothing to publish, something in it cannot happen, or it waits for translators."""
    if not changes:
        raise Conflict(Refusal.WITHOUT_CHANGE)
    if impossible := queries.impossible_findings(db, edition):
        raise Conflict(Refusal.IMPOSSIBLE, findings=impossible)
    if gaps := queries.gaps_of(db, edition.id, draft):
        raise Conflict(Refusal.INCOMPLETE, gaps=len(gaps))


def wait_for_languages(db: DbSession, edition_id: int, waits: bool, *, actor: Actor, now: datetime) -> None:
    """From now on releases wait until every text is there in all languages, or do not any more."""
    book = locked_book(db, edition_id)
    if book.needs_languages == waits:
        return
    book.needs_languages = waits
    db.flush()
    verb = "release_gate_closed" if waits else "release_gate_opened"
    record(db, actor, verb, kind="edition", subject_id=edition_id, now=now, edition_id=edition_id)


def renew(db: DbSession, edition_id: int, *, now: datetime) -> None:
    """Make the edition's calendar events and search entries anew, from its last release and the live facts.

    To be called by whoever changed a fact the public sees: the edition's own, its state, its organisations. What is
    no longer public is cancelled in the calendars and gone from everything else. Nothing written twice: what is the
    same stays untouched.
    """
    _renew_all(db, [edition_id], now)


def renew_person(db: DbSession, person_id: int, *, now: datetime) -> None:
    """After their name changed: it is live in every event and search entry."""
    _renew_all(db, queries.editions_showing_person(db, person_id), now)


def renew_organisation(db: DbSession, organisation_id: int, *, now: datetime) -> None:
    _renew_all(db, queries.editions_showing_organisation(db, organisation_id), now)


def renew_organisations(db: DbSession, organisation_ids: Iterable[int], *, now: datetime) -> None:
    shown = [queries.editions_showing_organisation(db, organisation_id) for organisation_id in organisation_ids]
    _renew_all(db, sorted({edition_id for editions in shown for edition_id in editions}), now)


def check_uid_domain(db: DbSession, domain: str) -> None:
    """UIDs are for life, and the domain is part of them: raises `Conflict` where another one was once published."""
    stored = db.scalar(select(Series.uid_domain).order_by(Series.id).limit(1))
    if stored and stored != domain:
        raise Conflict(Refusal.OTHER_DOMAIN, stored=stored, domain=domain)


def _renew_all(db: DbSession, edition_ids: Iterable[int], now: datetime) -> None:
    """The stamp's row is the lock under which two who renew wait for each other, whatever editions they hold."""
    freshness.touch(db, now)
    for edition_id in edition_ids:
        edition = db.get_one(Edition, edition_id, populate_existing=True)
        _show_last(db, edition, now)
        _renew_calendar(db, edition, now)
        _renew_edition_entries(db, edition)
    _renew_record_entries(db)


def _show_last(db: DbSession, edition: Edition, now: datetime) -> None:
    """From now on the public sees the last release, if it may: what it changes for them is kept with it."""
    release = queries.current_release(db, edition.id) if edition.is_public else None
    if release is None or release.shown_at is not None:
        return
    seen = chronicle.last_shown(db, edition.id)
    release.shown_at = now
    if seen is not None:
        release.changes = chronicle.to_keep(Content.from_json(seen.content), Content.from_json(release.content))
    db.flush()


def _renew_calendar(db: DbSession, edition: Edition, now: datetime) -> None:
    """A draft that was once announced has everything it promised cancelled."""
    if not edition.is_public:
        promise_all(db, edition.id, [], domain=edition.series.uid_domain, now=now)
        return
    where = house(db)
    edition.series.uid_domain = edition.series.uid_domain or where.uid_domain
    content = queries.current_content(db, edition.id) or Content()
    facts = list(promises.session_events(edition, content, _cast(db, content), base_url=where.base_url))
    if own := promises.edition_event(edition, base_url=where.base_url):
        facts.append(own)
    promise_all(db, edition.id, facts, domain=edition.series.uid_domain, now=now)
    _schedule(db, edition, content, now)


def _schedule(db: DbSession, edition: Edition, content: Content, now: datetime) -> None:
    """The instants at which its pages change by themselves: which day it is, what is on, whether one may register."""
    walls = {at for session in content.sessions for at in (session.starts_at, session.ends_at) if at}
    midnights = {datetime.combine(day, time()) for day in days_of(content)}
    instants = {instant(at, edition.zone) for at in walls | midnights}
    for category in db.scalars(select(Category).where(Category.edition_id == edition.id)):
        instants |= {category.opens_at, category.closes_at}
    for at in sorted(instants):
        freshness.due(db, at, now=now)


def _renew_edition_entries(db: DbSession, edition: Edition) -> None:
    found: list[search.Findable] = []
    if edition.is_public:
        content = queries.current_content(db, edition.id) or Content()
        found = list(entries.of_edition(edition, content, _cast(db, content)))
    search.replace(db, edition.slug, found)


def _renew_record_entries(db: DbSession) -> None:
    """People and organisations, with what they were when last seen."""
    latest: dict[int, Translated] = {}
    organisations = {o.id: o for o in people.organisations(db, queries.public_organisation_ids(db))}
    releases = queries.public_releases(db)
    for release in sorted(releases, key=lambda release: (release.edition.year, release.edition_id)):
        for speaker in Content.from_json(release.content).speakers:
            latest[speaker.person_id] = entries.standing(speaker, organisations)
    everybody = people.people(db, queries.public_person_ids(db))
    search.replace(db, "people", entries.of_people(everybody, latest))
    search.replace(db, "organisations", entries.of_organisations(organisations.values()))


def _cast(db: DbSession, content: Content) -> Cast:
    return Cast(queries.people_by_id(db, content.person_ids), queries.organisations_by_id(db, content.organisation_ids))
