"""The vocabulary of invented editions: titles, names, organisations. Read once from the files in `invented/`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.agenda.rules import SessionKind
from app.people.rules import Name
from app.seed.reading import Entry, read, text
from app.values.language import Language, Translated

INVENTED = Path(__file__).parent / "invented"


@dataclass(frozen=True, slots=True)
class Topic:
    """What a session may be about; `track` is empty for what is for everybody."""

    kind: SessionKind
    track: str
    title: Translated
    abstract: Translated


@dataclass(frozen=True, slots=True)
class Place:
    key: str
    name: Translated
    detail: Translated
    seats: int
    site: str
    booths: int


@dataclass(frozen=True, slots=True)
class Track:
    key: str
    name: Translated
    colour: int


@dataclass(frozen=True, slots=True)
class Employer:
    """An organisation."""

    key: str
    name: Translated
    kind: str
    country: str | None
    international: bool


@dataclass(frozen=True, slots=True)
class Somebody:
    """A name, with the country and grammatical gender that the rest follows from."""

    name: Name
    country: str
    gender: str
    employer: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    first: tuple[Somebody, ...]
    chinese: tuple[Somebody, ...]
    german: tuple[Somebody, ...]
    others: tuple[Somebody, ...]


@dataclass(frozen=True, slots=True)
class Words:
    edition: Entry
    topics: tuple[Topic, ...]
    tracks: tuple[Track, ...]
    places: tuple[Place, ...]
    names: Names
    employers: tuple[Employer, ...]
    roles: Mapping[str, tuple[Mapping[str, Translated], ...]]
    """By kind of organisation; each role by gender."""
    biographies: Mapping[str, tuple[Translated, ...]]
    """By kind of organisation."""
    remarks: tuple[Translated, ...]


@cache
def words() -> Words:
    edition, organisations = read(INVENTED / "edition.toml"), read(INVENTED / "organisations.toml")
    return Words(
        edition=edition,
        topics=tuple(_topic(entry) for entry in read(INVENTED / "sessions.toml")["session"]),
        tracks=tuple(Track(entry["key"], text(entry, "name"), entry["colour"]) for entry in edition["track"]),
        places=tuple(
            Place(
                entry["key"], text(entry, "name"), text(entry, "detail"), entry["seats"], entry["site"], entry["booths"]
            )
            for entry in edition["room"]
        ),
        names=_names(read(INVENTED / "names.toml")),
        employers=tuple(_employer(entry) for entry in organisations["organisation"]),
        roles={kind: tuple(_role(row) for row in rows) for kind, rows in organisations["roles"].items()},
        biographies=_biographies(organisations["biography"], organisations["roles"]),
        remarks=tuple(Translated.of(entry) for entry in organisations["remark"]),
    )


def filled(template: Translated, **values: Any) -> Translated:
    """`{title}, part {n}`: a value that is itself translated is filled in by language."""
    return Translated(
        **{
            language.value: template.exact(language).format(
                **{k: v.exact(language) if isinstance(v, Translated) else v for k, v in values.items()}
            )
            for language in Language
        }
    )


def _topic(entry: Entry) -> Topic:
    return Topic(SessionKind(entry["kind"]), entry.get("track", ""), text(entry, "title"), text(entry, "abstract"))


def _employer(entry: Entry) -> Employer:
    return Employer(
        entry["key"], text(entry, "name"), entry["kind"], entry.get("country"), entry.get("international", False)
    )


def _role(row: list[str]) -> Mapping[str, Translated]:
    english, her, him, chinese = row
    return {"f": Translated(english, her, chinese), "m": Translated(english, him, chinese)}


def _biographies(entries: list[Entry], kinds: Iterable[str]) -> Mapping[str, tuple[Translated, ...]]:
    return {kind: tuple(Translated.of(entry) for entry in entries if kind in entry["kinds"]) for kind in kinds}


def _names(entry: Entry) -> Names:
    """Every family name with every given name, so far apart that neighbours share neither."""
    given = {"f": entry["german_women"], "m": entry["german_men"]}
    return Names(
        first=tuple(_whole(row) for row in entry["first"]),
        chinese=tuple(
            _chinese(family, own) for own, family in _pairs(entry["chinese_given"], entry["chinese_families"])
        ),
        german=tuple(
            Somebody(Name(f"{own} {family}", family), "DE", gender)
            for (gender, own), family in _pairs(
                [(gender, own) for pair in zip(given["f"], given["m"], strict=True) for gender, own in zip("fm", pair, strict=True)],
                entry["german_families"],
            )
        ),
        others=tuple(_whole(row) for row in entry["others"]),
    )  # fmt: skip


def _pairs(left: list[Any], right: list[Any]) -> list[tuple[Any, Any]]:
    """All pairs, walking diagonally: the first of each, the second of each, and so on round."""
    return [(left[n % len(left)], right[(n + n // len(left)) % len(right)]) for n in range(_until_round(left, right))]


def _until_round(left: list[Any], right: list[Any]) -> int:
    return len(left) * len(right)


def _chinese(family: list[str], own: list[str]) -> Somebody:
    name = Name(family[0] + own[0], family[0], f"{family[1]} {own[1]}", family[1])
    return Somebody(name, "CN", own[2])


def _whole(row: list[str]) -> Somebody:
    written, family, second, second_family, country, gender, *employer = row
    return Somebody(Name(written, family, second, second_family), country, gender, employer[0] if employer else "")
