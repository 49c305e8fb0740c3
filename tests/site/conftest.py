import pytest
from flask import Flask

from app.seed.loader import load
from app.values.actor import COMMAND
from app.web.transaction import transaction
from tests.conftest import NOW


@pytest.fixture
def history(app: Flask) -> Flask:
    """The application with the real history of the forum."""
    with app.app_context(), transaction() as db:
        load(db, actor=COMMAND, now=NOW)
    return app
