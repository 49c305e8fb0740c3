"""Which translations a change of their source leaves behind, and when they have caught up."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.values.language import Language, Translated


class TextState(StrEnum):
    """How a text stands in one language."""

    SOURCE = "source"
    THERE = "there"
    STALE = "stale"
    """Its source changed after it."""
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Mark:
    """What the source said, and in which language, when a translation that is stale now was right."""

    source: Language
    source_before: str
    since: datetime


def source_of(text: Translated, *, house: Language, translated: tuple[str, ...] = ()) -> Language:
    """In which language a text was first written: the house's, unless that one is missing or marked as a translation."""
    order = sorted(Language, key=lambda language: (language in translated, language is not house))
    return next((language for language in order if text.exact(language)), house)


def left_behind(before: Translated, after: Translated, source: Language) -> frozenset[Language]:
    """Languages whose text stayed as it was although the source beneath it changed."""
    if not before.exact(source) or before.exact(source) == after.exact(source):
        return frozenset()
    return frozenset(
        language
        for language in Language
        if language is not source and after.exact(language) and after.exact(language) == before.exact(language)
    )


def brought_up(before: Translated, after: Translated) -> frozenset[Language]:
    """Languages whose text was written anew, or taken away."""
    return frozenset(language for language in Language if before.exact(language) != after.exact(language))


def has_caught_up(language: Language, mark: Mark, before: Translated, after: Translated, source: Language) -> bool:
    """Whether a stale translation is so no more: written anew, taken away, itself the source by now, or its source
    says again what it said when the translation was right.
    """
    if language is source or language in brought_up(before, after):
        return True
    return after.exact(mark.source) == mark.source_before
