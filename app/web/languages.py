"""In which language does this request speak? The address says it; under /organise the account does."""

from babel import Locale
from flask import Flask, g, request
from flask_babel import get_locale
from werkzeug.routing import BaseConverter, ValidationError

from app.extensions import babel
from app.values.language import Language


class LanguageConverter(BaseConverter):
    """`<language:lang>` in an address: one of ours, or there is no such page."""

    regex = "en|de|zh"
    part_isolating = True

    def to_python(self, value: str) -> Language:
        try:
            return Language(value)
        except ValueError:
            raise ValidationError from None

    def to_url(self, value: Language) -> str:
        return Language(value).value


def accepted() -> Language:
    return Language.best(iter(request.accept_languages.values()))


def language() -> Language:
    """Of this request's answer: the path's, else the account's (set by the guard), else the browser's wish."""
    if "language" in g:
        chosen: Language = g.language
        return chosen
    from_path = (request.view_args or {}).get("lang") if request else None
    if isinstance(from_path, Language):
        return from_path
    first = request.path.split("/", 2)[1] if request else ""
    return Language(first) if first in Language.__members__.values() else accepted()


def tongue(code: str) -> str:
    """A language's name in the reader's, as it stands in a sentence of theirs."""
    name: str | None = Locale.parse(language().locale).languages.get(code)
    return name[:1].upper() + name[1:] if name else code


def speak(chosen: Language) -> None:
    """Answer in this language from here on (a mail, an account's wish)."""
    g.language = chosen


def init(app: Flask) -> None:
    app.url_map.converters["language"] = LanguageConverter
    babel.init_app(
        app, locale_selector=lambda: language().locale, default_translation_directories=app.config["TRANSLATIONS"]
    )
    app.jinja_env.filters.update(language_name=tongue)
    app.jinja_env.globals.update(language=language, Language=Language, get_locale=get_locale)
