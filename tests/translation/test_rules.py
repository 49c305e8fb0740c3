"""When a translation is stale, and when it has caught up. Pure."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.translation.rules import Mark, brought_up, has_caught_up, left_behind, source_of
from app.values.language import Language, Translated
from tests.conftest import NOW

EN, DE, ZH = Language
WORDS = st.sampled_from(["", "a", "b", "c"])
TEXTS = st.builds(Translated, WORDS, WORDS, WORDS)
THREE = Translated("Cells", "Zellen", "电池")


@pytest.mark.parametrize(
    ("text", "house", "translated", "source"),
    [
        (THREE, EN, (), EN),
        (THREE, DE, (), DE),
        (THREE, EN, ("en",), DE),  # the hosts' own wording is German
        (THREE, EN, ("en", "de"), ZH),
        (THREE, EN, ("en", "de", "zh"), EN),  # nobody knows: as the house writes
        (Translated("", "Zellen", "电池"), EN, (), DE),
        (Translated("", "", "电池"), EN, (), ZH),
        (Translated(), DE, (), DE),
    ],
)
def test_a_text_was_first_written_in_the_languages_of_the_house_unless_said_otherwise(
    text: Translated, house: Language, translated: tuple[str, ...], source: Language
) -> None:
    assert source_of(text, house=house, translated=translated) is source


def test_what_stayed_when_its_source_changed_is_left_behind() -> None:
    assert left_behind(THREE, Translated("Dry cells", "Zellen", "电池"), EN) == {DE, ZH}
    assert left_behind(THREE, Translated("Dry cells", "Trockenzellen", "电池"), EN) == {ZH}
    assert left_behind(Translated("Cells"), Translated("Dry cells"), EN) == frozenset()
    assert left_behind(Translated("", "Zellen"), Translated("Cells", "Zellen"), EN) == frozenset()


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from(list(Language)))
def test_nothing_is_left_behind_and_brought_up_at_once_and_never_the_source(
    before: Translated, after: Translated, source: Language
) -> None:
    behind = left_behind(before, after, source)
    assert source not in behind
    assert behind & brought_up(before, after) == frozenset()
    assert all(after.exact(language) for language in behind)


@pytest.mark.parametrize(
    ("after", "source", "caught_up"),
    [
        (Translated("Dry cells", "Zellen"), EN, False),
        (Translated("Wet cells", "Zellen"), EN, False),
        (Translated("Dry cells", "Trockenzellen"), EN, True),  # written anew
        (Translated("Dry cells", ""), EN, True),  # taken away
        (Translated("Cells", "Zellen"), EN, True),  # the source was put back
        (Translated("Dry cells", "Zellen"), DE, True),  # it is the source by now
    ],
)
def test_a_stale_translation_catches_up(after: Translated, source: Language, caught_up: bool) -> None:
    mark, before = Mark(EN, "Cells", NOW), Translated("Dry cells", "Zellen")
    assert has_caught_up(DE, mark, before, after, source) is caught_up
