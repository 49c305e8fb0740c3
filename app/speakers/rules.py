"""How somebody takes part in an edition."""

from dataclasses import dataclass
from enum import StrEnum

from app.values.language import Translated


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


class CorrectionState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SpeakerFacts:
    """What an organiser may say of somebody at an edition."""

    scope: Scope = Scope.FORUM
    part: Part = Part.SPEAKER
    state: SpeakerState = SpeakerState.CANDIDATE
    organisation_id: int | None = None
    country: str | None = None
    role: Translated = Translated()
    topic: Translated = Translated()
    note: Translated = Translated()
