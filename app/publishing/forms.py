from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField

from app.publishing.difference import Difference
from app.values.language import Translated
from app.web.fields import tongues

LONGEST_NOTE = 500


class ReleaseForm(FlaskForm):
    """The note, and what its sender was asked and said yes to."""

    note = tongues(_("Note to the public"), longest=LONGEST_NOTE, rows=2)
    agreed = HiddenField()

    @property
    def told(self) -> Translated:
        note: Translated = self.note.form.translated
        return note

    def agrees_to(self, number: int, changes: Difference) -> bool:
        """Only to what was shown: if somebody changed the draft or published meanwhile, it is asked again."""
        return bool(self.agreed.data == agreement(number, changes))


def agreement(number: int, changes: Difference) -> str:
    return f"{number}:{changes.digest}"
