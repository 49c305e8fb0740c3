"""What a calendar event promises, when its SEQUENCE rises, and what only time changes in a feed."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from app.values.time import Days, instant

TOMBSTONE = timedelta(days=30)
ONE_DAY = timedelta(days=1)


class EventStatus(StrEnum):
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Promise:
    """What SEQUENCE compares: when, where and whether."""

    starts: str
    """Wall time in ISO form, or a day."""
    ends: str
    """Likewise; of an all-day event the last day, included."""
    zone: str
    """The edition's, also for an all-day event, where it says when that day begins."""
    place: str
    status: EventStatus

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Promise":
        return cls(stored["starts"], stored["ends"], stored["zone"], stored["place"], EventStatus(stored["status"]))

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    @property
    def all_day(self) -> bool:
        return "T" not in self.starts

    @property
    def first_day(self) -> date:
        return date.fromisoformat(self.starts[:10])

    @property
    def last_day(self) -> date:
        return date.fromisoformat(self.ends[:10])

    @property
    def days(self) -> Days:
        return Days(self.first_day, self.last_day)

    @property
    def ends_at(self) -> datetime:
        """The instant after which nothing of it is left."""
        if self.all_day:
            return first_instant(self.last_day + ONE_DAY, self.zone)
        return instant(datetime.fromisoformat(self.ends), self.zone)

    def breaks(self, earlier: "Promise") -> bool:
        """Whether somebody who relied on the earlier promise has to be told. A whole day has no zone."""
        same_zone = self.zone == earlier.zone or (self.all_day and earlier.all_day)
        return not same_zone or (self.starts, self.ends, self.place, self.status) != (
            earlier.starts,
            earlier.ends,
            earlier.place,
            earlier.status,
        )


def next_sequence(sequence: int, earlier: Promise, now_promised: Promise) -> int:
    """One more if what was last published no longer holds, however many edits lie between. It never falls."""
    return sequence + now_promised.breaks(earlier)


def next_stamp(earlier: datetime, now: datetime) -> datetime:
    """When an event changed, in whole seconds as calendars write them; later than before, even within one second."""
    return max(now.astimezone(UTC).replace(microsecond=0), earlier + timedelta(seconds=1))


def leaves_at(ends_at: datetime, gone_at: datetime) -> datetime:
    """From when on a cancelled event may be missing from the feeds."""
    return max(ends_at, gone_at) + TOMBSTONE


def first_instant(day: date, zone: str) -> datetime:
    return instant(datetime.combine(day, time()), zone)


class Phase(StrEnum):
    BEFORE = "before"
    DURING = "during"
    PAST = "past"

    @property
    def refresh(self) -> str:
        """How often a subscriber should ask again."""
        return {"before": "PT1H", "during": "PT15M", "past": "P1D"}[self.value]


def phase_changes(days: Days, zone: str) -> tuple[datetime, datetime]:
    """The instants at which an edition's days begin and are over, where it is held."""
    return first_instant(days.first, zone), first_instant(days.last + ONE_DAY, zone)


def phase(days: Days, zone: str, as_of: datetime) -> Phase:
    begins, over = phase_changes(days, zone)
    return Phase.BEFORE if as_of < begins else Phase.DURING if as_of < over else Phase.PAST
