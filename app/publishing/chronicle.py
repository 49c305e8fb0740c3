"""What the public has seen change, release by release.

Each release keeps what it changed against the one the public saw before it: of both, only the parts that differ and
what these speak of. So a page of all releases costs their changes and not their agendas; and what was planned and
planned again before the public saw anything stands nowhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import defer

from app.database import DbSession
from app.publishing.content import Content, SessionContent
from app.publishing.difference import Difference, Listing, difference
from app.publishing.models import Release
from app.values.language import Translated


@dataclass(frozen=True, slots=True)
class Chapter:
    """One release, as its readers know it."""

    number: int
    at: datetime
    """Since when the public sees it."""
    note: Translated
    before: Content | None
    """Narrowed, as `after`; None for the first that the public saw, which is whole."""
    after: Content


def chronicle(db: DbSession, edition_id: int, *, limit: int | None = None) -> Sequence[Chapter]:
    """Newest first, in two queries: one more for the whole of the first."""
    shown = (
        select(Release)
        .where(Release.edition_id == edition_id, Release.shown_at.is_not(None))
        .order_by(Release.number.desc())
        .options(defer(Release.content))
        .limit(limit)
    )
    return [_chapter(release) for release in db.scalars(shown)]


def _chapter(release: Release) -> Chapter:
    assert release.shown_at is not None
    kept = release.changes
    before = Content.from_json(kept["before"]) if kept else None
    after = Content.from_json(kept["after"] if kept else release.content)
    return Chapter(release.number, release.shown_at, release.note, before, after)


def last_shown(db: DbSession, edition_id: int) -> Release | None:
    """The newest release that the public has seen."""
    shown = select(Release).where(Release.edition_id == edition_id, Release.shown_at.is_not(None))
    return db.scalar(shown.order_by(Release.number.desc()).limit(1))


def to_keep(before: Content, after: Content) -> dict[str, Any]:
    """For `Release.changes`."""
    old, new = narrowed(before, after)
    return {"before": old.to_json(), "after": new.to_json()}


def narrowed(before: Content, after: Content) -> tuple[Content, Content]:
    """Both with only what differs and whatever that speaks of: their difference reads as that of the whole."""
    changes = difference(before, after)
    uids = changes.session_uids
    told = [session for content in (before, after) for session in content.sessions if session.uid in uids]
    rooms = {session.room for session in told} | _keys(changes, Listing.ROOMS, before)
    rooms |= {step.slug for pair in changes.rooms for step in (pair.before, pair.after) if step}
    tracks = {session.track for session in told} | _keys(changes, Listing.TRACKS, before)
    tracks |= {step.slug for pair in changes.tracks for step in (pair.before, pair.after) if step}
    speakers = {entry.speaker_id for session in told for entry in session.speakers}
    speakers |= _keys(changes, Listing.SPEAKERS, before)
    speakers |= {step.id for pair in changes.speakers for step in (pair.before, pair.after) if step}

    def part(content: Content) -> Content:
        return Content(
            _only(content.sessions, uids),
            tuple(room for room in content.rooms if room.slug in rooms),
            tuple(track for track in content.tracks if track.slug in tracks),
            tuple(speaker for speaker in content.speakers if speaker.id in speakers),
        )

    return part(before), part(after)


def _only(sessions: Iterable[SessionContent], uids: frozenset[str]) -> tuple[SessionContent, ...]:
    return tuple(session for session in sessions if session.uid in uids)


def _keys(changes: Difference, listing: Listing, before: Content) -> set[Any]:
    """All of a list whose order changed: an order can only be told whole."""
    if listing not in changes.reordered:
        return set()
    if listing is Listing.SPEAKERS:
        return {speaker.id for speaker in before.speakers}
    return {place.slug for place in (before.rooms if listing is Listing.ROOMS else before.tracks)}
