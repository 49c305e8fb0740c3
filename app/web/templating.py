"""What templates may call: texts in the reader's language, names, dates, addresses of static files."""

from collections.abc import Iterable
from typing import Any

import nh3
from babel import Locale
from flask import Flask
from flask_babel import format_decimal
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from app.people.models import Organisation
from app.people.rules import Name
from app.values.actor import Right
from app.values.language import Language, Phrase, Translated
from app.values.text import has_han
from app.values.time import in_zone, instant, wall
from app.web import dates
from app.web.languages import language

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False})
TAGS = {"p", "ul", "ol", "li", "strong", "em", "a", "h2", "h3", "h4", "br", "code", "blockquote"}


def say(text: Translated | None) -> Markup:
    """A text in the reader's language; a fallback is wrapped and marked with its own `lang`."""
    return phrase((text or Translated()).best(language()))


def plain(text: Translated | None) -> str:
    """For titles and attributes, where no markup can stand."""
    return (text or Translated()).best(language()).text


def phrase(chosen: Phrase) -> Markup:
    return escape(chosen.text) if chosen.language is language() else in_language(chosen.text, chosen.language)


def in_language(text: str, of: Language) -> Markup:
    return Markup('<span lang="{}">{}</span>').format(of.tag, text)


def foreign(text: str) -> Markup:
    """A name in whatever script it is written: Han on a page that is not Chinese gets its `lang`."""
    if has_han(text) and language() is not Language.ZH:
        return in_language(text, Language.ZH)
    return escape(text)


def other_language(text: Translated) -> Phrase | None:
    """The same title in a second language to stand beside it: Chinese on Latin pages, else English or German."""
    shown = text.best(language()).language
    order = (Language.EN, Language.DE) if shown is Language.ZH else (Language.ZH,)
    return next((Phrase(text.exact(other), other) for other in order if text.exact(other)), None)


def markdown(text: Translated | None) -> Markup:
    """An organiser's longer text. No raw HTML, safe links only; a fallback is marked with its `lang`."""
    chosen = (text or Translated()).best(language())
    html = nh3.clean(_markdown.render(chosen.text), tags=TAGS, attributes={"a": {"href"}}, link_rel="noopener")
    if chosen.language is language():
        return Markup(html)
    return Markup('<div lang="{}">{}</div>').format(chosen.language.tag, Markup(html))


def country_name(code: str | None, lang: Language | None = None) -> str:
    if not code:
        return ""
    name: str | None = Locale.parse((lang or language()).locale).territories.get(code)
    return name or code


def organisation_name(organisation: Organisation | None) -> Markup:
    return say(organisation.name) if organisation else Markup()


def person_name(name: Name) -> Markup:
    """The name and, if there is one, the other script beside it."""
    first, second = name.shown(language())
    if not second:
        return foreign(first)
    return Markup('{} <span class="name-other">{}</span>').format(foreign(first), foreign(second))


def listed(items: Iterable[Any]) -> Markup:
    """a, b, c; with 、 in Chinese."""
    return Markup("、" if language() is Language.ZH else ", ").join(items)


def without_none(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}


def problems(form: Any) -> list[tuple[str, str, str]]:
    """What is wrong with a form: (field's id or "", its label, the message), sub-forms included."""
    found = [("", "", str(message)) for message in getattr(form, "form_errors", [])]
    for field in form:
        if hasattr(field, "form"):
            found += [(i, f"{field.label.text}, {label}", message) for i, label, message in problems(field.form)]
        else:
            found += [(field.id, str(field.label.text), str(message)) for message in field.errors]
    return found


def init(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        say=say, plain=plain, foreign=foreign, other_language=other_language, markdown=markdown,
        country=country_name, person=person_name, organisation=organisation_name, listed=listed,
        day=dates.day_text, long_day=dates.long_day, weekday=dates.weekday, short_day=dates.short_day,
        span=dates.span, big_span=dates.big_span, clock=dates.clock, city=dates.city_of,
        published=dates.published_text, phrase=phrase,
        without_none=without_none, problems=problems, number=format_decimal,
    )  # fmt: skip
    app.jinja_env.globals.update(
        iso=dates.iso, in_zone=in_zone, instant=instant, wall=wall, home_zones=dates.home_zones,
        day_shift=dates.day_shift, instant_text=dates.instant_text, Translated=Translated,
        Right=Right,
    )  # fmt: skip
