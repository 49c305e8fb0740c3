"""One registration: the form by GET, then the POST, each time somebody new; beside two bare views.

The floor's POST writes the rows that one of ours writes (taken from a real one), in one durable transaction.
"""

import pickle
import re
import sqlite3
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from psycopg.types.json import Jsonb

from bench import load
from bench.figures import Figure, percentile
from bench.floor import Page, Row
from bench.house import SLUG, databases, fetched, floor, furnish, opened, rooms
from bench.reading import prepared
from tests.servers import environment

ROUNDS, SECONDS = 4, 3.0
FORM = f"/en/editions/{SLUG}/register"
HIDDEN = re.compile(rb'name="(submission|consent_version)"[^>]*value="([^"]*)"')
FRESH = frozenset({"uid", "token_hash", "submission", "email", "recipient", "position", "message_id"})
MANY = ("--registrations", "1", "--seats", "100000")


def register() -> Sequence[Figure]:
    return [figure for kind in databases() for figure in _register(kind)]


def _register(kind: str) -> Sequence[Figure]:
    with (
        rooms(kind, names=("house", "floor")) as (folder, (url, floor_url)),
        opened(folder, url, kind, sample=MANY) as ours,
    ):
        furnish(environment(folder / "instance", floor_url, 1, LUNTAN_ENV="production"), *MANY)
        where = prepared(folder, [_form(ours.port)])
        (where / "rows.pickle").write_bytes(pickle.dumps(_rows(ours.port, url)))
        with floor(folder, where, url=floor_url) as bare:
            done = _alternating(bare, ours.port)
    rates = {port: len(people(exchanges)) / (ROUNDS * SECONDS) for port, exchanges in done.items()}
    slowest = percentile([exchange.seconds for exchange in done[ours.port]], 0.99)
    ratio = rates[ours.port] / rates[bare]
    return [
        Figure(
            f"one registration, 8 clients, {kind}", f"{rates[ours.port]:,.0f} people/s", "≥ 50% of the floor",
            ratio >= 0.5, f"{rates[bare]:,.0f}/s", ratio,
        ),
        Figure(f"one registration, p99, {kind}", f"{slowest * 1000:.0f} ms", "≤ 150 ms", slowest <= 0.150),
    ]  # fmt: skip


def _alternating(bare: int, ours: int) -> dict[int, list[load.Exchange]]:
    done: dict[int, list[load.Exchange]] = {bare: [], ours: []}
    for turn in range(ROUNDS):
        for port, to in ((bare, "/post"), (ours, FORM)):
            done[port] += load.run(
                port, lambda n, port=port, to=to, turn=turn: somebody_new(port, f"r{turn}c{n}", to=to), seconds=SECONDS
            )
    for exchanges in done.values():
        assert {exchange.status for exchange in exchanges} <= {200, 303}, {e.status for e in exchanges}
    return done


def people(exchanges: Sequence[load.Exchange]) -> list[load.Exchange]:
    """The POSTs that were answered well: one for each registration."""
    return [exchange for exchange in exchanges if exchange.tag and exchange.status == 303]


def somebody_new(port: int, prefix: str, *, to: str = FORM) -> load.Conversation:
    """Without end: read the form, send it."""
    for number in count():
        yield from one_person(port, f"{prefix}n{number}@example.org", to=to)


def one_person(port: int, email: str, *, to: str = FORM) -> load.Conversation:
    answer = yield (
        "",
        load.get(port, FORM, headers="Accept-Encoding: identity\r\n").replace(b"Accept-Encoding: gzip\r\n", b""),
    )
    yield email, load.post(port, to, filled(answer.body, email))


def filled(form: bytes, email: str) -> bytes:
    hidden = {name.decode(): value.decode() for name, value in HIDDEN.findall(form)}
    typed = {
        "name": "Käthe Großmann", "email": email, "organisation": "Hochschule Mittelfels", "role": "Professorin",
        "country": "DE", "language": "de", "second_name": "", "remarks": "", "consent": "y",
    }  # fmt: skip
    return urlencode({**hidden, **typed}).encode()


def _form(port: int) -> Page:
    status, headers, body = fetched(port, FORM, {"Accept-Encoding": "identity"})
    assert status == 200, status
    return Page(FORM, [h for h in headers if h[0].lower() not in ("server", "date", "content-length")], body, "")


def _rows(port: int, url: str) -> list[Row]:
    """Register once, and see what it wrote."""
    before = _last_ids(url)
    done = load.run(port, lambda _n: one_person(port, "first@example.org"), connections=1, processes=1)
    assert done[-1].status == 303, done[-1].status
    return [Row(table, values, FRESH & set(values)) for table, values in _written_since(url, before)]


TABLES = ("registration", "outgoing_mail", "audit_entry")


def _last_ids(url: str) -> dict[str, int]:
    with _connected(url) as db:
        return {table: db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0] for table in TABLES}


def _written_since(url: str, before: dict[str, int]) -> list[tuple[str, dict[str, Any]]]:
    found = []
    with _connected(url) as db:
        for table in TABLES:
            cursor = db.execute(f"SELECT * FROM {table} WHERE id > {before[table]}")
            names = [column[0] for column in cursor.description]
            for values in cursor.fetchall():
                row = dict(zip(names, values, strict=True))
                row.pop("id")
                found.append((table, {k: Jsonb(v) if isinstance(v, dict | list) else v for k, v in row.items()}))
    return found


def _connected(url: str) -> Any:
    return sqlite3.connect(Path(url.removeprefix("sqlite:///"))) if url.startswith("sqlite") else psycopg.connect(url)
