"""Back to a release: the draft's rooms, tracks, speakers and sessions become as it had them, each by its own action.

The public sees nothing of it until the next release.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.agenda import actions as agenda
from app.agenda import queries as planned
from app.agenda.models import Session
from app.agenda.rules import RoomFacts, SessionFacts, TrackFacts
from app.audit.actions import record
from app.database import DbSession
from app.editions import queries as editions
from app.errors import NotFound
from app.publishing import queries
from app.publishing.content import Content, SessionContent, SpeakerContent
from app.publishing.models import Release
from app.publishing.rollback import Leftover, Present, leftover, restored, stand_ins
from app.speakers import actions as speakers
from app.speakers.models import Speaker
from app.speakers.queries import speaker_facts
from app.speakers.rules import SpeakerFacts
from app.values.actor import Actor
from app.values.language import Translated


@dataclass(frozen=True, slots=True)
class Prospect:
    """What going back to a release would make of the draft."""

    draft: Content
    after: Content
    left: Leftover


@dataclass(frozen=True, slots=True)
class Way:
    """One going back: to what, by whom, and in whose transaction."""

    db: DbSession
    edition_id: int
    wanted: Content
    reason: Translated
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What the release calls by slugs and ids of then, as the draft knows it now."""

    rooms: Mapping[str, int]
    tracks: Mapping[str, int]
    cast: Mapping[int, int]


def prospect(db: DbSession, edition_id: int, release: Release, *, reason: Translated = Translated()) -> Prospect:
    draft, wanted = queries.draft_content(db, edition_id), Content.from_json(release.content)
    seen = select(Session.uid).where(Session.edition_id == edition_id, Session.was_published)
    facts: dict[str, Any] = {"published": frozenset(db.scalars(seen)), "present": _present(db, edition_id)}
    return Prospect(draft, restored(draft, wanted, reason=reason, **facts), leftover(draft, wanted, **facts))


def roll_back(
    db: DbSession, edition_id: int, number: int, *, reason: Translated, actor: Actor, now: datetime
) -> Release:
    """See `rollback.py` for what is kept. `reason` is told of sessions that have to be cancelled.

    Locks as everybody does: the edition, its agenda, then the sessions by their ids. Raises `NotFound` for a release
    that never was, `Conflict` where something of it does not fit the edition any more.
    """
    editions.locked_edition(db, edition_id)
    release = queries.release_numbered(db, edition_id, number)
    if release is None:
        raise NotFound
    agenda.next_number(db, edition_id)
    way = Way(db, edition_id, Content.from_json(release.content), reason, actor, now)
    _sessions(way, Found(_rooms(way), _tracks(way), _cast(way)))
    record(
        db, actor, "release_taken_back", kind="release", subject_id=release.id, now=now, edition_id=edition_id,
        number=number,
    )  # fmt: skip
    return release


def _present(db: DbSession, edition_id: int) -> Sequence[Present]:
    rows = select(Speaker).where(Speaker.edition_id == edition_id).order_by(Speaker.position, Speaker.id)
    return [Present(row.id, row.person_id, row.scope, row.state) for row in db.scalars(rows)]


def _rooms(way: Way) -> dict[str, int]:
    """Those of the release first and in its order, by slug; what organisers know beside stays."""
    there = {room.slug: room for room in planned.rooms_of(way.db, way.edition_id)}
    wanted = {room.slug: room for room in way.wanted.rooms}
    for place, slug in enumerate(dict.fromkeys([*wanted, *there]), 1):
        room, told = there.get(slug), wanted.get(slug)
        if room is None and told is not None:
            new = RoomFacts(told.name, told.detail, told.capacity, position=place, slug=slug)
            there[slug] = agenda.create_room(way.db, way.edition_id, new, actor=way.actor, now=way.now)
        elif room is not None:
            before = RoomFacts(room.name, room.detail, room.capacity, room.site, room.booths, room.position)
            after = replace(before, position=place)
            if told:
                after = replace(after, name=told.name, detail=told.detail, capacity=told.capacity)
            if after != before:
                agenda.change_room(way.db, room.id, after, revision=room.revision, actor=way.actor, now=way.now)
    return {slug: room.id for slug, room in there.items()}


def _tracks(way: Way) -> dict[str, int]:
    """As the rooms."""
    there = {track.slug: track for track in planned.tracks_of(way.db, way.edition_id)}
    wanted = {track.slug: track for track in way.wanted.tracks}
    for place, slug in enumerate(dict.fromkeys([*wanted, *there]), 1):
        track, told = there.get(slug), wanted.get(slug)
        if track is None and told is not None:
            new = TrackFacts(told.name, told.colour, place, slug)
            there[slug] = agenda.create_track(way.db, way.edition_id, new, actor=way.actor, now=way.now)
        elif track is not None:
            before = TrackFacts(track.name, track.colour, track.position)
            after = TrackFacts(told.name, told.colour, place) if told else replace(before, position=place)
            if after != before:
                agenda.change_track(way.db, track.id, after, revision=track.revision, actor=way.actor, now=way.now)
    return {slug: track.id for slug, track in there.items()}


def _cast(way: Way) -> dict[int, int]:
    """Who of the release is whom of the draft; their texts as they were, their answer as it is."""
    found: dict[int, int] = {}
    taken = stand_ins(way.wanted, _present(way.db, way.edition_id))
    for told in way.wanted.speakers:
        own = taken[told.id]
        found[told.id] = _back(way, told) if own is None else own
        if own is not None:
            row = way.db.get_one(Speaker, own)
            facts = _as_then(speaker_facts(row), told)
            speakers.change_speaker(way.db, own, facts, revision=row.revision, actor=way.actor, now=way.now)
    return found


def _back(way: Way, told: SpeakerContent) -> int:
    """Somebody taken out since: a candidate again."""
    facts = _as_then(SpeakerFacts(), told)
    return speakers.add_speaker(
        way.db, way.edition_id, told.person_id, facts, actor=way.actor, now=way.now, source_ids=told.sources
    ).id


def _as_then(facts: SpeakerFacts, told: SpeakerContent) -> SpeakerFacts:
    return replace(
        facts,
        scope=told.scope,
        part=told.part,
        organisation_id=told.organisation_id,
        country=told.country,
        role=told.role,
        topic=told.topic,
        note=told.note,
    )


def _sessions(way: Way, found: Found) -> None:
    told = {session.uid: session for session in way.wanted.sessions}
    for row in sorted(planned.sessions_of(way.db, way.edition_id), key=lambda row: row.id):
        session = told.get(row.uid)
        if session is not None:
            _change(way, row, _facts(planned.facts_of(row), session, found))
            _settle(way, row, session.is_cancelled, session.cancel_reason)
        elif row.was_published:
            _settle(way, row, True, row.cancel_reason if row.is_cancelled else way.reason)
        else:
            _change(way, row, _nowhere(planned.facts_of(row)))


def _facts(facts: SessionFacts, told: SessionContent, found: Found) -> SessionFacts:
    return replace(
        facts,
        kind=told.kind,
        title=told.title,
        title_translated=told.title_translated,
        abstract=told.abstract,
        note=told.note,
        day=told.day,
        part_of_day=told.part_of_day,
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        room_id=found.rooms[told.room] if told.room else None,
        track_id=found.tracks[told.track] if told.track else None,
        for_all=told.for_all,
        language=told.language,
        interpretation=told.interpretation,
        speakers=tuple((found.cast[entry.speaker_id], entry.role) for entry in told.speakers),
        position=told.position,
    )


def _nowhere(facts: SessionFacts) -> SessionFacts:
    return replace(facts, day=None, part_of_day="", starts_at=None, ends_at=None, room_id=None, is_pinned=False)


def _change(way: Way, row: Session, facts: SessionFacts) -> None:
    if facts != planned.facts_of(row):
        agenda.change_session(way.db, row.id, facts, revision=row.revision, actor=way.actor, now=way.now)


def _settle(way: Way, row: Session, cancelled: bool, reason: Translated) -> None:
    """Whether it takes place."""
    if cancelled and (not row.is_cancelled or row.cancel_reason != reason):
        agenda.cancel_session(way.db, row.id, reason, actor=way.actor, now=way.now)
    elif row.is_cancelled and not cancelled:
        agenda.reinstate_session(way.db, row.id, actor=way.actor, now=way.now)
