"""`flask doctor` says what is wrong, one sentence each, and is content with a sound installation."""

import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import create_app, freshness
from app.editions.models import Series
from app.extensions import database
from app.mail import actions as mail
from app.site.cli import of_configuration, of_database, of_zones
from app.values.actor import Role
from app.values.language import Language
from app.web.transaction import transaction
from config import Config
from tests.conftest import NOW, config_for_tests
from tests.factories.accounts import make_account
from tests.factories.editions import make_edition, make_series

SOUND = config_for_tests("sqlite://", Path("/nowhere"))
PUBLIC = replace(SOUND, env="production", base_url="https://forum.test", smtp_url=None)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (SOUND, []),
        (replace(SOUND, secret_key="short"), ["SECRET_KEY is shorter"]),
        (replace(SOUND, base_url="forum.test"), ["BASE_URL is", "BASE_URL has a path"]),
        (replace(SOUND, base_url="https://forum.test/luntan"), ["BASE_URL has a path"]),
        (replace(SOUND, mail_from="the forum"), ["MAIL_FROM is"]),
        (PUBLIC, ["SMTP_URL is not set"]),
        (replace(PUBLIC, smtp_url="mail.example"), ["SMTP_URL is no address"]),
        (replace(PUBLIC, smtp_url="smtp://mail.example:twenty"), ["SMTP_URL is no address"]),
    ],
)
def test_of_the_configuration(config: Config, words: list[str]) -> None:
    troubles = list(of_configuration(config))
    assert [trouble[: len(word)] for trouble, word in zip(troubles, words, strict=True)] == words


def test_a_mail_server_has_to_listen() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert list(of_configuration(replace(PUBLIC, smtp_url=f"smtp://127.0.0.1:{port}"))) == []
    (trouble,) = of_configuration(replace(PUBLIC, smtp_url=f"smtp://127.0.0.1:{port}"))
    assert trouble.startswith(f"The mail server 127.0.0.1:{port} does not answer")


def test_the_time_zones_are_there() -> None:
    assert list(of_zones()) == []


def troubles(app: Flask, config: Config = SOUND) -> list[str]:
    """But for the catalogues, which `make install` compiles."""
    with app.app_context():
        found = [trouble for trouble in of_database(config, NOW) if "not compiled" not in trouble]
        database.session.remove()
        return found


@pytest.fixture
def sound(app: Flask) -> Flask:
    with app.app_context(), transaction() as db:
        make_account(db, role=Role.ADMINISTRATOR)
        make_edition(db)
    return app


def test_a_sound_installation(sound: Flask) -> None:
    assert troubles(sound) == []


def test_somebody_has_to_administer(app: Flask) -> None:
    (trouble,) = troubles(app)
    assert trouble.startswith("Nobody administers the series.")


def test_a_late_worker(sound: Flask) -> None:
    with sound.app_context(), transaction() as db:
        mail.queue(db, "registrations/confirmed", to="a@b.example", language=Language.EN, now=NOW - timedelta(hours=1))
    (trouble,) = troubles(sound)
    assert trouble.startswith("The worker is late since 2027-03-01 08:0")


def test_a_clock_that_goes_wrong(sound: Flask) -> None:
    with sound.app_context(), transaction() as db:
        freshness.touch(db, NOW + timedelta(days=1))
    (trouble,) = troubles(sound)
    assert trouble.startswith("The clock is wrong, or was: it shows 2027-03-01 09:00 UTC")


def test_another_uid_domain_than_calendars_know(sound: Flask) -> None:
    with sound.app_context(), transaction() as db:
        series: Series = make_series(db)
        series.uid_domain = "old.test"
    (trouble,) = troubles(sound)
    assert trouble.startswith("UID_DOMAIN is forum.test, but calendars out there know old.test.")


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    nowhere = create_app(config_for_tests(f"sqlite:///{tmp_path}/no/such/folder.sqlite3", tmp_path))
    (trouble,) = troubles(nowhere)
    assert trouble.startswith("The database does not answer (OperationalError).")


def test_a_database_that_is_not_migrated(tmp_path: Path) -> None:
    empty = create_app(config_for_tests(f"sqlite:///{tmp_path}/empty.sqlite3", tmp_path))
    (trouble,) = troubles(empty)
    assert trouble.startswith("The database's schema is not of this version.")


def test_the_command_exits_with_1_and_lists_every_trouble(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    assert "- Nobody administers the series." in result.output


def test_a_machine_without_the_fonts_of_names_is_told_which_to_install(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.typesetting.families", lambda: frozenset({"Noto Sans"}))
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    assert "Noto Sans CJK SC" in result.output
