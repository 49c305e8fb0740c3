"""Registering in a browser, and one's own page behind the link."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.editions.rules import State
from app.extensions import database
from app.mail.models import OutgoingMail
from app.registrations.models import Category, Registration
from app.registrations.rules import Seat
from app.registrations.tokens import token_of
from app.web import clock
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.editions import make_edition
from tests.factories.registrations import ANNA, make_category, make_registration, someone

FIRST = "7f1cbd7e-25a2-4d41-9d5a-6f0d3b0c2a11"
FORM = "/en/editions/2027-haikou/register"
TYPED = {
    "name": "张喆堃",
    "second_name": "Zhang Zhekun",
    "email": "Zhang@Ministry.example",
    "organisation": "O’Reilly & Söhne",
    "role": "None",
    "country": "CN",
    "language": "zh",
    "remarks": "one\r\ntwo",
    "consent": "y",
}


def set_up(app: Flask, *, people: int = 0, state: State = State.ANNOUNCED, **category: object) -> None:
    with app.app_context(), transaction() as db:
        row = make_category(db, make_edition(db, state=state), **category)
        for number in range(people):
            make_registration(db, row, someone(number))


def form_of(page: TestResponse) -> dict[str, str]:
    """The hidden fields, as a browser would send them back."""
    tags = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.text)
    pairs = [(re.search(r'name="([^"]*)"', t), re.search(r'value="([^"]*)"', t)) for t in tags]
    return {name[1]: value[1] if value else "" for name, value in pairs if name}


def register(client: FlaskClient, **changes: str) -> TestResponse:
    return client.post(FORM, data={**form_of(client.get(FORM)), **TYPED, **changes})


def only(app: Flask) -> Registration:
    with app.app_context():
        return database.session.scalars(select(Registration)).one()


def link(app: Flask, lang: str = "en", email: str = "zhang@ministry.example") -> str:
    with app.app_context():
        uid = database.session.scalars(select(Registration.uid).where(Registration.email == email)).all()[-1]
        return f"/{lang}/registrations/{token_of(uid, app.config['SECRET_KEY'])}"


def test_a_person_registers_and_reads_that_it_is_confirmed(app: Flask, client: FlaskClient) -> None:
    set_up(app)

    sent = register(client)
    page = client.get(sent.location)

    assert sent.status_code == 303
    assert "confirmed" in page.text
    assert "on the waiting list, place" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in sent.headers
    assert link(app) not in page.text
    assert "/registrations/" not in page.text
    row = only(app)
    assert (row.name, row.second_name, row.email) == ("张喆堃", "Zhang Zhekun", "zhang@ministry.example")
    assert (row.organisation, row.role, row.country, row.remarks) == ("O’Reilly & Söhne", "None", "CN", "one\ntwo")
    assert (row.consent_version, row.consent_language.value, row.consented_at) == ("2026-11-23", "en", NOW)


def test_when_it_is_full_the_page_names_the_place_on_the_waiting_list(app: Flask, client: FlaskClient) -> None:
    set_up(app, people=3, capacity=2)

    page = client.get(register(client).location)

    assert "on the waiting list, place 2" in page.text
    assert "confirmed" not in page.text.replace('data-state="confirmed"', "")


def test_an_address_registered_already_sees_the_page_a_new_one_would(app: Flask, client: FlaskClient) -> None:
    set_up(app, capacity=1)
    register(client)

    again = client.get(register(client).location).text
    new = client.get(register(client, email="new@ministry.example").location).text

    assert "on the waiting list, place 1" in again
    assert again == new


def test_the_receipt_is_shown_for_a_quarter_of_an_hour_and_cannot_be_made_up(app: Flask, client: FlaskClient) -> None:
    set_up(app)
    address = register(client).location

    with clock.stopped(NOW + timedelta(minutes=16)):
        assert client.get(address).status_code == 410
    assert client.get(address[:-2]).status_code == 404
    assert client.get(address.replace("2027-haikou", "2028-berlin")).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "   "), ("name", "a" * 201), ("name", "a\u202eb"), ("name", "\u200b"),
        ("email", ""), ("email", "zhang@ministry"), ("email", "zhang@ministry.example\nBcc: x@y.example"),
        ("country", "XX"), ("country", ""), ("language", "fr"), ("organisation", ""), ("role", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_all_else_is_kept(
    app: Flask, client: FlaskClient, field: str, value: str
) -> None:
    set_up(app)

    answer = register(client, **{field: value, "remarks": "kept as typed"})

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert "kept as typed" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_consent_nobody_is_registered(app: Flask, client: FlaskClient) -> None:
    set_up(app)
    typed = {name: value for name, value in TYPED.items() if name != "consent"}

    answer = client.post(FORM, data=typed)

    assert answer.status_code == 422
    assert 'href="#consent"' in answer.text


def test_consent_to_an_older_text_must_be_given_anew(app: Flask, client: FlaskClient) -> None:
    set_up(app)

    answer = register(client, consent_version="2020-01-01")

    assert answer.status_code == 422
    assert form_of(answer)["consent_version"] == "2026-11-23"


def test_a_name_is_text_whatever_it_looks_like(app: Flask, client: FlaskClient) -> None:
    set_up(app)

    register(client, name="<b>&amp; {{ 7*7 }}", organisation="'); --")

    page = client.get(link(app)).text
    assert "&lt;b&gt;&amp;amp; {{ 7*7 }}" in page
    assert only(app).organisation == "'); --"


@pytest.mark.parametrize(
    ("category", "sentence"),
    [
        ({"opens_at": NOW + timedelta(days=1)}, "Registration is not open yet"),
        ({"closes_at": NOW - timedelta(hours=1)}, "Registration is closed"),
        ({"paused": True}, "Registration is paused"),
    ],
)
def test_while_nobody_can_register_the_page_says_why_and_a_form_sent_late_is_refused(
    app: Flask, client: FlaskClient, category: dict[str, object], sentence: str
) -> None:
    set_up(app, **category)

    page = client.get(FORM)
    late = client.post(FORM, data=TYPED)

    assert (page.status_code, late.status_code) == (200, 409)
    assert sentence in page.text
    assert sentence in late.text
    assert 'name="email"' not in page.text
    assert "Zhang@Ministry.example".lower() in late.text.lower()
    assert "Haikou" in page.text
    assert "Berlin" in page.text


def test_a_refused_form_gets_a_new_number_so_that_it_can_be_sent_again(app: Flask, client: FlaskClient) -> None:
    set_up(app, paused=True)

    first = client.post(FORM, data={**TYPED, "submission": FIRST})
    with app.app_context(), transaction() as db:
        db.scalars(select(Category)).one().paused = False

    assert form_of(first)["submission"] not in ("", FIRST)
    assert client.post(FORM, data={**TYPED, **form_of(first)}).status_code == 303


@pytest.mark.parametrize("state", [State.DRAFT])
def test_a_draft_has_no_form(app: Flask, client: FlaskClient, state: State) -> None:
    set_up(app, state=state)

    assert client.get(FORM).status_code == 404
    assert client.post(FORM, data=TYPED).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://forum.test"}, 303),
    ],
)
def test_the_form_must_be_sent_from_our_own_page(
    app: Flask, client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    set_up(app)

    assert client.post(FORM, data=TYPED, headers=headers).status_code == status


def test_the_own_page_shows_the_ticket_and_is_kept_by_nobody(app: Flask, client: FlaskClient) -> None:
    set_up(app)
    register(client)

    page = client.get(link(app))

    assert page.status_code == 200
    assert "Confirmed, a seat is held for you" in page.text
    assert only(app).uid[:13].upper() in page.text
    assert "<svg" in page.text
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert page.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("token", ["x", "x" * 24, "%00", "../..", "é"])
def test_an_unknown_link_is_the_same_as_none(client: FlaskClient, app: Flask, token: str) -> None:
    set_up(app)

    for part in ("", "/correct", "/cancel", "/data.json"):
        assert client.get(f"/en/registrations/{token}{part}").status_code == 404


def test_one_corrects_ones_details_in_another_language_from_then_on(app: Flask, client: FlaskClient) -> None:
    set_up(app)
    register(client)
    page = client.get(f"{link(app)}/correct")

    typed = {**TYPED, **form_of(page), "name": "Zhang Wei", "language": "de", "email": "other@x.example"}
    saved = client.post(f"{link(app)}/correct", data=typed)

    assert saved.status_code == 303
    assert saved.location.startswith("/de/registrations/")
    assert (only(app).name, only(app).email) == ("Zhang Wei", "zhang@ministry.example")


def test_of_two_windows_the_second_does_not_overwrite_silently(app: Flask, client: FlaskClient) -> None:
    set_up(app)
    register(client)
    old = form_of(client.get(f"{link(app)}/correct"))
    client.post(f"{link(app)}/correct", data={**TYPED, **old, "role": "Minister"})

    second = client.post(f"{link(app)}/correct", data={**TYPED, **old, "role": "Secretary"})

    assert second.status_code == 409
    assert "Secretary" in second.text
    assert only(app).role == "Minister"
    client.post(f"{link(app)}/correct", data={**TYPED, **form_of(second), "role": "Secretary"})
    assert only(app).role == "Secretary"


def test_reading_the_page_to_cancel_cancels_nothing_the_button_does(app: Flask, client: FlaskClient) -> None:
    set_up(app, capacity=1)
    register(client)

    page = client.get(f"{link(app)}/cancel")
    client.head(f"{link(app)}/cancel")
    assert page.status_code == 200
    assert only(app).seat is Seat.CONFIRMED

    gone = client.post(f"{link(app)}/cancel")
    assert gone.status_code == 303
    assert only(app).seat is Seat.CANCELLED
    assert "Register again" in client.get(link(app)).text
    assert client.post(f"{link(app)}/cancel").status_code == 303


def test_one_takes_ones_data_along_as_json(app: Flask, client: FlaskClient) -> None:
    set_up(app)
    register(client)

    answer = client.get(f"{link(app)}/data.json")

    kept = json.loads(answer.text)
    assert (kept["name"], kept["email"], kept["state"]) == ("张喆堃", "zhang@ministry.example", "confirmed")
    assert kept["consent"] == {"text_version": "2026-11-23", "language": "en", "given_at": NOW.isoformat()}
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_somebody_waiting_sees_the_place_and_no_ticket_code(app: Flask, client: FlaskClient) -> None:
    set_up(app, people=2, capacity=1)
    register(client)

    page = client.get(link(app)).text

    assert "On the waiting list, place 2" in page
    assert "QR code" not in page


@pytest.mark.parametrize("lang", ["en", "de", "zh"])
def test_every_page_stands_in_every_language(app: Flask, client: FlaskClient, lang: str) -> None:
    set_up(app)
    receipt = register(client).location.replace("/en/", f"/{lang}/")

    for address in (FORM.replace("/en/", f"/{lang}/"), receipt, link(app, lang), f"{link(app, lang)}/correct",
                    f"{link(app, lang)}/cancel"):  # fmt: skip
        page = client.get(address)
        assert page.status_code == 200, address
        assert f'<html lang="{"zh-Hans" if lang == "zh" else lang}">' in page.text


def test_no_mail_is_sent_inside_the_request(app: Flask, client: FlaskClient) -> None:
    set_up(app)
    register(client)

    with app.app_context():
        [mail] = database.session.scalars(select(OutgoingMail))
    assert (mail.state, mail.tries, mail.sent_at) == ("waiting", 0, None)
    assert mail.recipient == "zhang@ministry.example" != ANNA.email


def test_every_form_has_a_number_of_its_own_and_tells_the_seats_of_now(app: Flask, client: FlaskClient) -> None:
    set_up(app, capacity=2)

    pages = []
    for number in range(3):
        pages.append(client.get(FORM))
        with app.app_context(), transaction() as db:
            make_registration(db, db.scalars(select(Category)).one(), someone(number))

    assert len({form_of(page)["submission"] for page in pages}) == 3
    assert all(len(form_of(page)["submission"]) == 36 for page in pages)
    assert ["2 of 2 left" in page.text for page in pages] == [True, False, False]
    assert ["1 of 2 left" in page.text for page in pages] == [False, True, False]
    assert ["You can join the waiting list" in page.text for page in pages] == [False, False, True]


@pytest.mark.parametrize("number", ["", "x", "\0", "é" * 500, "7f1cbd7e-25a2-4d41-9d5a-6f0d3b0c2a11\0"])
def test_a_form_number_that_is_none_of_ours_hinders_nobody(app: Flask, client: FlaskClient, number: str) -> None:
    set_up(app)

    assert client.post(FORM, data={**TYPED, "submission": number}).status_code == 303
