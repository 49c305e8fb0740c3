"""One application per test process, on SQLite or PostgreSQL; each test begins with an empty, migrated database."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.database import Base, DbSession
from app.extensions import database
from app.values.actor import Role
from app.web import clock
from app.web.transaction import transaction
from config import Config
from tests.postgres import cluster

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
BASE_URL = "http://forum.test"
COUNT_FROM_ONE = """DO $$ DECLARE each regclass; BEGIN
    FOR each IN SELECT oid FROM pg_class WHERE relkind = 'S' LOOP PERFORM setval(each, 1, false); END LOOP;
END $$"""
_until_the_end = ExitStack()

from tests.factories.accounts import make_account, sign_in  # noqa: E402 - the factories want NOW


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


def pytest_configure(config: pytest.Config) -> None:
    os.environ["LUNTAN_ENV"] = "testing"
    wanted = config.getoption("--database") == "postgresql"
    if wanted and not hasattr(config, "workerinput"):  # once, before the workers start
        os.environ["TEST_POSTGRES"] = _until_the_end.enter_context(cluster())


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _until_the_end.close()


def config_for_tests(
    url: str, folder: Path, *, base_url: str = BASE_URL, unsafe: frozenset[str] = frozenset()
) -> Config:
    return Config(
        env="testing", database_url=url, secret_key="not a secret, only for tests " * 2, base_url=base_url,
        uid_domain="forum.test", mail_from="forum@forum.test", smtp_url=None, mail_folder=folder / "mail",
        files_url=(folder / "files").as_uri(), trusted_proxies=0, host="127.0.0.1", port=8000, workers=1, unsafe=unsafe,
    )  # fmt: skip


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """The address of this process's own test database."""
    template = os.environ.get("TEST_POSTGRES")
    if not template:
        return f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.sqlite3'}"
    name = f"luntan_{worker_id}"
    with psycopg.connect(template.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    return template.format(name=name).replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(scope="session")
def _migrated(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    app = create_app(config_for_tests(database_url, tmp_path_factory.mktemp("instance")))
    app.testing = True
    with app.app_context():
        flask_migrate.upgrade()
        database.session.remove()
        database.engine.dispose()
    if path := _file(database_url):
        shutil.copy(path, f"{path}.empty")
    return app


def _file(url: str) -> str | None:
    return url.removeprefix("sqlite:///") if url.startswith("sqlite") else None


def _empty(url: str) -> None:
    database.session.remove()
    if path := _file(url):
        database.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(path + suffix).unlink(missing_ok=True)
        shutil.copy(f"{path}.empty", path)
        return
    deletes = ";".join(f'DELETE FROM "{table.name}"' for table in Base.metadata.sorted_tables)
    with (
        database.engine.begin() as connection
    ):  # as a replica it checks no foreign key; TRUNCATE takes thirty times as long
        connection.exec_driver_sql(f"SET LOCAL session_replication_role = replica; {deletes}; {COUNT_FROM_ONE}")


@pytest.fixture
def app(_migrated: Flask, database_url: str) -> Iterator[Flask]:
    """The application with an empty database, its clock stopped at NOW. Requests get contexts of their own."""
    with _migrated.app_context():
        _empty(database_url)
    shelf = _migrated.extensions["shelf"]
    shelf.forget()
    with clock.stopped(NOW):
        yield _migrated


@pytest.fixture
def db(app: Flask) -> Iterator[DbSession]:
    """A session inside one open transaction, for factories and actions. Commit it with `saved(db)`."""
    with app.app_context():
        with transaction() as session:
            yield session
        database.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def administrator(app: Flask) -> int:
    """The id of an account that administers the series."""
    with app.app_context(), transaction() as db:
        return make_account(db, "ada@forum.test", Role.ADMINISTRATOR, name="Ada Administrator").id


@pytest.fixture
def signed_in(client: FlaskClient, administrator: int) -> FlaskClient:
    """A browser in which the administrator is signed in. For other roles: `sign_in(client, account_id)`."""
    return sign_in(client, administrator)
