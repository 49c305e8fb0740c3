from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField
from wtforms.validators import Optional, ValidationError

from app.agenda.forms import ClockField, complain
from app.editions.models import Edition
from app.publishing.difference import Difference
from app.publishing.models import PlannedRelease
from app.publishing.planned import token
from app.values.language import Translated
from app.values.time import WallKind, instant, wall, wall_kind
from app.web.fields import in_our_time, tongues

LONGEST_NOTE = 500


class ReleaseForm(FlaskForm):
    """The note; what its sender was asked and said yes to; and a time to come, as clocks at the venue show it."""

    note = tongues(_("Note to the public"), longest=LONGEST_NOTE, rows=2)
    agreed = HiddenField()
    on = DateField(_("Day"), [Optional(), in_our_time])
    at = ClockField(_("Time"))
    seen = HiddenField()
    """What was planned already when the page was made."""

    def __init__(self, *args: object, zone: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    @classmethod
    def of(cls, planned: PlannedRelease | None, edition: Edition) -> "ReleaseForm":
        if planned is None:
            return cls(formdata=None, zone=edition.zone)
        at = wall(planned.at, edition.zone)
        data = {"note": planned.note.as_dict(), "on": at.date(), "at": f"{at:%H:%M}", "seen": token(planned)}
        return cls(formdata=None, zone=edition.zone, data=data)

    @property
    def told(self) -> Translated:
        note: Translated = self.note.form.translated
        return note

    def agrees_to(self, number: int, changes: Difference) -> bool:
        """Only to what was shown: if somebody changed the draft or published meanwhile, it is asked again."""
        return bool(self.agreed.data == agreement(number, changes))

    def validate_at(self, field: ClockField) -> None:
        at = self._wall()
        if at and wall_kind(at, self.zone) is WallKind.GAP:
            raise ValidationError(
                gettext("On this day the clock skips this hour: no clock there ever shows this time.")
            )

    @property
    def when(self) -> datetime | None:
        """The instant; None where day or time is missing, and then the field says so."""
        for field in (self.on, self.at):
            if not field.data:
                complain(field, gettext("This field is required."))
        at = self._wall()
        return instant(at, self.zone) if at else None

    def _wall(self) -> datetime | None:
        clock = self.at.time
        return datetime.combine(self.on.data, clock) if self.on.data and clock else None


class GateForm(FlaskForm):
    """Whether releases wait for translators."""

    needs_languages = BooleanField()


class RollbackForm(FlaskForm):
    """Back to a release: why sessions that went out since are cancelled, and what was agreed to."""

    reason = tongues(_("Why they are cancelled"), longest=LONGEST_NOTE, rows=2)
    agreed = HiddenField()

    @property
    def told(self) -> Translated:
        reason: Translated = self.reason.form.translated
        return reason

    def agrees_to(self, number: int, changes: Difference) -> bool:
        return bool(self.agreed.data == agreement(number, changes))


def agreement(number: int, changes: Difference) -> str:
    return f"{number}:{changes.digest}"
