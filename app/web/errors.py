"""Exceptions become pages, in the reader's language and in the hand of the rest."""

import structlog
from flask import Flask, Response, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

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


def init(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None or (error.code or 500) < 400:
            return error  # type: ignore[return-value]
        answer = app.make_response(page(error.code or 500))
        for name, value in error.get_headers(request.environ):
            if name not in ("Content-Type", "Content-Length"):
                answer.headers[name] = value
        return answer

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> ResponseReturnValue:
        return page(400)

    @app.errorhandler(NotFound)
    def _not_found(_error: NotFound) -> ResponseReturnValue:
        return page(404)

    @app.errorhandler(Conflict)
    def _conflict(error: Conflict) -> ResponseReturnValue:
        return page(409, sentence(error))

    @app.errorhandler(DBAPIError)
    def _database(error: DBAPIError) -> ResponseReturnValue:
        database.session.remove()
        if isinstance(error, OperationalError) or error.connection_invalidated:
            log.warning("database unavailable", kind=type(error.orig).__name__)
            full = "full" in str(error.orig)
            answer: Response = app.make_response(page(507 if full else 503))
            answer.headers["Retry-After"] = "5"
            return answer
        raise error

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> ResponseReturnValue:
        log.error("unexpected", kind=type(error).__name__, exc_info=error)
        if app.config["PROPAGATE"]:
            raise error
        database.session.remove()
        return page(500)
