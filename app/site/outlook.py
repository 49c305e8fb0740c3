"""How each edition stands: what is planned, what is missing, what comes next. Everything counted, nothing guessed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import case, func, select
from sqlalchemy.orm import defer

from app import freshness
from app.agenda import queries as agenda
from app.agenda.findings import Finding, Severity, tally
from app.agenda.models import Session
from app.audit.models import AuditEntry
from app.database import DbSession
from app.editions.models import Edition
from app.editions.rules import State, is_over
from app.mail import queries as mails
from app.mail.models import OutgoingMail
from app.mail.rules import MailState
from app.people.models import Person
from app.publishing import queries as publishing
from app.publishing.difference import Difference, difference
from app.publishing.models import PlannedRelease, Release
from app.registrations.models import Category
from app.registrations.queries import signed_up
from app.registrations.rules import Refusal, refusal
from app.site.matrix import Count, Text, counts, lacking
from app.site.texts import texts_of
from app.speakers.models import Speaker
from app.speakers.rules import SpeakerState
from app.values.language import Language
from app.values.time import instant, wall

LATE = timedelta(minutes=2)
LIVING = (State.DRAFT, State.ANNOUNCED)


class Phase(StrEnum):
    """Of registration; no state of the edition: it follows from times and a switch."""

    NONE = "none"
    NOT_OPEN = "not_open"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class Coming(StrEnum):
    """What only time will bring."""

    REGISTRATION_OPENS = "registration_opens"
    REGISTRATION_CLOSES = "registration_closes"
    PARENT_BEGINS = "parent_begins"
    RELEASE = "release"
    """Planned, and the worker's to publish."""
    BEGINS = "begins"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Ahead:
    day: date
    what: Coming
    at: datetime | None = None
    """Wall time at the venue, where it is a moment and not a day."""


@dataclass(slots=True)
class Outlook:
    """One edition, counted."""

    edition: Edition
    sessions: int = 0
    unplaced: int = 0
    """Of the sessions: without time or, where it is no plenary or break, without room."""
    speakers: Counter[SpeakerState] = field(default_factory=Counter)
    texts: Sequence[Text] = ()
    category: Category | None = None
    phase: Phase = Phase.NONE
    refused_mails: int = 0
    release: Release | None = None
    planned: PlannedRelease | None = None
    findings: Sequence[Finding] = ()
    """Only after `look_closer`, which costs the whole draft."""

    @property
    def impossible(self) -> int:
        return tally(self.findings)[Severity.IMPOSSIBLE]

    @property
    def speaking(self) -> int:
        return sum(number for state, number in self.speakers.items() if state is not SpeakerState.DECLINED)

    @property
    def lacking(self) -> dict[Language, int]:
        return lacking(self.texts)

    @property
    def open_texts(self) -> int:
        """Texts to write: each language that a text lacks, or has in an old wording, counts."""
        return sum(self.lacking.values())

    @property
    def counts(self) -> list[Count]:
        return counts(self.texts)


def outlooks(db: DbSession, editions: Sequence[Edition], now: datetime) -> list[Outlook]:
    """Of these editions, in their order. The number of queries does not grow with them."""
    ids = [edition.id for edition in editions]
    sessions, speakers, texts = _sessions(db, ids), _speakers(db, ids), texts_of(db, ids)
    categories = {c.edition_id: c for c in db.scalars(select(Category).where(Category.edition_id.in_(ids)))}
    refused, releases = _refused_mails(db, ids), _releases(db, ids)
    to_come = {
        row.edition_id: row for row in db.scalars(select(PlannedRelease).where(PlannedRelease.edition_id.in_(ids)))
    }
    return [
        Outlook(
            edition,
            *_planned(edition, *sessions.get(edition.id, (0, 0))),
            speakers=speakers[edition.id],
            texts=texts.get(edition.id, []),
            category=(category := categories.get(edition.id)),
            phase=phase(category, now),
            refused_mails=refused.get(edition.id, 0),
            release=releases.get(edition.id),
            planned=to_come.get(edition.id),
        )
        for edition in editions
    ]


def look_closer(db: DbSession, outlook: Outlook) -> Outlook:
    """Adds what is wrong with its agenda."""
    edition = outlook.edition
    outlook.findings = agenda.draft_findings(db, edition, signed_up=signed_up(db, edition.id))
    return outlook


def _planned(edition: Edition, total: int, unplaced: int) -> tuple[int, int]:
    """Afterwards a missing time or room is simply not recorded."""
    return total, unplaced if edition.state in LIVING else 0


def phase(category: Category | None, now: datetime) -> Phase:
    if category is None:
        return Phase.NONE
    refused = refusal(
        opens_at=category.opens_at,
        closes_at=category.closes_at,
        paused=category.paused,
        now=now,
        edition=category.edition.state,
    )
    return {
        None: Phase.OPEN,
        Refusal.NOT_OPEN: Phase.NOT_OPEN,
        Refusal.PAUSED: Phase.PAUSED,
        Refusal.CLOSED: Phase.CLOSED,
        Refusal.CALLED_OFF: Phase.CLOSED,
    }[refused]


def days_to(edition: Edition, now: datetime) -> int | None:
    """Whole days until it begins, as its own calendar shows them; None where no day is known."""
    if edition.own_days is None:
        return None
    return (edition.own_days.first - wall(now, edition.zone).date()).days


def next_of(editions: Iterable[Edition], now: datetime) -> Edition | None:
    """The one to work on: announced before drafts, the soonest first, those without days last."""
    coming = [e for e in editions if e.state in LIVING and not is_over(e.state, e.days, e.zone, at=now)]
    return min(
        coming,
        key=lambda e: (e.state is State.DRAFT, e.days is None, e.days.first if e.days else date(e.year, 12, 31), e.id),
        default=None,
    )


def ahead(outlook: Outlook, now: datetime) -> list[Ahead]:
    """What the calendar brings, from today on, soonest first."""
    edition, found = outlook.edition, []
    if outlook.category is not None:
        for at, what in (
            (outlook.category.opens_at, Coming.REGISTRATION_OPENS),
            (outlook.category.closes_at, Coming.REGISTRATION_CLOSES),
        ):
            local = wall(at, edition.zone)
            found.append(Ahead(local.date(), what, local))
    if outlook.planned and not outlook.planned.trouble:
        local = wall(outlook.planned.at, edition.zone)
        found.append(Ahead(local.date(), Coming.RELEASE, local))
    if edition.parent_days:
        found.append(Ahead(edition.parent_days.first, Coming.PARENT_BEGINS))
    if edition.own_days:
        found.append(Ahead(edition.own_days.first, Coming.BEGINS))
        found.append(Ahead(edition.own_days.last, Coming.ENDS))
    return sorted((a for a in found if not _is_past(a, edition.zone, now)), key=lambda a: (a.day, a.at is None))


def _is_past(thing: Ahead, zone: str, now: datetime) -> bool:
    return instant(thing.at, zone) <= now if thing.at else thing.day < wall(now, zone).date()


def unreleased(db: DbSession, edition_id: int) -> Difference:
    """What a release would change for the public now."""
    return difference(publishing.current_content(db, edition_id), publishing.draft_content(db, edition_id))


def worker_late_since(db: DbSession, now: datetime) -> datetime | None:
    """Since when the worker owes us mails, pages, a release or a proposal; None while it keeps up."""
    owed = (
        mails.late_since(db, now),
        freshness.overdue(db, now - LATE),
        publishing.overdue(db, now - LATE),
        agenda.proposal_overdue(db, now - LATE),
    )
    late = [at for at in owed if at is not None]
    return min(late, default=None)


def recent(
    db: DbSession, edition_ids: Sequence[int] | None, *, limit: int = 10, kinds_hidden: Sequence[str] = ()
) -> Sequence[AuditEntry]:
    """The last changes to these editions; with None, to everything."""
    query = select(AuditEntry).where(AuditEntry.kind.not_in(kinds_hidden)).order_by(AuditEntry.id.desc()).limit(limit)
    if edition_ids is not None:
        query = query.where(AuditEntry.edition_id.in_(edition_ids))
    return db.scalars(query).all()


def session_titles(db: DbSession, entries: Iterable[AuditEntry]) -> dict[int, Session]:
    """The sessions that audit entries speak of and that still exist."""
    ids = {entry.subject_id for entry in entries if entry.kind == "session"}
    return {session.id: session for session in db.scalars(select(Session).where(Session.id.in_(ids)))} if ids else {}


def people_slugs(db: DbSession, entries: Iterable[AuditEntry]) -> dict[int, str]:
    ids = {entry.subject_id for entry in entries if entry.kind == "person"}
    rows = db.execute(select(Person.id, Person.slug).where(Person.id.in_(ids)))
    return dict(rows.all())


def _sessions(db: DbSession, ids: list[int]) -> dict[int, tuple[int, int]]:
    nowhere = Session.starts_at.is_(None) | (Session.room_id.is_(None) & Session.for_all.is_(False))
    rows = db.execute(
        select(Session.edition_id, func.count(), func.sum(case((nowhere, 1), else_=0)))
        .where(Session.edition_id.in_(ids), Session.is_cancelled.is_(False))
        .group_by(Session.edition_id)
    )
    return {edition_id: (total, int(unplaced or 0)) for edition_id, total, unplaced in rows}


def _speakers(db: DbSession, ids: list[int]) -> dict[int, Counter[SpeakerState]]:
    found: dict[int, Counter[SpeakerState]] = defaultdict(Counter)
    rows = db.execute(
        select(Speaker.edition_id, Speaker.state, func.count())
        .where(Speaker.edition_id.in_(ids))
        .group_by(Speaker.edition_id, Speaker.state)
    )
    for edition_id, state, number in rows:
        found[edition_id][state] = number
    return found


def _refused_mails(db: DbSession, ids: list[int]) -> dict[int, int]:
    rows = db.execute(
        select(OutgoingMail.edition_id, func.count())
        .where(OutgoingMail.edition_id.in_(ids), OutgoingMail.state == MailState.REFUSED)
        .group_by(OutgoingMail.edition_id)
    )
    return {edition_id: number for edition_id, number in rows if edition_id is not None}


def _releases(db: DbSession, ids: list[int]) -> dict[int, Release]:
    """The last of each, without its content, which is large."""
    query = select(Release).where(Release.edition_id.in_(ids), publishing.is_last()).options(defer(Release.content))
    rows = db.scalars(query)
    return {release.edition_id: release for release in rows}
