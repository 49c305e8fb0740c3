"""What organisers call the texts of an edition and how they stand; lazy, said in the reader's language."""

from flask_babel import lazy_gettext as _

from app.site.matrix import Reach, TextKind
from app.translation.rules import TextState

KINDS = {
    TextKind.EDITION: _("The edition itself"),
    TextKind.ROOM: _("Rooms"),
    TextKind.TRACK: _("Tracks"),
    TextKind.SESSION_TITLE: _("Titles of sessions"),
    TextKind.SESSION_ABSTRACT: _("Abstracts of sessions"),
    TextKind.SESSION_NOTE: _("Notes and reasons of sessions"),
    TextKind.SPEAKER_ROLE: _("Roles of speakers"),
    TextKind.SPEAKER_TOPIC: _("Topics of speakers"),
    TextKind.SPEAKER_NOTE: _("Notes on speakers"),
    TextKind.BIOGRAPHY: _("Biographies"),
    TextKind.ORGANISATION: _("Names of organisations"),
    TextKind.OUTCOME: _("Outcomes"),
    TextKind.REGISTRATION: _("Registration"),
    TextKind.LETTER: _("Letters to speakers"),
    TextKind.RELEASE_NOTE: _("Note of the planned release"),
}
FIELDS = {
    ("edition", "title"): _("Title"),
    ("edition", "theme"): _("Theme"),
    ("edition", "summary"): _("Summary"),
    ("edition", "guest_of_honour"): _("Guest of honour"),
    ("edition", "city"): _("City"),
    ("edition", "venue"): _("Venue"),
    ("edition", "address"): _("Postal address"),
    ("edition", "parent_name"): _("Parent event"),
    ("edition", "parent_theme"): _("Theme of the parent event"),
    ("edition", "parent_format"): _("Form of the parent event"),
    ("edition", "reason"): _("Reason, as the public reads it"),
    ("topic", "text"): _("Topic"),
    ("room", "name"): _("Name"),
    ("room", "detail"): _("How to find it"),
    ("track", "name"): _("Name"),
    ("session", "title"): _("Title"),
    ("session", "abstract"): _("Abstract"),
    ("session", "note"): _("Note for the record"),
    ("session", "cancel_reason"): _("Reason, as the public reads it"),
    ("speaker", "role"): _("Function then"),
    ("speaker", "topic"): _("Topic"),
    ("speaker", "note"): _("Note for the record"),
    ("person", "biography"): _("Biography"),
    ("organisation", "name"): _("Name"),
    ("outcome", "text"): _("Outcome"),
    ("category", "name"): _("Name of the category"),
    ("letter", "subject"): _("Subject line"),
    ("letter", "body"): _("Text"),
    ("planned_release", "note"): _("Note to the public"),
}
REACHES = {
    Reach.AT_ONCE: _("public at once when saved, wherever it is shown"),
    Reach.WITH_A_RELEASE: _("public with the next release"),
    Reach.IN_LETTERS: _("in the letters that are written from now on"),
}
STATES = {
    TextState.SOURCE: _("source"),
    TextState.THERE: _("there"),
    TextState.STALE: _("stale"),
    TextState.MISSING: _("missing"),
}
