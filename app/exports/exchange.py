"""What goes out to translators as rows, and what comes back: which rows may be taken, and why others may not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.people.rules import Name
from app.site.matrix import Key, Text
from app.site.sieve import Sieve
from app.site.wishes import Saw, Verdict, Wish, judged
from app.translation.rules import TextState
from app.values.language import Language, Translated
from app.values.text import BadText

MOST_ROWS = 20_000


class FileRefusal(StrEnum):
    """Why a file is not taken at all. The sentences are in `app/web/messages.py`."""

    UNKNOWN = "file_unknown"
    UNREADABLE = "file_unreadable"
    TOO_LARGE = "file_too_large"
    DOCTYPE = "file_doctype"
    NOT_OURS = "file_not_ours"
    LANGUAGE = "file_language"


class RowRefusal(StrEnum):
    """Why one row is not taken, beside the verdicts of `app/site/wishes.py` and the codes of bad text."""

    LANGUAGE = "row_language"
    MARK = "row_mark"
    TWICE = "row_twice"
    NOT_TEXT = "row_not_text"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row on its way out: one text for one language to be written in."""

    text: Text
    target: Language

    @property
    def key(self) -> str:
        return str(self.text.key)

    @property
    def present(self) -> str:
        return self.text.text.exact(self.target)

    @property
    def state(self) -> TextState:
        return self.text.state(self.target)

    @property
    def mark(self) -> str:
        """By which we know, when it comes back, whether it still fits."""
        saw = Saw.of(self.text, self.target)
        return f"{saw.source}-{saw.translation}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it came back, nothing checked yet."""

    number: int
    """As the translator's program counts it."""
    key: str
    language: str
    words: str | None
    """None: the cell holds no text."""
    mark: str
    approves: bool = True
    """Whether the words that stood there before, sent again, mean that they are still right."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A row that would be taken, and what it would do."""

    number: int
    wish: Wish
    verdict: Verdict
    text: Text

    @property
    def before(self) -> str:
        return self.text.text.exact(self.wish.language)


@dataclass(frozen=True, slots=True)
class Refused:
    number: int
    key: str
    code: str
    text: Text | None = None
    language: Language | None = None
    bad: BadText | None = None
    """What is wrong with the words themselves."""


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a file would do, row by row."""

    planned: tuple[Planned, ...] = ()
    refused: tuple[Refused, ...] = ()
    unchanged: int = 0
    empty: int = 0


def entries(texts: Sequence[Text], sieve: Sieve) -> Iterator[Entry]:
    """What the sieve lets through, for each language it asks for but the one a text is first written in."""
    for text in sieve.sifted(texts):
        for language in sieve.languages:
            if language is not text.source and sieve.asks_for(text.state(language)):
                yield Entry(text, language)


def whose(of: Translated | Name, language: Language) -> str:
    return of.spoken(language) if isinstance(of, Name) else of.best(language).text


def dry_run(rows: Sequence[Row], stored: Mapping[Key, Text]) -> DryRun:
    planned: list[Planned] = []
    refused: list[Refused] = []
    unchanged = empty = 0
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if row.words is not None and not row.words.strip():
            empty += 1
            continue
        found = _looked_at(row, stored, seen)
        if isinstance(found, Refused):
            refused.append(found)
        elif found.verdict is Verdict.SAME:
            unchanged += 1
        else:
            planned.append(found)
    return DryRun(tuple(planned), tuple(refused), unchanged, empty)


def _looked_at(row: Row, stored: Mapping[Key, Text], seen: set[tuple[str, str]]) -> Planned | Refused:
    key, language, saw = Key.of(row.key), language_of(row.language), _saw(row.mark)
    text = stored.get(key) if key else None
    if key is None or text is None:
        return Refused(row.number, row.key, Verdict.FOREIGN, None, language)
    if language is None:
        return Refused(row.number, row.key, RowRefusal.LANGUAGE, text)
    if (row.key, language) in seen:
        return Refused(row.number, row.key, RowRefusal.TWICE, text, language)
    seen.add((row.key, language))
    if row.words is None:
        return Refused(row.number, row.key, RowRefusal.NOT_TEXT, text, language)
    if saw is None:
        return Refused(row.number, row.key, RowRefusal.MARK, text, language)
    try:
        words = text.shape.normalised(row.words)
    except BadText as bad:
        return Refused(row.number, row.key, bad.code, text, language, bad)
    wish = Wish(key, language, words, saw, approves=row.approves)
    verdict = judged(wish, text)
    if verdict.is_refusal:
        return Refused(row.number, row.key, verdict, text, language)
    return Planned(row.number, wish, verdict, text)


def _saw(mark: str) -> Saw | None:
    parts = mark.strip().split("-")
    return Saw(*parts) if len(parts) == 2 and all(len(part) == 16 for part in parts) else None


def language_of(name: str) -> Language | None:
    """By our code, by its own name, or by a tag with whatever region; traditional Chinese is another one."""
    wanted = name.strip().casefold().replace("_", "-")
    for language in Language:
        if wanted in (language.value, language.own_name.casefold(), language.tag.casefold()):
            return language
    first, *others = wanted.split("-")
    if first in list(Language) and not {"hant", "tw", "hk", "mo"} & set(others):
        return Language(first)
    return None
