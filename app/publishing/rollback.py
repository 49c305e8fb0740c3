"""What becomes of the draft when it goes back to a release. What that release did not know is kept, not deleted:

- a session nobody outside has seen stays, without time and room;
- one that went out since is cancelled, since calendars hold it;
- rooms, tracks and speakers added since stay, with nothing in them;
- whoever was taken out of the speakers since comes back as a candidate: only they can say whether they come.

What a speaker answered since is theirs and stays as it is: who declined stands in the session again, and the next
release leaves them out. What only organisers see (pins, seats expected, notes) is no part of a release and stays.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.publishing.content import Content, RoomContent, SessionContent, SpeakerContent, TrackContent
from app.publishing.rules import is_shown
from app.speakers.rules import Scope, SpeakerState
from app.values.language import Translated


@dataclass(frozen=True, slots=True)
class Present:
    """A speaker of the draft."""

    id: int
    person_id: int
    scope: Scope
    state: SpeakerState


@dataclass(frozen=True, slots=True)
class Leftover:
    """What the release did not know, or knew as no longer there."""

    unplaced: tuple[SessionContent, ...]
    """Never seen by anybody: these lose their time and room."""
    cancelled: tuple[SessionContent, ...]
    rooms: tuple[RoomContent, ...]
    tracks: tuple[TrackContent, ...]
    returning: tuple[SpeakerContent, ...]
    """Gone since: they come back as candidates."""
    left_out: tuple[SpeakerContent, ...]
    """In the release and still there, but no release would show them now."""


def stand_ins(release: Content, present: Iterable[Present]) -> dict[int, int | None]:
    """Who of the draft is whom of the release; somebody taken out and added again is the same person. None: gone."""
    rows = list(present)
    ids, people = {row.id for row in rows}, {(row.person_id, row.scope): row.id for row in rows}
    return {
        speaker.id: speaker.id if speaker.id in ids else people.get((speaker.person_id, speaker.scope))
        for speaker in release.speakers
    }


def leftover(draft: Content, release: Content, *, published: Collection[str], present: Sequence[Present]) -> Leftover:
    known, taken = {session.uid for session in release.sessions}, stand_ins(release, present)
    states = {row.id: row.state for row in present}
    unknown = [session for session in draft.sessions if session.uid not in known]
    placed = _placed(release)
    return Leftover(
        unplaced=tuple(s for s in unknown if s.uid not in published and (s.day or s.room)),
        cancelled=tuple(s for s in unknown if s.uid in published and not s.is_cancelled),
        rooms=tuple(room for room in draft.rooms if release.room(room.slug) is None),
        tracks=tuple(track for track in draft.tracks if release.track(track.slug) is None),
        returning=tuple(speaker for speaker in release.speakers if taken[speaker.id] is None),
        left_out=tuple(
            speaker
            for speaker in release.speakers
            if (who := taken[speaker.id]) is not None and not is_shown(states[who], in_a_session=speaker.id in placed)
        ),
    )


def restored(
    draft: Content,
    release: Content,
    *,
    published: Collection[str],
    present: Sequence[Present],
    reason: Translated = Translated(),
) -> Content:
    """The draft afterwards, as a release would show it. `reason` is given to those that are cancelled."""
    taken, known = stand_ins(release, present), {session.uid for session in release.sessions}
    kept = [_kept(session, published, reason) for session in draft.sessions if session.uid not in known]
    placed = {taken[who] for who in _placed(release)} | {e.speaker_id for session in kept for e in session.speakers}
    shown = [row.id for row in present if is_shown(row.state, in_a_session=row.id in placed)]
    return Content(
        sessions=(*(_recast(session, taken, shown) for session in release.sessions), *kept),
        rooms=(*release.rooms, *(room for room in draft.rooms if release.room(room.slug) is None)),
        tracks=(*release.tracks, *(track for track in draft.tracks if release.track(track.slug) is None)),
        speakers=_speakers(draft, release, taken, shown),
    )


def _kept(session: SessionContent, published: Collection[str], reason: Translated) -> SessionContent:
    if session.uid in published:
        return session if session.is_cancelled else replace(session, is_cancelled=True, cancel_reason=reason)
    return replace(session, day=None, part_of_day="", starts_at=None, ends_at=None, room=None)


def _recast(session: SessionContent, taken: Mapping[int, int | None], shown: Collection[int]) -> SessionContent:
    cast = ((entry, taken.get(entry.speaker_id)) for entry in session.speakers)
    return replace(
        session,
        speakers=tuple(replace(entry, speaker_id=who) for entry, who in cast if who is not None and who in shown),
    )


def _speakers(
    draft: Content, release: Content, taken: Mapping[int, int | None], shown: Sequence[int]
) -> tuple[SpeakerContent, ...]:
    facts = {speaker.id: speaker for speaker in draft.speakers}
    facts |= {who: replace(s, id=who) for s in release.speakers if (who := taken[s.id]) is not None}
    return tuple(facts[who] for who in shown if who in facts)


def _placed(content: Content) -> frozenset[int]:
    return frozenset(entry.speaker_id for session in content.sessions for entry in session.speakers)
