"""The table of protocol: who stands higher, in three languages, for all editions."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.editions.queries import the_series
from app.extensions import database
from app.speakers import ranks
from app.values.actor import COMMAND, Role
from app.values.language import Translated
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.accounts import make_account, sign_in
from tests.factories.editions import make_edition
from tests.factories.speakers import make_speaker

ADDRESS = "/organise/ranks"


@pytest.fixture
def rungs(app: Flask) -> list[int]:
    """Minister, ambassador, chief executive."""
    with app.app_context(), transaction() as db:
        make_edition(db, slug="2027-haikou")
        names = ("Minister", "Ambassador", "Chief executive")
        return [ranks.create_rank(db, Translated(en=name), actor=COMMAND, now=NOW).id for name in names]


@pytest.fixture
def administrator(app: Flask, client: FlaskClient, rungs: list[int]) -> FlaskClient:
    with app.app_context(), transaction() as db:
        account = make_account(db, role=Role.ADMINISTRATOR).id
    return sign_in(client, account)


def order(app: Flask) -> list[str]:
    with app.app_context():
        db = database.session()
        return [rank.name.en for rank in ranks.ranks_of(db, the_series(db).id)]


def test_a_rank_is_added_below_the_others(app: Flask, administrator: FlaskClient) -> None:
    answer = administrator.post(ADDRESS, data={"rank0-name-en": "Professor", "rank0-name-zh": "教授"})
    assert answer.status_code == 303
    assert order(app) == ["Minister", "Ambassador", "Chief executive", "Professor"]


def test_the_same_form_sent_twice_makes_one_rank(app: Flask, administrator: FlaskClient) -> None:
    answers = [administrator.post(ADDRESS, data={"rank0-name-en": "Professor"}).status_code for _ in range(2)]
    assert answers == [303, 409]
    assert order(app).count("Professor") == 1


def test_a_rank_without_a_name_is_not_stored(app: Flask, administrator: FlaskClient) -> None:
    assert administrator.post(ADDRESS, data={"rank0-name-en": " "}).status_code == 422
    assert len(order(app)) == 3


def test_a_rank_is_moved_up_one_rung(app: Flask, administrator: FlaskClient, rungs: list[int]) -> None:
    administrator.post(f"{ADDRESS}/{rungs[2]}/move", data={"way": "up"})
    assert order(app) == ["Minister", "Chief executive", "Ambassador"]
    administrator.post(f"{ADDRESS}/{rungs[0]}/move", data={"way": "up"})
    assert order(app) == ["Minister", "Chief executive", "Ambassador"]


def test_two_who_rename_the_same_rank_both_see_what_happened(administrator: FlaskClient, rungs: list[int]) -> None:
    address = f"{ADDRESS}/{rungs[1]}"
    first = {f"rank{rungs[1]}-name-en": "Ambassador extraordinary", f"rank{rungs[1]}-revision": "1"}
    second = {f"rank{rungs[1]}-name-en": "Envoy", f"rank{rungs[1]}-revision": "1"}
    assert administrator.post(address, data=first).status_code == 303
    answer = administrator.post(address, data=second)
    assert answer.status_code == 409
    assert ["Ambassador extraordinary" in answer.text, "Envoy" in answer.text] == [True, True]


def test_a_rank_that_a_speaker_holds_stays(app: Flask, administrator: FlaskClient, rungs: list[int]) -> None:
    with app.app_context(), transaction() as db:
        make_speaker(db, make_edition(db, slug="2028-berlin")).rank_id = rungs[0]
    assert administrator.post(f"{ADDRESS}/{rungs[0]}/remove").status_code == 409
    assert administrator.post(f"{ADDRESS}/{rungs[1]}/remove").status_code == 303
    assert order(app) == ["Minister", "Chief executive"]


def test_only_administrators_change_what_every_organiser_may_see(
    app: Flask, client: FlaskClient, rungs: list[int]
) -> None:
    with app.app_context(), transaction() as db:
        account = make_account(db, role=Role.ORGANISER).id
    sign_in(client, account)
    assert client.get(ADDRESS).status_code == 200
    assert client.post(ADDRESS, data={"rank0-name-en": "Professor"}).status_code == 404
    assert client.post(f"{ADDRESS}/{rungs[0]}/remove").status_code == 404
    assert len(order(app)) == 3
