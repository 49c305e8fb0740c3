"""The one normaliser for text that comes in, and the folding that makes Müller findable as muller."""

import re
import unicodedata
from dataclasses import dataclass

LINE_BREAKS = re.compile("\r\n|\r|\u2028|\u2029|\u0085")
BIDI_OPEN, BIDI_ISOLATES = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"
POP_EMBEDDING, POP_ISOLATE = "\u202c", "\u2069"
HAN = re.compile("[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
FOLDS = str.maketrans({"ß": "ss", "ẞ": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@dataclass(frozen=True)
class BadText(ValueError):
    """Text we cannot keep. The sentences for the codes are in `app/web/messages.py`."""

    code: str
    limit: int | None = None
    what: str = ""
    """The part of it that is wrong, as it was written."""


def line(raw: str, *, longest: int) -> str:
    """One line: NFC, stripped, nothing invisible that could hide or reorder what follows. May come out empty."""
    text = unicodedata.normalize("NFC", raw).strip()
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text):
        raise BadText("text_control")
    return _checked(text, longest)


def paragraphs(raw: str, *, longest: int) -> str:
    """Several lines: as `line`, but line breaks (all kinds, made one) and tabs may stay."""
    text = unicodedata.normalize("NFC", LINE_BREAKS.sub("\n", raw)).strip()
    if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in text):
        raise BadText("text_control")
    return _checked(text, longest)


def _checked(text: str, longest: int) -> str:
    """Raises `BadText`: surrogates and non-characters, unbalanced bidi controls, nothing visible, too long.

    Length counts in characters and, at four bytes each, in UTF-8 bytes.
    """
    if any(unicodedata.category(c) == "Cs" or (ord(c) & 0xFFFE) == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF for c in text):
        raise BadText("text_not_characters")
    if not _balanced(text):
        raise BadText("text_bidi")
    if text and not any(unicodedata.category(c)[0] in "LNPS" for c in text):
        raise BadText("text_invisible")
    if len(text) > longest:
        raise BadText("text_too_long", longest)
    return text


def _balanced(text: str) -> bool:
    embeddings = isolates = 0
    for c in text:
        if c in BIDI_OPEN:
            embeddings += 1
        elif c in BIDI_ISOLATES:
            isolates += 1
        elif c == POP_EMBEDDING:
            embeddings -= 1
        elif c == POP_ISOLATE:
            isolates -= 1
        if embeddings < 0 or isolates < 0:
            return False
    return embeddings == 0 and isolates == 0


def a_number(text: str) -> int | None:
    """A whole one of up to nine digits, as addresses and forms say it and any column holds; None for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def has_han(text: str) -> bool:
    return bool(HAN.search(text))


def folded(text: str) -> str:
    """For finding and comparing: lower case, no accents, ß as ss, words apart, Han as it is."""
    text = unicodedata.normalize("NFKD", text.casefold().translate(FOLDS))
    text = "".join(c if unicodedata.category(c)[0] in "LN" else " " for c in text if not unicodedata.combining(c))
    return " ".join(text.split())


def slug_from(text: str) -> str:
    """An address part from a name: ASCII letters, digits and hyphens; empty where the text has none."""
    text = text.casefold().translate(UMLAUTS)
    return "-".join("".join(c if c.isascii() else " " for c in folded(text)).split())[:60].strip("-")
