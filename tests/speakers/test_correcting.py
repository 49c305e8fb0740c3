"""What a speaker wrote, put together with what somebody else wrote meanwhile."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.people.rules import Name
from app.speakers.correcting import Field, is_conflict, merged, name_json, name_of, pieces

WORDS = st.sampled_from(["", "Professor", "Rektor", "校长"])
TEXTS = st.fixed_dictionaries({"en": WORDS, "de": WORDS, "zh": WORDS})


def texts(en: str = "", de: str = "", zh: str = "") -> dict[str, str]:
    return {"en": en, "de": de, "zh": zh}


def test_what_an_organiser_wrote_meanwhile_in_another_language_stays() -> None:
    before, after = texts("Professor"), texts("Rector")
    stored = texts("Professor", de="Professorin")
    assert merged(Field.ROLE, before=before, stored=stored, after=after) == texts("Rector", de="Professorin")
    assert not is_conflict(Field.ROLE, before=before, stored=stored, after=after)


def test_where_both_wrote_something_else_in_one_language_it_is_a_conflict() -> None:
    before, after, stored = texts("Professor"), texts("Rector"), texts("Dean")
    [piece] = pieces(Field.ROLE, before=before, stored=stored, after=after)
    assert (piece.part, piece.before, piece.stored, piece.after) == ("en", "Professor", "Dean", "Rector")
    assert is_conflict(Field.ROLE, before=before, stored=stored, after=after)


def test_two_who_wrote_the_same_agree() -> None:
    assert not is_conflict(Field.ROLE, before=texts("Professor"), stored=texts("Rector"), after=texts("Rector"))


def test_a_name_is_taken_as_a_whole() -> None:
    before, stored = name_json(Name("Wan Gang", "Wan")), name_json(Name("Wan Gang", "Wan", "万钢", "万"))
    after = name_json(Name("Wan  Gāng", "Wan"))
    assert is_conflict(Field.NAME, before=before, stored=stored, after=after)
    assert merged(Field.NAME, before=before, stored=stored, after=after) == after
    assert name_of(after) == Name("Wan  Gāng", "Wan")


@settings(max_examples=200, deadline=None)
@given(before=TEXTS, stored=TEXTS, after=TEXTS)
def test_each_language_is_theirs_where_they_changed_it_and_the_houses_where_not(
    before: dict[str, str], stored: dict[str, str], after: dict[str, str]
) -> None:
    result = merged(Field.BIOGRAPHY, before=before, stored=stored, after=after)
    shown = {piece.part for piece in pieces(Field.BIOGRAPHY, before=before, stored=stored, after=after)}
    for language in ("en", "de", "zh"):
        theirs = before[language] != after[language]
        assert result[language] == (after if theirs else stored)[language]
        assert (language in shown) is theirs


@settings(max_examples=100, deadline=None)
@given(stored=TEXTS, after=TEXTS)
def test_nobody_conflicts_with_a_record_that_stood_still(stored: dict[str, str], after: dict[str, str]) -> None:
    assert not is_conflict(Field.ROLE, before=stored, stored=stored, after=after)
    assert merged(Field.ROLE, before=stored, stored=stored, after=after) == after
