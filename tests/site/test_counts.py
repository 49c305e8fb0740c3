"""What a page costs does not grow with what is on it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.editions import actions as editions
from app.editions.rules import Claim, OrganisationPart, State
from app.extensions import database
from app.values.actor import COMMAND
from app.values.language import Translated
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.editions import make_edition, make_source
from tests.factories.people import make_organisation, make_person
from tests.factories.publishing import plan_session, publish
from tests.factories.speakers import make_speaker
from tests.site.reading import page


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []
    with app.app_context():
        engine = database.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def add_editions(app: Flask, numbers: range) -> None:
    with app.app_context(), transaction() as db:
        for n in numbers:
            edition = make_edition(db, slug=f"e{n}", state=State.HELD)
            source, house = make_source(db, f"s{n}"), make_organisation(db, f"House {n}")
            editions.cite(db, edition, Claim.EDITION, [source], actor=COMMAND, now=NOW)
            editions.add_outcome(db, edition, Translated("Much"), [source], actor=COMMAND, now=NOW)
            hosts = [(OrganisationPart.HOST, house.id)]
            editions.set_organisations(db, edition.id, hosts, revision=1, actor=COMMAND, now=NOW)
            speaker = make_speaker(db, edition, make_person(db, f"Anna {n}"), organisation_id=house.id)
            plan_session(db, edition, speakers=(speaker,))
            publish(db, edition)


@pytest.mark.parametrize(
    "path", ["", "people", "organisations", "editions/e0", "people/anna-0", "organisations/house-0"]
)
def test_three_editions_cost_as_many_queries_as_one(app: Flask, client: FlaskClient, path: str) -> None:
    costs = []
    for numbers in (range(1), range(1, 3)):
        add_editions(app, numbers)
        app.extensions["shelf"].forget()
        with counted(app) as sent:
            assert page(client, f"/en/{path}").status == 200
        costs.append(len(sent))
    assert costs[0] == costs[1]


def test_a_page_read_again_costs_none(app: Flask, client: FlaskClient) -> None:
    add_editions(app, range(1))
    page(client, "/en/people")
    with counted(app) as sent:
        page(client, "/en/people")
    assert sent == []
