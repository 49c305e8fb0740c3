"""What an edition is, which states it passes through, and what each shows to the public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.values.language import Language, Translated
from app.values.time import DatePrecision, Days, instant


class Kind(StrEnum):
    FORUM = "forum"
    CONGRESS = "congress"
    CONGRESS_SESSION = "congress_session"


class State(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    HELD = "held"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class OrganisationPart(StrEnum):
    """What an organisation is to an edition, or to the event around it."""

    HOST = "host"
    CO_HOST = "co_host"
    PARTNER = "partner"
    PARTICIPANT = "participant"
    PARENT_HOST = "parent_host"
    PARENT_CO_HOST = "parent_co_host"
    PARENT_ORGANISER = "parent_organiser"


class Claim(StrEnum):
    """The part of an edition's record that a source is cited for."""

    EDITION = "edition"
    HOSTS = "hosts"
    PARENT = "parent"
    PARENT_HOSTS = "parent_hosts"
    GUEST_OF_HONOUR = "guest_of_honour"


STEPS: dict[State, tuple[State, ...]] = {
    State.DRAFT: (State.ANNOUNCED, State.CANCELLED),
    State.ANNOUNCED: (State.HELD, State.DRAFT, State.CANCELLED),
    State.HELD: (State.ARCHIVED, State.ANNOUNCED, State.CANCELLED),
    State.ARCHIVED: (State.HELD, State.CANCELLED),
    State.CANCELLED: (State.DRAFT, State.ANNOUNCED, State.HELD, State.ARCHIVED),
}
"""From each state, first the way forward. A cancelled edition goes back to where it was."""


def may_step(state: State, to: State, *, before_cancelling: State | None) -> bool:
    if state is State.CANCELLED:
        return to is (before_cancelling or State.DRAFT)
    return to in STEPS[state]


def is_public(state: State, *, was_announced: bool) -> bool:
    """Whether the edition has pages for the public. One cancelled as a draft never had any."""
    return state is not State.DRAFT and (state is not State.CANCELLED or was_announced)


def shown_days(precision: DatePrecision, own: Days | None, parent: Days | None) -> Days | None:
    """The days to show: the edition's own, or the parent event's where only those are known."""
    return own if precision is DatePrecision.DAY else parent if precision is DatePrecision.PARENT_EVENT else None


def shifted(day: date, *, from_first: date, to_first: date) -> date:
    """The day of a new edition that stands where `day` stood in the old one."""
    return day + timedelta(days=(to_first - from_first).days)


def over_at(days: Days, zone: str) -> datetime:
    """The instant after its last day, where it is held."""
    return instant(datetime.combine(days.last + timedelta(days=1), datetime.min.time()), zone)


def is_over(state: State, days: Days | None, zone: str, *, at: datetime) -> bool:
    """Whether it lies behind us. One without days, unless marked as held, is still to come."""
    if state in (State.HELD, State.ARCHIVED):
        return True
    return days is not None and over_at(days, zone) <= at


class Refusal(StrEnum):
    """Why not. The sentences for these codes are in `app/web/messages.py`."""

    DAYS_OUT_OF_ORDER = "days_out_of_order"
    DAYS_MISSING = "days_missing"
    PARENT_DAYS_MISSING = "parent_days_missing"
    SLUG_TAKEN = "slug_taken"
    SLUG_IS_PUBLIC = "slug_is_public"
    NUMBER_TAKEN = "number_taken"
    STEP_NOT_POSSIBLE = "step_not_possible"
    REASON_MISSING = "reason_missing"
    ONLY_ANNOUNCED_POSTPONED = "only_announced_postponed"


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """What an organiser may say of an edition. Public when saved, once it is announced."""

    slug: str
    year: int
    country: str
    zone: str
    title: Translated
    city: Translated
    date_precision: DatePrecision
    kind: Kind = Kind.FORUM
    number: int | None = None
    title_translated: tuple[str, ...] = ()
    theme: Translated = Translated()
    theme_translated: tuple[str, ...] = ()
    summary: Translated = Translated()
    guest_of_honour: Translated = Translated()
    venue: Translated = Translated()
    address: Translated = Translated()
    latitude: float | None = None
    longitude: float | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    parent_name: Translated = Translated()
    parent_theme: Translated = Translated()
    parent_theme_translated: tuple[str, ...] = ()
    parent_format: Translated = Translated()
    parent_starts_on: date | None = None
    parent_ends_on: date | None = None
    is_sample: bool = False


def refused_days(facts: EditionFacts) -> Refusal | None:
    """Dates that contradict themselves, or the precision that is claimed for them."""
    for first, last in ((facts.starts_on, facts.ends_on), (facts.parent_starts_on, facts.parent_ends_on)):
        if (first is None) != (last is None) or (first and last and last < first):
            return Refusal.DAYS_OUT_OF_ORDER
    if facts.date_precision is DatePrecision.DAY and facts.starts_on is None:
        return Refusal.DAYS_MISSING
    if facts.date_precision is DatePrecision.PARENT_EVENT and facts.parent_starts_on is None:
        return Refusal.PARENT_DAYS_MISSING
    return None


OUR_TRANSLATIONS = {
    "title": "title_translated", "theme": "theme_translated", "parent_theme": "parent_theme_translated",
}  # fmt: skip
"""Beside which texts of an edition it is said in which languages they are our translation."""


def continued(before: Sequence[Translated], after: Sequence[Translated]) -> tuple[int | None, ...]:
    """For each text of a new list, which of the old list it carries on; None for a new one.

    First those that stayed as they were, wherever they stand now; then those that kept a language; then, in order,
    whatever is left on both sides. So what is known of a text outlives its correction and its moving about.
    """
    found: dict[int, int] = {}
    for is_same in (_equal, _share_a_language, _stand_alike):
        for n, text in enumerate(after):
            free = [old for old in range(len(before)) if old not in found.values()]
            if (
                n not in found
                and (match := next((old for old in free if is_same(before[old], text)), None)) is not None
            ):
                found[n] = match
    return tuple(found.get(n) for n in range(len(after)))


def _equal(old: Translated, new: Translated) -> bool:
    return old == new


def _share_a_language(old: Translated, new: Translated) -> bool:
    return any(old.exact(language) and old.exact(language) == new.exact(language) for language in Language)


def _stand_alike(_old: Translated, _new: Translated) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """What an organiser may say of the series. Public when saved."""

    name: Translated
    name_translated: tuple[str, ...] = ()
    short_name: Translated = Translated()
    subject: Translated = Translated()
    lead: Translated = Translated()
    numbering: Translated = Translated()
    organisers_note: Translated = Translated()
    parent_name: Translated = Translated()
    parent_website: str = ""
    website: str = ""
    home_zones: tuple[str, ...] = ()
    source_language: Language = Language.EN
    sides: tuple[str, ...] = ()
    imprint: Translated = Translated()
    privacy: Translated = Translated()
    contact: Translated = Translated()
    consent: Translated = Translated()
    privacy_version: str = ""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """Where a fact is from; `published` as precise as known: `2023`, `2023-09`, `2023-09-08`."""

    key: str
    publisher: str
    published: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class MilestoneFacts:
    """Something on the way that was no edition. With precision year, `day` is the first of January."""

    key: str
    day: date
    title: Translated
    last_day: date | None = None
    date_precision: DatePrecision = DatePrecision.DAY
    country: str | None = None
    place: Translated = Translated()
    title_translated: tuple[str, ...] = ()
    summary: Translated = Translated()
