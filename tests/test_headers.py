"""The headers that every answer carries, errors included."""

from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.web import clock
from app.web.transaction import transaction
from tests.access.world import World, make_world
from tests.conftest import NOW, config_for_tests
from tests.factories.accounts import sign_in

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context(), transaction() as db:
        return make_world(db)


@pytest.fixture
def https(tmp_path: Path) -> Iterator[Flask]:
    """The same house where BASE_URL is https."""
    app = create_app(config_for_tests(f"sqlite:///{tmp_path}/https.sqlite3", tmp_path, base_url="https://forum.test"))
    with app.app_context():
        flask_migrate.upgrade()
    with clock.stopped(NOW):
        yield app


def answers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, TestResponse]:
    """One of every kind, by what it is."""
    client = app.test_client()

    def breaks(**_arguments: object) -> str:
        raise RuntimeError("a fault of ours")

    breaks.audience = app.view_functions["site.imprint"].audience  # type: ignore[attr-defined]
    found = {
        "page": client.get("/en/"),
        "kept page": client.get("/en/"),
        "not modified": client.get("/en/", headers={"If-None-Match": "*"}),
        "feed": client.get("/en/calendar.ics"),
        "language choice": client.get("/"),
        "search": client.get("/en/search?q=x"),
        "asset": client.get(asset(client)),
        "health": client.get("/healthz"),
        "ready": client.get("/readyz"),
        "robots": client.get("/robots.txt"),
        "404": client.get("/nowhere"),
        "404 of a view": client.get("/en/people/nobody"),
        "405": client.post("/en/"),
        "options": client.options("/en/"),
        "400": client.post("/organise/sign-in/"),
        "403": client.post("/en/editions/2027-haikou/register", headers={"Sec-Fetch-Site": "cross-site"}),
        "413": client.post("/en/editions/2027-haikou/register", data={"x": "x" * (7 * 1024 * 1024)}),
        "sign-in": client.get("/organise/sign-in/"),
        "to sign-in": client.get("/organise/"),
        "forged host": client.get("/en/", base_url="http://evil.example"),
        "moved": client.get("/organise"),
    }
    monkeypatch.setitem(app.view_functions, "site.imprint", breaks)
    found["500"] = client.get("/en/imprint")
    return found


def asset(client: FlaskClient) -> str:
    page = client.get("/organise/sign-in/").get_data(as_text=True)
    return page.split('rel="stylesheet" href="')[1].split('"')[0]


CODES = {
    "page": 200, "kept page": 200, "not modified": 304, "feed": 200, "asset": 200, "health": 200, "robots": 200,
    "404": 404, "404 of a view": 404, "405": 405, "options": 200, "400": 400, "403": 403, "413": 413, "500": 500,
    "sign-in": 200, "to sign-in": 303, "forged host": 400, "moved": 308,
}  # fmt: skip


def test_every_kind_of_answer_has_them_all(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found = answers(app, monkeypatch)
    assert {name: found[name].status_code for name in CODES} == CODES
    for name, answer in found.items():
        expected = ALWAYS | ({"Cross-Origin-Resource-Policy": "cross-origin"} if name == "feed" else {})
        assert {key: answer.headers.get(key) for key in ALWAYS} == expected, name
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'", name
        assert policy["frame-ancestors"] == "'none'", name
        assert {value for key, value in policy.items() if key.endswith("-src") and key != "default-src"} == {"'self'"}
        assert not any(word in str(policy) for word in ("unsafe", "data:", "nonce", "*", "http")), name
        assert answer.headers["Referrer-Policy"] in ("strict-origin-when-cross-origin", "no-referrer"), name
        assert "camera=()" in answer.headers["Permissions-Policy"], name
        assert "Strict-Transport-Security" not in answer.headers, name
        assert len(answer.headers.getlist("Content-Security-Policy")) == 1, name
        assert not {"Server", "X-Powered-By"} & set(answer.headers.keys()), name


def test_only_what_is_public_may_be_stored(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    public = {"page", "kept page", "not modified", "feed", "asset", "robots", "options", "health", "moved"}
    for name, answer in answers(app, monkeypatch).items():
        stored = answer.headers.get("Cache-Control", "") != "no-store"
        assert stored is (name in public) or name in ("health", "moved", "options"), name


def test_private_pages_are_neither_stored_nor_indexed(app: Flask, world: World) -> None:
    client = sign_in(app.test_client(), world.accounts["administrator"])
    for address in ("/organise/", "/organise/account", "/organise/sign-in/password", "/organise/accounts/1"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex"), address
    for address in ("/en/registrations/" + "x" * 32, "/organise/link/" + "x" * 32, "/organise/sign-in/recover/x"):
        answer = app.test_client().get(address)
        assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer"), (
            address
        )


def test_over_https_browsers_are_told_to_stay_there(https: Flask) -> None:
    client = https.test_client()
    for address in ("/organise/sign-in/", "/healthz", "/nowhere", "/organise/"):
        answer = client.get(address, base_url="https://forum.test")
        assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains", address


def test_over_https_the_cookie_is_bound_to_the_host(https: Flask) -> None:
    answer = https.test_client().get("/organise/sign-in/", base_url="https://forum.test")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-luntan=")
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]


@pytest.mark.parametrize(
    "host", ["evil.example", "forum.test.evil.example", "evil.example:80", "forum.test@evil.example"]
)
def test_a_forged_host_is_refused(app: Flask, world: World, host: str) -> None:
    for address in ("/en/", "/organise/sign-in/", "/organise/", "/nowhere"):
        answer = app.test_client().get(address, headers={"Host": host})
        assert answer.status_code == 400, address
        assert "evil" not in answer.get_data(as_text=True)


def test_a_forged_forwarded_host_changes_nothing(app: Flask, world: World) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    plain, answer = app.test_client().get("/en/"), app.test_client().get("/en/", headers=forged)
    assert (answer.status_code, answer.data) == (200, plain.data)
