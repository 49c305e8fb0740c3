"""Signing in and out, recovering and changing the password, through the pages."""

import re
import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security.utils import hash_password
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import freshness
from app.accounts.models import Account, SignIn, SignInTry
from app.mail.models import OutgoingMail
from app.values.actor import Role
from app.values.language import Language
from app.web import clock
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import PASSWORD, make_account, sign_in

EMAIL = "anna@forum.test"
OTHER = "a wholly different sentence"
ENDLESS = "x" * 5000
SIGN_IN = "/organise/sign-in/"
RECOVER = "/organise/sign-in/recover"
CHANGE = "/organise/sign-in/password"
OUT = "/organise/sign-in/out"
OWN = "/organise/account"


@pytest.fixture
def anna(app: Flask) -> int:
    with app.app_context(), transaction() as db:
        return make_account(db, EMAIL, Role.ORGANISER, password=PASSWORD, language=Language.DE).id


def csrf(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found[1]


def post(client: FlaskClient, address: str, page: str = "", **fields: str) -> TestResponse:
    """Fill the page's form in and send it, as a browser would."""
    token = csrf(client.get(page or address).get_data(as_text=True))
    return client.post(address, data={"csrf_token": token, **fields})


def enter(client: FlaskClient, password: str = PASSWORD, email: str = EMAIL, **more: str) -> TestResponse:
    return post(client, SIGN_IN, email=email, password=password, **more)


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("luntan")
    assert found
    return found.value


def with_cookie(app: Flask, value: str) -> FlaskClient:
    """Another browser with a copy of that cookie."""
    client = app.test_client()
    client.set_cookie("luntan", value)
    return client


def is_signed_in(client: FlaskClient) -> bool:
    answer = client.get(OWN)
    assert answer.status_code in (200, 303)
    return answer.status_code == 200


def outbox(app: Flask) -> list[OutgoingMail]:
    with app.app_context(), transaction() as db:
        found = list(db.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))
        db.expunge_all()
        return found


def test_with_address_and_password_one_is_signed_in(client: FlaskClient, anna: int) -> None:
    answer = enter(client)
    assert (answer.status_code, answer.location) == (302, "/organise/")
    assert is_signed_in(client)


def test_the_address_may_be_written_in_capitals_and_the_page_asked_for_comes_next(
    client: FlaskClient, anna: int
) -> None:
    answer = client.get("/organise/accounts?q=x")
    assert (answer.status_code, answer.location) == (303, "/organise/sign-in/?next=/organise/accounts?q%3Dx")
    token = csrf(client.get(answer.location).get_data(as_text=True))
    fields = {"csrf_token": token, "email": "Anna@Forum.Test", "password": PASSWORD, "next": "/organise/account"}
    assert client.post(SIGN_IN, data=fields).location == OWN


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "/\\evil.example", "http:evil.example"])
def test_nobody_is_sent_to_another_host(client: FlaskClient, anna: int, address: str) -> None:
    answer = enter(client, next=address)
    assert answer.status_code == 302
    assert answer.location in ("/organise/", "/%5Cevil.example")  # a page we do not have, but on our own host


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "wrong"), ("nobody@forum.test", "wrong"), ("nobody@forum.test", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    client: FlaskClient, anna: int, email: str, password: str
) -> None:
    page = enter(client, password, email)
    assert page.status_code == 422
    shown = re.sub(r'value="[^"]*"', "", page.get_data(as_text=True))
    fresh = client.application.test_client()
    expected = re.sub(r'value="[^"]*"', "", enter(fresh, "wrong").get_data(as_text=True))
    assert shown == expected
    assert shown.count("This address and this password do not belong together.") == 1
    assert not is_signed_in(client)


def test_an_account_that_is_off_cannot_sign_in(app: Flask, client: FlaskClient, anna: int) -> None:
    with app.app_context(), transaction() as db:
        db.get_one(Account, anna).active = False
    assert enter(client).status_code == 422


def test_the_eleventh_try_on_an_address_is_refused_whether_it_exists_or_not(client: FlaskClient, anna: int) -> None:
    for email in (EMAIL, "nobody@forum.test"):
        assert [enter(client, "wrong", email).status_code for _ in range(11)] == [422] * 10 + [429]
    assert enter(client).status_code == 429
    assert enter(client, "wrong", "another@forum.test").status_code == 422
    with clock.stopped(NOW + timedelta(minutes=15)):
        assert enter(client).status_code == 302


def test_signing_in_forgets_the_failed_tries(app: Flask, client: FlaskClient, anna: int) -> None:
    for _ in range(5):
        enter(client, "wrong")
    enter(client)
    with app.app_context(), transaction() as db:
        assert db.scalars(select(SignInTry)).all() == []


def test_the_refusal_speaks_the_readers_language(client: FlaskClient) -> None:
    for _ in range(10):
        enter(client, "wrong", "nobody@forum.test")
    token = csrf(client.get(SIGN_IN).get_data(as_text=True))
    fields = {"csrf_token": token, "email": "nobody@forum.test", "password": "x"}
    page = client.post(SIGN_IN, data=fields, headers={"Accept-Language": "de"})
    assert (page.status_code, 'lang="de"' in page.get_data(as_text=True)) == (429, True)


def test_a_new_session_begins_with_signing_in(client: FlaskClient, anna: int) -> None:
    before = csrf(client.get(SIGN_IN).get_data(as_text=True))
    old = cookie(client)
    client.post(SIGN_IN, data={"csrf_token": before, "email": EMAIL, "password": PASSWORD})
    assert cookie(client) != old
    assert client.post(OUT, data={"csrf_token": before}).status_code == 400  # a token of the session before


def test_after_signing_out_a_copy_of_the_cookie_is_dead(app: Flask, client: FlaskClient, anna: int) -> None:
    enter(client)
    copy = with_cookie(app, cookie(client))
    assert is_signed_in(copy)
    answer = post(client, OUT, page=OWN)
    assert (answer.status_code, answer.location) == (302, SIGN_IN)
    assert not is_signed_in(client)
    assert not is_signed_in(copy)


def test_signing_out_needs_the_token(client: FlaskClient, anna: int) -> None:
    enter(client)
    assert client.post(OUT).status_code == 400
    assert client.get(OUT).status_code == 405
    assert is_signed_in(client)


def test_after_a_new_password_every_other_sign_in_is_dead(app: Flask, client: FlaskClient, anna: int) -> None:
    enter(client)
    old = with_cookie(app, cookie(client))
    elsewhere = app.test_client()
    enter(elsewhere)
    answer = post(client, CHANGE, password=PASSWORD, new_password=OTHER, new_password_confirm=OTHER)
    assert (answer.status_code, answer.location) == (302, OWN)
    assert [is_signed_in(c) for c in (client, old, elsewhere)] == [True, False, False]
    assert enter(app.test_client()).status_code == 422
    assert enter(app.test_client(), OTHER).status_code == 302
    mails = [(mail.template, mail.recipient, mail.language) for mail in outbox(app)]
    assert mails == [("accounts/password_changed", EMAIL, Language.DE)]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"password": "wrong", "new_password": OTHER, "new_password_confirm": OTHER}, "password"),
        ({"password": PASSWORD, "new_password": OTHER, "new_password_confirm": "x"}, "new_password_confirm"),
        ({"password": PASSWORD, "new_password": "short", "new_password_confirm": "short"}, "new_password"),
        ({"password": PASSWORD, "new_password": PASSWORD, "new_password_confirm": PASSWORD}, "password"),
        ({"password": ENDLESS, "new_password": OTHER, "new_password_confirm": OTHER}, "password"),
        ({"password": PASSWORD, "new_password": ENDLESS, "new_password_confirm": ENDLESS}, "new_password"),
    ],
)
def test_a_password_that_will_not_do_is_said_beside_its_field(
    client: FlaskClient, anna: int, fields: dict[str, str], field: str
) -> None:
    sign_in(client, anna)
    page = post(client, CHANGE, **fields)
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.get_data(as_text=True)
    assert enter(client.application.test_client()).status_code == 302  # still the old one


def test_recovering_answers_alike_and_the_truth_comes_by_mail(app: Flask, client: FlaskClient, anna: int) -> None:
    pages = []
    for email in (EMAIL, "nobody@forum.test"):
        page = post(app.test_client(), RECOVER, email=email)
        assert page.status_code == 200
        text = page.get_data(as_text=True)
        assert "a mail with a link is on its way to it" in text
        pages.append(re.sub(r'value="[^"]*"', "", text))
    assert pages[0] == pages[1]
    assert [(mail.template, mail.recipient) for mail in outbox(app)] == [("accounts/recover", EMAIL)]


def test_an_endless_password_is_refused_before_anything_is_hashed(app: Flask, client: FlaskClient, anna: int) -> None:
    for email in (EMAIL, "nobody@forum.test"):
        page = enter(app.test_client(), ENDLESS, email)
        assert page.status_code == 422
        assert "do not belong together" in page.get_data(as_text=True)
    page = post(client, recovery_link(app, client), password=ENDLESS, password_confirm=ENDLESS)
    assert page.status_code == 422
    assert enter(app.test_client()).status_code == 302


def recovery_link(app: Flask, client: FlaskClient) -> str:
    post(client, RECOVER, email=EMAIL)
    link = str(outbox(app)[-1].data["link"])
    assert link.startswith("http://forum.test/organise/sign-in/recover/")
    return link.removeprefix("http://forum.test")


def test_the_link_sets_a_new_password_once(app: Flask, client: FlaskClient, anna: int) -> None:
    signed_in = sign_in(app.test_client(), anna)
    link = recovery_link(app, client)
    assert client.get(link).status_code == 200
    assert client.get(link).headers["Referrer-Policy"] == "no-referrer"
    answer = post(client, link, password=OTHER, password_confirm=OTHER)
    assert (answer.status_code, answer.location) == (302, SIGN_IN)
    assert not is_signed_in(signed_in)
    assert enter(client, OTHER).status_code == 302
    again = app.test_client().get(link)
    assert (again.status_code, again.location) == (302, RECOVER)
    assert [mail.template for mail in outbox(app)] == ["accounts/recover", "accounts/password_changed"]


def test_asking_too_often_for_a_link_is_refused_and_sends_nothing_more(
    app: Flask, client: FlaskClient, anna: int
) -> None:
    codes = [post(client, RECOVER, email=EMAIL).status_code for _ in range(12)]
    assert codes == [200] * 10 + [429] * 2
    assert len(outbox(app)) == 10


def test_sign_ins_end_after_thirty_days(client: FlaskClient, anna: int) -> None:
    sign_in(client, anna)
    with clock.stopped(NOW + timedelta(days=30) - timedelta(seconds=1)):
        assert is_signed_in(client)
    with clock.stopped(NOW + timedelta(days=30)):
        assert not is_signed_in(client)


def test_the_day_it_was_last_seen_is_noted_once_the_answer_is_out(app: Flask, client: FlaskClient, anna: int) -> None:
    sign_in(client, anna)
    later = NOW + timedelta(days=2)
    with clock.stopped(later):
        client.get(OWN).close()
    with app.app_context(), transaction() as db:
        assert db.scalars(select(SignIn.seen_on)).one() == later.date()


def test_there_is_no_registering_and_no_other_page_of_flask_security(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")}
    assert endpoints == {
        "security.login", "security.logout", "security.forgot_password", "security.reset_password",
        "security.change_password",
    }  # fmt: skip
    assert all(str(r).startswith(SIGN_IN) for r in app.url_map.iter_rules() if r.endpoint.startswith("security."))


def test_setting_a_password_without_being_signed_in_leads_to_signing_in(client: FlaskClient) -> None:
    answer = client.get(CHANGE)
    assert (answer.status_code, answer.location) == (303, f"{SIGN_IN}?next={CHANGE}")


@pytest.mark.race
def test_many_can_sign_in_while_others_write(app: Flask) -> None:
    """On SQLite a transaction that began by reading could not go on to write: that would be a 500 here."""
    people = [f"p{n}@forum.test" for n in range(4)]
    with app.app_context(), transaction() as db:
        hashed = hash_password(PASSWORD)
        for email in people:
            make_account(db, email, Role.VIEWER).password = hashed
    codes: list[int] = []
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            with app.app_context(), transaction() as db:
                freshness.touch(db, NOW)

    def come_and_go(email: str) -> None:
        for _ in range(3):
            client = app.test_client()
            codes.extend([enter(client, email=email).status_code, post(client, OUT, page=OWN).status_code])

    writer = threading.Thread(target=write)
    visitors = [threading.Thread(target=come_and_go, args=(email,)) for email in people]
    for thread in (writer, *visitors):
        thread.start()
    for thread in visitors:
        thread.join()
    done.set()
    writer.join()
    assert codes == [302] * 24
