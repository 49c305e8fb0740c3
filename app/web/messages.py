"""The sentence for every code that rules and errors answer with. A test finds every code here."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.errors import DomainError
from app.values.text import BadText

SENTENCES = {
    "account_exists": _("There is an account with this address already."),
    "account_switched_off": _("This account is switched off. Switch it on first."),
    "last_administrator": _("This is the last administrator of the series. Make somebody else one first."),
    "role_not_for_one_edition": _("An administrator is one of the whole series, not of one edition."),
    "not_found": _("There is no such thing here, or it is not for you to see."),
    "conflict": _("That is no longer possible: something has changed since you loaded the page."),
    "refused": _("That is not possible."),
    "edited_meanwhile": _(
        "Somebody else saved this while you were writing. Nothing of yours is lost: compare and choose."
    ),
    "text_control": _("This text contains characters that cannot be shown, such as a line break in a single line."),
    "text_not_characters": _("This text contains code points that are no characters."),
    "text_bidi": _("This text contains direction marks that are not closed again."),
    "text_invisible": _("This text contains nothing that can be seen."),
    "text_too_long": _("This text is longer than %(limit)s characters."),
    "registration_not_open": _("Registration is not open yet."),
    "registration_paused": _("Registration is paused at the moment. Please come back later."),
    "registration_closed": _("Registration is closed."),
    "registration_called_off": _("This edition is cancelled, so nobody can register."),
    "registration_form_used": _(
        "This form was sent before, and that registration is cancelled. Send it again to register anew."
    ),
    "registration_below_taken": _(
        "%(taken)s seats are taken already. Say below that you know it, or choose more seats."
    ),
    "registration_no_seat": _("All %(capacity)s seats are taken. Confirm beyond them only if there really is room."),
    "registration_not_waiting": _("This registration does not wait any more."),
    "registration_not_confirmed": _("This registration is not confirmed any more."),
    "registration_not_cancelled": _("This registration is not cancelled any more."),
    "registration_cancelled_already": _("This registration is cancelled and cannot be changed any more."),
    "registration_corrected_meanwhile": _(
        "These details were changed in another window meanwhile. What you typed is below: save again to keep it."
    ),
    "registration_anew": _("This address has registered anew since, so the old registration stays cancelled."),
    "category_exists": _("Registration is set up for this edition already."),
    "mail_not_refused": _("This mail is not refused any more."),
    "slug_taken": _("This address is taken. Choose another."),
    "room_is_there": _("A room of this name is there already."),
    "track_is_there": _("A track of this name is there already."),
    "slug_is_public": _("This address has been public, so it stays: links and calendars point to it."),
    "number_taken": _("Another edition has this number."),
    "days_out_of_order": _("The last day is before the first, or one of the two is missing."),
    "days_missing": _("Give the days, or say that they are not known."),
    "parent_days_missing": _("Give the days of the parent event, since they shall stand in for the edition’s own."),
    "step_not_possible": _("From its present state the edition cannot go there."),
    "reason_missing": _("Give a reason, in at least one language: the public reads it."),
    "only_announced_postponed": _("Only an announced edition can be postponed."),
    "portrait_too_large": _("This picture is too large: at most 5 MB and 40 million pixels."),
    "portrait_not_a_picture": _("This is not a picture we can read. JPEG, PNG and WebP are."),
    "speaker_already": _("This person takes part already."),
    "session_end_before_start": _("The end is not after the start."),
    "session_start_in_gap": _("On this day the clock skips this hour: no clock there ever shows this time."),
    "session_end_in_gap": _("On this day the clock skips this hour: no clock there ever shows this time."),
    "session_time_without_day": _("Give the day too."),
    "session_time_incomplete": _("Give both, start and end, or neither."),
    "session_published": _("The public has seen this session. Cancel it instead: calendars need to hear of it."),
    "room_in_use": _("Sessions are in this room: %(sessions)s. Move them first."),
    "track_in_use": _("Sessions belong to this track: %(sessions)s. Change them first."),
    "speaker_in_session": _("This person still stands in a session. Take them out there first."),
    "release_without_change": _("Nothing differs from the last release, so there is nothing to publish."),
    "release_impossible": _("Something in the draft cannot happen. Solve what is marked impossible first."),
    "uid_domain_changed": _(
        "Calendars have been published under %(stored)s, so UID_DOMAIN cannot become %(domain)s: "
        "every event would come twice."
    ),
}

MAILS = {
    "accounts/invitation": _("Invitation to organise"),
    "accounts/password_changed": _("Password changed"),
    "accounts/recover": _("Link for a new password"),
    "registrations/already": _("Registered already"),
    "registrations/cancelled": _("Registration cancelled"),
    "registrations/confirmed": _("Registration confirmed"),
    "registrations/promoted": _("A seat from the waiting list"),
    "registrations/returned": _("Back on the waiting list"),
    "registrations/waiting": _("On the waiting list"),
}
"""What a mail's template is called in lists; a test finds every template here."""


def sentence(error: DomainError | BadText) -> str:
    """In the reader's language, with the error's own data filled in."""
    data = {"limit": error.limit} if isinstance(error, BadText) else error.data
    text = SENTENCES.get(error.code, SENTENCES["refused"])
    return str(text) % data if data and "%(" in str(text) else str(text)


def sentence_for(code: str, **data: object) -> str:
    return sentence(DomainError(code, **data))


__all__ = ["MAILS", "SENTENCES", "gettext", "sentence", "sentence_for"]
