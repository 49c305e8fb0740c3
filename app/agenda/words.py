"""What organisers' pages call kinds, roles and parts of a day."""

from flask_babel import lazy_gettext as _

from app.agenda.findings import Severity
from app.agenda.rules import SessionKind, SessionRole

KINDS = {
    SessionKind.OPENING.value: _("Opening"),
    SessionKind.KEYNOTE.value: _("Keynote"),
    SessionKind.TALK.value: _("Talk"),
    SessionKind.PANEL.value: _("Panel"),
    SessionKind.ROUNDTABLE.value: _("Round table"),
    SessionKind.WORKSHOP.value: _("Workshop"),
    SessionKind.REPORT_RELEASE.value: _("Report release"),
    SessionKind.CEREMONY.value: _("Ceremony"),
    SessionKind.CLOSING.value: _("Closing"),
    SessionKind.BREAK.value: _("Break"),
    SessionKind.MEAL.value: _("Meal"),
    SessionKind.OTHER.value: _("Other"),
}
ROLES = {
    SessionRole.SPEAKER.value: _("Speaker"),
    SessionRole.MODERATOR.value: _("Moderator"),
    SessionRole.CHAIR.value: _("Chair"),
    SessionRole.PANELLIST.value: _("Panellist"),
    SessionRole.HOST.value: _("Host"),
}
PARTS_OF_DAY = {"": _("not said"), "morning": _("Morning"), "afternoon": _("Afternoon"), "evening": _("Evening")}
SEVERITIES = {
    Severity.IMPOSSIBLE.value: _("Impossible"),
    Severity.SERIOUS.value: _("Serious"),
    Severity.LOOK.value: _("Worth a look"),
}
