"""Somebody's way from candidate to materials in. Every step is a line in their history, with its reason."""

from datetime import datetime

from app.database import DbSession
from app.editions.rules import State
from app.errors import Conflict
from app.speakers import queries
from app.speakers.actions import record
from app.speakers.models import Speaker
from app.speakers.rules import ANSWERS, Refusal, SpeakerState, lacking, refusal, settled
from app.values.actor import Actor

AHEAD = (State.DRAFT, State.ANNOUNCED)
"""While an edition is still to come somebody can promise to come."""


def move(
    db: DbSession, speaker_id: int, to: SpeakerState, *, saw: SpeakerState, note: str, actor: Actor, now: datetime
) -> Speaker:
    """By an organiser's hand. Raises `Conflict` with a `Refusal`; `saw` is where they stood on the page."""
    speaker = queries.locked_speaker(db, speaker_id)
    if speaker.state is to:
        return speaker  # a form sent twice
    if speaker.state is not saw:
        raise Conflict(Refusal.MOVED_MEANWHILE)
    missing = lacking(speaker.part, queries.materials_of(db, speaker))
    if refused := refusal(speaker.state, to, note=note, missing=missing):
        raise Conflict(refused)
    _step(db, speaker, to, "speaker_moved", note=note, actor=actor, now=now)
    return speaker


def answer(db: DbSession, speaker_id: int, to: SpeakerState, *, reason: str = "", now: datetime) -> Speaker:
    """By the speaker, on their own page. Raises `Conflict` where this is no answer of theirs to give any more."""
    speaker = queries.locked_speaker(db, speaker_id)
    if speaker.state is to or (speaker.state.has_agreed and to.has_agreed):
        return speaker
    if speaker.edition.state not in AHEAD:
        raise Conflict(Refusal.EDITION_OVER)
    if to not in ANSWERS.get(speaker.state, ()):
        raise Conflict(Refusal.NO_SUCH_MOVE)
    verb = "speaker_accepted" if to.has_agreed else "speaker_declined"
    _step(db, speaker, to, verb, note=reason, actor=themselves(speaker), now=now)
    settle(db, speaker, now=now)
    return speaker


def settle(db: DbSession, speaker: Speaker, *, taken_away: bool = False, now: datetime) -> None:
    """After something of what was asked came in or went: into the last column, or back out of it."""
    to = settled(speaker.state, speaker.part, queries.materials_of(db, speaker), taken_away=taken_away)
    if to is not speaker.state:
        _step(db, speaker, to, "speaker_moved", actor=themselves(speaker), now=now)


def wrote_to(db: DbSession, speaker: Speaker, letter: str, *, actor: Actor, now: datetime) -> None:
    """A letter to them is on its way; whoever is invited by it was a candidate until now."""
    record(db, speaker, "speaker_written_to", actor=actor, now=now, letter=letter)
    if speaker.state is SpeakerState.CANDIDATE:
        _step(db, speaker, SpeakerState.INVITED, "speaker_moved", actor=actor, now=now)


def letter_taken_back(
    db: DbSession, speaker: Speaker, letter: str, *, was: SpeakerState, invited_at: datetime | None, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """As if it had not been written, as far as they have not moved on since."""
    record(db, speaker, "speaker_letter_taken_back", actor=actor, now=now, letter=letter)
    if was is SpeakerState.CANDIDATE and speaker.state is SpeakerState.INVITED:
        _step(db, speaker, was, "speaker_moved", actor=actor, now=now)
        speaker.invited_at = invited_at


def themselves(speaker: Speaker) -> Actor:
    """The speaker, who has no account but their link."""
    return Actor(None, speaker.person.name)


def _step(
    db: DbSession, speaker: Speaker, to: SpeakerState, verb: str, *, note: str = "", actor: Actor, now: datetime
) -> None:
    before, speaker.state = speaker.state, to
    if to is SpeakerState.INVITED:
        speaker.invited_at = now
    answers = to is SpeakerState.DECLINED or (to.has_agreed and not before.has_agreed)
    if answers:
        speaker.answered_at = now
    speaker.revision += 1
    speaker.changed_at = now
    db.flush()
    data = {"note": note} if note else {}
    record(db, speaker, verb, actor=actor, now=now, before=before.value, to=to.value, **data)
