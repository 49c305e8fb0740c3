"""Letters to speakers: which there are, to whom each may go, and how a letter's placeholders are filled."""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum

from app.speakers.rules import Material, SpeakerState
from app.values.language import Language, Phrase, Translated
from app.values.text import BadText


class Letter(StrEnum):
    INVITATION = "invitation"
    REMINDER = "reminder"
    """Of an invitation without an answer."""
    MATERIALS = "materials"
    """To who has agreed, for what is still missing."""


class LeftOut(StrEnum):
    """Why a letter does not go to somebody who was chosen. The sentences are in `app/speaking/words.py`."""

    NO_ADDRESS = "no_address"
    REFUSED = "refused"
    OTHER_STATE = "other_state"
    NOTHING_MISSING = "nothing_missing"
    ON_ITS_WAY = "on_its_way"


TO = {
    Letter.INVITATION: (SpeakerState.CANDIDATE, SpeakerState.INVITED),
    Letter.REMINDER: (SpeakerState.INVITED,),
    Letter.MATERIALS: (SpeakerState.CONFIRMED,),
}
"""In which states somebody gets it."""
PLACEHOLDERS = ("name", "edition", "place", "days", "sessions", "answer_by", "missing", "link", "inviter")
BRACES = re.compile(r"\{([^{}\n]*)\}")
LINK = "link"
"""Alone in its line the mail makes it a link; the token in it is made when the mail is sent."""


def mail_of(letter: Letter) -> str:
    """The mail's template."""
    return f"speaking/{letter.value}"


def left_out(
    letter: Letter,
    state: SpeakerState,
    *,
    email: str,
    refused: Collection[str] = (),
    missing: Collection[Material] = (),
    is_on_its_way: bool = False,
) -> LeftOut | None:
    """None for whoever gets it. `refused`: addresses that did not take our mail."""
    if state not in TO[letter]:
        return LeftOut.OTHER_STATE
    if is_on_its_way:
        return LeftOut.ON_ITS_WAY
    if letter is Letter.MATERIALS and not missing:
        return LeftOut.NOTHING_MISSING
    if not email:
        return LeftOut.NO_ADDRESS
    return LeftOut.REFUSED if email in refused else None


def subject_flaws(text: str) -> tuple[BadText, ...]:
    """What stands in braces and is no placeholder."""
    unknown = dict.fromkeys(name for name in BRACES.findall(text) if name not in PLACEHOLDERS)
    return (BadText("text_placeholder", what=", ".join(f"{{{name}}}" for name in unknown)),) if unknown else ()


def body_flaws(text: str) -> tuple[BadText, ...]:
    """As of a subject; and every letter that says anything holds the link."""
    is_without = bool(text) and LINK not in BRACES.findall(text)
    return (*subject_flaws(text), BadText("text_without_link")) if is_without else subject_flaws(text)


def best_letter(subject: Translated, body: Translated, language: Language) -> tuple[str, Phrase]:
    """Both in one language: the reader's own or the next best in which both are there.

    Translators may have written one and not yet the other.
    """
    whole = Translated(**{each.value: body.exact(each) for each in Language if subject.exact(each)})
    best = (whole or body).best(language)
    return subject.best(best.language).text, best


def filled(text: str, values: Mapping[str, str]) -> str:
    """Each placeholder once by its value, which is never looked at again: braces somebody typed stay braces.

    A line with a placeholder that has no value for this person is left out, with the line above that leads to it by
    a colon, so that no sentence ends in the air.
    """
    kept: list[str] = []
    for line in text.split("\n"):
        if all(values.get(name) for name in BRACES.findall(line)):
            kept.append(line)
        elif kept and kept[-1].rstrip().endswith((":", "：")):
            kept.pop()
    return BRACES.sub(lambda found: values[found[1]], "\n".join(kept))
