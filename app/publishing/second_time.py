"""The time beside the venue's: of a zone in the address (`?zone=`), else of the homes; a script then shows the reader's own.

The choice is kept in the address and nowhere else: pages stay the same for everyone, and a link passed on shows the
same to whoever opens it.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.editions.models import Edition
from app.publishing.words import utc_offset
from app.publishing.zones import NO_SECOND, OLD_NAMES, offered, wish_of
from app.values.text import folded
from app.values.time import zone as zone_named
from app.web.addresses import with_arguments
from app.web.dates import city_of, home_zones

CONTINENTS = {
    "Europe": _("Europe"),
    "Asia": _("Asia"),
    "Africa": _("Africa"),
    "America": _("The Americas"),
    "Australia": _("Australia and the Pacific"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One zone to choose."""

    zone: str
    city: str
    offset: str
    old_name: str = ""


@dataclass(frozen=True, slots=True)
class SecondTime:
    """What stands beside the venue's time on one page, and what could."""

    wish: str | None
    """What the address asks for: a zone, or `none`."""
    zones: tuple[str, ...]
    """Whose clocks are shown: none of them agrees with the venue's."""
    usual: str | None
    """Who stands there unasked."""
    groups: dict[str, list[Choice]]

    @property
    def zone(self) -> str | None:
        return next(iter(self.zones), None)


def second_time(edition: Edition, at: datetime) -> SecondTime:
    """For a page about that wall time at the venue."""
    wish, homes = _wish(edition), edition.series.home_zones
    usual = home_zones(edition.zone, at, homes)
    asked = home_zones(edition.zone, at, (wish,)) if wish and wish != NO_SECOND else ()
    return SecondTime(wish, asked if wish else usual, next(iter(usual), None), _groups(edition, at))


def without_unknown_zone(edition: Edition) -> ResponseReturnValue | None:
    """To the same page without a zone that is not on offer; None where nothing is wrong with the address."""
    if not any(request.args.getlist("zone")) or _wish(edition):
        return None
    return redirect(with_arguments(zone=None), 302)


def _wish(edition: Edition) -> str | None:
    return wish_of(request.args.getlist("zone"), edition.zone, edition.series.home_zones)


def _groups(edition: Edition, at: datetime) -> dict[str, list[Choice]]:
    """The venue and the homes first; then by continent, from west to east as the clocks are on that day."""
    homes = edition.series.home_zones
    near = list(dict.fromkeys((edition.zone, *homes)))
    groups: dict[str, list[Choice]] = {str(_("Here and at home")): [_choice(zone, at) for zone in near]}
    others = sorted(set(offered(edition.zone, homes)) - set(near), key=lambda zone: _from_the_west(zone, at))
    for prefix, name in CONTINENTS.items():
        groups[str(name)] = [_choice(zone, at) for zone in others if _continent(zone) == prefix]
    return groups


def _continent(zone: str) -> str:
    first = zone.split("/")[0]
    return "Australia" if first == "Pacific" else first


def _from_the_west(zone: str, at: datetime) -> tuple[float, str]:
    offset = at.replace(tzinfo=zone_named(zone)).utcoffset()
    return (offset.total_seconds() if offset else 0, folded(city_of(zone)))


def _choice(zone: str, at: datetime) -> Choice:
    return Choice(zone, city_of(zone), utc_offset(zone, at.date()), OLD_NAMES.get(zone, ""))
