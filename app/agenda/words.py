"""What organisers' pages call kinds, roles and parts of a day."""

from flask_babel import lazy_gettext as _

from app.agenda.findings import Severity
from app.agenda.listing import Standing
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
    SessionRole.HOST.value: _("Session host"),
}
PARTS_OF_DAY = {"": _("not said"), "morning": _("Morning"), "afternoon": _("Afternoon"), "evening": _("Evening")}
SEVERITIES = {
    Severity.IMPOSSIBLE.value: _("Impossible"),
    Severity.SERIOUS.value: _("Serious"),
    Severity.LOOK.value: _("Worth a look"),
}
STANDINGS = {
    Standing.UNPLACED.value: _("Without a time"),
    Standing.PLACED.value: _("With a time"),
    Standing.WRONG.value: _("Something is wrong"),
    Standing.CANCELLED.value: _("Cancelled"),
    Standing.UNPUBLISHED.value: _("Never published"),
}
WAYS_OUT = {
    "room": ("room", _("Choose a room")),
    "cast": ("cast", _("Open the speakers")),
    "day": ("day", _("Choose a day and a time")),
    "starts": ("starts", _("Choose another time")),
    "ends": ("ends", _("Correct the end")),
    "title": ("title-en", _("Write the title")),
}
"""For each field of the form that findings stand beside: where it is on the page, and what to do there."""
COLOURS = {
    1: _("Jade"),
    2: _("Blue"),
    3: _("Amber"),
    4: _("Plum"),
    5: _("Brick"),
    6: _("Olive"),
    7: _("Slate"),
    8: _("Rose"),
}
