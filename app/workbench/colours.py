"""By what the grid is coloured, and what each colour says: a number of the palette, a letter and a word, never one alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup

from app.agenda.models import Track
from app.agenda.plan import Plan, Planned
from app.agenda.rules import SessionKind
from app.agenda.words import KINDS
from app.values.language import Language
from app.web.languages import language
from app.web.templating import country_name, say
from app.workbench.sheet import letters

QUIET = 7
"""The slate of the palette: for what has no value of the kind asked for."""


class Colour(StrEnum):
    TRACK = "track"
    KIND = "kind"
    LANGUAGE = "language"
    STATE = "state"
    BALANCE = "balance"


COLOURED_BY = {
    Colour.TRACK: lazy_gettext("Track"),
    Colour.KIND: lazy_gettext("Kind"),
    Colour.LANGUAGE: lazy_gettext("Language"),
    Colour.STATE: lazy_gettext("State of the speakers"),
    Colour.BALANCE: lazy_gettext("Balance of countries"),
}
KIND_NUMBERS = {
    SessionKind.OPENING: 1, SessionKind.KEYNOTE: 3, SessionKind.TALK: 2, SessionKind.PANEL: 4,
    SessionKind.ROUNDTABLE: 5, SessionKind.WORKSHOP: 6, SessionKind.REPORT_RELEASE: 8, SessionKind.CEREMONY: 8,
    SessionKind.CLOSING: 1, SessionKind.OTHER: QUIET,
}  # fmt: skip
LANGUAGES = {Language.EN: (2, "E"), Language.DE: (3, "D"), Language.ZH: (5, "中")}


@dataclass(frozen=True, slots=True)
class Shade:
    """What a slot is coloured by."""

    number: int
    letter: str
    word: Markup | str


Shading = Callable[[Planned], Shade | None]


def shading(colour: Colour, plan: Plan, tracks: Sequence[Track]) -> Shading:
    """How to colour a session; None for breaks, which never carry a colour, and for what has no value."""
    of = {
        Colour.TRACK: _by_track(tracks),
        Colour.KIND: _by_kind(),
        Colour.LANGUAGE: _by_language(),
        Colour.STATE: _by_state(),
        Colour.BALANCE: _by_balance(plan.sides),
    }[colour]
    return lambda session: None if session.kind.is_pause else of(session)


def legend(shades: Iterable[Shade | None]) -> list[Shade]:
    """Each once, in the order in which the palette has them."""
    return sorted({shade for shade in shades if shade}, key=lambda shade: (shade.number, shade.letter))


def _by_track(tracks: Sequence[Track]) -> Shading:
    signs = letters([track.name.best(language()).text for track in tracks])
    shades = {track.id: Shade(track.colour, sign, say(track.name)) for track, sign in zip(tracks, signs, strict=True)}
    return lambda session: shades.get(session.track) if session.track else None


def _by_kind() -> Shading:
    signs = letters([str(KINDS[kind]) for kind in KIND_NUMBERS])
    shades = {
        kind: Shade(number, sign, str(KINDS[kind]))
        for (kind, number), sign in zip(KIND_NUMBERS.items(), signs, strict=True)
    }
    return lambda session: shades.get(session.kind)


def _by_language() -> Shading:
    shades: Mapping[Language | None, Shade] = {
        spoken: Shade(number, sign, Markup('<span lang="{}">{}</span>').format(spoken.tag, spoken.own_name))
        for spoken, (number, sign) in LANGUAGES.items()
    }
    unsaid = Shade(QUIET, "–", _("Language not said"))
    return lambda session: shades.get(session.language, unsaid)


def _by_state() -> Shading:
    declined = Shade(5, "×", _("Somebody has declined"))
    agreed = Shade(1, "✓", _("All have agreed"))
    waiting = Shade(3, "…", _("Not all have agreed"))
    nobody = Shade(QUIET, "–", _("Nobody yet"))

    def shade(session: Planned) -> Shade:
        if not session.cast:
            return nobody
        if any(taking.has_declined for taking in session.cast):
            return declined
        return agreed if all(taking.has_agreed for taking in session.cast) else waiting

    return shade


def _by_balance(sides: Sequence[str]) -> Shading:
    """Balanced where no side has more than two thirds of those who belong to one."""
    names = [country_name(side) for side in sides]
    numbers = (5, 3, 4, 6)
    leaning = {
        side: Shade(number, sign, _("Mostly %(country)s", country=name))
        for side, number, sign, name in zip(sides, numbers, letters(names), names, strict=False)
    }
    balanced, neither = Shade(1, "=", _("Balanced")), Shade(QUIET, "–", _("Nobody from either country"))

    def shade(session: Planned) -> Shade:
        own = [taking.side for taking in session.cast if taking.side in leaning]
        if not own:
            return neither
        most = max(sides, key=own.count)
        return leaning[most] if own.count(most) * 3 > len(own) * 2 else balanced

    return shade
