from hypothesis import given, settings
from hypothesis import strategies as st

from app.speakers.tokens import token_of, uid_of
from app.values.tokens import derived, sealed, uid_in

UID = "3f2a91bc-07de-4d4e-8a53-000000000001"


def test_a_token_leads_back_to_its_speaker_and_is_the_same_each_time() -> None:
    token = token_of(UID, "secret")
    assert (uid_of(token, "secret"), len(token)) == (UID, 48)
    assert token_of(UID, "secret") == token


def test_it_is_worth_nothing_elsewhere() -> None:
    token = token_of(UID, "secret")
    assert uid_of(token, "other secret") is None
    assert uid_in("registration", token, "secret") is None
    assert derived("registration", UID, "secret") not in token
    assert sealed("speaker", UID.replace("1", "2"), "secret") != token


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text("ABCabc019-_=", min_size=44, max_size=52)))
def test_no_other_text_opens_a_page_and_none_is_a_fault(text: str) -> None:
    assert uid_of(text, "secret") is None


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 47), st.sampled_from("ABCDEFabcdef0123456789-_"))
def test_one_letter_changed_is_another_token(place: int, letter: str) -> None:
    token = token_of(UID, "secret")
    changed = token[:place] + letter + token[place + 1 :]
    assert uid_of(changed, "secret") == (UID if changed == token else None)
