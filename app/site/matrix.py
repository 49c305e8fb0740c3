"""The texts of an edition as values: whose each is, what fits into it, how it stands in each language, and the sums."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.people.rules import Name
from app.speaking.rules import body_flaws, subject_flaws
from app.translation.rules import Mark, TextState
from app.values import text as normaliser
from app.values.language import Language, Translated
from app.values.text import BadText


class TextKind(StrEnum):
    """In the order of the page."""

    EDITION = "edition"
    ROOM = "room"
    TRACK = "track"
    SESSION_TITLE = "session_title"
    SESSION_ABSTRACT = "session_abstract"
    SESSION_NOTE = "session_note"
    SPEAKER_ROLE = "speaker_role"
    SPEAKER_TOPIC = "speaker_topic"
    SPEAKER_NOTE = "speaker_note"
    BIOGRAPHY = "biography"
    ORGANISATION = "organisation"
    OUTCOME = "outcome"
    REGISTRATION = "registration"
    LETTER = "letter"
    RELEASE_NOTE = "release_note"


class Reach(StrEnum):
    """Who reads a text, once it is saved, and when."""

    AT_ONCE = "at_once"
    WITH_A_RELEASE = "with_a_release"
    IN_LETTERS = "in_letters"


LIVE = frozenset({TextKind.EDITION, TextKind.BIOGRAPHY, TextKind.ORGANISATION, TextKind.OUTCOME, TextKind.REGISTRATION})
"""Kinds that the public reads as soon as they are saved."""


def _faultless(_text: str) -> tuple[BadText, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Shape:
    """What fits into a text: so many characters, in one line where it has no rows, and nothing that is a flaw."""

    longest: int
    rows: int = 0
    flaws: Callable[[str], Sequence[BadText]] = _faultless

    def normalised(self, raw: str) -> str:
        """Raises `BadText`."""
        normalise = normaliser.paragraphs if self.rows else normaliser.line
        text = normalise(raw, longest=self.longest)
        for flaw in self.flaws(text):
            raise flaw
        return text


SHAPES: dict[tuple[str, str], Shape] = {
    ("edition", "title"): Shape(200),
    ("edition", "theme"): Shape(300),
    ("edition", "summary"): Shape(5000, rows=5),
    ("edition", "guest_of_honour"): Shape(200),
    ("edition", "city"): Shape(120),
    ("edition", "venue"): Shape(200),
    ("edition", "address"): Shape(300),
    ("edition", "parent_name"): Shape(200),
    ("edition", "parent_theme"): Shape(300),
    ("edition", "parent_format"): Shape(200),
    ("edition", "reason"): Shape(1000, rows=3),
    ("topic", "text"): Shape(500),
    ("room", "name"): Shape(120),
    ("room", "detail"): Shape(200),
    ("track", "name"): Shape(120),
    ("session", "title"): Shape(300),
    ("session", "abstract"): Shape(5000, rows=6),
    ("session", "note"): Shape(2000, rows=2),
    ("session", "cancel_reason"): Shape(1000, rows=2),
    ("speaker", "role"): Shape(300),
    ("speaker", "topic"): Shape(500),
    ("speaker", "note"): Shape(2000, rows=2),
    ("person", "biography"): Shape(5000, rows=6),
    ("organisation", "name"): Shape(300),
    ("outcome", "text"): Shape(2000, rows=3),
    ("category", "name"): Shape(100),
    ("letter", "subject"): Shape(200, flaws=subject_flaws),
    ("letter", "body"): Shape(5000, rows=16, flaws=body_flaws),
    ("planned_release", "note"): Shape(500, rows=2),
}
"""(kind, field) of every text there is. The limits are those of the forms where the texts are first written."""

KEY = re.compile("([a-z_]+)-([1-9][0-9]{0,8})(?:-([a-z_]+))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """A thing that has texts. Its name stands in addresses: `session-12`."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}-{self.id}"

    @classmethod
    def of(cls, name: str) -> "Subject | None":
        found = KEY.fullmatch(name)
        return cls(found[1], int(found[2])) if found and not found[3] else None


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Which text of which thing. Its name stands in the files for translators, for good: `session-12-title`."""

    subject: Subject
    field: str

    def __str__(self) -> str:
        return f"{self.subject}-{self.field}"

    @classmethod
    def of(cls, name: str) -> "Key | None":
        found = KEY.fullmatch(name)
        return cls(Subject(found[1], int(found[2])), found[3]) if found and found[3] else None


@dataclass(frozen=True, slots=True)
class Text:
    """One text in its languages."""

    key: Key
    kind: TextKind
    of: Translated | Name
    """What it belongs to, by name."""
    text: Translated
    source: Language = Language.EN
    """In which it was first written; meaningless while nobody has written anything."""
    stale: Mapping[Language, Mark] = field(default_factory=dict)
    slug: str = ""
    """Of a person or an organisation, whose own page is called by it."""
    people: frozenset[int] = frozenset()
    """Persons it is about: a speaker's own, and those who take part in a session."""

    def state(self, language: Language) -> TextState:
        if not self.text.exact(language):
            return TextState.MISSING
        if language is self.source:
            return TextState.SOURCE
        return TextState.STALE if language in self.stale else TextState.THERE

    @property
    def source_text(self) -> str:
        return self.text.exact(self.source)

    @property
    def shape(self) -> Shape:
        return SHAPES[self.key.subject.kind, self.key.field]

    @property
    def reach(self) -> Reach:
        if self.kind is TextKind.LETTER:
            return Reach.IN_LETTERS
        return Reach.AT_ONCE if self.kind in LIVE else Reach.WITH_A_RELEASE


@dataclass(frozen=True, slots=True)
class Sum:
    """How many of some texts are there in one language, stale, and missing."""

    language: Language
    there: int
    stale: int
    missing: int

    @property
    def total(self) -> int:
        return self.there + self.stale + self.missing

    @property
    def open(self) -> int:
        return self.stale + self.missing


@dataclass(frozen=True, slots=True)
class Count:
    """Of one kind: how many texts are written at all, and how they stand in each language."""

    kind: TextKind
    total: int
    sums: Mapping[Language, Sum]

    @property
    def lacking(self) -> dict[Language, int]:
        return {language: one.open for language, one in self.sums.items()}


def sums(texts: Sequence[Text]) -> dict[Language, Sum]:
    return {language: _sum(language, [text.state(language) for text in texts]) for language in Language}


def _sum(language: Language, states: list[TextState]) -> Sum:
    stale, missing = states.count(TextState.STALE), states.count(TextState.MISSING)
    return Sum(language, len(states) - stale - missing, stale, missing)


def counts(texts: Sequence[Text]) -> list[Count]:
    """By kind, in the order of the page; kinds without any text are left out."""
    by_kind = {kind: [text for text in texts if text.kind is kind] for kind in TextKind}
    return [Count(kind, len(some), sums(some)) for kind, some in by_kind.items() if some]


def lacking(texts: Iterable[Text]) -> dict[Language, int]:
    """How many of them are missing or stale, by language."""
    return {language: one.open for language, one in sums(list(texts)).items()}
