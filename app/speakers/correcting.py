"""What a speaker wrote of themselves, beside what is stored: pure, as the JSON of a `Correction`.

A text in three languages is a mapping of languages, a name one of its parts. Only what the speaker changed is theirs
to change: what an organiser wrote meanwhile in another language stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.people.rules import Name
from app.values.language import Translated

Texts = Mapping[str, str]


class Field(StrEnum):
    """What a speaker may correct."""

    NAME = "name"
    ROLE = "role"
    BIOGRAPHY = "biography"
    PORTRAIT = "portrait"

    @property
    def is_whole(self) -> bool:
        """Its parts make sense only together."""
        return self in (Field.NAME, Field.PORTRAIT)


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a correction as an organiser judges it: a language of a text, or all of a name."""

    part: str
    before: str
    stored: str
    after: str

    @property
    def is_conflict(self) -> bool:
        """Somebody changed what is stored after they wrote, and to something else."""
        return self.before != self.stored != self.after


def name_json(name: Name) -> dict[str, str]:
    return {
        "written": name.written, "family": name.family, "second": name.second, "second_family": name.second_family,
    }  # fmt: skip


def name_of(json: Texts) -> Name:
    return Name(json.get("written", ""), json.get("family", ""), json.get("second", ""), json.get("second_family", ""))


def text_of(json: Texts) -> Translated:
    return Translated.of(json)


def pieces(field: Field, *, before: Texts, stored: Texts, after: Texts) -> tuple[Piece, ...]:
    """What they want to change, part by part; nothing of what they left as it was."""
    parts = ["written", "second"] if field is Field.NAME else list(after)
    changed = [part for part in parts if after.get(part, "") != before.get(part, "")]
    return tuple(Piece(part, before.get(part, ""), stored.get(part, ""), after.get(part, "")) for part in changed)


def is_conflict(field: Field, *, before: Texts, stored: Texts, after: Texts) -> bool:
    """Taking it would undo what somebody else wrote after them."""
    if field.is_whole:
        return dict(before) != dict(stored) != dict(after)
    return any(piece.is_conflict for piece in pieces(field, before=before, stored=stored, after=after))


def merged(field: Field, *, before: Texts, stored: Texts, after: Texts) -> dict[str, str]:
    """What is stored once it is taken: theirs where they changed something, else what stands there now."""
    if field.is_whole:
        return dict(after)
    return {part: after[part] if after[part] != before.get(part, "") else stored.get(part, "") for part in after}
