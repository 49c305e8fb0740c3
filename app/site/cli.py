"""`flask doctor`: what is wrong with this installation, in words."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from app.accounts import queries as accounts
from app.database import DbSession
from app.editions import queries as editions
from app.errors import Conflict
from app.extensions import database
from app.freshness import PublicStamp
from app.publishing.actions import check_uid_domain
from app.site.machines import schema_matches
from app.site.outlook import worker_late_since
from app.web import files
from app.web.clock import now
from app.web.typesetting import missing_fonts
from config import Config

SECRET_LENGTH = 32
CLOCK_LEEWAY = timedelta(minutes=1)


@click.command("doctor")
@with_appcontext
def cli() -> None:
    """Say what is wrong with this installation. Exit 1 if anything is."""
    config: Config = current_app.config["LUNTAN"]
    troubles = [
        *of_configuration(config),
        *of_zones(),
        *of_files(config),
        *of_fonts(),
        *of_database(config, now()),
    ]
    for trouble in troubles:
        click.echo(f"- {trouble}")
    if troubles:
        raise SystemExit(1)
    click.echo("Nothing is wrong.")


def of_configuration(config: Config) -> Iterator[str]:
    if len(config.secret_key) < SECRET_LENGTH:
        yield f"SECRET_KEY is shorter than {SECRET_LENGTH} characters. Set it to a long random one."
    base = urlsplit(config.base_url)
    if base.scheme not in ("http", "https") or not base.hostname:
        yield f"BASE_URL is {config.base_url!r}, which is no address. It should look like https://forum.example."
    if base.path or base.query:
        yield "BASE_URL has a path. Luntan needs a host of its own: https://forum.example."
    if "@" not in config.mail_from:
        yield f"MAIL_FROM is {config.mail_from!r}, which is no e-mail address."
    if config.production and config.smtp_url is None:
        yield "SMTP_URL is not set, so mail waits in the outbox and nobody gets it."
    if config.smtp_url is not None:
        yield from _of_mail_server(config.smtp_url)


def _of_mail_server(url: str) -> Iterator[str]:
    """Somebody listens there; whether they take our mail shows in the outbox."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or (465 if parts.scheme == "smtps" else 587)
    except ValueError:
        host, port = None, 0
    if host is None:
        yield "SMTP_URL is no address. It should look like smtp://name:password@mail.example:587."
        return
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        yield f"The mail server {host}:{port} does not answer: {error}."


def of_zones() -> Iterator[str]:
    if not {"Asia/Shanghai", "Europe/Berlin"} <= available_timezones():
        yield "There is no time zone database. Install the Python package tzdata or the system's."


def of_files(config: Config) -> Iterator[str]:
    if why := files.trouble():
        yield f"Nothing can be kept in FILES_URL ({config.files_url}): {why}"


def of_fonts() -> Iterator[str]:
    if missing := missing_fonts():
        yield f"No PDF can be made without the fonts {', '.join(missing)}. Debian: fonts-noto-core, fonts-noto-cjk."


def of_database(config: Config, at: datetime) -> Iterator[str]:
    try:
        matches = schema_matches()
    except SQLAlchemyError as error:
        yield f"The database does not answer ({type(error).__name__}). Is DATABASE_URL right, and is it running?"
        return
    if not matches:
        yield "The database's schema is not of this version. Run: flask db upgrade"
        return
    yield from _of_content(config, database.session(), at)


def _of_content(config: Config, db: DbSession, at: datetime) -> Iterator[str]:
    try:
        check_uid_domain(db, config.uid_domain)
    except Conflict as other:
        yield (
            f"UID_DOMAIN is {config.uid_domain}, but calendars out there know {other.data['stored']}. "
            f"Set UID_DOMAIN={other.data['stored']}: it is part of every event for life."
        )
    unknown = {edition.zone for edition in editions.editions(db)} - available_timezones()
    if unknown:
        yield f"The time zone database does not know {', '.join(sorted(unknown))}, where an edition is held."
    if (late := worker_late_since(db, at)) is not None:
        yield f"The worker is late since {late:%Y-%m-%d %H:%M} UTC. Is it running? It is: make worker"
    latest = db.scalar(select(func.max(PublicStamp.as_of)))
    if latest is not None and latest > at + CLOCK_LEEWAY:
        yield f"The clock is wrong, or was: it shows {at:%Y-%m-%d %H:%M} UTC, but the last change was at {latest:%Y-%m-%d %H:%M} UTC."
    if not accounts.administrators(db):
        yield "Nobody administers the series. Run: flask accounts create EMAIL --role administrator"
    for language in ("de", "zh_Hans"):
        if not Path(current_app.config["TRANSLATIONS"], language, "LC_MESSAGES", "messages.mo").exists():
            yield f"The texts in {language} are not compiled. Run: make install"
