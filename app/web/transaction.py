from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress

from flask import Flask, Response, after_this_request, current_app, g

from app.database import DbSession, House
from app.extensions import database
from app.web.turnstile import turnstile


@contextmanager
def transaction() -> Iterator[DbSession]:
    """All of it or none of it: the only place in the application that commits.

    Never nested. Reads made before it are given up first, since a reading transaction cannot
    become a writing one in SQLite; so read again inside what you are about to change. Keep what
    is slow (hashing, rendering) outside.
    """
    db = database.session()
    db.rollback()
    config = current_app.config["LUNTAN"]
    locked = "seat-lock" not in config.unsafe
    checked = "placement-check" not in config.unsafe
    db.info["house"] = House(config.base_url, config.uid_domain, config.secret_key, locked, checked)
    with turnstile(db.get_bind()) if locked else nullcontext():
        db.connection(execution_options={"sqlite_begin": "IMMEDIATE" if locked else "DEFERRED"})
        try:
            yield db
            db.commit()
        except BaseException:
            db.rollback()
            raise


class NotAnswered(Exception):
    """The request did not end well: what its spanning transaction wrote is undone."""


def transaction_until_answered() -> DbSession:
    """A transaction around the rest of the request: committed before a good answer leaves, undone otherwise.

    For Flask-Security's views, which find, write and "commit" in their own order. Begin it late, when
    passwords are checked: on SQLite everybody else's writes wait for it.
    """
    g.until_answered = ExitStack()
    db: DbSession = g.until_answered.enter_context(transaction())

    @after_this_request
    def _end(response: Response) -> Response:
        end_transaction(NotAnswered() if response.status_code >= 400 else None)
        return response

    return db


def end_transaction(reason: BaseException | None = None) -> None:
    """Commit the one that spans this request, or undo it for this reason. Nothing where there is none."""
    spanning: ExitStack | None = g.pop("until_answered", None)
    if spanning is None:
        return
    if reason is None:
        spanning.close()
    else:
        with suppress(NotAnswered):
            spanning.__exit__(type(reason), reason, None)


def init(app: Flask) -> None:
    """Whatever becomes of a request, it leaves no transaction open."""

    @app.teardown_request
    def _undo(_error: BaseException | None) -> None:
        end_transaction(NotAnswered())
