from datetime import timedelta

import pytest

from app.accounts.rules import (
    SIGN_IN_LASTS,
    address_key,
    browser_of,
    hash_of,
    in_order,
    is_living,
    may_be_given,
    new_token,
    too_many,
)
from app.values.actor import Grant, Role
from tests.conftest import NOW


def test_a_token_has_more_than_128_bits_and_never_comes_twice() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {32}  # 32 characters of 6 bits
    assert len({hash_of(token) for token in tokens}) == 1000


def test_every_spelling_of_an_address_counts_as_one() -> None:
    assert address_key("Anna@Forum.Test ") == address_key("anna@forum.test")
    assert address_key("anna@forum.test") != address_key("anne@forum.test")


@pytest.mark.parametrize(
    ("age", "ended", "living"),
    [
        (timedelta(), False, True),
        (SIGN_IN_LASTS - timedelta(seconds=1), False, True),
        (SIGN_IN_LASTS, False, False),
        (timedelta(), True, False),
    ],
)
def test_a_sign_in_lives_until_it_is_ended_or_too_old(age: timedelta, ended: bool, living: bool) -> None:
    assert is_living(created_at=NOW - age, ended_at=NOW if ended else None, now=NOW) is living


def test_ten_tries_are_looked_at_and_the_eleventh_is_not() -> None:
    assert [too_many(n) for n in (1, 10, 11)] == [False, False, True]


def test_an_administrator_is_one_of_the_series() -> None:
    assert [may_be_given(Role.ADMINISTRATOR, edition) for edition in (None, 1)] == [True, False]
    assert may_be_given(Role.VIEWER, 1)


def test_roles_of_the_series_come_first_and_the_mightiest_leads() -> None:
    viewer, organiser, check_in = Grant(Role.VIEWER), Grant(Role.ORGANISER), Grant(Role.CHECK_IN, 3)
    assert in_order({check_in, viewer, organiser}) == [organiser, viewer, check_in]


@pytest.mark.parametrize(
    ("user_agent", "browser"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1", "Safari iPhone"),
        ("Mozilla/5.0 (Linux; Android 15; V2309A) Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0.50", "WeChat Android"),
        ("", ""),
        ("curl/8", ""),
    ],
)  # fmt: skip
def test_a_browser_is_known_by_two_words(user_agent: str, browser: str) -> None:
    assert browser_of(user_agent) == browser
