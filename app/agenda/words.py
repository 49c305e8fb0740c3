"""What organisers' pages call kinds, roles, parts of a day and all that can be wrong."""

from flask_babel import lazy_gettext as _

from app.agenda.listing import Standing
from app.agenda.problems import Problem, Severity
from app.agenda.rules import SessionKind, SessionRole, SpeakingOrder

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
ORDERS = {
    SpeakingOrder.RANK.value: _("By rank"),
    SpeakingOrder.ALTERNATING.value: _("By rank, host and guest in turn"),
    SpeakingOrder.BY_HAND.value: _("By hand"),
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
    "abstract": ("abstract-en", _("Open the abstract")),
    "expected": ("room", _("Choose another room")),
    "interpretation": ("interpretation", _("See to the interpretation")),
    "order": ("cast", _("See to the order")),
}
"""For each field of the form that findings stand beside: where it is on the page, and what to do there."""
FIELD_OF = {
    Problem.ROOM_BUSY: "room", Problem.NO_ROOM: "room", Problem.PERSON_BUSY: "cast", Problem.DECLINED: "cast",
    Problem.NO_CHAIR: "cast", Problem.NO_SPEAKER: "cast", Problem.OUTSIDE_DAYS: "day", Problem.NO_TIME: "day",
    Problem.END_BEFORE_START: "ends", Problem.CLOCK_SKIPPED: "starts", Problem.CLOCK_TWICE: "starts",
    Problem.BESIDE_ALL: "starts", Problem.TITLE_MISSING: "title", Problem.TOO_FAR: "starts",
    Problem.UNAVAILABLE: "starts", Problem.ROOM_SMALL: "expected", Problem.ROOM_SMALL_FOR_ALL: "expected",
    Problem.NO_BOOTH: "interpretation", Problem.NO_INTERPRETER: "interpretation", Problem.UNABLE: "interpretation",
    Problem.NO_REST: "interpretation", Problem.UNSTAFFED: "interpretation", Problem.OUT_OF_ORDER: "order",
    Problem.NOT_CONFIRMED: "cast", Problem.SIDE_SHORT: "cast", Problem.ABSTRACT_MISSING: "abstract",
    Problem.ABSTRACT_LONG: "abstract",
}  # fmt: skip
"""Beside which field of a session's form a finding stands."""
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
