"""Writers to one SQLite file wait in line, across threads and processes, instead of polling for the lock."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

_threads = Lock()


@contextmanager
def turnstile(bind: Engine | Connection) -> Iterator[None]:
    path = bind.engine.url.database if bind.dialect.name == "sqlite" else None
    if not path or path == ":memory:":  # PostgreSQL has row locks; a database in memory has one writer
        yield
        return
    with _threads, open(f"{path}.lock", "a") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield
