"""Two organisers plan 500 sessions in 12 rooms over 5 days at once: how long each gesture takes to be answered.

In the answer are the session as it stands, the findings of the whole day, the steps that can be taken back, and what
the other has changed meanwhile.
"""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from bench import load
from bench.figures import Figure, percentile
from bench.house import ORGANISER, SLUG, House, cookie_of, databases, fetched, house, signed_in

MANY = (
    "--days", "5", "--rooms", "12", "--sessions", "500", "--speakers", "600", "--registrations", "0",
)  # fmt: skip
SECOND = "second@forum.test"
AGENDA = f"/organise/editions/{SLUG}/agenda"
GESTURES, FIRST = 160, 10
"""Of each organiser; the first few find the server cold and are not counted."""
PAUSE = 0.2
"""Seconds between two gestures: no hand is faster."""
HABITS = ("place",) * 12 + ("undo", "undo", "swap", "shift", "pin", "duplicate")
"""What is undone is done again."""
TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
Slots = dict[int, dict[str, Any]]


@dataclass(frozen=True)
class Organiser:
    """Half of the rooms are theirs, so that they meet in the lock and not in the sessions."""

    number: int
    port: int
    cookie: str
    token: str

    @property
    def headers(self) -> str:
        return f"Cookie: {self.cookie}\r\nAccept: application/json\r\n"

    def planning(self) -> load.Conversation:
        """Reads the whole agenda once, then makes one gesture after the other, each on what the last one answered."""
        answer = yield (
            "",
            load.get(self.port, f"{AGENDA}/state.json?since=0", headers=self.headers).replace(
                b"Accept-Encoding: gzip\r\n", b""
            ),
        )
        told = json.loads(answer.body)
        slots, chance, deed = self._own(told["slots"]), Random(self.number), "place"
        for number in range(GESTURES):
            deed, form = _wish(slots, chance, "redo" if deed == "undo" else chance.choice(HABITS))
            key = UUID(int=chance.getrandbits(128), version=4)
            body = {**form, "key": str(key), "csrf_token": self.token, "since": told["number"]}
            address = f"{AGENDA}/{deed}" if deed in ("undo", "redo") else f"{AGENDA}/gestures"
            tag = deed if number >= FIRST else ""
            time.sleep(PAUSE)  # each organiser has a process of their own, so nobody else waits
            answer = yield tag, load.post(self.port, address, urlencode(body).encode(), headers=self.headers)
            told = {**told, **json.loads(answer.body)}
            slots |= {id_: slot for id_, slot in self._own(told.get("slots", [])).items() if id_ in slots}

    def _own(self, slots: list[dict[str, Any]]) -> Slots:
        return {slot["id"]: slot for slot in slots if slot["room"] and slot["room"] % 2 == self.number}


def _wish(slots: Slots, chance: Random, deed: str) -> tuple[str, dict[str, Any]]:
    """The form of what is done next."""
    one, other = (slots[id_] for id_ in chance.sample(sorted(slots), 2))
    form = {"deed": deed, "session": one["id"], "saw": one["saw"], "day": one["day"]}
    if deed == "place":
        return deed, form | _place(one, other, chance)
    if deed == "swap":
        return deed, form | {"other": other["id"], "saw_other": other["saw"]}
    if deed == "shift":
        return deed, form | {"on": one["day"], "start": "15:00", "by": chance.choice((-5, 5)), "room": one["room"]}
    return deed, form | {"pinned": chance.choice("01")}


def _place(one: dict[str, Any], other: dict[str, Any], chance: Random) -> dict[str, Any]:
    """Mostly a little earlier or later, or longer or shorter; now and then into another room or on another day."""
    to = other if chance.random() < 0.3 else one
    at, minutes, _room = one["saw"].split("/")
    start = datetime.fromisoformat(at) + timedelta(minutes=chance.choice((-15, -10, -5, 5, 10, 15)))
    longer = chance.choice((0, 0, 5, -5))
    return {"on": to["day"], "start": f"{start:%H:%M}", "minutes": max(int(minutes) + longer, 10), "room": to["room"]}


def gestures() -> Sequence[Figure]:
    return [figure for kind in databases() for figure in _gestures(kind)]


def _gestures(kind: str) -> Iterator[Figure]:
    with house(kind, sample=MANY) as found:
        found.flask("accounts", "create", SECOND, "--role", "administrator")
        two = [_organiser(found, n, email) for n, email in enumerate((ORGANISER, SECOND))]
        exchanges = load.run(found.port, lambda n: two[n].planning(), connections=2, processes=2)
    done = [exchange for exchange in exchanges if exchange.tag]
    answers = Counter(exchange.status for exchange in done)
    slow, usual = (percentile([exchange.seconds for exchange in done], share) for share in (0.95, 0.5))
    name = f"a gesture, 500 sessions, 12 rooms, {kind}"
    yield Figure(
        f"{name}: p95", f"{slow * 1000:.0f} ms (p50 {usual * 1000:.0f} ms)", "≤ 150 ms", slow <= 0.15
    )  # fmt: skip
    good = answers[200] / len(done)
    yield Figure(
        f"{name}: done", f"{good:.0%} of {len(done)}", "≥ 90 %, none of 5xx", good >= 0.9 and max(answers) < 500
    )


def _organiser(found: House, number: int, email: str) -> Organiser:
    """Signed in, with the grid open: its token stands in the page and in a cookie of its own."""
    cookie = signed_in(found, email)
    status, headers, page = fetched(found.port, f"{AGENDA}/grid", {"Cookie": cookie, "Accept-Encoding": "identity"})
    token = TOKEN.search(page)
    assert token is not None, f"the grid was answered with {status}"
    return Organiser(number, found.port, cookie_of(headers) or cookie, token[1].decode())
