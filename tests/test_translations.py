"""Every sentence exists in German and Chinese, with the same placeholders, and reads as that language."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.values.text import has_han

ROOT = Path(__file__).resolve().parents[1]
CATALOGUES = {"de": "de", "zh": "zh_Hans"}
METHODS = [("app/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "lazy_ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
SAME_IN_GERMAN = set((Path(__file__).parent / "same_in_german.txt").read_text(encoding="utf-8").split("\n")) - {""}
"""Sentences that rightly read the same in both languages (names, abbreviations, shared words)."""


@cache
def asked_for() -> frozenset[str]:
    """Every text that code and templates want translated."""
    found = set()
    for folder in ("app", "templates"):
        methods = [(pattern.split("/", 1)[1], method) for pattern, method in METHODS if pattern.startswith(folder)]
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, methods, keywords=KEYWORDS, options_map={"**": {"trimmed": "true"}}
        ):
            found.add(message[0] if isinstance(message, tuple) else message)
    return frozenset(found) - {""}


@cache
def catalogue(locale: str) -> Catalog:
    with (ROOT / "app/translations" / locale / "LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def originals(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


@pytest.mark.parametrize("locale", CATALOGUES.values())
def test_nothing_is_missing(locale: str) -> None:
    have = {originals(m)[0] for m in catalogue(locale) if m.id and all(forms(m)) and not m.fuzzy}
    assert sorted(asked_for() - have) == []


@pytest.mark.parametrize("locale", CATALOGUES.values())
def test_nothing_is_left_over(locale: str) -> None:
    assert sorted({originals(m)[0] for m in catalogue(locale) if m.id} - asked_for()) == []


@pytest.mark.parametrize("locale", CATALOGUES.values())
def test_placeholders_are_the_same(locale: str) -> None:
    for message in catalogue(locale):
        if message.id:
            wanted = set(PLACEHOLDER.findall(originals(message)[-1]))
            for form in forms(message):
                assert set(PLACEHOLDER.findall(form)) <= wanted, message.id
            assert set(PLACEHOLDER.findall(forms(message)[-1])) == wanted, message.id


def test_chinese_is_written_in_han() -> None:
    bare = [originals(m)[0] for m in catalogue("zh_Hans") if m.id and not has_han(forms(m)[0])]
    worded = {text for text in bare if re.search("[a-z]{4,}", PLACEHOLDER.sub("", text))}
    assert worded <= {"Outlook", "Thunderbird"}


def test_german_is_not_english() -> None:
    same = {originals(m)[0] for m in catalogue("de") if m.id and forms(m)[0] == originals(m)[0]}
    worded = {text for text in same if re.search("[A-Za-z]{4,}", PLACEHOLDER.sub("", text))}
    assert sorted(worded - SAME_IN_GERMAN) == []
