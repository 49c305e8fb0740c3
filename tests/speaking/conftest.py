import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.values.actor import Role
from tests.speaking.people import Crowd, as_role, make_crowd


@pytest.fixture
def crowd(app: Flask) -> Crowd:
    return make_crowd(app)


@pytest.fixture
def organiser(app: Flask, crowd: Crowd) -> FlaskClient:
    return as_role(app, Role.ORGANISER, crowd.edition)
