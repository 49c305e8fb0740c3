"""Names: in which order and script they are shown, and by what they sort."""

from dataclasses import dataclass
from enum import StrEnum

from pypinyin import Style, lazy_pinyin

from app.values.language import Language, Translated
from app.values.text import folded, has_han

SURNAMES = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "区": "ou", "查": "zha", "朴": "piao", "盖": "ge",
    "任": "ren", "冼": "xian", "翟": "zhai", "乐": "yue", "员": "yun", "折": "she", "缪": "miao", "纪": "ji",
    "尉迟": "yu chi", "万俟": "mo qi", "澹台": "tan tai", "长孙": "zhang sun", "令狐": "ling hu",
}  # fmt: skip
"""Characters that pypinyin reads otherwise than they sound in a family name."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as its bearer writes it, with the family name known, and maybe a second script beside it."""

    written: str
    family: str = ""
    second: str = ""
    second_family: str = ""

    def shown(self, language: Language) -> tuple[str, str]:
        """First and other: Chinese pages lead with Han, the others with Latin, where the person has both."""
        if not self.second or has_han(self.written) == has_han(self.second):
            return self.written, self.second
        han, latin = (self.written, self.second) if has_han(self.written) else (self.second, self.written)
        return (han, latin) if language is Language.ZH else (latin, han)

    def spoken(self, language: Language) -> str:
        """One script only, for running text."""
        return self.shown(language)[0]


def pinyin(text: str, *, surname: str = "") -> str:
    """Toneless syllables of Han text; Latin stays. A family name in front is read by its own table."""
    if surname and text.startswith(surname) and surname in SURNAMES:
        return f"{SURNAMES[surname]} {pinyin(text[len(surname) :])}".strip()
    return " ".join(lazy_pinyin(text, style=Style.NORMAL)).replace("ü", "v")


def sort_keys(name: Name) -> tuple[str, str]:
    """For lists in Latin order and for lists in Chinese (pinyin) order: family name first, then all of it."""
    han_first = has_han(name.written)
    han, han_family = (name.written, name.family) if han_first else (name.second, name.second_family)
    latin, latin_family = (name.second, name.second_family) if han_first else (name.written, name.family)
    han_reading = pinyin(han, surname=han_family) if has_han(han) else ""
    latin_key = folded(f"{latin_family} {latin}") if latin else folded(han_reading)
    return latin_key, folded(han_reading) if han_reading else latin_key


def organisation_sort_keys(name: Translated) -> tuple[str, str, str]:
    """By English, German and Chinese (pinyin) name, each falling back as the shown name does."""
    return (
        folded(name.best(Language.EN).text),
        folded(name.best(Language.DE).text),
        folded(pinyin(name.best(Language.ZH).text)),
    )


def findable(*texts: str) -> str:
    """Everything someone may type to find a person: all scripts, and the pinyin of what is Han."""
    readings = [pinyin(text) for text in texts if has_han(text)]
    joined = [reading.replace(" ", "") for reading in readings]
    return f" {folded(' '.join([*texts, *readings, *joined]))} "


class Gender(StrEnum):
    """As somebody chose to give it."""

    UNSAID = "unsaid"
    WOMAN = "woman"
    MAN = "man"
    DIVERSE = "diverse"


class OrganisationKind(StrEnum):
    UNKNOWN = "unknown"
    GOVERNMENT = "government"
    ASSOCIATION = "association"
    COMPANY = "company"
    RESEARCH = "research"
    INTERNATIONAL = "international"
    FINANCE = "finance"
    MEDIA = "media"
    OTHER = "other"


class Sector(StrEnum):
    UNKNOWN = "unknown"
    VEHICLES = "vehicles"
    BATTERIES = "batteries"
    ENERGY = "energy"
    CHARGING = "charging"
    MATERIALS = "materials"
    DIGITAL = "digital"
    TRANSPORT = "transport"
    POLICY = "policy"
    SCIENCE = "science"
    SERVICES = "services"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What an organiser may say of a person."""

    name: Name
    country: str | None = None
    biography: Translated = Translated()
    gender: Gender = Gender.UNSAID


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What an organiser may say of an organisation."""

    name: Translated
    abbreviation: str = ""
    country: str | None = None
    international: bool = False
    aliases: tuple[str, ...] = ()
    kind: OrganisationKind = OrganisationKind.UNKNOWN
    sector: Sector = Sector.UNKNOWN
