"""The shape of what organisers say of an interpreter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from app.agenda.models import Interpreter
from app.agenda.plan import Window
from app.agenda.rota import InterpreterFacts
from app.interpretation.words import PAIR_CHOICES
from app.people.rules import Name, PersonFacts
from app.values.language import Language
from app.values.time import YEARS
from app.web.fields import LANGUAGE_CHOICES, Required, address, line, paragraphs

MOST = 60
"""Rows of times that one form takes."""


@dataclass(frozen=True, slots=True)
class Row:
    """A span as it was typed: a day and two times of it. Without times it says nothing."""

    day: str = ""
    starts: str = ""
    ends: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.starts or self.ends)

    @property
    def window(self) -> Window | None:
        """None where it makes no sense. Midnight is the end of the day."""
        try:
            day = date.fromisoformat(self.day)
            starts_at = datetime.combine(day, time.fromisoformat(self.starts))
            ends_at = datetime.combine(day, time.fromisoformat(self.ends))
        except ValueError:
            return None
        if day.year not in YEARS or starts_at.tzinfo or ends_at.tzinfo:
            return None
        ends_at += timedelta(days=1) if ends_at.time() == time() else timedelta()
        return Window(starts_at, ends_at) if starts_at < ends_at else None

    @classmethod
    def of(cls, window: Window) -> "Row":
        return cls(window.starts_at.date().isoformat(), f"{window.starts_at:%H:%M}", f"{window.ends_at:%H:%M}")


class Rows(tuple[Row, ...]):
    """Reads as words where two versions are compared."""

    __slots__ = ()

    def __str__(self) -> str:
        return "; ".join(f"{row.day} {row.starts}–{row.ends}" for row in self if not row.is_empty)


class WindowsField(Field):
    """Spans of wall time, three inputs of one name for each: day, from, until."""

    data: Rows

    def process_data(self, value: Any) -> None:
        self.data = Rows(value or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        texts = [text.strip()[:10] for text in valuelist[: 3 * MOST]]
        triples = zip(texts[::3], texts[1::3], texts[2::3], strict=False)
        self.data = Rows(Row(*triple) for triple in triples)
        if any(not row.is_empty and row.window is None for row in self.data):
            raise ValueError(gettext("Give the day and both times, the later one last, or leave both times empty."))

    @property
    def windows(self) -> tuple[Window, ...]:
        found = {window for row in self.data if (window := row.window)}
        return tuple(sorted(found, key=lambda window: (window.starts_at, window.ends_at)))


class InterpreterForm(FlaskForm):
    """Somebody's work at this edition. Their name is the person's own record."""

    revision = IntegerField(widget=HiddenInput(), validators=[Optional()])
    pairs = SelectMultipleField(
        _("Works from and into"),
        choices=PAIR_CHOICES,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    email = EmailField(_("E-mail"), [Optional(), address], render_kw={"spellcheck": "false", "maxlength": 254})
    language = SelectField(_("Language of mails"), [Required()], choices=LANGUAGE_CHOICES, default=Language.EN.value)
    note = TextAreaField(_("Note at the head of their briefing"), [paragraphs(5000)], render_kw={"rows": 4})
    windows = WindowsField(_("Can be there"))

    def validate_pairs(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Tick at least one pair of languages."))

    def facts(self) -> InterpreterFacts:
        return InterpreterFacts(
            pairs=tuple(self.pairs.data or ()),
            email=self.email.data or "",
            language=Language(self.language.data),
            note=self.note.data or "",
            available=self.windows.windows,
        )


class NewInterpreterForm(InterpreterForm):
    """With a person nobody has recorded yet. The rest of them is their own record's."""

    name = StringField(_("Name, as they write it"), [Required(), line(200)])
    family_name = StringField(_("Family name in it"), [line(100)])
    second_name = StringField(_("Name in a second script"), [line(200)])
    second_family_name = StringField(_("Family name in the second script"), [line(100)])
    somebody_else = BooleanField(_("This is somebody else with the same name"))

    def validate_family_name(self, field: Field) -> None:
        if field.data and field.data not in (self.name.data or ""):
            raise ValidationError(_("Write the family name just as it stands in the name."))

    def validate_second_family_name(self, field: Field) -> None:
        if field.data and field.data not in (self.second_name.data or ""):
            raise ValidationError(_("Write the family name just as it stands in the name."))

    def person(self) -> PersonFacts:
        texts = (self.name, self.family_name, self.second_name, self.second_family_name)
        return PersonFacts(Name(*(field.data or "" for field in texts)))


def interpreter_data(stored: Interpreter) -> dict[str, Any]:
    """The row as its form takes it."""
    return {
        "revision": stored.revision,
        "pairs": list(stored.pairs),
        "email": stored.email,
        "language": stored.language.value,
        "note": stored.note,
    }


def rows_of(windows: Sequence[Window], days: Iterable[date]) -> Rows:
    """The spans there are, an empty row for each of these days that has none, and one more."""
    given = [Row.of(window) for window in windows]
    others = [day.isoformat() for day in days if all(row.day != day.isoformat() for row in given)]
    return Rows([*given, *(Row(day) for day in others), Row()])
