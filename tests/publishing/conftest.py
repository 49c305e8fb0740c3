import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.database import DbSession
from app.web.transaction import transaction

Given = Callable[[Callable[[DbSession], Any]], Any]


@pytest.fixture
def given(app: Flask) -> Given:
    """Something done and committed, before or between requests."""

    def do(what: Callable[[DbSession], Any]) -> Any:
        with app.app_context(), transaction() as db:
            done = what(db)
        app.extensions["shelf"].forget()
        return done

    return do


def words(client: FlaskClient, address: str, status: int = 200) -> str:
    """What the page says, in one line."""
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return said(answer)


def said(answer: Any) -> str:
    main = answer.get_data(as_text=True).split("<main", 1)[1].split("</main>")[0]
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split())).replace(" .", ".").replace(" ,", ",")
