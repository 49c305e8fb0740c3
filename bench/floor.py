"""The floor: bare Flask views that answer with the same bytes, under the same server. Nothing else of ours.

FLOOR names a folder with what they answer: `pages.pickle`, and for registering `rows.pickle`.
"""

import fcntl
import os
import pickle
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from flask import Flask, Response, request


@dataclass(frozen=True)
class Page:
    path: str
    headers: list[tuple[str, str]]
    body: bytes
    etag: str


@dataclass(frozen=True)
class Row:
    """A row as one registration writes it; `fresh` columns get new values each time."""

    table: str
    values: dict[str, Any]
    fresh: frozenset[str]


def app_of(folder: Path) -> Flask:
    bare = Flask("floor")
    for number, page in enumerate(pickle.loads((folder / "pages.pickle").read_bytes())):
        bare.add_url_rule(page.path, f"page{number}", _answering(page))
    bare.add_url_rule("/healthz", "healthz", lambda: "ok")
    rows = folder / "rows.pickle"
    if rows.exists():
        bare.add_url_rule("/post", "post", _inserting(pickle.loads(rows.read_bytes())), methods=["POST"])
    return bare


def _answering(page: Page) -> Callable[[], Response]:
    not_modified = [
        h for h in page.headers if h[0].lower() not in ("content-type", "content-length", "content-encoding")
    ]

    def view() -> Response:
        if page.etag and request.headers.get("If-None-Match") == page.etag:
            return Response(status=304, headers=not_modified)
        return Response(page.body, headers=page.headers)

    return view


def _inserting(rows: list[Row]) -> Callable[[], Response]:
    url = os.environ["DATABASE_URL"]
    insert = _sqlite(url.removeprefix("sqlite:///"), rows) if url.startswith("sqlite") else _postgresql(url, rows)

    def view() -> Response:
        insert(request.form["email"])
        return Response(status=303, headers={"Location": "/done"})

    return view


COUNT = (
    "UPDATE category SET taken = taken + 1, last_position = last_position + 1 WHERE id = {m} RETURNING last_position"
)


def _statement(row: Row, mark: str) -> str:
    names = ", ".join(f'"{name}"' for name in row.values)
    return f"INSERT INTO {row.table} ({names}) VALUES ({', '.join([mark] * len(row.values))})"


def _values(row: Row, email: str, position: int) -> list[Any]:
    own = {"email": email, "recipient": email, "position": position}
    return [own.get(name, uuid4().hex) if name in row.fresh else value for name, value in row.values.items()]


def _category(rows: list[Row]) -> int:
    return next(int(row.values["category_id"]) for row in rows if "category_id" in row.values)


def _sqlite(path: str, rows: list[Row]) -> Callable[[str], None]:
    """Writers wait in line as ours do: polling for the lock would only make the floor easier to reach."""
    own, threads = threading.local(), threading.Lock()
    statements = [(_statement(row, "?"), row) for row in rows]
    count, category = COUNT.format(m="?"), _category(rows)

    def connection() -> sqlite3.Connection:
        if not hasattr(own, "connection"):
            own.connection = sqlite3.connect(path, isolation_level=None)
            for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                own.connection.execute(f"PRAGMA {pragma}")
        found: sqlite3.Connection = own.connection
        return found

    def insert(email: str) -> None:
        db = connection()
        with threads, open(f"{path}.lock", "a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            db.execute("BEGIN IMMEDIATE")
            position = db.execute(count, (category,)).fetchone()[0]
            for statement, row in statements:
                db.execute(statement, _values(row, email, position))
            db.execute("COMMIT")

    return insert


def _postgresql(url: str, rows: list[Row]) -> Callable[[str], None]:
    own = threading.local()
    statements = [(_statement(row, "%s"), row) for row in rows]
    count, category = COUNT.format(m="%s"), _category(rows)

    def insert(email: str) -> None:
        if not hasattr(own, "connection"):
            own.connection = psycopg.connect(url)
        db: psycopg.Connection[Any] = own.connection
        with db.transaction():
            found = db.execute(count, (category,)).fetchone()  # type: ignore[call-overload]
            for statement, row in statements:
                db.execute(statement, _values(row, email, found[0]))  # type: ignore[call-overload]

    return insert


if "FLOOR" in os.environ:
    app = app_of(Path(os.environ["FLOOR"]))
