"""Every organisers' route, every role: allowed, or 404 as if it were not there, or sent to sign in."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.accounts import actions
from app.values.actor import COMMAND, Right, Role
from app.web.access import Audience, Who, audience_of, organiser
from app.web.transaction import transaction
from tests.access.world import ADMINISTRATOR, FOREIGN, HERE, NOBODY, ROLES, THERE, World, address_of, of_the_organisers
from tests.conftest import NOW, config_for_tests
from tests.factories.accounts import sign_in

EVERYTHING_OF_AN_EDITION = {
    "see", "edit_edition", "edit_agenda", "edit_texts", "publish", "see_registrations", "edit_registrations", "check_in",
}  # fmt: skip
HERE_MAY: dict[str, set[str]] = {
    ADMINISTRATOR: EVERYTHING_OF_AN_EDITION | {"administer"},
    "organiser": EVERYTHING_OF_AN_EDITION,
    "agenda_editor": {"see", "edit_agenda", "edit_texts"},
    "registration_desk": {"see", "see_registrations", "edit_registrations", "check_in"},
    "check_in": {"check_in"},
    "translator": {"see", "edit_texts"},
    "viewer": {"see"},
    FOREIGN: set(),
    "no role": set(),
}
"""The table of roles once more, in other words: whoever changes one has to mean it."""
SOMEWHERE_MAY = HERE_MAY | {FOREIGN: EVERYTHING_OF_AN_EDITION}
IN_THE_SERIES_MAY = {role: HERE_MAY[ADMINISTRATOR] if role == ADMINISTRATOR else set() for role in HERE_MAY}


def expected(role: str, audience: Audience, of_an_edition: bool) -> int:
    if role == NOBODY:
        return 303
    if audience.right is None:
        return 200
    table = HERE_MAY if of_an_edition else SOMEWHERE_MAY if audience.somewhere else IN_THE_SERIES_MAY
    return 200 if audience.right.value in table[role] else 404


@pytest.fixture
def doors(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The house with its doors and nothing behind them: every organisers' view says only that one came in."""
    for rule, _method, audience in of_the_organisers(app):
        monkeypatch.setitem(app.view_functions, rule.endpoint, _inside(audience))
    return app


def _inside(audience: Audience) -> Callable[..., str]:
    def view(**_arguments: object) -> str:
        return "inside"

    view.audience = audience  # type: ignore[attr-defined]
    return view


def browser(app: Flask, world: World, role: str) -> FlaskClient:
    client = app.test_client()
    return client if role == NOBODY else sign_in(client, world.accounts[role])


@pytest.mark.parametrize("role", ROLES)
def test_every_route_lets_in_whom_it_should_and_nobody_else(doors: Flask, world: World, role: str) -> None:
    client = browser(doors, world, role)
    wrong, walked = [], 0
    for rule, method, audience in of_the_organisers(doors):
        address = address_of(doors, rule, world.here)
        answer = client.open(address, method=method)
        walked += 1
        if answer.status_code != expected(role, audience, "edition" in rule.arguments):
            wrong.append((method, address, answer.status_code))
        if answer.status_code == 303:
            assert answer.location.startswith("/organise/sign-in/"), address
    assert wrong == []
    assert walked > 50


def test_there_is_a_route_for_each_of_these_expectations(doors: Flask) -> None:
    """Otherwise the walk above would prove nothing."""
    seen = {
        (audience.right, audience.somewhere, "edition" in rule.arguments)
        for rule, _, audience in of_the_organisers(doors)
    }
    assert {(Right.SEE, False, True), (Right.SEE, True, False), (Right.ADMINISTER, False, False)} <= seen
    assert (None, False, False) in seen


@pytest.mark.parametrize("role", ["organiser", "viewer", FOREIGN])
def test_an_edition_of_others_and_one_that_does_not_exist_look_the_same(doors: Flask, world: World, role: str) -> None:
    client = browser(doors, world, role)
    other = HERE if role == FOREIGN else THERE
    for rule, method, _audience in of_the_organisers(doors):
        if "edition" not in rule.arguments:
            continue
        answers = [
            client.open(address_of(doors, rule, {**world.here, "edition": slug}), method=method)
            for slug in (other, "2099-nowhere")
        ]
        assert [answer.status_code for answer in answers] == [404, 404], (method, rule.rule)
        assert answers[0].data == answers[1].data


def test_a_role_taken_away_acts_on_the_next_request(doors: Flask, world: World) -> None:
    client = browser(doors, world, "organiser")
    address = f"/organise/editions/{HERE}/overview"
    assert client.get(address).status_code == 200
    with doors.app_context(), transaction() as db:
        edition_id = next(grant.edition_id for grant in actions._locked(db, world.accounts["organiser"]).grants)
        actions.revoke(
            db, world.accounts["organiser"], Role.ORGANISER, edition_id=edition_id, actor=COMMAND, now=NOW
        )  # fmt: skip
    assert client.get(address).status_code == 404


def test_after_signing_in_one_comes_back_to_the_page_but_not_to_a_post(client: FlaskClient) -> None:
    assert client.get("/organise/people?q=x").location == "/organise/sign-in/?next=/organise/people?q%3Dx"
    assert client.post("/organise/people/new").location == "/organise/sign-in/"


@pytest.mark.parametrize("role", [role for role in ROLES if role != NOBODY])
def test_every_page_without_further_numbers_opens_for_whoever_may(app: Flask, world: World, role: str) -> None:
    """With the real views behind the doors: a page must not need more than its audience says."""
    client = browser(app, world, role)
    wrong = []
    for rule, method, audience in of_the_organisers(app):
        if method != "GET" or not rule.arguments <= {"edition"}:
            continue
        address = address_of(app, rule, world.here)
        code = client.get(address, buffered=True).status_code
        if code != expected(role, audience, "edition" in rule.arguments):
            wrong.append((address, code))
    assert wrong == []


@pytest.mark.parametrize("role", [role for role in ROLES if role != NOBODY])
def test_no_page_shows_its_reader_a_link_that_is_closed_to_them(app: Flask, world: World, role: str) -> None:
    client = browser(app, world, role)
    closed: dict[str, str] = {}
    seen: set[str] = set()
    for rule, method, _audience in of_the_organisers(app):
        if method != "GET" or not rule.arguments <= {"edition"}:
            continue
        page = client.get(address_of(app, rule, world.here), buffered=True)
        if page.status_code != 200 or page.mimetype != "text/html":
            continue
        for link in set(re.findall(r'href="(/organise/[^"#]*)', page.get_data(as_text=True))) - seen:
            seen.add(link)
            if client.get(link.replace("&amp;", "&"), buffered=True).status_code >= 400:
                closed[link] = rule.rule
    assert closed == {}


def endpoints_without_audience(app: Flask) -> list[str]:
    return [rule.endpoint for rule in app.url_map.iter_rules() if audience_of(app, rule.endpoint) is None]


def test_every_route_declares_its_audience(app: Flask) -> None:
    assert endpoints_without_audience(app) == []


@pytest.fixture
def another_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("another")
    return create_app(config_for_tests(f"sqlite:///{folder}/empty.sqlite3", folder))


def test_a_route_that_declares_none_is_found_and_closed(another_app: Flask) -> None:
    another_app.add_url_rule("/forgotten", "forgotten", lambda: "open to all")
    assert endpoints_without_audience(another_app) == ["forgotten"]
    assert another_app.test_client().get("/forgotten").status_code != 200


def test_public_routes_are_only_read(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        audience = audience_of(app, rule.endpoint)
        if audience is not None and audience.who in (Who.PUBLIC, Who.MACHINE):
            assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS"}, rule.rule


def test_organisers_routes_and_no_others_are_under_organise(app: Flask) -> None:
    """There alone is a session: see `app/web/sessions.py`."""
    for rule in app.url_map.iter_rules():
        audience = audience_of(app, rule.endpoint)
        assert audience is not None
        private = audience.who in (Who.ORGANISER, Who.SIGN_IN)
        assert rule.rule.startswith("/organise/") is private, rule.rule


def test_the_walk_would_notice_an_open_door(doors: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the same page declared for viewers lets a viewer in."""
    client = browser(doors, world, "viewer")
    assert client.get("/organise/accounts").status_code == 404
    opened = organiser(Right.SEE, somewhere=True)(lambda: "inside")
    monkeypatch.setitem(doors.view_functions, "accounts_manage.index", opened)
    assert client.get("/organise/accounts").status_code == 200
