"""The sentence for every verb of the audit: who did what. A test finds every verb here."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup, escape

DEEDS = {
    "account_activated": _("%(who)s switched an account on"),
    "account_changed": _("%(who)s changed an account"),
    "account_created": _("%(who)s created an account"),
    "account_deactivated": _("%(who)s switched an account off"),
    "category_changed": _("%(who)s changed the seats or times of registration"),
    "category_created": _("%(who)s set up registration"),
    "edition_changed": _("%(who)s changed the facts of %(what)s"),
    "edition_cited": _("%(who)s added sources to %(what)s"),
    "edition_created": _("%(who)s planned %(what)s"),
    "edition_organisations_set": _("%(who)s changed hosts and partners of %(what)s"),
    "edition_outcome_added": _("%(who)s added an outcome to %(what)s"),
    "edition_postponed": _("%(who)s postponed %(what)s"),
    "edition_stepped": _("%(who)s moved %(what)s from “%(before)s” to “%(to)s”"),
    "edition_topics_set": _("%(who)s changed the topics of %(what)s"),
    "link_made": _("%(who)s made a sign-in link"),
    "link_used": _("%(who)s signed in by a link"),
    "milestone_created": _("%(who)s added the milestone %(what)s"),
    "organisation_changed": _("%(who)s changed %(what)s"),
    "organisation_created": _("%(who)s added the organisation %(what)s"),
    "password_set": _("%(who)s set a new password"),
    "person_changed": _("%(who)s changed %(what)s"),
    "person_created": _("%(who)s added %(what)s"),
    "registration_cancelled": _("%(who)s cancelled a registration"),
    "registration_changed": _("%(who)s corrected a registration"),
    "registration_confirmed": _("%(who)s confirmed a registration"),
    "registration_made": _("%(who)s registered"),
    "registration_promoted": _("%(who)s freed a seat for a registration that waited"),
    "registration_reinstated": _("%(who)s took back the cancelling of a registration"),
    "registration_returned": _("%(who)s put a registration back on the waiting list"),
    "release_published": _("%(who)s published release %(number)s"),
    "role_given": _("%(who)s gave somebody a role"),
    "role_taken": _("%(who)s took a role away"),
    "room_changed": _("%(who)s changed a room"),
    "room_created": _("%(who)s added a room"),
    "room_removed": _("%(who)s removed a room"),
    "series_changed": _("%(who)s changed the texts of the series"),
    "series_created": _("%(who)s created the series"),
    "session_cancelled": _("%(who)s cancelled %(what)s"),
    "session_changed": _("%(who)s changed %(what)s"),
    "session_created": _("%(who)s added %(what)s"),
    "session_reinstated": _("%(who)s took back the cancelling of %(what)s"),
    "session_removed": _("%(who)s removed a session"),
    "source_created": _("%(who)s added the source %(what)s"),
    "speaker_added": _("%(who)s added %(what)s to the speakers"),
    "speaker_changed": _("%(who)s changed %(what)s as a speaker"),
    "speaker_removed": _("%(who)s took %(what)s out of the speakers"),
    "track_changed": _("%(who)s changed a track"),
    "track_created": _("%(who)s added a track"),
    "track_removed": _("%(who)s removed a track"),
}
SOMETHING = _("something that is gone")
NAMELESS = {"command line": _("Somebody at the server"), "attendee": _("An attendee")}
"""Those who act without an account."""


def deed(verb: str, *, who: str, what: Markup | str = "", **data: object) -> Markup:
    """`what` is a link or a name; text is escaped. A verb we have no sentence for is still somebody's act."""
    actor = str(NAMELESS.get(who, who))
    pattern = DEEDS.get(verb) or gettext("%(who)s made a change", who="%(who)s")
    words = {"number": "", "before": "", "to": "", **data}
    return Markup(escape(str(pattern))) % {
        **{key: str(value) for key, value in words.items()},
        "who": Markup("<b>{}</b>").format(actor),
        "what": what or str(SOMETHING),
    }
