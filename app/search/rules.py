"""What a reader typed, as terms that a folded text can be asked for; and which hits come first."""

from enum import StrEnum

from app.values.text import folded, has_han

LONGEST_QUERY = 200


class Kind(StrEnum):
    EDITION = "edition"
    SESSION = "session"
    PERSON = "person"
    ORGANISATION = "organisation"


def terms(query: str) -> tuple[str, ...]:
    """Substrings that must all occur in a folded text that has a blank at both ends.

    A Latin word is found from its beginning ("bat" finds "batteries", "ev" does not find "level");
    Han, which knows no blanks, anywhere.
    """
    words = folded(query[:LONGEST_QUERY]).split()
    return tuple(word if has_han(word) else f" {word}" for word in words)


def rank(found: tuple[str, ...], *, folded_title: str) -> int:
    """Smaller is better: all terms in the title, some, none."""
    hits = sum(term in f" {folded_title} " for term in found)
    return 0 if hits == len(found) else 1 if hits else 2
