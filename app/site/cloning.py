"""How the frame of a past agenda stands in a new edition. Plain values in, plain values out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.editions.rules import shifted
from app.values.time import Days, WallKind, wall_kind


class Take(StrEnum):
    """What may be taken from a past edition. Of attendees there is nothing."""

    ORGANISATIONS = "organisations"
    ROOMS = "rooms"
    TRACKS = "tracks"
    FRAME = "frame"
    SPEAKERS = "speakers"


class Snag(StrEnum):
    """What an organiser should know of a session before it is taken over."""

    NO_DAYS = "no_days"
    """One of the two editions has no days of its own, so the session comes without a day."""
    OUTSIDE = "outside"
    """It would stand before the first or after the last day of the new edition."""
    GAP = "gap"
    """The clocks go forward over this time: it comes without a time."""
    OVERLAP = "overlap"
    """The clocks go back: its time comes twice, and the first is meant."""


@dataclass(frozen=True, slots=True)
class Slot:
    """When a session is, in wall time; unknown stays unknown."""

    day: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def moved(slot: Slot, *, first: date | None, days: Days | None, zone: str) -> tuple[Slot, tuple[Snag, ...]]:
    """The same place in the new days, at the same time on the wall, and what is the matter with it.

    `first` is the day that the past agenda began on; `days` and `zone` are the new edition's.
    """
    if slot.day is None:
        return Slot(), ()
    if first is None or days is None:
        return Slot(), (Snag.NO_DAYS,)
    day = shifted(slot.day, from_first=first, to_first=days.first)
    outside = () if day in days else (Snag.OUTSIDE,)
    if slot.starts_at is None or slot.ends_at is None:
        return Slot(day), outside
    by = timedelta(days=(days.first - first).days)
    times = (slot.starts_at + by, slot.ends_at + by)
    kinds = {wall_kind(time, zone) for time in times}
    if WallKind.GAP in kinds:
        return Slot(day), (*outside, Snag.GAP)
    return Slot(day, *times), (*outside, Snag.OVERLAP) if WallKind.OVERLAP in kinds else outside


def first_day(own: Days | None, days: list[date]) -> date | None:
    """From which day a past agenda counts: its edition's first, else the first of its sessions."""
    return own.first if own else min(days, default=None)
