"""An edition open for registration in a database of its own, for real servers on it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import flask_migrate
import psycopg
import pytest
from flask import Flask

from app import create_app
from app.editions.rules import State
from app.extensions import database
from app.web.transaction import transaction
from tests.conftest import config_for_tests
from tests.factories.editions import make_edition
from tests.factories.registrations import make_category
from tests.servers import environment, free_port

OPENS, CLOSES = datetime(2000, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)
Hall = tuple[Flask, dict[str, str]]


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Callable[..., Hall]]:
    """`hall(seats=100)`: an application on a fresh database, and the environment for servers on the same."""
    opened: list[Flask] = []

    def make(*, seats: int, unsafe: str = "") -> Hall:
        url, port = _fresh(tmp_path), free_port()
        env = environment(tmp_path, url, port, LUNTAN_UNSAFE=unsafe, SECRET_KEY="only for tests, and long enough")
        app = create_app(
            replace(config_for_tests(url, tmp_path), base_url=env["BASE_URL"], secret_key=env["SECRET_KEY"])
        )
        opened.append(app)
        with app.app_context():
            flask_migrate.upgrade()
            with transaction() as db:
                make_category(
                    db, make_edition(db, state=State.ANNOUNCED), capacity=seats, opens_at=OPENS, closes_at=CLOSES
                )
        return app, env

    yield make
    for app in opened:
        with app.app_context():
            database.session.remove()
            database.engine.dispose()


def _fresh(folder: Path) -> str:
    template = os.environ.get("TEST_POSTGRES")
    if not template:
        return f"sqlite:///{folder / f'{uuid4().hex}.sqlite3'}"
    name = f"race_{uuid4().hex}"
    with psycopg.connect(template.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    return template.format(name=name).replace("postgresql://", "postgresql+psycopg://")
