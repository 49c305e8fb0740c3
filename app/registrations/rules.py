"""When may someone register, and do they get a seat? Plain values in, plain values out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.values.language import Language


@dataclass(frozen=True, slots=True)
class Applicant:
    """What a person told us about themselves, already normalised."""

    name: str
    email: str
    country: str
    language: Language
    second_name: str = ""
    organisation: str = ""
    role: str = ""
    remarks: str = ""


class Seat(StrEnum):
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    PENDING = "pending"
    """To be approved; used once categories with approval exist."""
    CANCELLED = "cancelled"


class Refusal(StrEnum):
    """Why not. The sentences for these codes, in three languages, are in `app/web/messages.py`."""

    NOT_OPEN = "registration_not_open"
    PAUSED = "registration_paused"
    CLOSED = "registration_closed"


def refusal(*, opens_at: datetime, closes_at: datetime, paused: bool, now: datetime) -> Refusal | None:
    """None if it may go ahead. Full is no reason to refuse: see `seat_for`.

    The deadline itself still counts as open, since that is how organisers read "until 18:00".
    """
    if now < opens_at:
        return Refusal.NOT_OPEN
    if now > closes_at:
        return Refusal.CLOSED
    return Refusal.PAUSED if paused else None


def seat_for(*, taken: int, capacity: int, queue: int) -> Seat:
    """Confirmed while seats last. Nobody overtakes a queue, even when a seat has come free."""
    return Seat.CONFIRMED if queue == 0 and taken < capacity else Seat.WAITING


def promotions(*, taken: int, capacity: int, queue: int) -> int:
    """How many from the head of the queue now get a seat."""
    return max(0, min(capacity - taken, queue))
