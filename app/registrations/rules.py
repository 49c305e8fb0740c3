"""When may someone register, and do they get a seat? Plain values in, plain values out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.editions.rules import State
from app.values.language import Language, Translated


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


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """What an organiser may say of a category. Instants, already taken from the venue's wall."""

    name: Translated
    opens_at: datetime
    closes_at: datetime
    capacity: int
    paused: bool = False


class Seat(StrEnum):
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    PENDING = "pending"
    """To be approved; used once categories with approval exist."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody who registers is told: a seat, or a place in the queue (1 is its head)."""

    seat: Seat
    place: int | None = None


class Refusal(StrEnum):
    """Why not. The sentences for these codes, in three languages, are in `app/web/messages.py`."""

    NOT_OPEN = "registration_not_open"
    PAUSED = "registration_paused"
    CLOSED = "registration_closed"
    CALLED_OFF = "registration_called_off"


def refusal(
    *, opens_at: datetime, closes_at: datetime, paused: bool, now: datetime, edition: State = State.ANNOUNCED
) -> Refusal | None:
    """None if it may go ahead. Full is no reason to refuse: see `seat_for`.

    The deadline itself still counts as open, since that is how organisers read "until 18:00".
    """
    if edition is State.CANCELLED:
        return Refusal.CALLED_OFF
    if edition in (State.HELD, State.ARCHIVED):
        return Refusal.CLOSED
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


def answer_now(*, taken: int, capacity: int, queue: int) -> Answer:
    """What someone who registered at this moment would be told."""
    seat = seat_for(taken=taken, capacity=capacity, queue=queue)
    return Answer(seat, queue + 1 if seat is Seat.WAITING else None)


def code_of(uid: str) -> str:
    """The number on the ticket and in its QR code: 48 bits, enough to find the one registration at the door."""
    return uid[:13].upper()
