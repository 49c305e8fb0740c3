"""Nobody else's page can post in an organiser's or a visitor's name."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.access import Who, audience_of
from tests.access.test_roles import _inside
from tests.access.world import ADMINISTRATOR, READS, World, address_of, of_the_organisers
from tests.factories.accounts import sign_in

OWN_ORIGIN = "http://forum.test"


@pytest.fixture
def behind_a_token(app: Flask, world: World) -> FlaskClient:
    return sign_in(app.test_client(), world.accounts[ADMINISTRATOR])


def test_an_organisers_post_without_its_token_is_400_and_does_nothing(
    app: Flask, world: World, behind_a_token: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = [(rule, method, audience) for rule, method, audience in of_the_organisers(app) if method not in READS]
    for rule, _method, audience in posts:
        monkeypatch.setitem(app.view_functions, rule.endpoint, _inside(audience))
    client = behind_a_token
    with_token = [client.open(address_of(app, r, world.here), method=m).status_code for r, m, _ in posts]
    assert set(with_token) == {200}
    token = client.environ_base.pop("HTTP_X_CSRFTOKEN")
    without = {r.rule: client.open(address_of(app, r, world.here), method=m).status_code for r, m, _ in posts}
    assert {rule: code for rule, code in without.items() if code != 400} == {}
    client.environ_base["HTTP_X_CSRFTOKEN"] = str(token)[:-3] + "abc"
    assert client.post("/organise/account").status_code == 400
    assert len(posts) > 20


def test_nobody_signed_in_is_asked_to_before_any_token(app: Flask, world: World) -> None:
    client = app.test_client()
    for rule, method, _audience in of_the_organisers(app):
        assert client.open(address_of(app, rule, world.here), method=method).status_code == 303, rule.rule


def test_the_pages_around_signing_in_want_a_token_too(client: FlaskClient) -> None:
    for address in ("/organise/sign-in/", "/organise/sign-in/recover", "/organise/sign-in/out", "/organise/link/x"):
        assert client.post(address, data={"email": "a@b.example", "password": "x"}).status_code == 400, address


FOREIGN_PAGES = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": OWN_ORIGIN},
    {"Origin": "https://evil.example"},
    {"Origin": "http://forum.test.evil.example"},
    {"Origin": "http://evil.example:80@forum.test.example"},
]
OWN_PAGES = [
    {"Sec-Fetch-Site": "same-origin", "Origin": OWN_ORIGIN},
    {"Origin": OWN_ORIGIN},
    {"Sec-Fetch-Site": "none"},
    {},
]


def visitors_posts(app: Flask) -> list[tuple[str, Who]]:
    found = []
    for rule in app.url_map.iter_rules():
        audience = audience_of(app, rule.endpoint)
        if audience and audience.who in (Who.VISITOR, Who.HOLDER) and "POST" in (rule.methods or ()):
            things = {"lang": "en", "edition": "2027-haikou", "token": "x" * 32, "receipt": "x"}
            found.append((address_of(app, rule, things), audience.who))
    return found


@pytest.mark.parametrize("headers", FOREIGN_PAGES, ids=str)
def test_a_visitors_post_from_a_foreign_page_is_403(app: Flask, headers: dict[str, str]) -> None:
    posts = visitors_posts(app)
    assert posts
    client = app.test_client()
    assert {client.post(address, headers=headers).status_code for address, _ in posts} == {403}


@pytest.mark.parametrize("headers", OWN_PAGES, ids=str)
def test_a_visitors_post_from_our_own_page_is_looked_at(app: Flask, headers: dict[str, str]) -> None:
    client = app.test_client()
    for address, _who in visitors_posts(app):
        assert client.post(address, headers=headers).status_code != 403, address


def test_an_older_browser_that_hides_its_origin_may_post_behind_a_token_only(app: Flask) -> None:
    """Our own `no-referrer` makes browsers without Sec-Fetch-Site say Origin "null" there."""
    client = app.test_client()
    for address, who in visitors_posts(app):
        forbidden = client.post(address, headers={"Origin": "null"}).status_code == 403
        assert forbidden is (who is Who.VISITOR), address


def test_reading_from_a_foreign_page_is_no_matter(app: Flask, world: World) -> None:
    client = app.test_client()
    assert client.get("/en/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
