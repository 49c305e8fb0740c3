"""What the public may know: the last releases, and who they make public. And the draft, as it would go out."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from app.agenda import queries as agenda
from app.agenda.findings import Severity, tally
from app.agenda.models import AgendaBook, Room, Session, SessionSource, Track
from app.agenda.rules import SessionRole
from app.database import DbSession
from app.editions.models import Edition, EditionOrganisation, MilestonePerson, Source
from app.editions.rules import State
from app.people.models import Organisation, Person
from app.publishing.completeness import Gap, Stale, incomplete
from app.publishing.content import Appearance, Content, RoomContent, SessionContent, SpeakerContent, TrackContent
from app.publishing.models import PlannedRelease, Release, ReleaseOrganisation, ReleasePerson
from app.publishing.rules import is_shown
from app.speakers.models import Speaker, SpeakerSource
from app.translation.queries import stale_marks


def draft_content(db: DbSession, edition_id: int) -> Content:
    """The draft as a release would show it: without candidates, in the order of the agenda. Seven queries."""
    rooms, tracks = agenda.rooms_of(db, edition_id), agenda.tracks_of(db, edition_id)
    sessions = agenda.sessions_of(db, edition_id)
    placed = {entry.speaker_id for session in sessions for entry in session.speakers}
    planned = db.scalars(
        select(Speaker).where(Speaker.edition_id == edition_id).order_by(Speaker.position, Speaker.id)
    ).all()
    speakers = [speaker for speaker in planned if is_shown(speaker.state, in_a_session=speaker.id in placed)]
    order = {room.id: n for n, room in enumerate(rooms)}
    citations = _session_sources(db, edition_id)
    return Content(
        sessions=tuple(
            _session(session, shown=frozenset(speaker.id for speaker in speakers), sources=citations[session.id])
            for session in sorted(sessions, key=lambda session: _in_agenda(session, order))
        ),
        rooms=tuple(RoomContent(room.slug, room.name, room.detail, room.capacity) for room in rooms),
        tracks=tuple(TrackContent(track.slug, track.name, track.colour) for track in tracks),
        speakers=_speakers(speakers, _speaker_sources(db, edition_id)),
    )


def _in_agenda(session: Session, rooms: Mapping[int, int]) -> tuple[object, ...]:
    """By day, time and room; without a time at the head of its day, without a day last."""
    day = session.day.isoformat() if session.day else "~"
    start = session.starts_at.isoformat() if session.starts_at else ""
    room = rooms.get(session.room_id, -1) if session.room_id else -1
    return day, start, room, session.position, session.id


def _session(session: Session, *, shown: frozenset[int], sources: tuple[int, ...]) -> SessionContent:
    return SessionContent(
        uid=session.uid,
        slug=session.slug,
        kind=session.kind,
        title=session.title,
        title_translated=session.title_translated,
        abstract=session.abstract,
        note=session.note,
        day=session.day,
        part_of_day=session.part_of_day,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        room=session.room.slug if session.room else None,
        track=session.track.slug if session.track else None,
        for_all=session.for_all,
        language=session.language,
        interpretation=session.interpretation,
        speakers=tuple(Appearance(e.speaker_id, e.role) for e in session.speakers if e.speaker_id in shown),
        is_cancelled=session.is_cancelled,
        cancel_reason=session.cancel_reason,
        position=session.position,
        sources=sources,
    )


def _speakers(speakers: Sequence[Speaker], citations: Mapping[int, tuple[int, ...]]) -> tuple[SpeakerContent, ...]:
    return tuple(
        SpeakerContent(
            id=speaker.id,
            person_id=speaker.person_id,
            organisation_id=speaker.organisation_id,
            scope=speaker.scope,
            part=speaker.part,
            role=speaker.role,
            country=speaker.country,
            topic=speaker.topic,
            note=speaker.note,
            sources=citations[speaker.id],
        )
        for speaker in speakers
    )


def _session_sources(db: DbSession, edition_id: int) -> Mapping[int, tuple[int, ...]]:
    return _grouped(
        db,
        select(SessionSource.session_id, SessionSource.source_id)
        .join(Session)
        .where(Session.edition_id == edition_id)
        .order_by(SessionSource.position),
    )


def _speaker_sources(db: DbSession, edition_id: int) -> Mapping[int, tuple[int, ...]]:
    return _grouped(
        db,
        select(SpeakerSource.speaker_id, SpeakerSource.source_id)
        .join(Speaker)
        .where(Speaker.edition_id == edition_id)
        .order_by(SpeakerSource.position),
    )


def _grouped(db: DbSession, pairs: Select[int, int]) -> Mapping[int, tuple[int, ...]]:
    found: defaultdict[int, tuple[int, ...]] = defaultdict(tuple)
    for owner, source in db.execute(pairs):
        found[owner] += (source,)
    return found


def current_release(db: DbSession, edition_id: int) -> Release | None:
    """The last one: what the public sees, if the edition is public."""
    return db.scalar(select(Release).where(Release.edition_id == edition_id).order_by(Release.number.desc()).limit(1))


def current_content(db: DbSession, edition_id: int) -> Content | None:
    """What the last release shows; None before the first."""
    release = current_release(db, edition_id)
    return Content.from_json(release.content) if release else None


def overdue(db: DbSession, now: datetime) -> datetime | None:
    """When the first planned release should have gone out that the worker has not tried yet; None while it keeps up."""
    waiting = (PlannedRelease.at <= now, PlannedRelease.trouble == "")
    return db.scalar(select(func.min(PlannedRelease.at)).where(*waiting))


def release_numbered(db: DbSession, edition_id: int, number: int) -> Release | None:
    return db.scalar(select(Release).where(Release.edition_id == edition_id, Release.number == number))


def releases_of(db: DbSession, edition_id: int) -> Sequence[Release]:
    """Newest first, with their content."""
    return db.scalars(select(Release).where(Release.edition_id == edition_id).order_by(Release.number.desc())).all()


def session_ids(db: DbSession, edition_id: int) -> dict[str, int]:
    """Of the draft, by UID: where the organisers' page of a session is."""
    return dict(db.execute(select(Session.uid, Session.id).where(Session.edition_id == edition_id)).all())


def is_public() -> ColumnElement[bool]:
    """`Edition.is_public` for the database."""
    announced_once = Edition.state_before.is_not(None) & (Edition.state_before != State.DRAFT)
    return (Edition.state != State.DRAFT) & or_(Edition.state != State.CANCELLED, announced_once)


def is_last() -> ColumnElement[bool]:
    """Of a release: that there is none after it."""
    other = aliased(Release)
    newest = select(func.max(other.number)).where(other.edition_id == Release.edition_id)
    return Release.number == newest.scalar_subquery()


def public_releases(db: DbSession) -> Sequence[Release]:
    """The last release of every public edition, with its edition."""
    return db.scalars(
        select(Release).join(Edition).where(is_public(), is_last()).options(selectinload(Release.edition))
    ).all()


def public_person_ids(db: DbSession) -> frozenset[int]:
    """Everybody with a page of their own: in the last release of a public edition, or named at a milestone."""
    released = (
        select(ReleasePerson.person_id)
        .join(Release, Release.id == ReleasePerson.release_id)
        .join(Edition, Edition.id == Release.edition_id)
        .where(is_public(), is_last())
    )
    return frozenset(db.scalars(released)) | frozenset(db.scalars(select(MilestonePerson.person_id)))


def public_organisation_ids(db: DbSession) -> frozenset[int]:
    """Whose people the last releases show, and who stands behind public editions."""
    released = (
        select(ReleaseOrganisation.organisation_id)
        .join(Release, Release.id == ReleaseOrganisation.release_id)
        .join(Edition, Edition.id == Release.edition_id)
        .where(is_public(), is_last())
    )
    behind = (
        select(EditionOrganisation.organisation_id)
        .join(Edition, Edition.id == EditionOrganisation.edition_id)
        .where(is_public())
    )
    return frozenset(db.scalars(released)) | frozenset(db.scalars(behind))


def editions_showing_person(db: DbSession, person_id: int) -> Sequence[int]:
    """Ids of editions whose last release shows them."""
    return db.scalars(
        select(Release.edition_id)
        .join(ReleasePerson, ReleasePerson.release_id == Release.id)
        .where(ReleasePerson.person_id == person_id, is_last())
        .order_by(Release.edition_id)
    ).all()


def editions_showing_organisation(db: DbSession, organisation_id: int) -> Sequence[int]:
    """Ids of editions whose last release shows people of theirs."""
    return db.scalars(
        select(Release.edition_id)
        .join(ReleaseOrganisation, ReleaseOrganisation.release_id == Release.id)
        .where(ReleaseOrganisation.organisation_id == organisation_id, is_last())
        .order_by(Release.edition_id)
    ).all()


def people_by_id(db: DbSession, ids: Collection[int]) -> dict[int, Person]:
    """With their portraits' sizes and digests, without the pictures."""
    query = select(Person).where(Person.id.in_(ids)).options(selectinload(Person.portrait))
    return {person.id: person for person in db.scalars(query)} if ids else {}


def organisations_by_id(db: DbSession, ids: Collection[int]) -> dict[int, Organisation]:
    query = select(Organisation).where(Organisation.id.in_(ids))
    return {organisation.id: organisation for organisation in db.scalars(query)} if ids else {}


def sources_by_id(db: DbSession, ids: Collection[int]) -> dict[int, Source]:
    return {source.id: source for source in db.scalars(select(Source).where(Source.id.in_(ids)))} if ids else {}


@dataclass(frozen=True, slots=True)
class Billing:
    """Somebody at an edition as its release shows them: the record of today, the role of then."""

    person: Person
    organisation: Organisation | None
    speaker: SpeakerContent
    role: SessionRole | None = None
    """In one session."""


@dataclass(frozen=True, slots=True)
class Released:
    """What the public sees of an edition's agenda, with the live records it points to."""

    edition: Edition
    release: Release | None
    content: Content
    before: Content | None
    """The release before it, for what has moved since."""
    people: Mapping[int, Person]
    organisations: Mapping[int, Organisation]

    def billing(self, speaker: SpeakerContent, role: SessionRole | None = None) -> Billing:
        organisation = self.organisations.get(speaker.organisation_id or 0)
        return Billing(self.people[speaker.person_id], organisation, speaker, role)

    def who(self, session: SessionContent) -> list[Billing]:
        """In the order of speaking."""
        speakers = {speaker.id: speaker for speaker in self.content.speakers}
        return [self.billing(speakers[entry.speaker_id], entry.role) for entry in session.speakers]


def released(db: DbSession, edition: Edition) -> Released:
    """Six queries, however much is on the agenda. Whether the edition is public is the caller's to ask."""
    newest = select(Release).where(Release.edition_id == edition.id).order_by(Release.number.desc()).limit(2)
    current, before = [*db.scalars(newest), None, None][:2]
    content = Content.from_json(current.content) if current else Content()
    return Released(
        edition,
        current,
        content,
        Content.from_json(before.content) if before else None,
        people_by_id(db, content.person_ids),
        organisations_by_id(db, content.organisation_ids),
    )


def impossible_findings(db: DbSession, edition: Edition) -> int:
    """How much of the draft cannot happen."""
    return tally(agenda.draft_findings(db, edition))[Severity.IMPOSSIBLE]


def waits_for_languages(db: DbSession, edition_id: int) -> bool:
    """Whether nothing of the edition goes out before every text is there in all languages."""
    return bool(db.scalar(select(AgendaBook.needs_languages).where(AgendaBook.edition_id == edition_id)))


def gaps_of(db: DbSession, edition_id: int, draft: Content) -> tuple[Gap, ...]:
    """What a release waits for; nothing where it need not wait."""
    return incomplete(draft, stale_texts(db, edition_id)) if waits_for_languages(db, edition_id) else ()


def stale_texts(db: DbSession, edition_id: int) -> frozenset[Stale]:
    """Translations of the draft whose source changed after them, named as its content names their subjects."""
    called: dict[str, dict[int, int | str]] = {
        "session": dict(db.execute(select(Session.id, Session.uid).where(Session.edition_id == edition_id)).all()),
        "speaker": {n: n for n in db.scalars(select(Speaker.id).where(Speaker.edition_id == edition_id))},
        "room": dict(db.execute(select(Room.id, Room.slug).where(Room.edition_id == edition_id)).all()),
        "track": dict(db.execute(select(Track.id, Track.slug).where(Track.edition_id == edition_id)).all()),
    }
    return frozenset(
        (kind, called[kind][subject], field, language)
        for (kind, subject, field), marks in stale_marks(db).items()
        for language in marks
        if subject in called.get(kind, ())
    )
