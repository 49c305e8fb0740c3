"""The three languages, and text that exists in some or all of them. The one table of tags and locales."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """The member's value is what stands in addresses and in the database."""

    EN = "en"
    DE = "de"
    ZH = "zh"

    @property
    def tag(self) -> str:
        """For HTML `lang` and `hreflang`."""
        return "zh-Hans" if self is Language.ZH else self.value

    @property
    def locale(self) -> str:
        """For Babel and WTForms."""
        return "zh_Hans" if self is Language.ZH else self.value

    @property
    def own_name(self) -> str:
        return {"en": "English", "de": "Deutsch", "zh": "中文"}[self.value]

    @property
    def short_name(self) -> str:
        return {"en": "EN", "de": "DE", "zh": "中文"}[self.value]

    @classmethod
    def best(cls, accepted: Iterator[str]) -> "Language":
        """The first of the reader's wishes (Accept-Language values, best first) that we speak."""
        for wish in accepted:
            for language in cls:
                if wish.lower().split("-")[0] == language:
                    return language
        return cls.EN


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text and the language it is really in, which after a fallback is not the one asked for."""

    text: str
    language: Language

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Translated:
    """One text in up to three languages; an empty string is a missing translation."""

    en: str = ""
    de: str = ""
    zh: str = ""

    @classmethod
    def of(cls, texts: Mapping[str, str | None] | None) -> "Translated":
        """Written out: a page of an agenda makes thousands of them."""
        texts = texts or {}
        return cls(texts.get("en") or "", texts.get("de") or "", texts.get("zh") or "")

    def exact(self, language: Language) -> str:
        text: str = getattr(self, language)
        return text

    def best(self, language: Language) -> Phrase:
        """In the reader's language, else English, German, Chinese, whichever comes first."""
        for candidate in (language, Language.EN, Language.DE, Language.ZH):
            if text := self.exact(candidate):
                return Phrase(text, candidate)
        return Phrase("", language)

    def missing(self) -> tuple[Language, ...]:
        """Languages without this text. A text nobody has written yet is missing in none."""
        return tuple(language for language in Language if not self.exact(language)) if self else ()

    def as_dict(self) -> dict[str, str]:
        return {language.value: self.exact(language) for language in Language}

    def __bool__(self) -> bool:
        return bool(self.en or self.de or self.zh)
