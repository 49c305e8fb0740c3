"""The shape of what translators send: every text of one thing in the languages it is not first written in."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from app.site.matrix import SHAPES, Key, Shape, Subject, Text
from app.site.wishes import Saw, Wish, digest
from app.site.words import FIELDS
from app.values.language import Language
from app.values.text import LINE_BREAKS
from app.web.fields import line, paragraphs
from app.web.messages import sentence

LONG_LINE = 150
"""Characters from which a single line gets a box in which it stays readable."""


class TranslationForm(FlaskForm):
    """For each text and language: the words, what stood there when the page was made, and whether it is still right.

    There is a field for every language, also for the one that is the source while the page is made: that may change
    before the form comes back, and nothing typed is to be lost.
    """

    kind: str

    @classmethod
    def showing(cls, texts: Sequence[Text]) -> "TranslationForm":
        """As stored now."""
        return cls(formdata=None, data=_stored(texts))

    def words(self, field: str, language: Language) -> Field:
        return self[f"{field}-{language}"]

    def right(self, field: str, language: Language) -> Field:
        return self[f"{field}-{language}-right"]

    def wishes(self, subject: Subject) -> list[Wish]:
        """Of what was sent. A translation nobody touched is a wish too: it is judged to be the same."""
        return [
            Wish(
                Key(subject, field),
                language,
                words.data or "",
                Saw(self[f"{field}-source"].data or "", self[f"{field}-{language}-saw"].data or ""),
                approves=bool(self.right(field, language).data),
            )
            for field, language, words in self.sent()
        ]

    def sent(self) -> Iterator[tuple[str, Language, Field]]:
        for kind, field in SHAPES:
            for language in Language if kind == self.kind else ():
                words = self.words(field, language)
                if words.raw_data:
                    yield field, language, words

    def hidden(self, texts: Sequence[Text]) -> list[Field]:
        """What the page saw, to be sent with what it shows."""
        named = [f"{text.key.field}-source" for text in texts]
        named += [f"{t.key.field}-{lang}-saw" for t in texts for lang in Language if lang is not t.source]
        return [self[name] for name in named]

    def is_of_another_source(self, texts: Sequence[Text]) -> bool:
        """Whether somebody changed what was to be translated since the page was made."""
        saw = {text.key.field: self[f"{text.key.field}-source"] for text in texts}
        return any(saw[t.key.field].raw_data and saw[t.key.field].data != digest(t.source_text) for t in texts)

    def see_again(self, texts: Sequence[Text]) -> None:
        """From here on what is stored now counts as seen: saving once more is then a choice."""
        for name, value in _stored(texts).items():
            if name.endswith(("-saw", "-source")):
                self[name].data, self[name].raw_data = value, None


def _stored(texts: Sequence[Text]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        field = text.key.field
        found[f"{field}-source"] = digest(text.source_text)
        for language in Language:
            found[f"{field}-{language}"] = text.text.exact(language)
            found[f"{field}-{language}-saw"] = Saw.of(text, language).translation
    return found


@cache
def form_of(kind: str) -> type[TranslationForm]:
    """The form for things of this kind."""
    fields: dict[str, Any] = {"kind": kind}
    for (owner, field), shape in SHAPES.items():
        if owner == kind:
            fields[f"{field}-source"] = HiddenField()
            for language in Language:
                fields[f"{field}-{language}"] = _box(FIELDS[owner, field], shape)
                fields[f"{field}-{language}-saw"] = HiddenField()
                fields[f"{field}-{language}-right"] = BooleanField()
    return type(f"{kind.title()}TranslationForm", (TranslationForm,), fields)


def _box(label: Any, shape: Shape) -> Field:
    if shape.rows:
        return TextAreaField(label, [paragraphs(shape.longest), _flawless(shape)], render_kw={"rows": shape.rows + 2})
    if shape.longest < LONG_LINE:
        return StringField(label, [line(shape.longest), _flawless(shape)])
    only_line = [line(shape.longest), _flawless(shape)]
    return TextAreaField(label, only_line, filters=[_in_one_line], render_kw={"rows": 2})


def _flawless(shape: Shape) -> Callable[[Form, Field], None]:
    def check(_form: Form, field: Field) -> None:
        if flaws := shape.flaws(field.data or ""):
            raise ValidationError(" ".join(map(sentence, flaws)))

    return check


def _in_one_line(typed: str | None) -> str:
    return LINE_BREAKS.sub(" ", typed or "")
