"""What no browser would send gets an answer that says so, never a fault of ours."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.addresses import own_path
from tests.access.world import ADMINISTRATOR, World, of_the_organisers
from tests.factories.accounts import sign_in

REGISTER = "/en/editions/2027-haikou/register"
LIMIT = 6 * 1024 * 1024


@pytest.fixture
def organiser(app: Flask, world: World) -> FlaskClient:
    return sign_in(app.test_client(), world.accounts[ADMINISTRATOR])


def test_a_body_above_the_limit_is_413_with_a_page(app: Flask, world: World, organiser: FlaskClient) -> None:
    for client, address in ((app.test_client(), REGISTER), (organiser, "/organise/people/new")):
        answer = client.post(address, data={"name": "x" * (LIMIT + 1)})
        assert answer.status_code == 413, address
        assert "That was too large" in answer.get_data(as_text=True)


def test_a_file_above_the_limit_is_413_too(organiser: FlaskClient) -> None:
    file = (io.BytesIO(b"x" * (LIMIT + 1)), "big.png")
    assert organiser.post("/organise/people/new", data={"portrait": file}).status_code == 413


def test_more_fields_than_any_form_has_are_413(app: Flask, world: World) -> None:
    answer = app.test_client().post(
        REGISTER, data={f"field{n}": "x" for n in range(1100)}, content_type="multipart/form-data"
    )
    assert answer.status_code == 413


BROKEN = [
    ("multipart/form-data", b"--x\r\nnonsense"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nno end"),
    ("multipart/form-data; boundary=x", b"\xff\xfe\x00"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    ("application/json", b'{"name": ["x"'),
    ("application/json", b'{"name": {"a": 1}}'),
    ("application/x-www-form-urlencoded", b"name=%ff%fe&email=%00&country=\xff"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"name=+AGE-"),
    ("text/plain", b"name=x"),
    ("x", b"\x00" * 100),
    ("", b"name"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body"), BROKEN)
def test_a_broken_body_is_the_senders_fault(app: Flask, world: World, kind: str, body: bytes) -> None:
    answer = app.test_client().post(REGISTER, data=body, content_type=kind)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(("kind", "body"), BROKEN)
def test_so_it_is_on_every_organisers_form(
    app: Flask, world: World, organiser: FlaskClient, kind: str, body: bytes
) -> None:
    addresses = ["/organise/accounts", "/organise/people/new", "/organise/editions/new", "/organise/sign-in/"]
    for address in addresses:
        assert organiser.post(address, data=body, content_type=kind).status_code < 500, address


@pytest.mark.parametrize(
    "address",
    [
        "/en/editions/%00", "/en/people/%00", "/en/editions/2027-haikou/agenda/%00", "/en/search?q=%00",
        "/en/search?q=%ff%fe", "/en/people/%f0%90", "/fr/", "/xx/people", "/en/editions/" + "x" * 3000,
        "/portraits/%00.webp", "/static/x/../../config.py", "/static/x/%2e%2e/%2e%2e/config.py", "/%2e%2e/config.py",
        "/en/registrations/%00", "/organise/link/%00", "/organise/sign-in/recover/%00", "/organise/sign-in/?next=%00",
    ],
)  # fmt: skip
def test_an_address_nobody_linked_is_answered_calmly(app: Flask, world: World, address: str) -> None:
    assert app.test_client().get(address).status_code < 500


HUGE = "99999999999999999999"


def test_numbers_no_column_can_hold_are_404_in_every_organisers_address(
    app: Flask, world: World, organiser: FlaskClient
) -> None:
    walked = 0
    for rule, method, _audience in of_the_organisers(app):
        parts = {
            name: HUGE if f"int:{name}" in rule.rule else world.here.get(name, "cancel") for name in rule.arguments
        }
        if HUGE not in parts.values():
            continue
        walked += 1
        address = rule.rule
        for name, value in parts.items():
            for spelled in (f"<int:{name}>", f"<{name}>"):
                address = address.replace(spelled, value)
        if "<" not in address:
            assert organiser.open(address, method=method).status_code in (404, 405), address
    assert walked > 10


@pytest.mark.parametrize("value", ["%00", HUGE, "-1", "x", "%ff", "1e9", "", "[]"])
def test_strange_arguments_of_lists_are_no_fault_of_ours(
    app: Flask, world: World, organiser: FlaskClient, value: str
) -> None:
    names = ("q", "page", "after", "before", "sort", "order", "edition", "state", "taken", "of", "status", "day", "role",
             "language", "from", "since", "seat")  # fmt: skip
    query = "&".join(f"{name}={value}" for name in names)
    for rule, method, _audience in of_the_organisers(app):
        if method == "GET" and rule.arguments <= {"edition"}:
            address = rule.rule.replace("<edition>", world.here["edition"])
            assert organiser.get(f"{address}?{query}", buffered=True).status_code < 500, address


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/organise/people?q=x", "/organise/people?q=x"),
        ("/organise/find?q=%E7%94%B5", "/organise/find?q=%E7%94%B5"),
        ("/organise/?", "/organise/"),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("https://evil.example/", None),
        ("evil.example", None),
        ("javascript:alert(1)", None),
        ("/\tevil.example", None),
        ("/\n/evil.example", None),
        ("\x19//evil.example", None),
        ("", None),
    ],
)
def test_one_is_sent_back_to_paths_of_our_own_only(address: str, kept: str | None) -> None:
    assert own_path(address, otherwise="/start") == (kept or "/start")
