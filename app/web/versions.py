"""Two people, one record: what the one who came second would change of what is stored now."""

from typing import Any

from flask_babel import gettext
from wtforms import BooleanField, Form, SelectField, SelectMultipleField
from wtforms.fields.core import Field
from wtforms.widgets import HiddenInput

from app.values.language import Language

QUIET = ("CSRFTokenField", "HiddenField", "SubmitField", "FileField")


def differences(typed: Form, stored: Form) -> list[tuple[str, str, str]]:
    """(label, stored now, typed) for each field that differs; texts in three languages one by one."""
    found: list[tuple[str, str, str]] = []
    for mine in typed:
        if type(mine).__name__ in QUIET or isinstance(mine.widget, HiddenInput) or mine.short_name not in stored:
            continue
        theirs = stored[mine.short_name]
        if hasattr(mine, "form"):
            found += [
                (f"{mine.label.text}, {label}", there, here) for label, there, here in _inner(mine.form, theirs.form)
            ]
        elif shown(mine) != shown(theirs):
            found.append((str(mine.label.text), shown(theirs), shown(mine)))
    return found


def _inner(typed: Form, stored: Form) -> list[tuple[str, str, str]]:
    pairs = [(Language(field.short_name), field, stored[field.short_name]) for field in typed]
    return [(lang.own_name, shown(theirs), shown(mine)) for lang, mine, theirs in pairs if shown(mine) != shown(theirs)]


def shown(field: Field) -> str:
    """The field's value in words."""
    if isinstance(field, BooleanField):
        return str(gettext("yes") if field.data else gettext("no"))
    if isinstance(field, SelectMultipleField):
        return ", ".join(label for value, label in _choices(field) if value in (field.data or []))
    if isinstance(field, SelectField):
        named = dict(_choices(field))
        return str(named.get(field.data) or field.data or "")
    return "" if field.data is None else str(field.data).replace("\r\n", "\n")


def _choices(field: Any) -> list[tuple[Any, str]]:
    groups = field.choices.values() if isinstance(field.choices, dict) else [field.choices]
    return [(value, str(label)) for group in groups for value, label, *_ in group]
