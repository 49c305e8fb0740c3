"""Exceptions become pages, in the reader's language and in the hand of the rest."""

import structlog
from flask import Flask, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from app.errors import Conflict, NotFound
from app.extensions import database
from app.web.messages import sentence

log = structlog.get_logger()
PAGES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503, 507)


def page(status: int, detail: str = "") -> ResponseReturnValue:
    """An error page. From 500 up it must not need the database: that may be what is broken (see `app/site/context.py`)."""
    g.broken = status >= 500
    shown = status if status in PAGES else (500 if status >= 500 else 400)
    return render_template("errors/page.html", status=shown, detail=detail), status


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or (error.code or 500) < 400:
        return error
    if isinstance(error, SecurityError):  # a host that is not ours: no address can be built for it, so no page
        return Response("This host is not served here.\n", 400, mimetype="text/plain")
    answer = current_app.make_response(page(error.code or 500))
    for name, value in error.get_headers(request.environ):
        if name not in ("Content-Type", "Content-Length"):
            answer.headers[name] = value
    return answer


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    return page(400)


def _not_found(_error: NotFound) -> ResponseReturnValue:
    return page(404)


def _conflict(error: Conflict) -> ResponseReturnValue:
    return page(409, sentence(error))


def _database(error: DBAPIError) -> ResponseReturnValue:
    """503 while the database is away, 507 where its disk is full; anything else is a fault of ours.

    400 for a value no column can hold (a NUL in an address): what comes from forms is normalised before.
    """
    database.session.remove()
    if isinstance(error, DataError):
        log.warning("value refused by the database", kind=type(error.orig).__name__)
        return page(400)
    if not (isinstance(error, OperationalError) or error.connection_invalidated):
        return _unexpected(error)
    log.warning("database unavailable", kind=type(error.orig).__name__)
    answer = current_app.make_response(page(507 if "full" in str(error.orig) else 503))
    answer.headers["Retry-After"] = "5"
    return answer


def _unexpected(error: Exception) -> ResponseReturnValue:
    if current_app.config["PROPAGATE"]:
        raise error
    log.error("unexpected", kind=type(error).__name__, exc_info=error)
    database.session.remove()
    return page(500)


def init(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _unexpected)
