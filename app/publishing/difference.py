"""What differs between two states of an agenda."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Generic, TypeVar

from app.publishing.content import Content, RoomContent, SessionContent, SpeakerContent, TrackContent

T = TypeVar("T")


class Aspect(StrEnum):
    """What of a session changed, beside its time, place and whether it happens."""

    TITLE = "title"
    ABSTRACT = "abstract"
    SPEAKERS = "speakers"
    ORDER_OF_SPEAKING = "order_of_speaking"
    TRACK = "track"
    LANGUAGE = "language"
    KIND = "kind"
    REASON = "reason"
    ADDRESS = "address"
    RECORD = "record"
    """Notes and sources of a past session, and where it stands among others without a time."""


class Listing(StrEnum):
    """Things whose order can change alone. That of sessions follows from their times, rooms and positions."""

    ROOMS = "rooms"
    TRACKS = "tracks"
    SPEAKERS = "speakers"


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    """From something to something; None before what is new and after what is gone."""

    before: T | None
    after: T | None


@dataclass(frozen=True, slots=True)
class Move:
    """A session with another time or place."""

    before: SessionContent
    after: SessionContent


@dataclass(frozen=True, slots=True)
class Edit:
    """A session with other words or people."""

    before: SessionContent
    after: SessionContent
    aspects: tuple[Aspect, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Sessions may be in more than one list: moved and with a new title. Empty exactly when nothing changed."""

    new: tuple[SessionContent, ...] = ()
    removed: tuple[SessionContent, ...] = ()
    """Will be cancelled in the calendars: what was promised is never silently gone."""
    cancelled: tuple[SessionContent, ...] = ()
    reinstated: tuple[SessionContent, ...] = ()
    moved: tuple[Move, ...] = ()
    edited: tuple[Edit, ...] = ()
    rooms: tuple[Step[RoomContent], ...] = ()
    tracks: tuple[Step[TrackContent], ...] = ()
    speakers: tuple[Step[SpeakerContent], ...] = ()
    reordered: tuple[Listing, ...] = ()

    def __len__(self) -> int:
        """The number of changes, as an organiser counts them."""
        sessions = (*self.new, *self.removed, *self.cancelled, *self.reinstated, *self.moved, *self.edited)
        return len(sessions) + len(self.rooms) + len(self.tracks) + len(self.speakers) + len(self.reordered)

    @property
    def digest(self) -> str:
        """The same only for the same changes."""
        return sha256(repr(self).encode()).hexdigest()[:16]

    @property
    def session_uids(self) -> frozenset[str]:
        alone = (*self.new, *self.removed, *self.cancelled, *self.reinstated)
        after = [move.after for move in self.moved] + [edit.after for edit in self.edited]
        return frozenset(session.uid for session in (*alone, *after))


def difference(before: Content | None, after: Content) -> Difference:
    """From one state to the next; without a state before, everything is new."""
    before = before or Content()
    earlier = {session.uid: session for session in before.sessions}
    later = {session.uid: session for session in after.sessions}
    both = [(earlier[uid], session) for uid, session in later.items() if uid in earlier]
    return Difference(
        new=tuple(session for uid, session in later.items() if uid not in earlier),
        removed=tuple(session for uid, session in earlier.items() if uid not in later),
        cancelled=tuple(new for old, new in both if new.is_cancelled and not old.is_cancelled),
        reinstated=tuple(new for old, new in both if old.is_cancelled and not new.is_cancelled),
        moved=tuple(Move(old, new) for old, new in both if place_in_time(old) != place_in_time(new)),
        edited=tuple(Edit(old, new, aspects) for old, new in both if (aspects := changed_aspects(old, new))),
        rooms=_steps(before.rooms, after.rooms, key=lambda room: room.slug),
        tracks=_steps(before.tracks, after.tracks, key=lambda track: track.slug),
        speakers=_steps(before.speakers, after.speakers, key=lambda speaker: speaker.id),
        reordered=_reordered(before, after),
    )


def place_in_time(session: SessionContent) -> tuple[object, ...]:
    return session.day, session.part_of_day, session.starts_at, session.ends_at, session.room, session.for_all


def changed_aspects(old: SessionContent, new: SessionContent) -> tuple[Aspect, ...]:
    changed = {
        Aspect.TITLE: (old.title, old.title_translated) != (new.title, new.title_translated),
        Aspect.ABSTRACT: old.abstract != new.abstract,
        Aspect.SPEAKERS: frozenset(old.speakers) != frozenset(new.speakers),
        Aspect.TRACK: old.track != new.track,
        Aspect.LANGUAGE: (old.language, old.interpretation) != (new.language, new.interpretation),
        Aspect.KIND: old.kind != new.kind,
        Aspect.REASON: old.is_cancelled and new.is_cancelled and old.cancel_reason != new.cancel_reason,
        Aspect.ADDRESS: old.slug != new.slug,
        Aspect.RECORD: _record(old) != _record(new),
    }
    changed[Aspect.ORDER_OF_SPEAKING] = old.speakers != new.speakers and not changed[Aspect.SPEAKERS]
    return tuple(aspect for aspect in Aspect if changed[aspect])


def _record(session: SessionContent) -> tuple[object, ...]:
    return session.note, session.sources, session.position


def _steps(before: Iterable[T], after: Iterable[T], *, key: Callable[[T], Any]) -> tuple[Step[T], ...]:
    earlier, later = {key(thing): thing for thing in before}, {key(thing): thing for thing in after}
    names = [*later, *(name for name in earlier if name not in later)]
    pairs = ((earlier.get(name), later.get(name)) for name in names)
    return tuple(Step(old, new) for old, new in pairs if old != new)


def _reordered(before: Content, after: Content) -> tuple[Listing, ...]:
    orders: dict[Listing, tuple[list[Any], list[Any]]] = {
        Listing.ROOMS: ([r.slug for r in before.rooms], [r.slug for r in after.rooms]),
        Listing.TRACKS: ([t.slug for t in before.tracks], [t.slug for t in after.tracks]),
        Listing.SPEAKERS: ([s.id for s in before.speakers], [s.id for s in after.speakers]),
    }
    return tuple(listing for listing, (old, new) in orders.items() if _other_order(old, new))


def _other_order(old: list[Any], new: list[Any]) -> bool:
    """Only of what is in both; what is new or gone is no change of order."""
    return [name for name in old if name in set(new)] != [name for name in new if name in set(old)]


@dataclass(frozen=True, slots=True)
class Turn:
    """What a release changes for one speaker."""

    speaker_id: int
    is_new: bool = False
    is_gone: bool = False
    gained: tuple[SessionContent, ...] = ()
    lost: tuple[SessionContent, ...] = ()
    moved: tuple[Move, ...] = ()

    def __bool__(self) -> bool:
        return self.is_new or self.is_gone or bool(self.gained or self.lost or self.moved)


def turns(before: Content | None, after: Content, changes: Difference) -> tuple[Turn, ...]:
    """The same changes as the people see them; a cancelled session is lost, a reinstated one gained."""
    earlier, later = _sessions_of(before or Content()), _sessions_of(after)
    everyone = dict.fromkeys([*(s.id for s in after.speakers), *(s.id for s in (before or Content()).speakers)])
    there_before, there_after = _ids(before or Content()), _ids(after)
    found = []
    for who in everyone:
        old, new = earlier.get(who, {}), later.get(who, {})
        found.append(
            Turn(
                who,
                is_new=who not in there_before,
                is_gone=who not in there_after,
                gained=tuple(session for uid, session in new.items() if uid not in old),
                lost=tuple(session for uid, session in old.items() if uid not in new),
                moved=tuple(move for move in changes.moved if move.after.uid in old and move.after.uid in new),
            )
        )
    return tuple(turn for turn in found if turn)


def _ids(content: Content) -> frozenset[int]:
    return frozenset(speaker.id for speaker in content.speakers)


def _sessions_of(content: Content) -> dict[int, dict[str, SessionContent]]:
    """By speaker, what takes place with them."""
    found: dict[int, dict[str, SessionContent]] = {}
    for session in content.sessions:
        for entry in session.speakers if not session.is_cancelled else ():
            found.setdefault(entry.speaker_id, {})[session.uid] = session
    return found
