"""What the files for translators say in the reader's language, and why a row was not taken."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.exports import sheets, xliff
from app.exports.exchange import Refused, RowRefusal
from app.site.wishes import Verdict
from app.site.words import FIELDS, KINDS, STATES
from app.web.languages import language
from app.web.messages import sentence

COLUMNS = {
    "key": _("Key (leave as it is)"),
    "kind": _("Kind"),
    "whose": _("Whose"),
    "source_language": _("Source language"),
    "source": _("Source text"),
    "target_language": _("Target language"),
    "present": _("Present translation"),
    "state": _("State"),
    "new": _("New translation (write here)"),
    "mark": _("Mark (leave as it is)"),
}
HELP = (
    _("Write your translations into the column “New translation” of the first sheet. Leave empty what stays open."),
    _("“Stale” means: the source was changed after the translation. Write it anew or, where it is still right, write the same words again."),
    _("You may sort, filter, hide and widen. Please change neither keys nor marks: by them each row finds its place again."),
    _("Texts keep their line breaks. What is too long, or was changed here meanwhile, is refused with the number of its row; everything else is taken."),
)  # fmt: skip
REASONS = {
    Verdict.FOREIGN: _("There is no such text in this edition."),
    Verdict.IS_SOURCE: _("In this language the text is the original. It is changed in its own form."),
    Verdict.SOURCE_CHANGED: _(
        "The source was changed after this file was made. Make a new file, and look at it again."
    ),
    Verdict.CHANGED: _("Somebody else wrote this translation after this file was made."),
    RowRefusal.LANGUAGE: _("The target language is none of English, German and Chinese."),
    RowRefusal.MARK: _("The mark of this row is gone, so nobody knows whether it still fits. Make a new file."),
    RowRefusal.TWICE: _("This text stands in the file twice. The first row was taken."),
    RowRefusal.NOT_TEXT: _("This cell holds a date, a fraction or the like, and no text."),
}


def reason(refused: Refused) -> str:
    return sentence(refused.bad) if refused.bad else str(REASONS[refused.code])  # type: ignore[index]


def of_sheets() -> sheets.Words:
    return sheets.Words(
        language=language(),
        sheet=_title(gettext("Texts")),
        help_sheet=_title(gettext("How to")),
        help=[str(sentence) for sentence in HELP],
        columns={name: str(word) for name, word in COLUMNS.items()},
        kinds={kind: str(word) for kind, word in KINDS.items()},
        fields={key: str(word) for key, word in FIELDS.items()},
        states={state: str(word) for state, word in STATES.items()},
    )


def of_xliff() -> xliff.Words:
    return xliff.Words(
        language=language(),
        kinds={kind: str(word) for kind, word in KINDS.items()},
        fields={key: str(word) for key, word in FIELDS.items()},
        limit=gettext("At most %(limit)s characters.", limit="%(limit)s"),
        stale=gettext("Stale: the source was changed after this translation."),
    )


def _title(text: str) -> str:
    """A sheet's name has at most 31 characters and none of these."""
    return "".join(c for c in text if c not in "[]:*?/\\'")[:31]
