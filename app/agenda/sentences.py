"""What is said of each finding, in the reader's language: as plain text, or with links to the sessions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from app.agenda.naming import Names
from app.agenda.plan import Planned, Window
from app.agenda.problems import Finding, Problem
from app.values.language import Language, Translated
from app.web.dates import clock, short_day, span
from app.web.languages import language, tongue
from app.web.templating import country_name, person_name, say

PROBLEMS = {
    Problem.ROOM_BUSY: _("Room used twice"),
    Problem.PERSON_BUSY: _("Person in two places"),
    Problem.END_BEFORE_START: _("End before the start"),
    Problem.CLOCK_SKIPPED: _("Time that the clock skips"),
    Problem.TOO_FAR: _("Too far to be there in time"),
    Problem.UNAVAILABLE: _("Person not available"),
    Problem.OUTSIDE_DAYS: _("Outside the days of the edition"),
    Problem.NO_ROOM: _("No room yet"),
    Problem.ROOM_SMALL: _("Room too small for the expected audience"),
    Problem.ROOM_SMALL_FOR_ALL: _("Room too small for all who signed up"),
    Problem.NO_BOOTH: _("Too few booths"),
    Problem.NO_INTERPRETER: _("No interpreter free"),
    Problem.UNABLE: _("Interpreter without the languages"),
    Problem.NO_REST: _("Interpreter without rest"),
    Problem.OUT_OF_ORDER: _("Speaking order against protocol"),
    Problem.DECLINED: _("Speaker has declined"),
    Problem.NO_CHAIR: _("Nobody in the chair"),
    Problem.BESIDE_ALL: _("Beside a session for all"),
    Problem.CLOCK_TWICE: _("Time that the clock shows twice"),
    Problem.NO_TIME: _("No time yet"),
    Problem.NO_SPEAKER: _("No speaker yet"),
    Problem.NOT_CONFIRMED: _("Speaker not confirmed"),
    Problem.SIDE_SHORT: _("Too few from one side"),
    Problem.UNSTAFFED: _("No interpreter on duty yet"),
    Problem.TITLE_MISSING: _("Title missing in a language"),
    Problem.ABSTRACT_MISSING: _("Abstract missing in a language"),
    Problem.ABSTRACT_LONG: _("Abstract too long for print"),
}
"""Each kind of finding by name, to filter by and to switch off."""

SENTENCES = {
    Problem.ROOM_BUSY: _("%(name)s and %(other)s are in %(room)s at once."),
    Problem.PERSON_BUSY: _("%(person)s is in %(name)s and %(other)s at once."),
    Problem.END_BEFORE_START: _("%(name)s ends before it starts."),
    Problem.CLOCK_SKIPPED: _("%(name)s: the clock is put forward that night, and this time never comes."),
    Problem.TOO_FAR: _(
        "%(person)s has %(count)s min between %(earlier)s in %(room_before)s and %(later)s in %(room_after)s; "
        "the way takes %(limit)s min."
    ),
    Problem.UNAVAILABLE: _("%(name)s, %(when)s: %(person)s is available only %(windows)s."),
    Problem.OUTSIDE_DAYS: _("%(name)s is not within the days of the edition, %(days)s."),
    Problem.NO_ROOM: _("%(name)s has a time but no room."),
    Problem.ROOM_SMALL: _("%(name)s: %(count)s expected, and %(room)s seats %(limit)s."),
    Problem.ROOM_SMALL_FOR_ALL: _("%(name)s is for all: %(count)s have signed up, and %(room)s seats %(limit)s."),
    Problem.NO_BOOTH: _("%(name)s needs a booth each for %(languages)s; %(room)s has %(limit)s."),
    Problem.NO_INTERPRETER: _("%(name)s, %(when)s: nobody is free to interpret into %(languages)s."),
    Problem.UNABLE: _(
        "%(name)s is held in %(spoken)s: %(person)s, on duty for %(languages)s, does not interpret from the one "
        "into the other."
    ),
    Problem.NO_REST: _(
        "%(person)s interprets for %(count)s min without a rest from %(earlier)s on; in %(later)s the limit of "
        "%(limit)s min is passed."
    ),
    Problem.OUT_OF_ORDER: _("%(name)s: by protocol %(people)s speaks before %(person)s."),
    Problem.DECLINED: _("%(name)s: %(person)s has declined."),
    Problem.NO_CHAIR: _("Nobody chairs or moderates %(name)s."),
    Problem.BESIDE_ALL: _("%(name)s runs at the same time as %(other)s, which is for all."),
    Problem.CLOCK_TWICE: _("%(name)s: the clock is put back that night, so its time comes twice. The first is meant."),
    Problem.NO_TIME: _("%(name)s has no time yet."),
    Problem.NO_SPEAKER: _("%(name)s: nobody speaks yet."),
    Problem.NOT_CONFIRMED: _("%(name)s: not confirmed yet: %(people)s."),
    Problem.SIDE_SHORT: _(
        "%(name)s has %(count)s of %(limit)s speakers from %(country)s; at least %(share)s %% are asked."
    ),
    Problem.UNSTAFFED: _("%(name)s: nobody is on duty for %(languages)s yet. Free then: %(people)s."),
    Problem.TITLE_MISSING: _("%(name)s: the title is missing in %(languages)s."),
    Problem.ABSTRACT_MISSING: _("%(name)s: the abstract is missing in %(languages)s."),
    Problem.ABSTRACT_LONG: _(
        "%(name)s: the abstract is too long for print in %(languages)s, with %(count)s characters; %(limit)s fit."
    ),
}
HERE = {
    Problem.ROOM_BUSY: _("%(room)s is also used by %(other)s, %(other_when)s."),
    Problem.PERSON_BUSY: _("%(person)s is also in %(other)s, %(other_when)s."),
    Problem.END_BEFORE_START: _("It ends before it starts."),
    Problem.CLOCK_SKIPPED: _("The clock is put forward that night: this time never comes."),
    Problem.UNAVAILABLE: _("%(person)s is available only %(windows)s."),
    Problem.OUTSIDE_DAYS: _("This day is not one of the edition’s: %(days)s."),
    Problem.NO_ROOM: _("It has a time but no room."),
    Problem.ROOM_SMALL: _("%(count)s expected, and %(room)s seats %(limit)s."),
    Problem.ROOM_SMALL_FOR_ALL: _("It is for all: %(count)s have signed up, and %(room)s seats %(limit)s."),
    Problem.NO_BOOTH: _("It needs a booth each for %(languages)s; %(room)s has %(limit)s."),
    Problem.NO_INTERPRETER: _("At this time nobody is free to interpret into %(languages)s."),
    Problem.UNABLE: _(
        "%(person)s, on duty for %(languages)s, does not interpret into it from %(spoken)s, which is spoken."
    ),
    Problem.OUT_OF_ORDER: _("By protocol %(people)s speaks before %(person)s."),
    Problem.DECLINED: _("%(person)s has declined."),
    Problem.NO_CHAIR: _("Nobody chairs or moderates it."),
    Problem.BESIDE_ALL: _("It runs at the same time as %(other)s, which is for all."),
    Problem.CLOCK_TWICE: _("The clock is put back that night, so this time comes twice. The first is meant."),
    Problem.NO_TIME: _("It has no time yet."),
    Problem.NO_SPEAKER: _("Nobody speaks yet."),
    Problem.NOT_CONFIRMED: _("Not confirmed yet: %(people)s."),
    Problem.SIDE_SHORT: _("%(count)s of %(limit)s speakers come from %(country)s; at least %(share)s %% are asked."),
    Problem.UNSTAFFED: _("Nobody is on duty for %(languages)s yet. Free then: %(people)s."),
    Problem.TITLE_MISSING: _("The title is missing in: %(languages)s. Readers see another language until then."),
    Problem.ABSTRACT_MISSING: _("The abstract is missing in: %(languages)s."),
    Problem.ABSTRACT_LONG: _(
        "Too long for print in %(languages)s: %(count)s characters, and %(limit)s fit. A Chinese one counts as two."
    ),
}
"""On the page of the session itself, which then is not named again. What is not here is said as elsewhere."""
LONE_STRETCH = _("%(person)s interprets %(name)s for %(count)s min without a rest; the limit is %(limit)s min.")


def sentence_of(
    finding: Finding, names: Names, *, here: bool = False, address: Callable[[int], str] | None = None
) -> str:
    """Plain text; with the `address` of a session's page it is markup, and every session named is a link.

    `here`: on the page of the finding's first session.
    """
    text: object = SENTENCES[finding.problem]
    if here:
        text = HERE.get(finding.problem, text)
    if finding.problem is Problem.NO_REST and finding.other is None:
        text = LONE_STRETCH
    words = Markup(str(text)) if address else str(text)
    said: str = words % _Values(finding, names, _Voice(names, address))
    return said


@dataclass(frozen=True, slots=True)
class _Voice:
    """How things are named: escaped and marked with their language where the answer is markup."""

    names: Names
    address: Callable[[int], str] | None

    def session(self, session: Planned) -> str:
        if self.address is None:
            return str(gettext("“%(title)s”", title=session.title.best(language()).text))
        return Markup('<a href="{}">{}</a>').format(self.address(session.id), say(session.title))

    def text(self, text: Translated) -> str:
        return say(text) if self.address else text.best(language()).text

    def person(self, person: int) -> str:
        name = self.names.people.get(person)
        if name is None:
            return "?"
        return person_name(name) if self.address else name.spoken(language())

    def language(self, of: Language) -> str:
        return tongue(of.value)

    def listed(self, items: Iterable[str]) -> str:
        comma = "、" if language() is Language.ZH else ", "
        return (Markup(comma) if self.address else comma).join(items)


class _Values(dict[str, Any]):
    """What a sentence asks for by name, worked out only then."""

    def __init__(self, finding: Finding, names: Names, voice: _Voice) -> None:
        super().__init__()
        self.finding, self.names, self.voice = finding, names, voice

    def __missing__(self, name: str) -> object:
        return getattr(self, f"_{name}")()

    def _session(self, session: int | None) -> Planned:
        return self.names.sessions[session if session is not None else self.finding.session]

    def _in_turn(self) -> list[Planned]:
        pair = [self._session(self.finding.session), self._session(self.finding.other)]
        return sorted(pair, key=lambda session: (str(session.starts_at), session.id))

    def _name(self) -> str:
        return self.voice.session(self._session(self.finding.session))

    def _other(self) -> str:
        return self.voice.session(self._session(self.finding.other))

    def _earlier(self) -> str:
        return self.voice.session(self._in_turn()[0])

    def _later(self) -> str:
        return self.voice.session(self._in_turn()[1])

    def _when(self) -> str:
        return _hours(self._session(self.finding.session))

    def _other_when(self) -> str:
        return _hours(self._session(self.finding.other))

    def _room(self) -> str:
        return self._room_named(self.finding.room)

    def _room_before(self) -> str:
        return self._room_named(self._in_turn()[0].room)

    def _room_after(self) -> str:
        return self._room_named(self._in_turn()[1].room)

    def _room_named(self, room: int | None) -> str:
        return self.voice.text(self.names.rooms.get(room or 0, Translated()))

    def _person(self) -> str:
        return self.voice.person(self.finding.person or 0)

    def _people(self) -> str:
        return self.voice.listed(self.voice.person(person) for person in self.finding.people)

    def _languages(self) -> str:
        return self.voice.listed(self.voice.language(of) for of in self.finding.languages)

    def _spoken(self) -> str:
        spoken = self._session(self.finding.session).language
        return self.voice.language(spoken) if spoken else ""

    def _windows(self) -> str:
        return self.voice.listed(
            _span(window) for window in self.names.plan.available.get(self.finding.person or 0, ())
        )

    def _days(self) -> str:
        return span(self.names.plan.days) if self.names.plan.days else ""

    def _country(self) -> str:
        return country_name(self.finding.side)

    def _share(self) -> int | None:
        return self.names.plan.measures.least_share

    def _count(self) -> int | None:
        return self.finding.count

    def _limit(self) -> int | None:
        return self.finding.limit


def _hours(session: Planned) -> str:
    if session.starts_at is None or session.ends_at is None:
        return ""
    return f"{clock(session.starts_at)}–{clock(session.ends_at)}"


def _span(window: Window) -> str:
    starts, ends = window.starts_at, window.ends_at
    until = clock(ends) if starts.date() == ends.date() else f"{short_day(ends.date())} {clock(ends)}"
    return f"{short_day(starts.date())} {clock(starts)}–{until}"
