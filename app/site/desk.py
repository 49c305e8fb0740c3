"""What the organisers' pages of this slice share: their blueprint, the edition in the path, words for states."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from wtforms import Form

from app.audit import queries as audit
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.editions.rules import OrganisationPart, State
from app.errors import NotFound
from app.people.rules import Name
from app.site.outlook import Coming, Phase
from app.values.actor import Actor, Right
from app.values.language import Translated
from app.web.dates import instant_text
from app.web.deeds import NAMELESS
from app.web.templating import person_name, say
from app.web.versions import differences

bp = Blueprint("site_manage", __name__, url_prefix="/organise")

STATES = {
    State.DRAFT: _("Draft"),
    State.ANNOUNCED: _("Announced"),
    State.HELD: _("Held"),
    State.ARCHIVED: _("Archived"),
    State.CANCELLED: _("Cancelled"),
}
SHOWN = {
    State.DRAFT: _("Nobody outside sees it."),
    State.ANNOUNCED: _("Title, place, dates and hosts are public, and the agenda as last released."),
    State.HELD: _("As before; its pages speak of it as past, and nobody can register."),
    State.ARCHIVED: _("As held. Nothing more is expected of anybody."),
    State.CANCELLED: _("Its pages stay and say so, with the reason. Calendars show everything as cancelled."),
}
PHASES = {
    Phase.NONE: _("Not set up"),
    Phase.NOT_OPEN: _("Not open yet"),
    Phase.OPEN: _("Open"),
    Phase.PAUSED: _("Paused"),
    Phase.CLOSED: _("Closed"),
}
COMING = {
    Coming.REGISTRATION_OPENS: _("Registration opens"),
    Coming.REGISTRATION_CLOSES: _("Registration closes"),
    Coming.PARENT_BEGINS: _("The parent event begins"),
    Coming.RELEASE: _("A planned release goes out"),
    Coming.BEGINS: _("The edition begins"),
    Coming.ENDS: _("Last day of the edition"),
}
PARTS = {
    OrganisationPart.HOST: _("Host"),
    OrganisationPart.CO_HOST: _("Co-host"),
    OrganisationPart.PARTNER: _("Partner"),
    OrganisationPart.PARTICIPANT: _("Took part"),
    OrganisationPart.PARENT_HOST: _("Host of the parent event"),
    OrganisationPart.PARENT_CO_HOST: _("Co-organiser of the parent event"),
    OrganisationPart.PARENT_ORGANISER: _("Organiser of the parent event"),
}


def edition_of(db: DbSession, slug: str) -> Edition:
    """The guard has checked the right; this only finds the row."""
    edition = editions.edition_by_slug(db, slug)
    if edition is None:
        raise NotFound
    return edition


def name_of(whose: Translated | Name) -> Markup:
    """Of a person or of anything else, as a link or a heading says it."""
    return person_name(whose) if isinstance(whose, Name) else say(whose)


def visible(db: DbSession, actor: Actor, right: Right = Right.SEE) -> list[Edition]:
    """Newest first."""
    return [edition for edition in editions.editions(db) if actor.may(right, edition.id)]


@dataclass(frozen=True)
class Versions:
    """For the page after somebody else was faster."""

    rows: Sequence[tuple[str, str, str]]
    """Field, stored now, typed: only where they differ."""
    who: str = ""
    when: str = ""


def versions(db: DbSession, kind: str, subject_id: int, *, typed: Form, stored: Form, zone: str = "") -> Versions:
    """When is told in the `zone`, else in the first of the home zones. Also gives the typed form the revision that is stored now, so that saving again is a choice, not an accident."""
    last = audit.last_of(db, kind, subject_id)
    typed["revision"].data, typed["revision"].raw_data = stored["revision"].data, None
    rows = differences(typed, stored)
    if last is None:
        return Versions(rows)
    zone = zone or next(iter(editions.the_series(db).home_zones), "Europe/Berlin")
    who = str(NAMELESS.get(last.actor_name, last.actor_name))
    return Versions(rows, who, instant_text(last.at, zone))
