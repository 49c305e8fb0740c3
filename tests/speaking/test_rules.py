"""Placeholders, and to whom which letter goes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.speakers.rules import Material, SpeakerState
from app.speaking.rules import (
    BRACES,
    PLACEHOLDERS,
    LeftOut,
    Letter,
    best_letter,
    body_flaws,
    filled,
    left_out,
    subject_flaws,
)
from app.speaking.words import DEFAULTS, LEFT_OUT, LETTERS, PURPOSES
from app.speaking.words import PLACEHOLDERS as PLACEHOLDER_WORDS
from app.values.language import Language, Phrase, Translated

ALL = {name: f"<{name}>" for name in PLACEHOLDERS}


def test_each_placeholder_is_its_value() -> None:
    assert (
        filled("Dear {name}, {name}!\n{link}", {"name": "Anna", "link": "https://x"}) == "Dear Anna, Anna!\nhttps://x"
    )


def test_what_somebody_typed_into_a_value_is_not_filled_again() -> None:
    assert filled("Dear {name}", {"name": "{link} {name}", "link": "https://x"}) == "Dear {link} {name}"


def test_a_line_without_its_value_goes_and_takes_its_opening_words_along() -> None:
    text = "Dear {name},\n\nYour sessions:\n{sessions}\n\nBy {answer_by}.\n\nYours\n{inviter}"
    assert filled(text, {"name": "Anna", "inviter": "Olga"}) == "Dear Anna,\n\n\n\nYours\nOlga"
    chinese = "环节如下：\n{sessions}\n此致"
    assert filled(chinese, {}) == "此致"


def test_a_letter_of_words_alone_stays_as_it_is() -> None:
    assert filled("No braces: here.\n{}", {"": "x"}) == "No braces: here.\nx"


@pytest.mark.parametrize(
    ("text", "flaws"),
    [
        ("Dear {name}\n{link}", []),
        ("", []),
        ("{} {name} {naem} {naem}\n{link}", [("text_placeholder", "{}, {naem}")]),
        ("Dear {name}", [("text_without_link", "")]),
        ("Dear {naem}", [("text_placeholder", "{naem}"), ("text_without_link", "")]),
    ],
)
def test_a_letter_has_known_placeholders_and_the_link(text: str, flaws: list[tuple[str, str]]) -> None:
    assert [(flaw.code, flaw.what) for flaw in body_flaws(text)] == flaws
    assert [(flaw.code, flaw.what) for flaw in subject_flaws(text)] == [f for f in flaws if f[1]]


@pytest.mark.parametrize(
    ("subject", "body", "read"),
    [
        (Translated("Hello", "Hallo"), Translated("Come", "Komm"), ("Hallo", Phrase("Komm", Language.DE))),
        (Translated("Hello"), Translated("Come", "Komm"), ("Hello", Phrase("Come", Language.EN))),
        (Translated("Hello", "Hallo"), Translated("Come"), ("Hello", Phrase("Come", Language.EN))),
        (Translated("Hello"), Translated("", "Komm"), ("Hello", Phrase("Komm", Language.DE))),
    ],
)
def test_a_letter_half_translated_goes_out_whole_in_another_language(
    subject: Translated, body: Translated, read: tuple[str, Phrase]
) -> None:
    assert best_letter(subject, body, Language.DE) == read


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=80))
def test_text_without_braces_comes_through_unchanged(text: str) -> None:
    assert filled(text, ALL) == text


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PLACEHOLDERS), max_size=6), st.text(max_size=30))
def test_whatever_a_value_holds_appears_once_for_each_placeholder(names: list[str], value: str) -> None:
    text = " ".join(f"{{{name}}}" for name in names)
    expected = " ".join(value for _ in names) if value else ""
    assert filled(text, dict.fromkeys(PLACEHOLDERS, value)) == expected


@pytest.mark.parametrize("letter", list(Letter))
@pytest.mark.parametrize("language", list(Language))
def test_the_houses_own_letters_are_whole_in_every_language(letter: Letter, language: Language) -> None:
    subject, body = DEFAULTS[letter].subject.exact(language), DEFAULTS[letter].body.exact(language)
    assert (subject_flaws(subject), body_flaws(body)) == ((), ())
    assert {"name", "edition", "link", "inviter"} <= set(BRACES.findall(subject + body))
    assert "{link}" in body.splitlines()  # alone in its line, or the mail makes no link of it
    assert "{" not in filled(body, ALL)


@pytest.mark.parametrize("letter", list(Letter))
def test_every_letter_placeholder_and_reason_has_its_words(letter: Letter) -> None:
    assert LETTERS[letter.value]
    assert PURPOSES[letter.value]
    assert set(PLACEHOLDER_WORDS) == set(PLACEHOLDERS)
    assert set(LEFT_OUT) == {reason.value for reason in LeftOut}


@pytest.mark.parametrize(
    ("letter", "state", "options", "why"),
    [
        (Letter.INVITATION, SpeakerState.CANDIDATE, {}, None),
        (Letter.INVITATION, SpeakerState.INVITED, {}, None),
        (Letter.INVITATION, SpeakerState.CONFIRMED, {}, LeftOut.OTHER_STATE),
        (Letter.INVITATION, SpeakerState.DECLINED, {}, LeftOut.OTHER_STATE),
        (Letter.REMINDER, SpeakerState.CANDIDATE, {}, LeftOut.OTHER_STATE),
        (Letter.REMINDER, SpeakerState.INVITED, {"is_on_its_way": True}, LeftOut.ON_ITS_WAY),
        (Letter.REMINDER, SpeakerState.INVITED, {"email": ""}, LeftOut.NO_ADDRESS),
        (Letter.REMINDER, SpeakerState.INVITED, {"refused": {"a@x.test"}}, LeftOut.REFUSED),
        (Letter.MATERIALS, SpeakerState.CONFIRMED, {}, LeftOut.NOTHING_MISSING),
        (Letter.MATERIALS, SpeakerState.CONFIRMED, {"missing": (Material.SLIDES,)}, None),
        (Letter.MATERIALS, SpeakerState.MATERIALS, {"missing": (Material.SLIDES,)}, LeftOut.OTHER_STATE),
    ],
)
def test_who_gets_which_letter(
    letter: Letter, state: SpeakerState, options: dict[str, object], why: LeftOut | None
) -> None:
    assert left_out(letter, state, **{"email": "a@x.test"} | options) is why  # type: ignore[arg-type]
