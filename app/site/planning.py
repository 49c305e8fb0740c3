"""A new edition, and what it takes over from a past one. Nothing personal of attendees is ever read here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.agenda import actions as agenda
from app.agenda import measuring
from app.agenda import queries as agendas
from app.agenda.models import Room, Session, Track
from app.agenda.rules import RoomFacts, SessionFacts, TrackFacts
from app.database import DbSession
from app.editions import actions as editions
from app.editions.models import Edition, EditionOrganisation
from app.editions.rules import EditionFacts, OrganisationPart
from app.errors import NotFound
from app.site.cloning import Slot, Snag, Take, first_day, moved
from app.speakers import actions as speakers
from app.speakers import queries as speaking
from app.speakers.models import Speaker
from app.speakers.rules import Part, Scope, SpeakerFacts, SpeakerState
from app.values.actor import Actor
from app.values.time import Days

BEHIND = (OrganisationPart.HOST, OrganisationPart.CO_HOST, OrganisationPart.PARTNER)
"""Hosts of the parent event are the parent event's, and may be others next time."""


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A past session and where it would stand."""

    past: Session
    slot: Slot
    snags: tuple[Snag, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Exactly what would be made, beside the edition itself."""

    organisations: tuple[EditionOrganisation, ...] = ()
    rooms: tuple[Room, ...] = ()
    tracks: tuple[Track, ...] = ()
    sessions: tuple[PlannedSession, ...] = ()
    candidates: tuple[Speaker, ...] = ()

    @property
    def snags(self) -> frozenset[Snag]:
        return frozenset(snag for session in self.sessions for snag in session.snags)


def plan(db: DbSession, source_id: int | None, facts: EditionFacts, parts: frozenset[str]) -> Plan:
    """Reads only. Without a past edition there is nothing to take."""
    if source_id is None:
        return Plan()
    source = db.get(Edition, source_id)
    if source is None:
        raise NotFound
    return Plan(
        organisations=tuple(entry for entry in source.organisations if entry.part in BEHIND)
        if Take.ORGANISATIONS in parts
        else (),
        rooms=tuple(agendas.rooms_of(db, source_id)) if Take.ROOMS in parts else (),
        tracks=tuple(agendas.tracks_of(db, source_id)) if Take.TRACKS in parts else (),
        sessions=_frame(db, source, facts) if Take.FRAME in parts else (),
        candidates=_candidates(db, source_id) if Take.SPEAKERS in parts else (),
    )


def create(
    db: DbSession,
    facts: EditionFacts,
    *,
    source_id: int | None,
    parts: frozenset[str],
    actor: Actor,
    now: datetime,
) -> Edition:
    """The edition as a draft, with what its plan says. Sessions get identities of their own: other events."""
    planned = plan(db, source_id, facts, parts)
    edition = editions.create_edition(db, facts, actor=actor, now=now)
    if planned.organisations:
        entries = [(entry.part, entry.organisation_id) for entry in planned.organisations]
        editions.set_organisations(db, edition.id, entries, revision=edition.revision, actor=actor, now=now)
    rooms = {
        room.id: agenda.create_room(db, edition.id, _room_facts(room), actor=actor, now=now).id
        for room in planned.rooms
    }
    tracks = {
        track.id: agenda.create_track(db, edition.id, _track_facts(track), actor=actor, now=now).id
        for track in planned.tracks
    }
    if source_id is not None:
        measuring.take_over(db, source_id, edition.id, rooms, actor=actor, now=now)
    for session in planned.sessions:
        agenda.create_session(db, edition.id, _session_facts(session, rooms, tracks), actor=actor, now=now)
    for past in planned.candidates:
        speakers.add_speaker(db, edition.id, past.person_id, _speaker_facts(past), actor=actor, now=now)
    return edition


def _frame(db: DbSession, source: Edition, facts: EditionFacts) -> tuple[PlannedSession, ...]:
    """Cancelled sessions stay behind."""
    past = [session for session in agendas.sessions_of(db, source.id) if not session.is_cancelled]
    first = first_day(source.own_days, [session.day for session in past if session.day])
    days = Days(facts.starts_on, facts.ends_on) if facts.starts_on and facts.ends_on else None
    return tuple(
        PlannedSession(s, *moved(Slot(s.day, s.starts_at, s.ends_at), first=first, days=days, zone=facts.zone))
        for s in past
    )


def _candidates(db: DbSession, source_id: int) -> tuple[Speaker, ...]:
    """Who spoke at the forum itself: nobody who declined, who only attended, or who spoke at its congress."""
    return tuple(
        speaker
        for speaker in speaking.speakers_of(db, source_id)
        if speaker.scope is Scope.FORUM
        and speaker.part is not Part.ATTENDEE
        and speaker.state is not SpeakerState.DECLINED
    )


def _room_facts(room: Room) -> RoomFacts:
    return RoomFacts(
        room.name, room.detail, room.capacity, room.site, room.booths, position=room.position, slug=room.slug
    )  # fmt: skip


def _track_facts(track: Track) -> TrackFacts:
    return TrackFacts(track.name, track.colour, track.position, track.slug)


def _session_facts(planned: PlannedSession, rooms: Mapping[int, int], tracks: Mapping[int, int]) -> SessionFacts:
    """The frame: what it is and when. Abstracts and notes belong to the past, speakers come as candidates."""
    past, slot = planned.past, planned.slot
    return SessionFacts(
        kind=past.kind,
        title=past.title,
        title_translated=past.title_translated,
        slug=past.slug,
        day=slot.day,
        part_of_day=past.part_of_day,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        room_id=rooms.get(past.room_id or 0),
        track_id=tracks.get(past.track_id or 0),
        for_all=past.for_all,
        language=past.language,
        interpretation=past.interpretation,
        position=past.position,
        expected=past.expected,
        order=past.order,
    )


def _speaker_facts(past: Speaker) -> SpeakerFacts:
    """Role and organisation as they were, for the organiser to check; never the old answer."""
    return SpeakerFacts(
        part=past.part,
        state=SpeakerState.CANDIDATE,
        organisation_id=past.organisation_id,
        country=past.country,
        role=past.role,
    )
