"""Organisers at the grid over real connections, all at the same moment."""

import http.client
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask

from app.database import DbSession
from app.values.actor import Role
from app.web.transaction import transaction
from tests.factories.accounts import make_account, sign_in

AGENDA = "/organise/editions/2027-haikou/agenda"


@dataclass(frozen=True)
class Planner:
    """A signed-in browser, as far as a server can tell."""

    name: str
    headers: Mapping[str, str]

    def post(self, connection: http.client.HTTPConnection, address: str, form: Mapping[str, Any]) -> "Told":
        connection.request("POST", f"{AGENDA}/{address}", urlencode(form), dict(self.headers))
        answer = connection.getresponse()
        body = answer.read()
        is_json = (answer.getheader("Content-Type") or "").startswith("application/json")
        return Told(answer.status, json.loads(body) if is_json else {})


@dataclass(frozen=True)
class Told:
    status: int
    body: dict[str, Any]


Wish = tuple[Planner, str, Mapping[str, Any]]
"""Who sends what to which address below the agenda."""


def planners(app: Flask, edition_id: int, count: int) -> list[Planner]:
    with app.app_context(), transaction() as db:
        accounts = [_account(db, edition_id, n) for n in range(count)]
    return [_planner(app, name, account) for name, account in accounts]


def _account(db: DbSession, edition_id: int, n: int) -> tuple[str, int]:
    name = f"Planner {n}"
    return name, make_account(db, f"p{n}@forum.test", Role.ORGANISER, edition_id=edition_id, name=name).id


def _planner(app: Flask, name: str, account: int) -> Planner:
    client = sign_in(app.test_client(), account)
    cookie = client.get_cookie("luntan")
    assert cookie is not None
    headers = {
        "Cookie": f"luntan={cookie.value}",
        "X-CSRFToken": str(client.environ_base["HTTP_X_CSRFTOKEN"]),
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return Planner(name, headers)


def at_once(address: str, wishes: Sequence[Wish]) -> list[Told]:
    """All of them sent in the same moment, each over a connection of its own; the answers in their order."""
    start = Barrier(len(wishes))

    def one(wish: Wish) -> Told:
        planner, where, form = wish
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
        connection.connect()
        start.wait()
        try:
            return planner.post(connection, where, form)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(wishes)) as threads:
        return list(threads.map(one, wishes))
