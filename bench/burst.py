"""2,000 people at once, 64 clients, 100 seats: who gets one, who waits, in which order, and how long it takes."""

import json
from collections import Counter
from collections.abc import Sequence

from bench import load
from bench.figures import Figure, percentile
from bench.house import SLUG, databases, house
from bench.registering import one_person

PEOPLE, CLIENTS, SEATS = 2000, 64, 100


def burst() -> Sequence[Figure]:
    return [figure for kind in databases() for figure in _burst(kind)]


def _burst(kind: str) -> Sequence[Figure]:
    with house(kind, sample=("--registrations", "0", "--seats", str(SEATS))) as found:
        exchanges = load.run(found.port, lambda client: _some(found.port, client), connections=CLIENTS, processes=4)
        registered = json.loads(found.flask("registrations", "list", SLUG, "--json"))
    return _judged(kind, exchanges, registered)


def _some(port: int, client: int) -> load.Conversation:
    for number in range(client, PEOPLE, CLIENTS):
        yield from one_person(port, f"person{number}@example.org")


def _judged(kind: str, exchanges: Sequence[load.Exchange], registered: Sequence[dict[str, object]]) -> Sequence[Figure]:
    counted = Counter(str(person["status"]) for person in registered)
    posts = {exchange.tag: exchange for exchange in exchanges if exchange.tag}
    order = [str(person["email"]) for person in registered]
    overtaken, failed = overtakings(order, posts), sum(e.status >= 500 or e.status == 0 for e in exchanges)
    slow = percentile([exchange.seconds for exchange in posts.values()], 0.95)
    took = max(e.answered for e in exchanges) - min(e.sent for e in exchanges)
    exactly = counted == {"confirmed": SEATS, "waiting": PEOPLE - SEATS} and len(set(order)) == PEOPLE
    places = [person["position"] for person in registered if person["status"] == "waiting"]
    in_order = overtaken == 0 and places == list(range(1, len(places) + 1))
    return [
        Figure(
            f"burst, {kind}: confirmed / waiting", f"{counted['confirmed']} / {counted['waiting']}",
            f"exactly {SEATS} / {PEOPLE - SEATS}", exactly,
        ),
        Figure(f"burst, {kind}: overtaken", f"{overtaken}", "true order", in_order),
        Figure(f"burst, {kind}: answers of 5xx or none", f"{failed}", "none", failed == 0),
        Figure(
            f"burst, {kind}: p95 of a POST", f"{slow * 1000:.0f} ms ({PEOPLE / took:,.0f} people/s)", "≤ 1 s", slow <= 1
        ),
    ]  # fmt: skip


def overtakings(order: Sequence[str], posts: dict[str, load.Exchange]) -> int:
    """How many stand behind somebody who sent theirs only after they had been answered."""
    earliest_behind, found = float("inf"), 0
    for email in reversed(order):
        exchange = posts[email]
        found += exchange.sent > earliest_behind
        earliest_behind = min(earliest_behind, exchange.answered)
    return found
