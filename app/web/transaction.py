from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app

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
    db.info["house"] = House(config.base_url, config.uid_domain)
    with turnstile(db.get_bind()):
        db.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        try:
            yield db
            db.commit()
        except BaseException:
            db.rollback()
            raise
