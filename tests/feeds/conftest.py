from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import freshness
from app.calendar.event import EventFacts
from app.database import DbSession
from app.editions import queries as editions
from app.editions.models import Edition
from app.editions.rules import State
from app.web.transaction import transaction
from tests.conftest import NOW
from tests.factories.calendar import promised
from tests.factories.editions import make_edition

AGENDA = "/en/editions/2027-haikou/agenda.ics"


class Feeds:
    """A forum whose agenda is published, and somebody who reads its feeds."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self.app, self.client = app, client

    def publish(self, *sessions: EventFacts, state: State = State.ANNOUNCED, now: datetime = NOW, **days: Any) -> None:
        """The edition's days and these sessions; the edition is made the first time."""
        with self.app.app_context(), transaction() as db:
            edition = editions.edition_by_slug(db, "2027-haikou") or make_edition(db, state=state)
            promised(db, edition, sessions, now=now, **days)
        self.forget()

    def change(self, change: Callable[[DbSession, Edition], object]) -> None:
        with self.app.app_context(), transaction() as db:
            edition = editions.edition_by_slug(db, "2027-haikou")
            assert edition is not None
            change(db, edition)
            freshness.touch(db, NOW)
        self.forget()

    def wait_until(self, at: datetime) -> None:
        """The worker has made what changed by then."""
        with self.app.app_context(), transaction() as db:
            assert freshness.renew(db, at)
        self.forget()

    def forget(self) -> None:
        """As a process does whose stamp is a second old."""
        self.app.extensions["shelf"].forget()

    def get(self, path: str = AGENDA, **headers: str) -> TestResponse:
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def text(self, path: str = AGENDA) -> str:
        response = self.get(path)
        assert response.status_code == 200, path
        return response.get_data(as_text=True)


@pytest.fixture
def feeds(app: Flask, client: FlaskClient) -> Feeds:
    return Feeds(app, client)
