"""What the public reads: feed, conditional feed, agenda, speakers, series; each beside a bare view of the same bytes.

The two servers are never loaded at once; they take turns, several times in one run, and the totals are compared.
"""

import pickle
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import load
from bench.figures import Figure, percentile
from bench.floor import Page
from bench.house import SLUG, fetched, floor, opened, rooms

ROUNDS, SECONDS = 4, 2.0
FEED = f"/en/editions/{SLUG}/agenda.ics"
AGENDA = f"/en/editions/{SLUG}/agenda"


def feed() -> Sequence[Figure]:
    return _compared("agenda feed, full GET", FEED, goal=0.75)


def feed304() -> Sequence[Figure]:
    return _compared("agenda feed, conditional GET (304)", FEED, goal=0.75, conditional=True)


def agenda() -> Sequence[Figure]:
    return _compared("public agenda page", AGENDA, goal=0.60, p99=0.020)


def speakers() -> Sequence[Figure]:
    return _compared("speakers page", f"/en/editions/{SLUG}/speakers", goal=0.60)


def series() -> Sequence[Figure]:
    return _compared("series page", "/en/", goal=0.60)


def _compared(
    name: str, path: str, *, goal: float, conditional: bool = False, p99: float | None = None
) -> Sequence[Figure]:
    with rooms() as (folder, urls), opened(folder, urls[0], "sqlite") as ours:
        page = _page(ours.port, path)
        with floor(folder, prepared(folder, [page])) as bare:
            headers = f"If-None-Match: {page.etag}\r\n" if conditional else ""
            ratio, floor_rate, rate, times = alternating(
                bare, ours.port, lambda port: load.get(port, path, headers=headers), status=304 if conditional else 200
            )
    shown = [
        Figure(
            f"{name}, {len(page.body) / 1000:.0f} kB", f"{rate:,.0f}/s", f"≥ {goal:.0%} of the floor", ratio >= goal,
            f"{floor_rate:,.0f}/s", ratio,
        )
    ]  # fmt: skip
    if p99 is not None:
        slowest = percentile(times, 0.99)
        shown.append(Figure(f"{name}, p99", f"{slowest * 1000:.1f} ms", f"≤ {p99 * 1000:.0f} ms", slowest <= p99))
    return shown


def alternating(
    bare: int, ours: int, request: Callable[[int], bytes], *, status: int
) -> tuple[float, float, float, list[float]]:
    """Ratio, rate of the floor, our rate, and how long each of our answers took."""
    done: dict[int, list[load.Exchange]] = {bare: [], ours: []}
    for port in (bare, ours):
        load.run(port, lambda _n, port=port: load.again_and_again(request(port)), seconds=0.7)
    for _round in range(ROUNDS):
        for port in (bare, ours):
            done[port] += load.run(port, lambda _n, port=port: load.again_and_again(request(port)), seconds=SECONDS)
    for exchanges in done.values():
        wrong = {exchange.status for exchange in exchanges} - {status}
        assert not wrong, f"answered with {wrong}"
    rates = {port: len(exchanges) / (ROUNDS * SECONDS) for port, exchanges in done.items()}
    return rates[ours] / rates[bare], rates[bare], rates[ours], [exchange.seconds for exchange in done[ours]]


def _page(port: int, path: str) -> Page:
    """As our server answers it, headers and all but what the server itself adds."""
    status, headers, body = fetched(port, path)
    assert status == 200, f"{path} was answered with {status}"
    kept = [(name, value) for name, value in headers if name.lower() not in ("server", "date", "content-length")]
    return Page(path, kept, body, {name.lower(): value for name, value in headers}.get("etag", ""))


def prepared(folder: Path, pages: Sequence[Page]) -> Path:
    where = folder / "prepared"
    where.mkdir(exist_ok=True)
    (where / "pages.pickle").write_bytes(pickle.dumps(list(pages)))
    return where
