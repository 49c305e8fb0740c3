"""What changed between two wordings of a text, word by word; Han by the character."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from app.values.text import HAN

WORD = re.compile(rf"{HAN.pattern}|\s+|(?:(?!{HAN.pattern})\w)+|[^\w\s]")
MOST = 4000
"""Words beyond which nobody reads a comparison, and making it takes too long."""


class Change(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    change: Change = Change.SAME


def redline(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both in the order of reading. Those that are not new give the old text, those not gone the new."""
    old, new = WORD.findall(before), WORD.findall(after)
    if len(old) + len(new) > MOST:
        old, new = [before], [after]
    steps = _joined(list(_steps(old, new)))
    return tuple(piece for was, now in steps for piece in _pieces(was, now) if piece.text)


def _steps(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Stretches of both that stand for each other; where they are equal nothing changed."""
    for _tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield "".join(old[a:b]), "".join(new[c:d])


def _joined(steps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Changes with nothing but a blank between them are one: easier to read than two."""
    found: list[tuple[str, str]] = []
    for n, (was, now) in enumerate(steps):
        changed = was != now
        blank = not changed and not was.strip() and 0 < n < len(steps) - 1
        if found and (changed or blank) and found[-1][0] != found[-1][1]:
            found[-1] = (found[-1][0] + was, found[-1][1] + now)
        else:
            found.append((was, now))
    return found


def _pieces(was: str, now: str) -> tuple[Piece, ...]:
    return (Piece(was),) if was == now else (Piece(was, Change.GONE), Piece(now, Change.NEW))
