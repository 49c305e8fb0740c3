"""Everything that can be wrong with a draft agenda, how wrong each is, and what a finding says of it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from app.values.language import Language


class Severity(StrEnum):
    IMPOSSIBLE = "impossible"
    """Cannot happen, whatever anybody knows: a room, a person or a clock would have to be twice."""
    SERIOUS = "serious"
    """Would go wrong on the day, or offend, unless somebody does something."""
    LOOK = "look"
    """Still to do, or perhaps meant so."""


class Problem(StrEnum):
    """The sentences are in `agenda/sentences.py`. Waivers and measures store these codes: they stay what they are."""

    ROOM_BUSY = "room_busy"
    PERSON_BUSY = "person_busy"
    END_BEFORE_START = "end_before_start"
    CLOCK_SKIPPED = "clock_skipped"
    """After a change of zone or year: no clock there ever shows this time."""
    TOO_FAR = "too_far"
    """Between two sessions of one person there is less time than the way takes. A figure for a way is an estimate,
    and people leave early: so it is serious, and not impossible."""
    UNAVAILABLE = "unavailable"
    OUTSIDE_DAYS = "outside_days"
    NO_ROOM = "no_room"
    ROOM_SMALL = "room_small"
    """For those whom the organisers expect."""
    ROOM_SMALL_FOR_ALL = "room_small_for_all"
    """A session for all, and more have signed up than the room has seats."""
    NO_BOOTH = "no_booth"
    NO_INTERPRETER = "no_interpreter"
    """Nobody on duty for a language, and of those who could, nobody is free."""
    UNABLE = "unable"
    """On duty for a language they do not interpret into from the one spoken."""
    NO_REST = "no_rest"
    OUT_OF_ORDER = "out_of_order"
    DECLINED = "declined"
    NO_CHAIR = "no_chair"
    BESIDE_ALL = "beside_all"
    CLOCK_TWICE = "clock_twice"
    NO_TIME = "no_time"
    NO_SPEAKER = "no_speaker"
    NOT_CONFIRMED = "not_confirmed"
    SIDE_SHORT = "side_short"
    UNSTAFFED = "unstaffed"
    """Nobody on duty for a language yet; somebody would be free."""
    TITLE_MISSING = "title_missing"
    ABSTRACT_MISSING = "abstract_missing"
    ABSTRACT_LONG = "abstract_long"

    @property
    def severity(self) -> Severity:
        return SEVERITY.get(self, Severity.LOOK)


SEVERITY = {
    Problem.ROOM_BUSY: Severity.IMPOSSIBLE,
    Problem.PERSON_BUSY: Severity.IMPOSSIBLE,
    Problem.END_BEFORE_START: Severity.IMPOSSIBLE,
    Problem.CLOCK_SKIPPED: Severity.IMPOSSIBLE,
    Problem.TOO_FAR: Severity.SERIOUS,
    Problem.UNAVAILABLE: Severity.SERIOUS,
    Problem.OUTSIDE_DAYS: Severity.SERIOUS,
    Problem.NO_ROOM: Severity.SERIOUS,
    Problem.ROOM_SMALL: Severity.SERIOUS,
    Problem.ROOM_SMALL_FOR_ALL: Severity.SERIOUS,
    Problem.NO_BOOTH: Severity.SERIOUS,
    Problem.NO_INTERPRETER: Severity.SERIOUS,
    Problem.UNABLE: Severity.SERIOUS,
    Problem.NO_REST: Severity.SERIOUS,
    Problem.OUT_OF_ORDER: Severity.SERIOUS,
    Problem.DECLINED: Severity.SERIOUS,
    Problem.NO_CHAIR: Severity.SERIOUS,
}
OF_THE_RECORD = frozenset(
    {
        Problem.ROOM_BUSY,
        Problem.PERSON_BUSY,
        Problem.END_BEFORE_START,
        Problem.CLOCK_SKIPPED,
        Problem.OUTSIDE_DAYS,
        Problem.DECLINED,
        Problem.BESIDE_ALL,
        Problem.CLOCK_TWICE,
        Problem.TITLE_MISSING,
    }
)
"""What a past edition can still have wrong. The rest was to be done before it, and simply not recorded after it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with a session, or between it and another."""

    problem: Problem
    session: int
    other: int | None = None
    room: int | None = None
    person: int | None = None
    people: tuple[int, ...] = ()
    """Who has not confirmed, who would be free, who should speak instead of `person`."""
    languages: tuple[Language, ...] = ()
    side: str | None = None
    """Country."""
    count: int | None = None
    """What there is: people, booths asked, minutes, characters, speakers of the side."""
    limit: int | None = None
    """What it is measured by: seats, booths there, minutes of the way or in a row, characters, all speakers."""
    waived: bool = False
    """Somebody looked at it and let it stand."""

    @property
    def severity(self) -> Severity:
        return self.problem.severity

    def concerns(self, session: int) -> bool:
        return session in (self.session, self.other)

    def names(self, person: int) -> bool:
        return person == self.person or person in self.people

    def seen_from(self, session: int) -> "Finding":
        """The same with this session first, for the page of the second of two."""
        return self if self.session == session else replace(self, session=session, other=self.session)
