"""Many people registering at once over real connections, and whether it was fair. No library in the way."""

import http.client
import json
import re
import threading
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

PLACE = re.compile(r"on the waiting list, place (\d+)")
FORM = "/en/editions/2027-haikou/register"


@dataclass(frozen=True)
class Told:
    """What somebody was told, and when. Status 0: the connection broke, so nothing was acknowledged."""

    email: str
    submission: str
    status: int
    sent: float
    answered: float
    place: int | None = None
    """0 for a seat."""


def person(number: int) -> dict[str, str]:
    return {
        "name": f"Person {number} 张喆堃",
        "email": f"person{number}@crowd.example",
        "organisation": "Coral Bay University",
        "role": "Researcher",
        "country": "CN",
        "language": "zh",
        "consent": "y",
        "submission": str(uuid4()),
    }


def register(connection: http.client.HTTPConnection, form: dict[str, str]) -> Told:
    """Post, and read what was answered: from the address of the page that follows, one in ten from the page itself."""
    sent = time.monotonic()
    try:
        connection.request(
            "POST",
            FORM,
            urlencode(form),
            {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"},
        )
        answer = connection.getresponse()
        answer.read()
        answered = time.monotonic()
        location = answer.getheader("Location") or ""
    except (OSError, http.client.HTTPException):
        connection.close()
        return Told(form["email"], form["submission"], 0, sent, time.monotonic())
    place = said(location) if answer.status == 303 else None
    if place is not None and hash(form["submission"]) % 10 == 0:
        assert read_receipt(connection, location) in (place, None)
    return Told(form["email"], form["submission"], answer.status, sent, answered, place)


def said(location: str) -> int:
    """What the signed address holds, of which the page is made: 0 for confirmed, else the place."""
    payload = location.rsplit("/", 1)[1].split(".")[0]
    _edition, _seat, place = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return place or 0


def read_receipt(connection: http.client.HTTPConnection, location: str) -> int | None:
    """What the page says: 0 for confirmed, else the place; None where it could not be read."""
    try:
        connection.request("GET", urlsplit(location).path)
        page = connection.getresponse().read().decode()
    except (OSError, http.client.HTTPException):
        connection.close()
        return None
    found = PLACE.search(page)
    assert ("confirmed" in page) is (found is None), page
    return int(found[1]) if found else 0


def crowd(
    address: str, people: Iterable[dict[str, str]], *, clients: int, stop: Callable[[], bool] = lambda: False
) -> list[Told]:
    """Everyone registers once, over so many keep-alive connections."""
    forms: SimpleQueue[dict[str, str]] = SimpleQueue()
    for form in people:
        forms.put(form)
    told: list[Told] = []
    host = urlsplit(address).netloc

    def client() -> None:
        connection = http.client.HTTPConnection(host, timeout=30)
        while not stop():
            try:
                form = forms.get_nowait()
            except Empty:
                break
            told.append(register(connection, form))
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def overtakers(told: Sequence[Told]) -> list[Told]:
    """Those who stand before somebody that was answered before they had even sent theirs."""
    done = sorted((one for one in told if one.place is not None), key=lambda one: one.answered)
    ahead, last, wrong = 0, 0, []
    for one in sorted(done, key=lambda one: one.sent):
        while done[ahead].answered < one.sent:
            last = max(last, done[ahead].place or 0)
            ahead += 1
        if last and (one.place or 0) <= last:
            wrong.append(one)
    return wrong


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]
