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
    "text_placeholder": _("There is no placeholder %(what)s."),
    "text_without_link": _("Without {link} they could not answer. Put it into a line of its own."),
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
    "fonts_missing": _("This server cannot make PDFs yet: it lacks the fonts %(fonts)s."),
    "rank_is_there": _("A rank of this name is there already."),
    "rank_in_use": _("Speakers hold this rank: %(speakers)s. Give them another first."),
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
    "speaker_cannot_move_there": _("From where they stand now, nobody can be moved there."),
    "speaker_note_missing": _("Write down how you know: this stands in their history."),
    "speaker_moved_meanwhile": _("Somebody has moved this person meanwhile. Look again before you choose."),
    "speaker_edition_over": _("This edition is over or cancelled, so there is nothing to answer any more."),
    "speaker_page_changed": _(
        "Something was changed here meanwhile. What you typed is below: look at it and send it again."
    ),
    "correction_decided": _("This correction is decided already."),
    "correction_without_file": _("The file of this picture is gone. Refuse it, so that the speaker can send another."),
    "correction_changed": _("This text or its correction was changed meanwhile. Look at it again before you decide."),
    "letter_no_longer_for_them": _("Somebody has moved on meanwhile, so nothing was sent. Look again before you send."),
    "letter_on_its_way": _("This letter is on its way to somebody of them already, so nothing was sent twice."),
    "file_missing": _("Choose a file first."),
    "slides_too_large": _("This file is too large: at most 25 MB."),
    "slides_too_long": _("This PDF has no pages, more than %(pages)s, or is built in too complicated a way."),
    "slides_too_many": _("There are %(most)s files already. Take one away first."),
    "slides_of_unknown_kind": _("We take slides as PDF or PPTX. Export them to PDF if you can save nothing else."),
    "slides_not_readable": _("This file is damaged, or is not what it seems to be. Save it anew and try again."),
    "slides_locked": _("This file is locked with a password. Save it without one."),
    "slides_with_macros": _("This file contains macros or programs. Save it as an ordinary PPTX, or as PDF."),
    "slides_unpack_too_large": _("This file unpacks to far more than slides need. Save it as PDF."),
    "session_end_before_start": _("The end is not after the start."),
    "session_start_in_gap": _("On this day the clock skips this hour: no clock there ever shows this time."),
    "session_end_in_gap": _("On this day the clock skips this hour: no clock there ever shows this time."),
    "session_time_without_day": _("Give the day too."),
    "session_over_midnight": _("That runs past midnight. A session ends on the day it begins."),
    "nothing_moves": _("That is how it stands already, so nothing was changed."),
    "nothing_shifts": _("Nothing begins from then on that could be moved: what is pinned or cancelled stays."),
    "nothing_to_undo": _("There is nothing left to take back."),
    "nothing_to_redo": _("There is nothing left to do again."),
    "moved_meanwhile": _("Somebody else moved it meanwhile. Look at both, then choose."),
    "session_gone": _("This session is not there any more."),
    "session_changed_since": _("This session has been changed since it was added, so it stays."),
    "session_cannot_return": _("A room, a track or a speaker it had is gone, so it cannot come back as it was."),
    "session_time_incomplete": _("Give both, start and end, or neither."),
    "session_published": _("The public has seen this session. Cancel it instead: calendars need to hear of it."),
    "room_in_use": _("Sessions are in this room: %(sessions)s. Move them first."),
    "waived_already": _("%(who)s has let this finding stand already. Their reason is below."),
    "track_in_use": _("Sessions belong to this track: %(sessions)s. Change them first."),
    "speaker_in_session": _("This person still stands in a session. Take them out there first."),
    "interpreter_already": _("This person interprets at this edition already."),
    "person_is_there": _(
        "Somebody of this name is there already. Choose them, or say below that this is somebody else."
    ),
    "duties_changed": _("Somebody else changed who interprets this session meanwhile. Look again before you choose."),
    "duty_in_another_booth": _("This interpreter is in another booth of this session already."),
    "duty_not_asked": _("This session is not to be interpreted into this language any more."),
    "duties_undone_not": _("Something has changed on the rota since, so this step cannot be taken back any more."),
    "file_unknown": _("This is neither an XLSX file nor an XLIFF file."),
    "file_unreadable": _("This file is damaged or protected, and cannot be read."),
    "file_too_large": _("This file is larger than any edition’s texts. Send it in parts."),
    "file_doctype": _("This file declares a document type or entities of its own. That is not read here."),
    "file_not_ours": _(
        "The columns or units of our files are not in it. Send back the file that was made here, with its first row."
    ),
    "file_language": _("The target language of this file is none of English, German and Chinese."),
    "import_expired": _("This list is too old, or was made for somebody else. Upload the file once more."),
    "proposal_running": _("A proposal for this edition is being worked out already. Look at it, or stop it first."),
    "proposal_fits_nowhere": _("None of it fits any more, so nothing was taken. Each line says why."),
    "release_without_change": _("Nothing differs from the last release, so there is nothing to publish."),
    "release_impossible": _("Something in the draft cannot happen. Solve what is marked impossible first."),
    "release_incomplete": _("Texts are missing or stale in some language, and releases wait for them."),
    "planned_release_past": _("This time is past. Choose one to come."),
    "planned_release_gone": _("Nothing is planned any more."),
    "planned_release_not_allowed": _("Whoever asked for it may not publish any more."),
    "planned_release_stumbled": _("Something went wrong that we did not foresee. It is in the worker’s log."),
    "uid_domain_changed": _(
        "Calendars have been published under %(stored)s, so UID_DOMAIN cannot become %(domain)s: "
        "every event would come twice."
    ),
}

MAILS = {
    "accounts/invitation": _("Invitation to organise"),
    "accounts/password_changed": _("Password changed"),
    "accounts/recover": _("Link for a new password"),
    "agenda/briefing": _("Link to a briefing for an interpreter"),
    "registrations/already": _("Registered already"),
    "registrations/cancelled": _("Registration cancelled"),
    "registrations/confirmed": _("Registration confirmed"),
    "registrations/promoted": _("A seat from the waiting list"),
    "registrations/returned": _("Back on the waiting list"),
    "speaking/invitation": _("Invitation to speak"),
    "speaking/materials": _("Request for materials"),
    "speaking/reminder": _("Reminder of an invitation"),
    "registrations/waiting": _("On the waiting list"),
}
"""What a mail's template is called in lists; a test finds every template here."""


def sentence(error: DomainError | BadText) -> str:
    """In the reader's language, with the error's own data filled in."""
    data = {"limit": error.limit, "what": error.what} if isinstance(error, BadText) else error.data
    text = SENTENCES.get(error.code, SENTENCES["refused"])
    return str(text) % data if data and "%(" in str(text) else str(text)


def sentence_for(code: str, **data: object) -> str:
    return sentence(DomainError(code, **data))


__all__ = ["MAILS", "SENTENCES", "gettext", "sentence", "sentence_for"]
