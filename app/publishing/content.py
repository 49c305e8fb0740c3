"""What a release holds: plain frozen values, and their form as JSON.

People and organisations stand in it by their ids, because their names and portraits are live everywhere;
their roles, their links to each other and all texts are as they were when it was published.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any

from app.agenda.rules import SessionKind, SessionRole
from app.speakers.rules import Part, Scope
from app.values.language import Language, Translated

__all__ = ["Appearance", "Content", "RoomContent", "SessionContent", "SpeakerContent", "TrackContent"]

VERSION = 1
UNSAID = Translated()


@dataclass(frozen=True, slots=True)
class RoomContent:
    slug: str
    name: Translated
    detail: Translated = UNSAID
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class TrackContent:
    slug: str
    name: Translated
    colour: int = 1


@dataclass(frozen=True, slots=True)
class SpeakerContent:
    """Somebody at the edition, as what, and for whom."""

    id: int
    person_id: int
    organisation_id: int | None = None
    scope: Scope = Scope.FORUM
    part: Part = Part.SPEAKER
    role: Translated = UNSAID
    country: str | None = None
    topic: Translated = UNSAID
    note: Translated = UNSAID
    sources: tuple[int, ...] = ()
    """Ids of sources, in order."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """A speaker (of `Content.speakers`) in one session."""

    speaker_id: int
    role: SessionRole = SessionRole.SPEAKER


@dataclass(frozen=True, slots=True)
class SessionContent:
    uid: str
    slug: str
    kind: SessionKind
    title: Translated
    title_translated: tuple[str, ...] = ()
    abstract: Translated = UNSAID
    note: Translated = UNSAID
    day: date | None = None
    part_of_day: str = ""
    starts_at: datetime | None = None
    """Wall time in the edition's zone, as `ends_at`."""
    ends_at: datetime | None = None
    room: str | None = None
    """Its slug."""
    track: str | None = None
    """Its slug."""
    for_all: bool = False
    language: Language | None = None
    interpretation: tuple[str, ...] = ()
    speakers: tuple[Appearance, ...] = ()
    is_cancelled: bool = False
    cancel_reason: Translated = UNSAID
    position: int = 0
    sources: tuple[int, ...] = ()
    """Ids of sources, in order."""


@dataclass(frozen=True, slots=True)
class Content:
    """Sessions in the order of the agenda, rooms and tracks in their own, speakers in theirs."""

    sessions: tuple[SessionContent, ...] = ()
    rooms: tuple[RoomContent, ...] = ()
    tracks: tuple[TrackContent, ...] = ()
    speakers: tuple[SpeakerContent, ...] = ()

    def room(self, slug: str | None) -> RoomContent | None:
        return next((room for room in self.rooms if room.slug == slug), None)

    def track(self, slug: str | None) -> TrackContent | None:
        return next((track for track in self.tracks if track.slug == slug), None)

    def session(self, slug: str) -> SessionContent | None:
        return next((session for session in self.sessions if session.slug == slug), None)

    def speaker(self, speaker_id: int) -> SpeakerContent | None:
        return next((speaker for speaker in self.speakers if speaker.id == speaker_id), None)

    @property
    def person_ids(self) -> frozenset[int]:
        return frozenset(speaker.person_id for speaker in self.speakers)

    @property
    def organisation_ids(self) -> frozenset[int]:
        return frozenset(speaker.organisation_id for speaker in self.speakers if speaker.organisation_id is not None)

    @property
    def source_ids(self) -> frozenset[int]:
        cited = [session.sources for session in self.sessions] + [speaker.sources for speaker in self.speakers]
        return frozenset(source for sources in cited for source in sources)

    def to_json(self) -> dict[str, Any]:
        return {"version": VERSION, **_plain(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Content":
        """Raises `ValueError` for a version this code does not know."""
        if data.get("version") != VERSION:
            raise ValueError(f"a release of version {data.get('version')!r}")
        return cls(
            sessions=tuple(_session(entry) for entry in data["sessions"]),
            rooms=tuple(RoomContent(**_texts(entry, "name", "detail")) for entry in data["rooms"]),
            tracks=tuple(TrackContent(**_texts(entry, "name")) for entry in data["tracks"]),
            speakers=tuple(_speaker(entry) for entry in data["speakers"]),
        )


def _plain(value: Any) -> Any:
    if isinstance(value, Translated):
        return value.as_dict()
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else value


def _texts(entry: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**entry, **{name: Translated.of(entry[name]) for name in names}}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _session(entry: Mapping[str, Any]) -> SessionContent:
    return SessionContent(**{
        **_texts(entry, "title", "abstract", "note", "cancel_reason"),
        "kind": SessionKind(entry["kind"]),
        "title_translated": tuple(entry["title_translated"]),
        "day": date.fromisoformat(entry["day"]) if entry["day"] else None,
        "starts_at": _moment(entry["starts_at"]),
        "ends_at": _moment(entry["ends_at"]),
        "language": Language(entry["language"]) if entry["language"] else None,
        "interpretation": tuple(entry["interpretation"]),
        "speakers": tuple(
            Appearance(taking_part["speaker_id"], SessionRole(taking_part["role"]))
            for taking_part in entry["speakers"]
        ),
        "sources": tuple(entry["sources"]),
    })  # fmt: skip


def _speaker(entry: Mapping[str, Any]) -> SpeakerContent:
    return SpeakerContent(**{
        **_texts(entry, "role", "topic", "note"),
        "scope": Scope(entry["scope"]),
        "part": Part(entry["part"]),
        "sources": tuple(entry["sources"]),
    })  # fmt: skip
