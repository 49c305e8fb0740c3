import pytest
from flask import Flask

from app.accounts import queries
from app.extensions import database
from app.values.actor import Grant, Role
from app.web.transaction import transaction
from tests.factories.accounts import make_account
from tests.factories.editions import make_edition

LINK = "http://forum.test/organise/link/"


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["accounts", *arguments])
    return result.exit_code, result.output


def grants(app: Flask, email: str) -> frozenset[Grant]:
    with app.app_context():
        account = queries.account_by_email(database.session(), email)
        assert account is not None
        return account.grants


def test_creating_an_account_prints_one_link_and_nothing_else(app: Flask) -> None:
    code, output = run(app, "create", "Ada@Forum.Test", "--role", "administrator")
    assert (code, output.startswith(LINK), len(output.splitlines())) == (0, True, 1)
    assert grants(app, "ada@forum.test") == {Grant(Role.ADMINISTRATOR)}
    answer = app.test_client().get(output.strip().removeprefix("http://forum.test"))
    assert answer.status_code == 200


def test_creating_one_for_an_edition(app: Flask) -> None:
    with app.app_context(), transaction() as db:
        edition_id = make_edition(db).id
    assert run(app, "create", "anna@forum.test", "--role", "organiser", "--edition", "2027-haikou")[0] == 0
    assert grants(app, "anna@forum.test") == {Grant(Role.ORGANISER, edition_id)}


def test_creating_it_again_adds_the_role(app: Flask) -> None:
    for role in ("viewer", "translator"):
        assert run(app, "create", "anna@forum.test", "--role", role)[0] == 0
    assert grants(app, "anna@forum.test") == {Grant(Role.VIEWER), Grant(Role.TRANSLATOR)}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("create", "nonsense", "--role", "viewer"), "must have an @"),
        (("create", "anna@forum.test", "--role", "king"), "king"),
        (("create", "anna@forum.test"), "--role"),
        (("create", "anna@forum.test", "--role", "viewer", "--edition", "2099-x"), "There is no edition 2099-x."),
        (("link", "nobody@forum.test"), "There is no account"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(app: Flask, arguments: tuple[str, ...], words: str) -> None:
    code, output = run(app, *arguments)
    assert code != 0
    assert words in output
    with app.app_context():
        assert queries.account_by_email(database.session(), "anna@forum.test") is None


def test_a_link_for_somebody_who_is_there(app: Flask) -> None:
    with app.app_context(), transaction() as db:
        make_account(db)
    code, output = run(app, "link", "anna@forum.test")
    assert (code, output.startswith(LINK), len(output.splitlines())) == (0, True, 1)
