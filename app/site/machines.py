"""What machines ask of the site: is it alive, may it be sent readers, what is there to index."""

from datetime import datetime
from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Response, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from app.editions import queries as editions
from app.extensions import database
from app.publishing import queries as publishing
from app.site import queries
from app.site.outlook import worker_late_since
from app.site.views import bp
from app.values.language import Language
from app.web.access import machine, public
from app.web.addresses import absolute
from app.web.clock import now
from app.web.published import as_of

__all__ = ["bp", "schema_matches"]


@bp.get("/healthz")
@machine
def healthz() -> ResponseReturnValue:
    """Requests are served; nothing else is asked."""
    return _said("ok\n")


@bp.get("/readyz")
@machine
def readyz() -> ResponseReturnValue:
    """503 while the database is away, its schema is another, or the worker is more than two minutes late."""
    try:
        schema, late = schema_matches(), _late()
    except SQLAlchemyError:
        return _ready(database=False, schema=False, worker=False)
    return _ready(database=True, schema=schema, worker=late is None)


def _ready(**answers: bool) -> ResponseReturnValue:
    response = jsonify(answers)
    response.headers["Cache-Control"] = "no-store"
    return response, 200 if all(answers.values()) else 503


def _late() -> datetime | None:
    return worker_late_since(database.session(), now())


def schema_matches() -> bool:
    context = MigrationContext.configure(database.session().connection())
    return context.get_current_revision() == _head(current_app.extensions["migrate"].directory)


@cache
def _head(folder: str) -> str | None:
    return ScriptDirectory(folder).get_current_head()


def _said(text: str, mimetype: str = "text/plain") -> Response:
    response = Response(text, mimetype=mimetype)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/robots.txt")
@public()
def robots() -> ResponseReturnValue:
    lines = ["User-agent: *", "Allow: /", "Disallow: /organise/", f"Sitemap: {absolute('site.sitemap')}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@bp.get("/sitemap.xml")
@public()
def sitemap() -> ResponseReturnValue:
    """Every public page that has a reader's interest, in each language, with its other languages beside it."""
    pages = [{str(lang.tag): absolute(name, lang=lang, **values) for lang in Language} for name, values in _pages()]
    return Response(render_template("site/sitemap.xml", pages=pages), mimetype="application/xml")


def _pages() -> list[tuple[str, dict[str, str]]]:
    db = database.session()
    found: list[tuple[str, dict[str, str]]] = [
        (f"site.{name}", {}) for name in ("series", "people", "organisations", "imprint", "privacy", "contact")
    ]
    found.append(("publishing.series_calendar", {}))
    for edition in editions.public_editions(db):
        found.append(("site.edition", {"edition": edition.slug}))
        record = queries.record_of(db, edition)
        if record.content and not queries.is_past(edition, as_of()):
            found.append(("publishing.agenda", {"edition": edition.slug}))
            found.append(("publishing.speakers", {"edition": edition.slug}))
            found.append(("publishing.changes", {"edition": edition.slug}))
        found += [
            ("publishing.session", {"edition": edition.slug, "session": session.slug}) for session in record.sessions
        ]
    found += [("site.person", {"person": one.person.slug}) for one in queries.everybody(db, Language.EN)]
    public_organisations = publishing.organisations_by_id(db, publishing.public_organisation_ids(db)).values()
    found += [
        ("site.organisation", {"organisation": o.slug}) for o in sorted(public_organisations, key=lambda o: o.slug)
    ]
    return found
