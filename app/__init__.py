"""Luntan: the application factory. It names every part once; nothing is imported from `app` itself."""

import logging
from pathlib import Path

import structlog
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import config as _settled_first  # noqa: F401 what libraries read from the environment stands before they are imported
from app import database as engine_setup
from app import freshness
from app.accounts import cli as accounts_cli
from app.accounts import manage as accounts_manage
from app.accounts import sign_in
from app.agenda import pages as agenda_manage
from app.exports import manage as exports_manage
from app.exports import views as exports
from app.extensions import csrf, database, migrate
from app.interpretation import manage_briefing as interpretation
from app.interpretation import views as briefings
from app.mail import cli as mail_cli
from app.mail import manage as mail_manage
from app.proposals import manage as proposals
from app.proposals import proposing
from app.publishing import changes as publishing_changes
from app.publishing import manage as publishing_manage
from app.publishing import planned as publishing_planned
from app.registrations import cli as registrations_cli
from app.registrations import manage as registrations_manage
from app.registrations import queries as registrations_queries
from app.registrations import views as registrations
from app.seed import cli as seed_cli
from app.site import cli as site_cli
from app.site import context as site_context
from app.site import machines as site_machines
from app.site import manage as site_manage
from app.speakers import manage_ranks as ranks_manage
from app.speaking import manage as speakers_manage
from app.speaking import views as speaking
from app.web import addresses, assets, errors, headers, languages, published, templating, transaction
from app.web.access import guard
from app.web.sessions import OrganiserSessions
from app.workbench import manage_gestures as workbench
from config import ROOT, Config, from_environment

__all__ = ["create_app"]


def create_app(config: Config | None = None) -> Flask:
    """An application of this configuration; without one, of the environment's."""
    config = config or from_environment()
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    _configure(app, config)
    _log()
    csrf.init_app(app)
    database.init_app(app)
    migrate.init_app(app, database, directory=str(ROOT / "migrations"), render_as_batch=True)
    with app.app_context():
        engine_setup.set_up(database.engine)
    app.session_interface = OrganiserSessions()
    published.init(app, _hosts(config))
    headers.init(app)
    languages.init(app)
    addresses.init(app)
    templating.init(app)
    assets.init(app)
    errors.init(app)
    transaction.init(app)
    sign_in.init(app)
    guard(app, actor_of_request=sign_in.actor_of_request, edition_id=sign_in.edition_id)
    _parts(app)
    if config.trusted_proxies:
        n = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    return app


def _parts(app: Flask) -> None:
    """Every slice's pages and commands, in the order of the slices. A feature is deleted by deleting its line."""
    app.extensions["signed_up"] = registrations_queries.signed_up  # the agenda asks whether all find a seat
    app.extensions["chores"] = [freshness.renew, publishing_planned.publish_due]  # what the worker does beside the mail
    app.extensions["beside"] = [proposing.Proposing()]  # what it does in threads of their own
    app.register_blueprint(mail_manage.bp)
    app.cli.add_command(mail_cli.cli)
    app.register_blueprint(accounts_manage.bp)
    app.cli.add_command(accounts_cli.cli)
    app.register_blueprint(speakers_manage.bp)  # the pages of speakers/manage.py are on it too
    app.register_blueprint(ranks_manage.bp)
    app.register_blueprint(agenda_manage.bp)
    app.register_blueprint(interpretation.bp)  # crew, rota and briefings are all on it
    app.register_blueprint(briefings.bp)
    app.register_blueprint(workbench.bp)  # the grid's pages are on it too
    app.register_blueprint(proposals.bp)
    app.register_blueprint(registrations.bp)
    app.register_blueprint(registrations_manage.bp)
    app.cli.add_command(registrations_cli.cli)
    app.register_blueprint(publishing_changes.bp)  # the pages of publishing/views.py and the feeds are on it too
    app.register_blueprint(publishing_manage.bp)
    app.register_blueprint(speaking.bp)
    app.register_blueprint(site_machines.bp)  # the pages of site/views.py are on it too
    site_context.init(app)
    app.cli.add_command(site_cli.cli)
    app.register_blueprint(exports.bp)
    app.register_blueprint(exports_manage.bp)
    app.cli.add_command(seed_cli.cli)
    app.cli.add_command(seed_cli.sample)
    app.cli.add_command(seed_cli.prepare)
    app.register_blueprint(site_manage.bp)


def _configure(app: Flask, config: Config) -> None:
    https = config.base_url.startswith("https:")
    app.config.update(
        LUNTAN=config,
        ENV_NAME=config.env,
        BASE_URL=config.base_url,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(config.database_url),
        TRANSLATIONS=str(Path(__file__).parent / "translations"),
        TRUSTED_HOSTS=sorted({host.rsplit(":", 1)[0] for host in _hosts(config)}),
        MAX_CONTENT_LENGTH=6 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=1000,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        SESSION_COOKIE_NAME="__Host-luntan" if https else "luntan",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PROPAGATE=config.env == "testing" and "errors" in config.unsafe,
    )


def _engine_options(url: str) -> dict[str, object]:
    if url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"timeout": 15}}
    return {
        "hide_parameters": True,  # they would stand in logged errors
        "pool_pre_ping": True,
        "pool_size": 8,
        "max_overflow": 8,
        "connect_args": {"connect_timeout": 3},
    }


def _hosts(config: Config) -> frozenset[str]:
    """Whom we answer as: BASE_URL's host, with and without its port; in development any loopback name too."""
    netloc = config.base_url.split("://", 1)[1].split("/")[0].lower()
    hosts = {netloc, netloc.rsplit(":", 1)[0]}
    if not config.production:
        for name in ("127.0.0.1", "localhost"):
            hosts |= {name, f"{name}:{config.port}"}
    return frozenset(hosts)


def _log() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
