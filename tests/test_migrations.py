"""Up, compare with the models, rebuild a table with rows that hang on it, down, and up again; on either database."""

from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from sqlalchemy import inspect, text

from app import create_app
from app.database import Base
from app.extensions import database
from tests.conftest import config_for_tests

VERSIONS = Path(__file__).resolve().parents[1] / "migrations" / "versions"


@pytest.fixture
def fresh(app: Flask, database_url: str, tmp_path: Path) -> Flask:
    """An application on a database of its own, still empty of tables."""
    if database_url.startswith("sqlite"):
        return create_app(config_for_tests(f"sqlite:///{tmp_path / 'fresh.sqlite3'}", tmp_path))
    with app.app_context(), database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = f"{database.engine.url.database}_fresh"
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    return create_app(config_for_tests(database_url.replace("/luntan_", "/luntan_", 1).replace(f"/{database_url.split('/')[3].split('?')[0]}", f"/{name}"), tmp_path))  # fmt: skip


def differences() -> list[object]:
    """Between the migrated tables and the models."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return list(compare_metadata(context, Base.metadata))


def test_the_migrations_make_what_the_models_say_and_can_be_undone(fresh: Flask) -> None:
    with fresh.app_context():
        flask_migrate.upgrade()
        assert differences() == []
        flask_migrate.downgrade(revision="base")
        assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
        flask_migrate.upgrade()
        assert differences() == []
        database.engine.dispose()


def test_rebuilding_a_table_loses_no_row_that_points_to_it(fresh: Flask) -> None:
    """What a later migration does to `series` on SQLite: build anew, copy, drop. Its editions must survive."""
    with fresh.app_context():
        flask_migrate.upgrade()
        with database.engine.begin() as connection:
            _one_series_with_a_milestone(connection)
        with database.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            rebuilt = "always" if connection.dialect.name == "sqlite" else "auto"
            operations = Operations(MigrationContext.configure(connection))
            with connection.begin(), operations.batch_alter_table("series", recreate=rebuilt) as batch:
                batch.alter_column("website", nullable=True)
        with database.engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM milestone")).scalar() == 1
        database.engine.dispose()


def _one_series_with_a_milestone(connection: object) -> None:
    for table in ("series", "milestone"):
        columns = {c.name: c for c in Base.metadata.tables[table].columns}
        values: dict[str, object] = {}
        for name, column in columns.items():
            kind = str(column.type).upper()
            if column.nullable:
                continue
            if name == "id" or name == "series_id" or name == "revision":
                values[name] = 1
            elif "JSON" in kind or column.type.__class__.__name__ in ("TranslatedText", "TextList"):
                values[name] = "{}"
            elif enums := getattr(column.type, "enums", None):
                values[name] = enums[0]
            elif "DATE" in kind:
                values[name] = "2027-01-01"
            else:
                values[name] = "day" if name == "date_precision" else name
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)  # type: ignore[attr-defined]


def test_migrations_are_numbered_one_after_the_other_and_import_nothing_of_ours() -> None:
    names = sorted(path.name for path in VERSIONS.glob("*.py"))
    assert [name.split("_")[0] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]
    for name in names:
        assert "from app" not in (VERSIONS / name).read_text(encoding="utf-8")
