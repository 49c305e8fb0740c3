"""What changed between two wordings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.translation.redline import MOST, Change, Piece, redline

SAME, GONE, NEW = Change
TEXTS = st.text(st.sampled_from(" abcä,.!\n电池固态工厂🙂"), max_size=60)


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("from laboratory to plant", "from pilot line to plant",
         [("from ", SAME), ("laboratory", GONE), ("pilot line", NEW), (" to plant", SAME)]),
        ("one two three", "four five three", [("one two", GONE), ("four five", NEW), (" three", SAME)]),
        ("从实验室到工厂", "从中试线到工厂", [("从", SAME), ("实验室", GONE), ("中试线", NEW), ("到工厂", SAME)]),
        ("", "new", [("new", NEW)]),
        ("old", "", [("old", GONE)]),
        ("as it was", "as it was", [("as it was", SAME)]),
    ],
)  # fmt: skip
def test_words_are_compared_and_han_by_the_character(before: str, after: str, pieces: list[tuple[str, Change]]) -> None:
    assert redline(before, after) == tuple(Piece(text, change) for text, change in pieces)


@settings(max_examples=400, deadline=None)
@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_in_it(before: str, after: str) -> None:
    pieces = redline(before, after)
    assert "".join(piece.text for piece in pieces if piece.change is not NEW) == before
    assert "".join(piece.text for piece in pieces if piece.change is not GONE) == after
    assert all(piece.text for piece in pieces)


def test_what_nobody_could_read_as_a_comparison_is_the_one_text_for_the_other() -> None:
    long, longer = "a b " * MOST, "a c " * MOST
    assert redline(long, longer) == (Piece(long, GONE), Piece(longer, NEW))
