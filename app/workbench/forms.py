"""The shape of what the grid sends: one form for every gesture, and one for undoing."""

import re
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from app.agenda.forms import ClockField, complain
from app.agenda.rules import SessionKind
from app.agenda.words import KINDS
from app.values.language import Translated
from app.web.fields import in_our_time, line, own_number
from app.web.languages import language
from app.web.messages import sentence_for
from app.workbench.gestures import Create, Deed, Duplicate, Gesture, Pin, Place, Shift, Swap, Unplace

DEEDS = {
    Deed.CREATE.value: _("Add"),
    Deed.PLACE.value: _("Move"),
    Deed.UNPLACE.value: _("Put back to the unplaced"),
    Deed.SWAP.value: _("Swap"),
    Deed.SHIFT.value: _("Move everything from a time on"),
    Deed.DUPLICATE.value: _("Duplicate"),
    Deed.PIN.value: _("Pin"),
}
ASKS = {
    Deed.CREATE: ("on", "start", "minutes", "title"),
    Deed.PLACE: ("session", "on", "start", "minutes"),
    Deed.UNPLACE: ("session",),
    Deed.SWAP: ("session", "other"),
    Deed.SHIFT: ("on", "start", "by"),
    Deed.DUPLICATE: ("session",),
    Deed.PIN: ("session",),
}
"""What each gesture cannot do without."""
SEEN = re.compile(r"-|\d{4}-\d\d-\d\dT\d\d:\d\d/\d{1,5}/(\d{1,9})?")
MOST = 24 * 60
IDS = NumberRange(1, 2**31 - 1)


def hidden_number(*checks: Any) -> IntegerField:
    return IntegerField(widget=HiddenInput(), validators=[Optional(), IDS, *checks])


class TurnForm(FlaskForm):
    """To undo and to redo. The key is the request's own number: sent twice, it is done once."""

    key = HiddenField()
    step = hidden_number()
    force = BooleanField(_("Take mine"))

    def validate_key(self, field: Field) -> None:
        field.data = own_number(field)
        if field.data is None:
            raise ValidationError(_("This form has no number of its own. Load the page again."))


class GestureForm(TurnForm):
    """Which fields count depends on the deed; the others are left alone."""

    deed = SelectField(_("What to do"), choices=list(DEEDS.items()), default=Deed.PLACE.value)
    session = hidden_number()
    other = IntegerField(_("With"), [Optional(), IDS])
    on = DateField(_("Day"), [Optional(), in_our_time])
    start = ClockField(_("Starts"))
    minutes = IntegerField(_("Minutes"), [Optional(), NumberRange(1, MOST)])
    by = IntegerField(_("By minutes"), [Optional(), NumberRange(-MOST, MOST)])
    room = IntegerField(_("Room"), [Optional(), IDS])
    title = StringField(_("Title"), [line(300)])
    kind = SelectField(_("Kind"), choices=list(KINDS.items()), default=SessionKind.TALK.value)
    pinned = BooleanField(_("Pinned"), false_values=(False, "false", "", "0"))
    saw = HiddenField()
    saw_other = HiddenField()

    def validate_saw(self, field: Field) -> None:
        if field.data and not SEEN.fullmatch(field.data):
            raise ValidationError(_("This form does not say where the session was seen. Load the page again."))

    validate_saw_other = validate_saw

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        if self.deed.errors:
            return False
        for name in ASKS[Deed(self.deed.data)]:
            field = self[name]
            if field.data in (None, "") and not field.errors:
                complain(field, _("Give the title in at least one language.") if name == "title" else _missing(field))
                good = False
        return good

    def gesture(self) -> Gesture:
        session = self.session.data or 0
        match Deed(self.deed.data):
            case Deed.CREATE:
                title = Translated.of({language().value: self.title.data})
                return Create(self._at, self.minutes.data, self.room.data, title, SessionKind(self.kind.data))
            case Deed.PLACE:
                return Place(session, self._at, self.minutes.data, self.room.data, self.saw.data or None)
            case Deed.UNPLACE:
                return Unplace(session, self.saw.data or None)
            case Deed.SWAP:
                return Swap(session, self.other.data, self.saw.data or None, self.saw_other.data or None)
            case Deed.SHIFT:
                return Shift(self._at, self.by.data, self.room.data)
            case Deed.DUPLICATE:
                return Duplicate(session)
        return Pin(session, is_pinned=self.pinned.data)

    @property
    def _at(self) -> datetime:
        return datetime.combine(self.on.data, self.start.time or datetime.min.time())


def _missing(field: Field) -> Any:
    return sentence_for("session_time_without_day") if field.name == "on" else field.gettext("This field is required.")


def complaints(form: FlaskForm) -> str:
    """What is wrong with each field in one line, for a client without a page."""
    return " ".join(str(field.errors[0]) for field in form if field.errors)
