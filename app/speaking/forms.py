"""The shape of letters, and of what a speaker says on their own page."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import HiddenInput

from app.people.rules import Name
from app.speakers.correcting import Field as Corrected
from app.speakers.correcting import name_json, name_of
from app.speakers.forms import TimeForm
from app.speaking.rules import body_flaws, subject_flaws
from app.values.language import Language
from app.web.fields import Required, line, paragraphs, tongues
from app.web.messages import sentence


class LetterForm(FlaskForm):
    """A letter's words in three languages, with placeholders in braces."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    subject = tongues(_("Subject line"), longest=200)
    body = tongues(_("Text"), longest=5000, rows=16)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        complaints = [self._complaint(each) for each in Language]
        if all(not self.body.form[each.value].data for each in Language):
            self.body.form.en.errors = [gettext("Write the letter in at least one language.")]
            return False
        return valid and not any(complaints)

    def _complaint(self, each: Language) -> bool:
        """Beside the field: what stands in braces and is no placeholder, and what every letter must hold."""
        subject, body = self.subject.form[each.value], self.body.form[each.value]
        if bool(subject.data) is not bool(body.data):
            empty = body if subject.data else subject
            empty.errors = [gettext("A letter has both, a subject and a text.")]
            return True
        subject.errors = [*subject.errors, *map(sentence, subject_flaws(subject.data or ""))]
        body.errors = [*body.errors, *map(sentence, body_flaws(body.data or ""))]
        return bool(subject.errors or body.errors)


class HolderForm(FlaskForm):
    """No session: see `app/web/access.py` for how these forms are guarded."""

    class Meta:
        csrf = False


class DeclineForm(HolderForm):
    reason = TextAreaField(_("Would you tell us why?"), [paragraphs(1000)], render_kw={"rows": 4})


class TextsForm(HolderForm):
    """What a speaker corrects of themselves. Nothing of it is stored in the record before an organiser has seen it."""

    seen = StringField(widget=HiddenInput())
    """Of what stood in the record when the form was shown."""
    name = StringField(_("Your name, as you write it"), [Required(), line(200)], render_kw={"autocomplete": "name"})
    family_name = StringField(_("Family name in it"), [line(100)], render_kw={"autocomplete": "family-name"})
    second_name = StringField(_("Your name in a second script"), [line(200)], render_kw={"autocomplete": "off"})
    second_family_name = StringField(_("Family name in the second script"), [line(100)])
    role = tongues(_("Your function"), longest=300)
    biography = tongues(_("About you"), longest=5000, rows=7)

    @classmethod
    def of(cls, values: dict[Corrected, dict[str, str]], *, seen: str) -> "TextsForm":
        name = name_of(values[Corrected.NAME])
        return cls(
            formdata=None,
            data={
                "seen": seen,
                "name": name.written,
                "family_name": name.family,
                "second_name": name.second,
                "second_family_name": name.second_family,
                "role": values[Corrected.ROLE],
                "biography": values[Corrected.BIOGRAPHY],
            },
        )

    def validate_family_name(self, field: Field) -> None:
        if field.data and field.data not in (self.name.data or ""):
            raise ValidationError(_("Write the family name just as it stands in the name."))

    def validate_second_family_name(self, field: Field) -> None:
        if field.data and field.data not in (self.second_name.data or ""):
            raise ValidationError(_("Write the family name just as it stands in the name."))

    @property
    def said(self) -> dict[Corrected, dict[str, str]]:
        """As corrections keep it."""
        name = Name(
            self.name.data or "", self.family_name.data or "", self.second_name.data or "",
            self.second_family_name.data or "",
        )  # fmt: skip
        return {
            Corrected.NAME: name_json(name),
            Corrected.ROLE: self.role.form.translated.as_dict(),
            Corrected.BIOGRAPHY: self.biography.form.translated.as_dict(),
        }


class OwnTimeForm(TimeForm):
    """When a speaker can be there and what they need, by their own hand."""

    class Meta:
        csrf = False

    needs = TextAreaField(_("What you need"), [paragraphs(2000)], render_kw={"rows": 4})
