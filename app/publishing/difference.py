"""What differs between two states of an agenda, so that people understand it and `applied` can do it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any, Generic, TypeVar

from app.publishing.content import Appearance, Content, RoomContent, SessionContent, SpeakerContent, TrackContent
from app.values.language import Translated

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
class Order:
    """How the things of one list stand, by their keys, where it does not follow from what came and went."""

    of: str
    keys: tuple[Any, ...]


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
class CastChange:
    """Who came, who went, who is there as something else."""

    joined: tuple[Appearance, ...]
    left: tuple[Appearance, ...]
    other_role: tuple[Appearance, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """A session with other words or people."""

    before: SessionContent
    after: SessionContent
    aspects: tuple[Aspect, ...]

    @property
    def cast(self) -> CastChange:
        old = {entry.speaker_id: entry for entry in self.before.speakers}
        new = {entry.speaker_id: entry for entry in self.after.speakers}
        return CastChange(
            joined=tuple(entry for who, entry in new.items() if who not in old),
            left=tuple(entry for who, entry in old.items() if who not in new),
            other_role=tuple(entry for who, entry in new.items() if who in old and entry != old[who]),
        )


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
    unseen: tuple[SessionContent, ...] = ()
    """Changed in what nobody reads: see `_as_read`."""
    orders: tuple[Order, ...] = ()

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
    told = _told(before, after)
    return replace(told, orders=_orders(applied(before, told), after))


def _told(before: Content, after: Content) -> Difference:
    """All of it but for where new things stand among the others."""
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
        rooms=_steps(before.rooms, after.rooms, key=_slug),
        tracks=_steps(before.tracks, after.tracks, key=_slug),
        speakers=_steps(before.speakers, after.speakers, key=_id),
        reordered=_reordered(before, after),
        unseen=tuple(new for old, new in both if old != new and _as_read(old) == _as_read(new)),
    )


def applied(before: Content, changes: Difference) -> Content:
    """What these changes make of that state: `applied(a, difference(a, b)) == b`. New things come last, unless told."""
    orders = {order.of: order.keys for order in changes.orders}
    return Content(
        sessions=_arranged(_sessions_after(before, changes), orders.get("sessions"), key=_uid),
        rooms=_arranged(_stepped(before.rooms, changes.rooms, key=_slug), orders.get("rooms"), key=_slug),
        tracks=_arranged(_stepped(before.tracks, changes.tracks, key=_slug), orders.get("tracks"), key=_slug),
        speakers=_arranged(_stepped(before.speakers, changes.speakers, key=_id), orders.get("speakers"), key=_id),
    )


def _sessions_after(before: Content, changes: Difference) -> list[SessionContent]:
    now = {session.uid: session for session in before.sessions}
    now |= {move.after.uid: move.after for move in changes.moved} | {
        edit.after.uid: edit.after for edit in changes.edited
    }
    alone = (*changes.cancelled, *changes.reinstated, *changes.unseen, *changes.new)
    now |= {session.uid: session for session in alone}
    gone = {session.uid for session in changes.removed}
    return [session for uid, session in now.items() if uid not in gone]


def _stepped(before: Iterable[T], steps: Iterable[Step[T]], *, key: Callable[[T], Any]) -> list[T]:
    now = {key(thing): thing for thing in before}
    for step in steps:
        if step.after is not None:
            now[key(step.after)] = step.after
        elif step.before is not None:
            del now[key(step.before)]
    return list(now.values())


def _arranged(things: Sequence[T], keys: Sequence[Any] | None, *, key: Callable[[T], Any]) -> tuple[T, ...]:
    place = {name: n for n, name in enumerate(keys or ())}
    return tuple(things) if keys is None else tuple(sorted(things, key=lambda thing: place[key(thing)]))


def _orders(arrived: Content, wanted: Content) -> tuple[Order, ...]:
    """Of those lists that `applied` would leave in another order than wanted."""
    return tuple(Order(name, keys) for name, keys in _keys(wanted).items() if keys != _keys(arrived)[name])


def _keys(content: Content) -> dict[str, tuple[Any, ...]]:
    return {
        "sessions": tuple(map(_uid, content.sessions)),
        "rooms": tuple(map(_slug, content.rooms)),
        "tracks": tuple(map(_slug, content.tracks)),
        "speakers": tuple(map(_id, content.speakers)),
    }


def _uid(session: SessionContent) -> str:
    return session.uid


def _slug(place: RoomContent | TrackContent) -> str:
    return place.slug


def _id(speaker: SpeakerContent) -> int:
    return speaker.id


def _as_read(session: SessionContent) -> SessionContent:
    """Without what nobody reads: a reason for cancelling what is not cancelled, an order among languages."""
    reason = session.cancel_reason if session.is_cancelled else Translated()
    return replace(session, cancel_reason=reason, interpretation=tuple(sorted(session.interpretation)))


def place_in_time(session: SessionContent) -> tuple[object, ...]:
    return session.day, session.part_of_day, session.starts_at, session.ends_at, session.room, session.for_all


def changed_aspects(old: SessionContent, new: SessionContent) -> tuple[Aspect, ...]:
    changed = {
        Aspect.TITLE: (old.title, old.title_translated) != (new.title, new.title_translated),
        Aspect.ABSTRACT: old.abstract != new.abstract,
        Aspect.SPEAKERS: frozenset(old.speakers) != frozenset(new.speakers),
        Aspect.TRACK: old.track != new.track,
        Aspect.LANGUAGE: (old.language, set(old.interpretation)) != (new.language, set(new.interpretation)),
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
    old, new = _keys(before), _keys(after)
    return tuple(listing for listing in Listing if _other_order(old[listing], new[listing]))


def _other_order(old: Sequence[Any], new: Sequence[Any]) -> bool:
    """Only of what is in both; what is new or gone is no change of order."""
    common = set(old) & set(new)
    return [name for name in old if name in common] != [name for name in new if name in common]


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
