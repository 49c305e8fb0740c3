"""Public pages and feeds from the process's own memory.

A public answer is the same for everyone, so it is rendered once per stamp (see `app/freshness.py`) and kept.
A request for a kept answer never reaches Flask: this WSGI layer checks the stamp, at most once a second, and
answers, conditional requests and compressed forms included. Whatever it does not know goes on to Flask, whose
answer to a public GET is kept on its way out.
"""

import gzip
import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request
from sqlalchemy import Connection, select
from werkzeug.http import http_date, parse_accept_header, parse_date

from app.database import DbSession
from app.extensions import database
from app.freshness import PublicStamp
from app.web.access import Who, audience_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SHELF_BYTES = 64 * 1024 * 1024
WORTH_COMPRESSING = 1024
ETAGS = re.compile(r'(?:W/)?("[^"]*")')


@dataclass(frozen=True, slots=True)
class Stamp:
    number: int
    as_of: datetime


NEVER = Stamp(0, datetime(2020, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Form:
    """One encoding of an answer."""

    etag: str
    body: bytes
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    stamp: int
    last_modified: datetime
    plain: Form
    zipped: Form | None

    @property
    def size(self) -> int:
        return len(self.plain.body) + (len(self.zipped.body) if self.zipped else 0) + 2048


class Shelf:
    """What this process keeps: the answers of one stamp, least recently used first to go."""

    def __init__(self, read_stamp: Callable[[], Stamp]) -> None:
        self._read_stamp = read_stamp
        self._stamp = NEVER
        self._asked = float("-inf")
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def current(self) -> Stamp:
        """The stamp, at most a second old."""
        if time.monotonic() - self._asked >= 1.0:
            asked = time.monotonic()
            self.saw(self._read_stamp())
            self._asked = asked
        return self._stamp

    def saw(self, stamp: Stamp, *, late: bool = False) -> None:
        """Another stamp makes everything kept so far old; but not one of a request that took its time."""
        with self._lock:
            if late and stamp.number < self._stamp.number:
                return
            if stamp.number != self._stamp.number:
                self._kept.clear()
                self._size = 0
            self._stamp = stamp

    def forget(self) -> None:
        """Everything, the stamp too: for tests, which change the database under a running process."""
        with self._lock:
            self._kept.clear()
            self._size, self._stamp, self._asked = 0, NEVER, float("-inf")

    def get(self, key: str) -> Kept | None:
        stamp = self.current().number
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.stamp != stamp:
                return None
            self._kept.move_to_end(key)
            return kept

    def put(self, key: str, kept: Kept) -> None:
        with self._lock:
            if kept.stamp != self._stamp.number or kept.size > SHELF_BYTES // 4:
                return
            if old := self._kept.pop(key, None):
                self._size -= old.size
            self._kept[key] = kept
            self._size += kept.size
            while self._size > SHELF_BYTES:
                _, gone = self._kept.popitem(last=False)
                self._size -= gone.size


def read_stamp(db: DbSession | Connection) -> Stamp:
    row = db.execute(select(PublicStamp.number, PublicStamp.as_of)).one_or_none()
    return Stamp(row.number, row.as_of) if row else NEVER


def as_of() -> datetime:
    """The instant a public page is rendered for: when its content last changed, not when it is read."""
    stamp: Stamp = g.stamp
    return stamp.as_of


class FromShelf:
    """WSGI: answers what is kept, hands the rest to Flask."""

    def __init__(self, inner: "WSGIApplication", shelf: Shelf, hosts: frozenset[str]) -> None:
        self.inner, self.shelf, self.hosts = inner, shelf, hosts

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in ("GET", "HEAD") and environ.get("HTTP_HOST", "").lower() in self.hosts:
            try:
                kept = self.shelf.get(_key(environ["PATH_INFO"], environ.get("QUERY_STRING", "")))
            except Exception:  # the database is away: Flask's own error handling says so
                kept = None
            if kept is not None:
                status, headers, body = answer(kept, environ)
                start_response(status, headers)
                return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
        return self.inner(environ, start_response)


def _key(path: str, query: str) -> str:
    return f"{path}?{query}"


def answer(kept: Kept, environ: "WSGIEnvironment") -> tuple[str, list[tuple[str, str]], bytes]:
    """200 or 304 with the encoding this client takes. If-None-Match goes before If-Modified-Since (RFC 9110)."""
    form = kept.zipped if kept.zipped and takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else kept.plain
    if _has_it(kept, form, environ):
        return "304 NOT MODIFIED", [h for h in form.headers if h[0] not in NOT_IN_304], b""
    return "200 OK", list(form.headers), form.body


@lru_cache(256)
def takes_gzip(accepted: str) -> bool:
    """Only where it is named or `*` is, and not refused by `q=0`; a name goes before `*` (RFC 9110, 12.5.3)."""
    wishes = parse_accept_header(accepted)
    named = [quality for name, quality in wishes if name.lower() in ("gzip", "x-gzip")]
    return max(named or [quality for name, quality in wishes if name == "*"], default=0) > 0


NOT_IN_304 = ("Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition")


def _has_it(kept: Kept, form: Form, environ: "WSGIEnvironment") -> bool:
    if (wanted := environ.get("HTTP_IF_NONE_MATCH")) is not None:
        return wanted.strip() == "*" or form.etag in ETAGS.findall(wanted)
    since = parse_date(environ.get("HTTP_IF_MODIFIED_SINCE"))
    return since is not None and kept.last_modified.replace(microsecond=0) <= since


def make_kept(stamp: Stamp, response: Response) -> Kept:
    """Freeze a rendered answer: its ETags, its compressed form, its headers."""
    body = response.get_data()
    modified = response.last_modified or stamp.as_of
    digest = hashlib.sha256(body).hexdigest()[:32]
    base = [
        h for h in response.headers if h[0] not in ("Content-Length", "ETag", "Last-Modified", "Vary", "Set-Cookie")
    ]
    base += [("Last-Modified", http_date(modified)), ("Vary", "Accept-Encoding")]

    def form(etag: str, content: bytes, *more: tuple[str, str]) -> Form:
        return Form(etag, content, (*base, *more, ("ETag", etag), ("Content-Length", str(len(content)))))

    zipped = None
    if len(body) > WORTH_COMPRESSING:
        zipped = form(f'"{digest}-gz"', gzip.compress(body, 6, mtime=0), ("Content-Encoding", "gzip"))
    return Kept(stamp.number, modified, form(f'"{digest}"', body), zipped)


def _may_be_kept(response: Response) -> bool:
    return request.method in ("GET", "HEAD") and response.status_code == 200 and not response.direct_passthrough


def init(app: Flask, hosts: frozenset[str]) -> Shelf:
    """Install the layer around the app, and keep its public answers."""

    def ask() -> Stamp:
        with app.app_context(), database.engine.connect() as connection:
            return read_stamp(connection)

    shelf = Shelf(ask)

    @app.before_request
    def _one_snapshot() -> None:
        """A public page reads one state of the database, wholly old or wholly new."""
        audience = audience_of(app, request.endpoint) if request.endpoint else None
        if audience and audience.who is Who.PUBLIC:
            db = database.session()
            if db.get_bind().dialect.name == "postgresql":
                db.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            g.stamp = read_stamp(db)

    @app.after_request
    def _keep(response: Response) -> Response:
        stamp: Stamp | None = g.get("stamp")
        if stamp is None or not _may_be_kept(response):
            return response
        audience = audience_of(app, request.endpoint or "")
        response.headers.setdefault("Cache-Control", "public, no-cache")
        kept = make_kept(stamp, response)
        if audience and set(request.args) <= audience.arguments:
            shelf.saw(stamp, late=True)
            shelf.put(_key(request.environ["PATH_INFO"], request.environ.get("QUERY_STRING", "")), kept)
        status, headers, body = answer(kept, request.environ)
        fresh = Response(body, status=status)
        fresh.headers.clear()
        for name, value in headers:
            fresh.headers.add(name, value)
        fresh.automatically_set_content_length = False
        return fresh

    app.extensions["shelf"] = shelf
    app.wsgi_app = FromShelf(app.wsgi_app, shelf, hosts)  # type: ignore[method-assign]
    return shelf
