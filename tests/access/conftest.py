import pytest
from flask import Flask

from app.web.transaction import transaction
from tests.access.world import World, make_world


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context(), transaction() as db:
        return make_world(db)
