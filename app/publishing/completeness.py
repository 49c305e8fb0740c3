"""Which texts of a release are not there in every language: a release may be made to wait for them."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.publishing.content import Content, RoomContent, SessionContent, SpeakerContent, TrackContent
from app.values.language import Language, Translated

Subject = int | str
"""A speaker's id, a session's UID, the slug of a room or track: as `Content` calls them."""
Stale = tuple[str, Subject, str, Language]
"""Kind, subject, field, language of a translation whose source changed after it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One text that one language lacks, or has in an old wording."""

    kind: str
    """`session`, `speaker`, `room` or `track`."""
    subject: Subject
    field: str
    language: Language
    is_stale: bool = False


def incomplete(content: Content, stale: frozenset[Stale]) -> tuple[Gap, ...]:
    """Every gap, in the order of the release. A text nobody has written in any language is no gap."""
    return tuple(
        Gap(kind, subject, field, language, is_stale=bool(text.exact(language)))
        for kind, subject, field, text in _texts(content)
        for language in Language
        if text and (not text.exact(language) or (kind, subject, field, language) in stale)
    )


def _texts(content: Content) -> Iterator[tuple[str, Subject, str, Translated]]:
    for room in content.rooms:
        yield from _fields("room", room.slug, room, "name", "detail")
    for track in content.tracks:
        yield from _fields("track", track.slug, track, "name")
    for session in content.sessions:
        yield from _fields("session", session.uid, session, *_shown(session))
    for speaker in content.speakers:
        yield from _fields("speaker", speaker.id, speaker, "role", "topic", "note")


def _shown(session: SessionContent) -> tuple[str, ...]:
    """Of a session that does not take place, the public reads what it was and why."""
    return ("title", "cancel_reason") if session.is_cancelled else ("title", "abstract", "note")


def _fields(
    kind: str, subject: Subject, of: RoomContent | TrackContent | SessionContent | SpeakerContent, *names: str
) -> Iterator[tuple[str, Subject, str, Translated]]:
    for name in names:
        yield kind, subject, name, getattr(of, name)
