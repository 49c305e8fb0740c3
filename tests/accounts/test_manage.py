"""The pages of accounts and roles, one's own account, and links."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from app.accounts import actions, queries
from app.accounts.models import Account, SignIn
from app.extensions import database
from app.mail.models import OutgoingMail
from app.values.actor import COMMAND, Grant, Role
from app.values.language import Language
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import PASSWORD, make_account, sign_in
from tests.factories.editions import make_edition

ACCOUNTS = "/organise/accounts"
OWN = "/organise/account"


@pytest.fixture
def edition(app: Flask) -> int:
    with app.app_context(), transaction() as db:
        return make_edition(db).id


@pytest.fixture
def bob(app: Flask) -> int:
    with app.app_context(), transaction() as db:
        return make_account(db, "bob@forum.test", name="Bob Öhler").id


def grants(app: Flask, account_id: int) -> frozenset[Grant]:
    with app.app_context():
        return queries.account_by_id(database.session(), account_id).grants


def link_for(app: Flask, account_id: int) -> str:
    with app.app_context(), transaction() as db:
        return "/organise/link/" + actions.sign_in_link(db, account_id, actor=COMMAND, now=NOW)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []
    with app.app_context():
        engine = database.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_the_list_finds_people_by_name_address_and_edition(
    app: Flask, signed_in: FlaskClient, bob: int, edition: int
) -> None:
    with app.app_context(), transaction() as db:
        actions.grant(db, bob, Role.TRANSLATOR, edition_id=edition, actor=COMMAND, now=NOW)
        make_account(db, "cem@forum.test", name="Cem")

    def shown(**arguments: str) -> list[str]:
        page = signed_in.get(ACCOUNTS, query_string=arguments).get_data(as_text=True)
        return [name for name in ("ada@", "bob@", "cem@") if name in page]

    assert shown() == ["ada@", "bob@", "cem@"]
    assert shown(q="ohler") == ["bob@"]
    assert shown(q="CEM@") == ["cem@"]
    assert shown(q="nobody") == []
    assert shown(edition="2027-haikou") == ["ada@", "bob@"]


def test_the_list_asks_as_many_questions_for_three_accounts_as_for_one(
    app: Flask, signed_in: FlaskClient, edition: int, statements: list[str]
) -> None:
    signed_in.get(ACCOUNTS)  # the pool opens its connection
    counts = []
    for name in ("one", "two", "three"):
        with app.app_context(), transaction() as db:
            make_account(db, f"{name}@forum.test", Role.VIEWER, edition_id=edition)
        statements.clear()
        assert signed_in.get(ACCOUNTS).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[2]


def test_inviting_makes_the_account_gives_the_role_and_sends_one_mail(
    app: Flask, signed_in: FlaskClient, edition: int
) -> None:
    fields = {
        "email": "Wang@Example.org",
        "name": "王芳",
        "language": "zh",
        "role": "translator",
        "edition": str(edition),
    }
    answer = signed_in.post(ACCOUNTS, data=fields)
    assert answer.status_code == 303
    with app.app_context(), transaction() as db:
        account = queries.account_by_email(db, "wang@example.org")
        assert account is not None
        assert (account.name, account.language, account.grants) == (
            "王芳",
            Language.ZH,
            {Grant(Role.TRANSLATOR, edition)},
        )
        mail = db.scalars(select(OutgoingMail)).one()
        assert (mail.recipient, mail.data["inviter"]) == ("wang@example.org", "Ada Administrator")
        assert mail.data["link"].startswith("http://forum.test/organise/link/")


def test_inviting_an_address_that_has_an_account_says_so_and_keeps_what_was_typed(
    signed_in: FlaskClient, app: Flask
) -> None:
    with app.app_context(), transaction() as db:
        make_account(db, "bob@example.org")
    fields = {
        "email": "bob@example.org",
        "name": "Bob the Second",
        "language": "en",
        "role": "viewer",
        "edition": "series",
    }
    page = signed_in.post(ACCOUNTS, data=fields)
    assert page.status_code == 409
    assert "There is an account with this address already." in page.get_data(as_text=True)
    assert "Bob the Second" in page.get_data(as_text=True)
    with app.app_context(), transaction() as db:
        assert db.scalars(select(OutgoingMail)).all() == []


@pytest.mark.parametrize(
    "wrong",
    [{"email": "x"}, {"role": "king"}, {"edition": "99"}, {"edition": "x"}, {"language": "fr"}, {"name": "a\x00"}],
)
def test_what_is_no_invitation_is_answered_with_422(signed_in: FlaskClient, wrong: dict[str, str]) -> None:
    fields = {"email": "bob@example.org", "name": "B", "language": "en", "role": "viewer", "edition": "series"}
    assert signed_in.post(ACCOUNTS, data=fields | wrong).status_code == 422


def test_a_role_given_and_taken_counts_on_the_next_request(
    app: Flask, signed_in: FlaskClient, bob: int, edition: int
) -> None:
    browser = sign_in(app.test_client(), bob)
    assert browser.get(ACCOUNTS).status_code == 404
    role = {"role": "administrator", "edition": "series"}
    assert signed_in.post(f"{ACCOUNTS}/{bob}/give", data=role).status_code == 303
    assert browser.get(ACCOUNTS).status_code == 200
    answer = signed_in.post(f"{ACCOUNTS}/{bob}/take", data=role)
    assert answer.status_code == 303
    assert browser.get(ACCOUNTS).status_code == 404
    page = signed_in.get(answer.location).get_data(as_text=True)
    assert "Give it back" in page
    assert grants(app, bob) == frozenset()


def test_the_last_administrator_is_told_why_not(app: Flask, signed_in: FlaskClient, administrator: int) -> None:
    page = signed_in.post(f"{ACCOUNTS}/{administrator}/take", data={"role": "administrator", "edition": "series"})
    assert page.status_code == 409
    assert "This is the last administrator of the series." in page.get_data(as_text=True)
    signed_in.post(f"{ACCOUNTS}/{administrator}/switch", data={"active": "no"})
    assert signed_in.get(ACCOUNTS).status_code == 200
    assert grants(app, administrator) == {Grant(Role.ADMINISTRATOR)}


def test_switched_off_one_is_signed_out_on_the_next_request(app: Flask, signed_in: FlaskClient, bob: int) -> None:
    browser = sign_in(app.test_client(), bob)
    assert browser.get(OWN).status_code == 200
    signed_in.post(f"{ACCOUNTS}/{bob}/switch", data={"active": "no"})
    assert browser.get(OWN).status_code == 303
    signed_in.post(f"{ACCOUNTS}/{bob}/switch", data={"active": "yes"})
    assert browser.get(OWN).status_code == 303
    assert sign_in(app.test_client(), bob).get(OWN).status_code == 200


def test_an_account_nobody_has_is_404(signed_in: FlaskClient) -> None:
    assert signed_in.get(f"{ACCOUNTS}/99").status_code == 404
    for act, fields in (("give", {"role": "viewer"}), ("take", {"role": "viewer"}), ("switch", {}), ("link", {})):
        code = signed_in.post(f"{ACCOUNTS}/99/{act}", data={"edition": "series", **fields}).status_code
        assert code in (303, 404), act
    with signed_in.application.app_context():
        assert database.session().scalars(select(Account.id)).all() == [1]


def test_ones_own_name_and_language_can_be_changed_by_anyone_even_without_a_role(app: Flask, bob: int) -> None:
    browser = sign_in(app.test_client(), bob)
    answer = browser.post(OWN, data={"name": "Bob Öhler-Li", "language": "de"})
    assert (answer.status_code, answer.location) == (303, OWN)
    page = browser.get(OWN).get_data(as_text=True)
    assert "Bob Öhler-Li" in page
    assert '<html lang="de">' in page
    assert browser.post(OWN, data={"name": "x", "language": "xx"}).status_code == 422


def test_the_own_page_lists_where_one_is_signed_in_and_ends_all_of_it(app: Flask, bob: int) -> None:
    here, there = (sign_in(app.test_client(), bob) for _ in range(2))
    assert here.get(OWN).get_data(as_text=True).count("this one") == 1
    answer = here.post("/organise/account/out")
    assert (answer.status_code, answer.location) == (303, "/organise/sign-in/")
    assert [browser.get(OWN).status_code for browser in (here, there)] == [303, 303]


def test_opening_a_link_changes_nothing_and_its_button_signs_in_once(app: Flask, client: FlaskClient, bob: int) -> None:
    link = link_for(app, bob)
    for _ in range(3):
        page = client.get(link)
        assert page.status_code == 200
        assert "Bob Öhler" in page.get_data(as_text=True)
        assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert client.head(link).status_code == 200
    assert client.post(link).status_code == 400  # not from its page
    token = page.get_data(as_text=True).split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = client.post(link, data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, "/organise/sign-in/password")
    assert client.get(OWN).status_code == 200
    assert "Choose a password" in client.get("/organise/sign-in/password").get_data(as_text=True)


def test_a_used_an_expired_and_an_unknown_link_show_the_same_page(app: Flask, client: FlaskClient, bob: int) -> None:
    used = link_for(app, bob)
    with app.app_context(), transaction() as db:
        actions.use_link(db, used.rsplit("/", 1)[1], now=NOW)
    pages = [client.get(link) for link in (used, "/organise/link/" + "x" * 32)]
    assert {page.status_code for page in pages} == {404}
    assert pages[0].data == pages[1].data
    assert "This link does not sign in" in pages[0].get_data(as_text=True)


def test_a_link_leaves_no_second_sign_in_of_the_same_browser_behind(app: Flask, client: FlaskClient, bob: int) -> None:
    sign_in(client, bob)
    client.post(link_for(app, bob))
    with app.app_context(), transaction() as db:
        assert len(queries.living_sign_ins(db, bob, NOW)) == 1
        assert len(db.scalars(select(SignIn)).all()) == 2


def test_with_a_password_a_link_leads_to_the_start(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as db:
        account_id = make_account(db, password=PASSWORD).id
    sign_in(client, account_id)  # for its token
    assert client.post(link_for(app, account_id)).location == "/organise/"


@pytest.mark.parametrize("language", list(Language))
def test_a_link_speaks_its_owners_language(app: Flask, client: FlaskClient, language: Language) -> None:
    with app.app_context(), transaction() as db:
        account_id = make_account(db, language=language).id
    page = client.get(link_for(app, account_id), headers={"Accept-Language": "en"})
    assert f'<html lang="{language.tag}">' in page.get_data(as_text=True)
