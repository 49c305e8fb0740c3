"""Which translations a change of their source leaves behind."""

from app.values.language import Language, Translated


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
