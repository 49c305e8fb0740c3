"""How somebody takes part in an edition: from candidate to materials in, who may move them, what is asked of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.values.language import Language, Translated


class Scope(StrEnum):
    """Who spoke at the parent congress did not provably speak at the forum."""

    FORUM = "forum"
    CONGRESS = "congress"


class Part(StrEnum):
    SPEAKER = "speaker"
    CHAIR = "chair"
    ATTENDEE = "attendee"
    """Named as present; no talk is recorded."""


class SpeakerState(StrEnum):
    CANDIDATE = "candidate"
    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    MATERIALS = "materials"
    """Confirmed, and what was asked of them is in."""

    @property
    def has_agreed(self) -> bool:
        return self in (SpeakerState.CONFIRMED, SpeakerState.MATERIALS)


MOVES = {
    SpeakerState.CANDIDATE: (SpeakerState.INVITED, SpeakerState.CONFIRMED, SpeakerState.DECLINED),
    SpeakerState.INVITED: (SpeakerState.CONFIRMED, SpeakerState.DECLINED, SpeakerState.CANDIDATE),
    SpeakerState.CONFIRMED: (SpeakerState.MATERIALS, SpeakerState.DECLINED, SpeakerState.INVITED),
    SpeakerState.MATERIALS: (SpeakerState.CONFIRMED, SpeakerState.DECLINED),
    SpeakerState.DECLINED: (SpeakerState.INVITED, SpeakerState.CONFIRMED, SpeakerState.CANDIDATE),
}
"""Where an organiser may move somebody, the likeliest first."""
ANSWERS = {
    SpeakerState.INVITED: (SpeakerState.CONFIRMED, SpeakerState.DECLINED),
    SpeakerState.CONFIRMED: (SpeakerState.DECLINED,),
    SpeakerState.MATERIALS: (SpeakerState.DECLINED,),
    SpeakerState.DECLINED: (SpeakerState.CONFIRMED,),
}
"""What the speaker may answer on their own page. A candidate has not been asked, and their page does not exist."""
PIPELINE = (
    SpeakerState.CANDIDATE, SpeakerState.INVITED, SpeakerState.CONFIRMED, SpeakerState.MATERIALS, SpeakerState.DECLINED,
)  # fmt: skip
"""The columns of the board, and the order of the list by state."""


class CorrectionState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


class Material(StrEnum):
    """What an organiser needs of a speaker before the edition."""

    PORTRAIT = "portrait"
    BIOGRAPHY = "biography"
    SLIDES = "slides"


ASKED = {
    Part.SPEAKER: (Material.PORTRAIT, Material.BIOGRAPHY, Material.SLIDES),
    Part.CHAIR: (Material.PORTRAIT, Material.BIOGRAPHY),
    Part.ATTENDEE: (),
}
"""Whoever takes part otherwise, as a minister who speaks without slides, is moved on by hand with a note."""


class Refusal(StrEnum):
    """Why not. The sentences are in `app/web/messages.py`."""

    NO_SUCH_MOVE = "speaker_cannot_move_there"
    NOTE_MISSING = "speaker_note_missing"
    MOVED_MEANWHILE = "speaker_moved_meanwhile"
    EDITION_OVER = "speaker_edition_over"


@dataclass(frozen=True, slots=True)
class SpeakerFacts:
    """What an organiser may say of somebody at an edition. From `email` on it is the organisers' own."""

    scope: Scope = Scope.FORUM
    part: Part = Part.SPEAKER
    state: SpeakerState = SpeakerState.CANDIDATE
    organisation_id: int | None = None
    country: str | None = None
    role: Translated = Translated()
    topic: Translated = Translated()
    note: Translated = Translated()
    rank_id: int | None = None
    email: str = ""
    language: Language | None = None
    inviter_id: int | None = None
    due_on: date | None = None
    private_note: str = ""
    needs: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Wall time at the venue in which somebody can be there."""

    starts_at: datetime
    ends_at: datetime


def lacking(part: Part, there: Iterable[Material]) -> tuple[Material, ...]:
    """What was asked for and is not in."""
    given = frozenset(there)
    return tuple(material for material in ASKED[part] if material not in given)


def needs_a_note(before: SpeakerState, to: SpeakerState, missing: Iterable[Material] = ()) -> bool:
    """Whether an organiser has to say why: for whoever answers in another's name, or lets something missing pass."""
    answers = to is SpeakerState.DECLINED or (to.has_agreed and not before.has_agreed)
    return answers or (to is SpeakerState.MATERIALS and any(missing))


def refusal(before: SpeakerState, to: SpeakerState, *, note: str, missing: Iterable[Material] = ()) -> Refusal | None:
    """Of an organiser's move; None if it may be made."""
    if to not in MOVES[before]:
        return Refusal.NO_SUCH_MOVE
    return Refusal.NOTE_MISSING if needs_a_note(before, to, missing) and not note else None


def settled(state: SpeakerState, part: Part, there: Iterable[Material], *, taken_away: bool = False) -> SpeakerState:
    """After something came in, or was taken away: materials are in as soon as nothing that was asked is missing.

    Who was moved on by hand stays there whatever else comes in; taking something away that was asked brings them back.
    """
    missing = lacking(part, there)
    if state is SpeakerState.CONFIRMED and ASKED[part] and not missing and not taken_away:
        return SpeakerState.MATERIALS
    return SpeakerState.CONFIRMED if state is SpeakerState.MATERIALS and missing and taken_away else state


def is_overdue(state: SpeakerState, due_on: date | None, today: date) -> bool:
    """The day they were to be invited, or to answer, has passed."""
    return state in (SpeakerState.CANDIDATE, SpeakerState.INVITED) and due_on is not None and due_on < today


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In order of time, those that touch or overlap as one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.starts_at <= found[-1].ends_at:
            found[-1] = Span(found[-1].starts_at, max(found[-1].ends_at, span.ends_at))
        else:
            found.append(span)
    return tuple(found)
