"""The sentence for every code that rules and errors answer with. A test finds every code here."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.errors import DomainError
from app.values.text import BadText

SENTENCES = {
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
    "slug_taken": _("This address is taken. Choose another."),
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
    "speaker_in_session": _("This person still stands in a session. Take them out there first."),
}


def sentence(error: DomainError | BadText) -> str:
    """In the reader's language, with the error's own data filled in."""
    data = {"limit": error.limit} if isinstance(error, BadText) else error.data
    text = SENTENCES.get(error.code, SENTENCES["refused"])
    return str(text) % data if data and "%(" in str(text) else str(text)


def sentence_for(code: str, **data: object) -> str:
    return sentence(DomainError(code, **data))


__all__ = ["SENTENCES", "gettext", "sentence", "sentence_for"]
