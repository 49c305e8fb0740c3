"""What a translator wants a text to say, and whether it may: judged by what they saw when they began."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from app.site.matrix import Key, Text
from app.values.language import Language


def digest(text: str) -> str:
    """Short, and another one for any other text."""
    return sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Saw:
    """What stood there when somebody began to translate: digests of the source and of the translation."""

    source: str
    translation: str

    @classmethod
    def of(cls, text: Text, language: Language) -> "Saw":
        return cls(digest(text.source_text), digest(text.text.exact(language)))


@dataclass(frozen=True, slots=True)
class Wish:
    """One text in one language, normalised already. An empty one takes the translation away."""

    key: Key
    language: Language
    text: str
    saw: Saw
    approves: bool = False
    """Whether the same words again mean that a stale translation is still right."""


class Verdict(StrEnum):
    WRITE = "write"
    STILL_RIGHT = "still_right"
    """Nothing to write, but a stale translation is stale no more."""
    SAME = "same"
    """Nothing to do: it says so already, or nobody touched it."""
    FOREIGN = "text_foreign"
    """No such text in this edition."""
    IS_SOURCE = "text_is_source"
    """In this language the text is the original, which translators do not write over."""
    SOURCE_CHANGED = "text_source_changed"
    """It would translate what the source no longer says."""
    CHANGED = "text_changed"
    """Somebody else wrote this translation meanwhile."""

    @property
    def is_refusal(self) -> bool:
        return self not in (Verdict.WRITE, Verdict.STILL_RIGHT, Verdict.SAME)


def judged(wish: Wish, stored: Text | None) -> Verdict:
    if stored is None:
        return Verdict.FOREIGN
    present, now = stored.text.exact(wish.language), Saw.of(stored, wish.language)
    untouched = digest(wish.text) == wish.saw.translation and not wish.approves
    is_stale = wish.language in stored.stale
    if untouched or (wish.text == present and not (is_stale and wish.approves)):
        return Verdict.SAME
    if wish.language is stored.source:
        return Verdict.IS_SOURCE
    if wish.saw.source != now.source:
        return Verdict.SOURCE_CHANGED
    if wish.text == present:
        return Verdict.STILL_RIGHT
    return Verdict.WRITE if wish.saw.translation == now.translation else Verdict.CHANGED
