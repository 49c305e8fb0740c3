"""The organisers' list with 50,000 registrations: pages, searches, filters, and how many queries they take; the export."""

import dataclasses
import re
import time
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection

from flask import Flask
from sqlalchemy import event, insert, select, update

from app import create_app
from app.extensions import database
from app.people.rules import Name, findable, sort_keys
from app.registrations.models import Category, Registration
from app.seed import sample_plan
from app.seed.sample_words import words
from app.web.transaction import transaction
from bench.figures import Figure, percentile
from bench.house import SLUG, House, databases, house, pss, signed_in, workers_of
from config import from_environment

MANY, FEW, BATCH = 50_000, 500, 5_000
LIST = f"/organise/editions/{SLUG}/registrations"
SEATS, FEW_SEATS = 40_000, 400


def long_list() -> Sequence[Figure]:
    return [figure for kind in databases() for figure in _measured(kind)]


def _measured(kind: str) -> Iterator[Figure]:
    with house(kind, sample=("--registrations", str(FEW), "--seats", str(FEW_SEATS))) as found:
        cookie = signed_in(found)
        app = create_app(
            dataclasses.replace(
                from_environment(),
                database_url=found.server.environment["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:"),
                secret_key=found.server.environment["SECRET_KEY"],
                base_url=found.server.address,
            )
        )
        addresses = _addresses(found, cookie)
        before = [_queries(app, found, cookie, address) for address in addresses]
        with app.app_context():
            _fill()
        after = [_queries(app, found, cookie, address) for address in addresses]
        times = [_timed(found, cookie, address)[0] for _ in range(10) for address in addresses]
        slow = percentile(times, 0.95)
        name = f"organisers’ list, {MANY:,} registrations, {kind}"
        yield Figure(f"{name}: p95", f"{slow * 1000:.0f} ms", "≤ 300 ms", slow <= 0.3)
        yield Figure(
            f"{name}: queries", f"{max(after)} (with {FEW}: {max(before)})", "do not grow", max(after) <= max(before)
        )
        yield from _export(found, cookie, kind)


def _addresses(found: House, cookie: str) -> list[str]:
    """The list itself, searched and filtered; and as its own page links it: sorted, and further on."""
    page = _timed(found, cookie, LIST)[1].decode()
    linked = re.findall(r'href="([^"]*registrations\?[^"]+)"', page)
    sorted_ = [address.replace("&amp;", "&") for address in linked if "sort" in address][:2]
    return [LIST, f"{LIST}?q=großmann", f"{LIST}?q=单", f"{LIST}?q=zzzz", *sorted_, f"{LIST}?state=waiting"]


def _fill() -> None:
    """The other tens of thousands, straight into the table: registering them is another benchmark."""
    people, waiting = sample_plan.people(words(), sample_plan.Random("many")), FEW - FEW_SEATS
    with transaction() as db:
        first = db.execute(select(Registration.__table__).limit(1)).mappings().one()
        category = db.get_one(Category, first["category_id"])
        for start in range(FEW, MANY, BATCH):
            rows = [_row(dict(first), next(people), n) for n in range(start, min(start + BATCH, MANY))]
            db.execute(insert(Registration.__table__), rows)
        db.execute(
            update(Category).where(Category.id == category.id)
            .values(capacity=SEATS, taken=SEATS - waiting, queue=MANY - SEATS + waiting, last_position=MANY)
        )  # fmt: skip


def _row(like: dict[str, object], somebody: sample_plan.Somebody, n: int) -> dict[str, object]:
    like.pop("id", None)
    name, email = somebody.name, f"many{n}@example.org"
    return like | {
        "uid": f"{n:08x}-0000-4000-8000-000000000000", "token_hash": f"{n:064d}", "submission": None,
        "name": name.written, "second_name": name.second, "email": email, "country": somebody.country,
        "seat": "confirmed" if n < SEATS else "waiting", "position": n + 1,
        "sort_name": sort_keys(Name(name.written, second=name.second))[0],
        "findable": findable(name.written, name.second, str(like["organisation"]), email),
    }  # fmt: skip


def _timed(found: House, cookie: str, address: str) -> tuple[float, bytes]:
    connection = HTTPConnection("127.0.0.1", found.port, timeout=60)
    began = time.perf_counter()
    connection.request("GET", _ascii(address), headers={"Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read()
    took = time.perf_counter() - began
    connection.close()
    assert answer.status == 200, f"{address} was answered with {answer.status}"
    return took, body


def _ascii(address: str) -> str:
    return "".join(c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode()) for c in address)


def _queries(app: Flask, found: House, cookie: str, address: str) -> int:
    """In this process, as nobody else's are counted."""
    counted: list[str] = []
    with app.app_context():
        engine = database.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        headers = {"Cookie": cookie, "Host": f"127.0.0.1:{found.port}"}
        answer = app.test_client(use_cookies=False).get(_ascii(address), headers=headers)
        assert answer.status_code == 200, answer.status_code
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(counted)


def _export(found: House, cookie: str, kind: str) -> Iterator[Figure]:
    took, body = _timed(found, cookie, f"{LIST}/export.csv")
    lines = body.count(b"\n")
    memory = max(pss(pid) for pid in workers_of(found))
    yield Figure(
        f"export of {lines - 1:,} registrations, {kind}", f"{took:.1f} s, {memory:.0f} MB", "≤ 10 s, ≤ 300 MB",
        took <= 10 and memory <= 300 and lines > MANY,
    )  # fmt: skip
