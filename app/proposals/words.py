"""What organisers read of a proposal: what it aims at, how far it misses, and why a session found no place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import flask_babel
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.agenda.models import Room
from app.agenda.rules import ProposalState
from app.database import DbSession
from app.people import queries as people
from app.proposals.outcome import Fate
from app.proposals.proposal import Hindrance, Rule, Tally
from app.proposals.wishes import Aim, Scope
from app.values.language import Language
from app.web.languages import language

SCOPES = {
    Scope.UNPLACED.value: _("Only what has no place yet"),
    Scope.UNFIXED.value: _("Also what has a place and is not pinned"),
}
AIMS = {
    Aim.TOPIC: _("Sessions of one track do not run side by side"),
    Aim.ROOM: _("A track keeps to one room on a day"),
    Aim.PAUSE: _("Nobody goes from one session straight into the next"),
    Aim.DAYS: _("Nobody has to come on more days than needed"),
    Aim.STAY: _("What has a place keeps it"),
    Aim.EARLY: _("No gaps: sessions begin as early in the day as they can"),
}
WEIGHTS = {0: _("does not matter"), 1: _("a little"), 2: _("normal"), 4: _("much")}
STATES = {
    ProposalState.WAITING.value: ("waiting", _("Waits")),
    ProposalState.RUNNING.value: ("now", _("Being worked out")),
    ProposalState.DONE.value: ("ready", _("Ready")),
    ProposalState.FAILED.value: ("failed", _("Failed")),
    ProposalState.STOPPED.value: ("ready", _("Stopped")),
}
"""The mark and the word."""
FATES = {
    Fate.OPEN: ("ready", _("Fits")),
    Fate.MOVED: ("serious", _("Moved by somebody since")),
    Fate.HINDERED: ("impossible", _("Does not fit any more")),
    Fate.GONE: ("closed", _("Cannot be moved any more")),
    Fate.THERE: ("confirmed", _("Taken")),
}
TROUBLES = {
    "workers_died": _("Its worker ended three times before it was done. Ask for fewer sessions at once, or see the worker’s log."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """Of everything a sentence speaks of, in the reader's language."""

    sessions: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    rooms: Mapping[int, str] = field(default_factory=dict)


def names_of(db: DbSession, edition_id: int, titles: Mapping[int, str], hindrances: Sequence[Hindrance]) -> Names:
    """Two queries."""
    ids = sorted({hindrance.person for hindrance in hindrances if hindrance.person is not None})
    rooms = db.execute(select(Room.id, Room.name).where(Room.edition_id == edition_id))
    found = people.people(db, ids) if ids else ()
    return Names(
        titles,
        {person.id: person.full_name.spoken(language()) for person in found},
        {row.id: row.name.best(language()).text for row in rooms},
    )


def because(hindrances: Sequence[Hindrance], names: Names) -> str:
    """Why not, in one or more sentences."""
    return ("" if language() is Language.ZH else " ").join(_because(hindrance, names) for hindrance in hindrances)


def _because(hindrance: Hindrance, names: Names) -> str:
    gettext = flask_babel.gettext
    person = names.people.get(hindrance.person or 0, gettext("somebody"))
    other = names.sessions.get(hindrance.other or 0, gettext("another session"))
    match hindrance.rule:
        case Rule.ALL:
            return str(gettext("“%(other)s” is for all, and nothing runs beside it.", other=other))
        case Rule.ROOM:
            return str(gettext("The rooms that would do are taken, such as by “%(other)s”.", other=other))
        case Rule.PERSON:
            return str(gettext("%(person)s is in “%(other)s” then.", person=person, other=other))
        case Rule.TRAVEL:
            return str(gettext("%(person)s could not get there in time from “%(other)s”.", person=person, other=other))
        case Rule.AVAILABLE:
            return str(gettext("%(person)s is not available then.", person=person))
    return str(PLAIN_RULES[hindrance.rule])


PLAIN_RULES = {
    Rule.DAY: _("It may not be on any of the days asked for."),
    Rule.FRAME: _("It does not fit between the beginning and the end of a day."),
    Rule.PAST: _("That time is past."),
    Rule.CLOCK: _("The clock is put forward then, so that time never comes."),
    Rule.CAPACITY: _("No room that is free has seats for so many."),
    Rule.BOOTHS: _("No room that is free has booths for so many languages."),
}
RULES = {
    Rule.DAY: _("No day for it"), Rule.FRAME: _("Too long for the day"), Rule.PAST: _("Past"), Rule.CLOCK: _("Clock change"),
    Rule.CAPACITY: _("Room too small"), Rule.BOOTHS: _("Too few booths"), Rule.AVAILABLE: _("Somebody is not available"),
    Rule.ALL: _("Something for all"), Rule.ROOM: _("No room free"), Rule.PERSON: _("Somebody is elsewhere"),
    Rule.TRAVEL: _("The way is too long"),
}  # fmt: skip
"""Each rule as a few words."""


def missed(tally: Tally) -> str:
    """How far an aim is missed, counted; empty where it is not missed at all, or is no figure to read."""
    if not tally.amount:
        return ""
    n, ngettext = tally.amount, flask_babel.ngettext
    match tally.aim:
        case Aim.TOPIC:
            said = ngettext(
                "Sessions of one track run side by side for %(num)d minute.",
                "Sessions of one track run side by side for %(num)d minutes.", n,
            )  # fmt: skip
        case Aim.ROOM:
            said = ngettext(
                "A track changes rooms once within a day.", "A track changes rooms within a day %(num)d times.", n
            )
        case Aim.PAUSE:
            said = ngettext(
                "One pause is missing between two sessions of somebody.",
                "%(num)d pauses are missing between two sessions of somebody.",
                n,
            )
        case Aim.DAYS:
            said = ngettext(
                "Somebody comes on a further day once.", "Somebody comes on a further day %(num)d times.", n
            )
        case Aim.STAY:
            said = ngettext(
                "What had a place gets another day, time or room once.",
                "What had a place gets another day, time or room %(num)d times.",
                n,
            )
        case Aim.EARLY:
            return ""
        case _:
            said = ngettext("%(num)d session found no place.", "%(num)d sessions found no place.", n)
    return str(said)
