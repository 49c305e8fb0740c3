"""What organisers do with rooms, tracks and sessions. None of it is public before a release; none of it commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.agenda import queries
from app.agenda.models import AgendaBook, Room, Session, SessionSource, SessionSpeaker, Track
from app.agenda.notation import as_seen
from app.agenda.rules import RoomFacts, SessionFacts, SessionRole, TrackFacts, free_colour, free_slug, misfit, slug_of
from app.audit.actions import record
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition, Series
from app.errors import Conflict, NotFound, Stale
from app.speakers.models import Speaker
from app.translation.actions import forget, note_change
from app.values.actor import Actor
from app.values.language import Language, Translated

Row = TypeVar("Row", Room, Track, Session)
Place = TypeVar("Place", Room, Track)


def locked_book(db: DbSession, edition_id: int) -> AgendaBook:
    """The edition's row of measures and its agenda's lock, made where there is none yet."""
    book = db.get(AgendaBook, edition_id, with_for_update=True, populate_existing=True)
    if book is not None:
        return book
    try:
        with db.begin_nested():
            db.add(AgendaBook(edition_id=edition_id))
    except IntegrityError:  # another made it in the same moment
        pass
    return db.get_one(AgendaBook, edition_id, with_for_update=True, populate_existing=True)


def next_number(db: DbSession, edition_id: int) -> int:
    """Count one more change of the agenda, under its lock. To be taken before any of its sessions is locked."""
    book = locked_book(db, edition_id)
    book.number += 1
    db.flush()
    return book.number


def create_room(db: DbSession, edition_id: int, facts: RoomFacts, *, actor: Actor, now: datetime) -> Room:
    """Raises `Conflict` where a room has this name already: a form sent twice makes one room."""
    editions.locked_edition(db, edition_id)
    others = queries.rooms_of(db, edition_id)
    if any(room.name == facts.name for room in others):
        raise Conflict("room_is_there")
    taken = frozenset(room.slug for room in others)
    room = Room(
        edition_id=edition_id,
        slug=free_slug(facts.slug or slug_of(facts.name, otherwise="room"), taken),
        name=facts.name,
        detail=facts.detail,
        capacity=facts.capacity,
        site=facts.site,
        booths=facts.booths,
        position=_behind([room.position for room in others]) if facts.position is None else facts.position,
    )
    db.add(room)
    db.flush()
    record(db, actor, "room_created", kind="room", subject_id=room.id, now=now, edition_id=edition_id)
    return room


def change_room(db: DbSession, room_id: int, facts: RoomFacts, *, revision: int, actor: Actor, now: datetime) -> Room:
    """Its slug stays: feeds stand at it."""
    room = _locked(db, Room, room_id)
    if room.revision != revision:
        raise Stale
    for field, before, after in (("name", room.name, facts.name), ("detail", room.detail, facts.detail)):
        note_change(db, "room", room.id, field, before, after, house=_house(db, room.edition_id), now=now)
    room.name, room.detail, room.capacity = facts.name, facts.detail, facts.capacity
    room.site, room.booths = facts.site, facts.booths
    room.position = room.position if facts.position is None else facts.position
    room.revision += 1
    db.flush()
    record(db, actor, "room_changed", kind="room", subject_id=room.id, now=now, edition_id=room.edition_id)
    return room


def remove_room(db: DbSession, room_id: int, *, actor: Actor, now: datetime) -> None:
    """Refused while sessions are in it, cancelled ones too."""
    room = _alone(db, Room, room_id)
    if sessions := queries.sessions_in_room(db, room_id):
        raise Conflict("room_in_use", sessions=sessions)
    db.delete(room)
    db.flush()
    forget(db, "room", room_id)
    record(db, actor, "room_removed", kind="room", subject_id=room_id, now=now, edition_id=room.edition_id)


def move_room(db: DbSession, room_id: int, by: int, *, actor: Actor, now: datetime) -> None:
    """One place forward (-1) or back (1) among the edition's rooms; at an end it stays. The forms of others stay good."""
    room = _alone(db, Room, room_id)
    _renumber(room, by, queries.rooms_of(db, room.edition_id))
    db.flush()
    record(db, actor, "room_changed", kind="room", subject_id=room.id, now=now, edition_id=room.edition_id)


def move_track(db: DbSession, track_id: int, by: int, *, actor: Actor, now: datetime) -> None:
    track = _alone(db, Track, track_id)
    _renumber(track, by, queries.tracks_of(db, track.edition_id))
    db.flush()
    record(db, actor, "track_changed", kind="track", subject_id=track.id, now=now, edition_id=track.edition_id)


def create_track(db: DbSession, edition_id: int, facts: TrackFacts, *, actor: Actor, now: datetime) -> Track:
    """Raises `Conflict` where a track has this name already: a form sent twice makes one track."""
    editions.locked_edition(db, edition_id)
    others = queries.tracks_of(db, edition_id)
    if any(track.name == facts.name for track in others):
        raise Conflict("track_is_there")
    taken = frozenset(track.slug for track in others)
    track = Track(
        edition_id=edition_id,
        slug=free_slug(facts.slug or slug_of(facts.name, otherwise="track"), taken),
        name=facts.name,
        colour=facts.colour or free_colour(tuple(track.colour for track in others)),
        position=_behind([track.position for track in others]) if facts.position is None else facts.position,
    )
    db.add(track)
    db.flush()
    record(db, actor, "track_created", kind="track", subject_id=track.id, now=now, edition_id=edition_id)
    return track


def change_track(
    db: DbSession, track_id: int, facts: TrackFacts, *, revision: int, actor: Actor, now: datetime
) -> Track:
    """Its slug stays: a feed stands at it."""
    track = _locked(db, Track, track_id)
    if track.revision != revision:
        raise Stale
    note_change(db, "track", track.id, "name", track.name, facts.name, house=_house(db, track.edition_id), now=now)
    track.name = facts.name
    track.colour = facts.colour or track.colour
    track.position = track.position if facts.position is None else facts.position
    track.revision += 1
    db.flush()
    record(db, actor, "track_changed", kind="track", subject_id=track.id, now=now, edition_id=track.edition_id)
    return track


def remove_track(db: DbSession, track_id: int, *, actor: Actor, now: datetime) -> None:
    """Refused while sessions belong to it, cancelled ones too."""
    track = _alone(db, Track, track_id)
    if sessions := queries.sessions_in_track(db, track_id):
        raise Conflict("track_in_use", sessions=sessions)
    db.delete(track)
    db.flush()
    forget(db, "track", track_id)
    record(db, actor, "track_removed", kind="track", subject_id=track_id, now=now, edition_id=track.edition_id)


def create_session(
    db: DbSession, edition_id: int, facts: SessionFacts, *, actor: Actor, now: datetime, uid: str | None = None,
    source_ids: tuple[int, ...] = (),
) -> Session:  # fmt: skip
    """A new item of the draft. A `uid` comes from data files, so that loading them twice gives the same, and from a
    form's own number: the same form sent twice is one session, and the second time it is given as it is.

    Rooms, tracks and sessions are added under a lock on the edition: two at once would choose the same slug.
    Raises `NotFound` for a room, track or speaker of another edition, `Conflict` with the code of a `Misfit`.
    """
    editions.locked_edition(db, edition_id)
    number = next_number(db, edition_id)
    again = queries.session_by_uid(db, uid) if uid else None
    if again and again.edition_id == edition_id:
        return again
    session = Session(
        uid=str(uuid4()) if again or uid is None else uid,
        edition_id=edition_id,
        slug=_free_slug(db, edition_id, facts),
        created_at=now,
        changed_at=now,
        stamp=number,
        cancel_reason=Translated(),
    )
    _take(db, session, facts)
    db.add(session)
    db.flush()
    session.speakers = _cast(facts)
    session.citations = [SessionSource(source_id=source, position=n) for n, source in enumerate(source_ids)]
    db.flush()
    _note(db, actor, "session_created", session, now)
    return session


def change_session(
    db: DbSession, session_id: int, facts: SessionFacts, *, revision: int, actor: Actor, now: datetime
) -> Session:
    """Store all of an organiser's facts. An empty slug keeps the one it has; once published it cannot change.

    Raises `Stale` if somebody saved meanwhile; else as `create_session`.
    """
    session = locked_session(db, session_id)
    if session.revision != revision:
        raise Stale
    if facts.slug and facts.slug != session.slug:
        if session.was_published:
            raise Conflict("slug_is_public")
        session.slug = _free_slug(db, session.edition_id, facts)
    _note_texts(db, session, facts, now)
    stood = as_seen(session.placement)
    _take(db, session, facts)
    _recast(db, session, facts)
    session.revision += 1
    session.changed_at = now
    db.flush()
    moved = {"before": stood, "to": as_seen(session.placement)} if as_seen(session.placement) != stood else {}
    _note(db, actor, "session_changed", session, now, **moved)
    return session


def reword_session(
    db: DbSession, session_id: int, texts: Mapping[str, Translated], *, actor: Actor, now: datetime
) -> Session:
    """Some of its texts, by the names of their columns. Time, place and people stay as others leave them meanwhile."""
    session = locked_session(db, session_id)
    house = _house(db, session.edition_id)
    for field, after in texts.items():
        ours = session.title_translated if field == "title" else ()
        before = getattr(session, field)
        note_change(db, "session", session.id, field, before, after, house=house, now=now, translated=ours)
        setattr(session, field, after)
    session.revision += 1
    session.changed_at = now
    db.flush()
    _note(db, actor, "session_changed", session, now)
    return session


def remove_session(db: DbSession, session_id: int, *, actor: Actor, now: datetime) -> None:
    """Only what the public never saw. Anything else is cancelled."""
    session = locked_session(db, session_id)
    if session.was_published:
        raise Conflict("session_published")
    db.delete(session)
    db.flush()
    forget(db, "session", session_id)
    _note(db, actor, "session_removed", session, now)


def cancel_session(
    db: DbSession, session_id: int, reason: Translated, *, actor: Actor, now: datetime, revision: int | None = None
) -> Session:
    """It stays in the agenda, struck through, with a reason the public reads from the next release on."""
    return _set_cancelled(db, session_id, reason, revision, "session_cancelled", actor, now)


def reinstate_session(
    db: DbSession, session_id: int, *, actor: Actor, now: datetime, revision: int | None = None
) -> Session:
    return _set_cancelled(db, session_id, None, revision, "session_reinstated", actor, now)


def _set_cancelled(
    db: DbSession, session_id: int, reason: Translated | None, revision: int | None, verb: str, actor: Actor,
    now: datetime,
) -> Session:  # fmt: skip
    session = locked_session(db, session_id)
    if revision is not None and session.revision != revision:
        raise Stale
    before, after = session.cancel_reason, reason or Translated()
    note_change(
        db, "session", session.id, "cancel_reason", before, after, house=_house(db, session.edition_id), now=now
    )
    session.is_cancelled, session.cancel_reason = reason is not None, after
    session.revision += 1
    session.changed_at = now
    db.flush()
    _note(db, actor, verb, session, now)
    return session


def _take(db: DbSession, session: Session, facts: SessionFacts) -> None:
    """The facts into the row, once they are found to fit the edition."""
    _require_fit(db, session.edition_id, facts)
    session.kind = facts.kind
    session.title, session.title_translated = facts.title, facts.title_translated
    session.abstract, session.note = facts.abstract, facts.note
    session.day, session.part_of_day = facts.day, facts.part_of_day
    session.starts_at, session.ends_at = facts.starts_at, facts.ends_at
    session.room_id, session.track_id, session.for_all = facts.room_id, facts.track_id, facts.for_all
    session.language, session.interpretation = facts.language, facts.interpretation
    session.position, session.expected = facts.position, facts.expected
    session.order, session.is_pinned = facts.order, facts.is_pinned


def _note_texts(db: DbSession, session: Session, facts: SessionFacts, now: datetime) -> None:
    house, own = _house(db, session.edition_id), facts.title_translated
    note_change(
        db, "session", session.id, "title", session.title, facts.title, house=house, now=now, translated=own
    )  # fmt: skip
    note_change(db, "session", session.id, "abstract", session.abstract, facts.abstract, house=house, now=now)
    note_change(db, "session", session.id, "note", session.note, facts.note, house=house, now=now)


def _house(db: DbSession, edition_id: int) -> Language:
    """In which language its series writes first."""
    return db.scalar(select(Series.source_language).join(Edition).where(Edition.id == edition_id)) or Language.EN


def _require_fit(db: DbSession, edition_id: int, facts: SessionFacts) -> None:
    zone = db.scalar(select(Edition.zone).where(Edition.id == edition_id))
    if zone is None:
        raise NotFound
    if why := misfit(day=facts.day, starts_at=facts.starts_at, ends_at=facts.ends_at, zone=zone):
        raise Conflict(why)
    if facts.room_id is not None:
        queries.room_of(db, edition_id, facts.room_id)
    if facts.track_id is not None:
        queries.track_of(db, edition_id, facts.track_id)
    ids = {speaker_id for speaker_id, _role in facts.speakers}
    of_edition = select(func.count()).where(Speaker.id.in_(ids), Speaker.edition_id == edition_id)
    if ids and db.scalar(of_edition) != len(ids):
        raise NotFound


def _cast(facts: SessionFacts) -> list[SessionSpeaker]:
    roles: dict[int, SessionRole] = dict(facts.speakers)
    return [
        SessionSpeaker(speaker_id=speaker, role=role, position=n) for n, (speaker, role) in enumerate(roles.items())
    ]


def _recast(db: DbSession, session: Session, facts: SessionFacts) -> None:
    """Rows that stay are changed, not replaced: their key is the pair of session and speaker."""
    there = {row.speaker_id: row for row in session.speakers}
    wanted = _cast(facts)
    for row in wanted:
        if row.speaker_id in there:
            there[row.speaker_id].role, there[row.speaker_id].position = row.role, row.position
    session.speakers = [there.get(row.speaker_id, row) for row in wanted]
    db.flush()


def _free_slug(db: DbSession, edition_id: int, facts: SessionFacts) -> str:
    """The one asked for, which must be free, or one made from the title."""
    taken = frozenset(db.scalars(select(Session.slug).where(Session.edition_id == edition_id)))
    if facts.slug:
        if facts.slug in taken:
            raise Conflict("slug_taken")
        return facts.slug
    return free_slug(slug_of(facts.title, otherwise="session"), taken)


def locked_session(db: DbSession, session_id: int) -> Session:
    """As it is now, stamped with the agenda's next number: to be changed, and nobody else's meanwhile."""
    edition_id = db.scalar(select(Session.edition_id).where(Session.id == session_id))
    if edition_id is None:
        raise NotFound
    number = next_number(db, edition_id)
    session = _locked(db, Session, session_id)
    session.stamp = number
    return session


def _note(db: DbSession, actor: Actor, verb: str, session: Session, now: datetime, **data: object) -> None:
    record(db, actor, verb, kind="session", subject_id=session.id, now=now, edition_id=session.edition_id, **data)


def _alone(db: DbSession, kind: type[Place], place_id: int) -> Place:
    """A room or a track, while nobody adds or moves another, or puts a session into it."""
    edition_id = db.scalar(select(kind.edition_id).where(kind.id == place_id))
    if edition_id is None:
        raise NotFound
    editions.locked_edition(db, edition_id)
    locked_book(db, edition_id)
    return _locked(db, kind, place_id)


def _locked(db: DbSession, kind: type[Row], row_id: int) -> Row:
    """Rows that point to it may be written meanwhile, as with `editions.queries.locked_edition`."""
    found: Row | None = db.get(kind, row_id, with_for_update={"key_share": True}, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _renumber(place: Room | Track, by: int, places: Sequence[Room] | Sequence[Track]) -> None:
    order: list[Room | Track] = [*places]
    at = order.index(place)
    order.insert(min(max(at + by, 0), len(order) - 1), order.pop(at))
    for n, row in enumerate(order, 1):
        row.position = n


def _behind(positions: list[int]) -> int:
    return max(positions, default=0) + 1
