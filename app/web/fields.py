"""Form fields and validators that speak our values: normalised lines and paragraphs, texts in three languages."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Field, Form, FormField, StringField, TextAreaField
from wtforms.validators import InputRequired, StopValidation, ValidationError

from app.values import text
from app.values.language import Language, Translated
from app.values.time import YEARS
from app.web.messages import sentence

Validator = Callable[[Any, Any], None]


def line(longest: int) -> Validator:
    """Normalises the field's text to one line, or refuses it with the reason."""
    return _normalised(text.line, longest)


def paragraphs(longest: int) -> Validator:
    return _normalised(text.paragraphs, longest)


def _normalised(normalise: Callable[..., str], longest: int) -> Validator:
    def check(_form: Form, field: Field) -> None:
        try:
            field.data = normalise(field.data or "", longest=longest)
        except text.BadText as bad:
            raise ValidationError(sentence(bad)) from None
        if not field.data and field.flags.required:
            raise ValidationError(field.gettext("This field is required."))

    check.field_flags = {"maxlength": longest}  # type: ignore[attr-defined]
    return check


def address(_form: Form, field: Field) -> None:
    """One e-mail address, in the form under which it is compared: domain in ASCII, all in small letters.

    The reserved `.test` passes, as every name under it: nothing is ever delivered there.
    """
    try:
        typed = text.line(field.data or "", longest=254)
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except text.BadText as bad:
        raise ValidationError(sentence(bad)) from None
    except EmailNotValidError:
        raise ValidationError(
            gettext("This is no complete address. An address looks like name@ministry.example.")
        ) from None
    field.data = found.normalized.lower()


def in_our_time(_form: Form, field: Field) -> None:
    """A date or a time of years one can reckon with; nothing else is asked of one that is not."""
    if field.data and field.data.year not in YEARS:
        raise StopValidation(_("The year must be between %(first)s and %(last)s.", first=YEARS[0], last=YEARS[-1]))


def row_id(text: str) -> int:
    """For `request.args.get(…, type=row_id)`: a number that a column can hold."""
    number = int(text)
    if not 0 <= number < 2**31:
        raise ValueError(text)
    return number


def own_number(field: Field) -> str | None:
    """The number a form was given when it was shown, so that the same form sent twice acts once.

    None where it is none of ours: such a form acts each time it is sent.
    """
    try:
        return str(UUID(field.data or ""))
    except ValueError:
        return None


class Required(InputRequired):
    """Something must have been typed; blanks are nothing."""


def tongues(label: Any, *, longest: int, rows: int = 0) -> FormField:
    """A text in three languages, side by side: sub-fields en, de, zh; `.translated` of the form gives the value."""
    kind = TextAreaField if rows else StringField
    check = paragraphs(longest) if rows else line(longest)
    options: dict[str, Any] = {"render_kw": {"rows": rows}} if rows else {}

    class Tongues(Form):
        en = kind("English", [check], **options)
        de = kind("Deutsch", [check], **options)
        zh = kind("中文", [check], **options)

        @property
        def translated(self) -> Translated:
            return Translated.of({language.value: self[language.value].data for language in Language})

    return FormField(Tongues, label, description="tongues")


LANGUAGE_CHOICES = [(language.value, language.own_name) for language in Language]
NONE = ("", _("none"))
