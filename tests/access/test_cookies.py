"""Public pages are the same for everyone: they set no cookie, read none and do not vary by one."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.extensions import database
from app.web.access import Who, audience_of
from tests.access.world import ADMINISTRATOR, World, address_of
from tests.factories.accounts import sign_in


def public_addresses(app: Flask, world: World, *whom: Who) -> list[str]:
    found = []
    things = {**world.here, "session": "talk-2027-haikou", "room": "coral-room", "track": "batteries"}
    for rule in app.url_map.iter_rules():
        audience = audience_of(app, rule.endpoint)
        if audience and audience.who in (whom or {Who.PUBLIC}) and "GET" in (rule.methods or ()):
            found.append(address_of(app, rule, {**things, "receipt": "x", "name": "icon.svg"}))
    return found


@pytest.fixture
def signed_in_here(app: Flask, world: World) -> FlaskClient:
    return sign_in(app.test_client(), world.accounts[ADMINISTRATOR])


def test_being_signed_in_changes_no_byte_of_a_public_page(
    app: Flask, world: World, signed_in_here: FlaskClient
) -> None:
    opened = 0
    for address in public_addresses(app, world):
        app.extensions["shelf"].forget()
        anyone = app.test_client().get(address)
        app.extensions["shelf"].forget()
        organiser = signed_in_here.get(address)
        assert (organiser.status_code, organiser.data) == (anyone.status_code, anyone.data), address
        for answer in (anyone, organiser):
            assert "Set-Cookie" not in answer.headers, address
            assert "cookie" not in answer.headers.get("Vary", "").lower(), address
        opened += anyone.status_code == 200
    assert opened > 15


def test_a_visitors_page_knows_no_cookie_either(app: Flask, world: World, signed_in_here: FlaskClient) -> None:
    for address in public_addresses(app, world, Who.VISITOR, Who.HOLDER, Who.MACHINE):
        for client in (app.test_client(), signed_in_here):
            answer = client.get(address)
            assert "Set-Cookie" not in answer.headers, address
            assert "cookie" not in answer.headers.get("Vary", "").lower(), address


def test_no_account_is_looked_up_for_a_public_page(app: Flask, world: World, signed_in_here: FlaskClient) -> None:
    with app.app_context():
        engine = database.engine
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        for address in public_addresses(app, world, Who.PUBLIC, Who.VISITOR, Who.HOLDER):
            app.extensions["shelf"].forget()
            signed_in_here.get(address)
        assert [s for s in asked if "FROM account" in s or "FROM sign_in" in s] == []
        signed_in_here.get("/organise/account")
        assert [s for s in asked if "FROM sign_in" in s] != []
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_broken_session_cookie_is_nobodys(app: Flask) -> None:
    for value in ("", "x", "eyJhIjoxfQ.x.y", "\\", "é"):
        client = app.test_client()
        client.set_cookie("luntan", value)
        assert client.get("/organise/").status_code == 303
        assert client.get("/en/").status_code in (200, 404)
