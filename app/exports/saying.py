"""Texts for paper: the same in one or two languages, as typst takes them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from flask import g
from flask_babel import force_locale

from app.people.rules import Name
from app.values.language import Language, Phrase, Translated
from app.values.text import has_han
from app.web.languages import speak

Said = list[dict[str, str]]
"""The same in each language, as `{"lang", "text"}`; one entry where all languages say the same."""


@contextmanager
def speaking(lang: Language) -> Iterator[None]:
    """Words of the catalogue in this language, whatever the page's."""
    before = g.get("language")
    speak(lang)
    try:
        with force_locale(lang.locale):
            yield
    finally:
        if before is None:
            g.pop("language", None)
        else:
            speak(before)


def word(languages: Sequence[Language], make: Callable[[], str]) -> Said:
    """What `make` says while each language is spoken."""
    said = []
    for lang in languages:
        with speaking(lang):
            said.append(Phrase(str(make()), lang))
    return once(said)


def say(languages: Sequence[Language], *texts: Translated) -> Said:
    """Several texts become one line; a language that lacks one takes what there is."""
    said = []
    for lang in languages:
        phrases = [text.best(lang) for text in texts if text]
        if phrases:
            comma = "，" if phrases[0].language is Language.ZH else ", "
            said.append(Phrase(comma.join(phrase.text for phrase in phrases), phrases[0].language))
    return once(said)


def in_all(text: Translated) -> Said:
    """In every language it is written in."""
    return once(Phrase(text.exact(lang), lang) for lang in Language)


def once(phrases: Iterable[Phrase]) -> Said:
    """What two languages say alike is said once."""
    found: dict[str, str] = {}
    for phrase in phrases:
        if phrase.text:
            found.setdefault(phrase.text, phrase.language.tag)
    return [{"lang": lang, "text": text} for text, lang in found.items()]


def in_scripts(name: Name, first: Language) -> Said:
    """The script of this language first; both where the person has two."""
    return [
        {"lang": (Language.ZH if has_han(text) else Language.EN).tag, "text": text}
        for text in name.shown(first)
        if text
    ]
