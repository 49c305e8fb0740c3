"""Memory of each worker after 1,000 requests all over the public pages."""

from collections.abc import Sequence
from itertools import cycle, islice

from bench import load
from bench.figures import Figure
from bench.house import SLUG, House, house, pss, workers_of
from bench.reading import AGENDA, FEED

REQUESTS = 1000


def memory() -> Sequence[Figure]:
    with house() as found:
        exchanges = load.run(found.port, lambda client: _walk(found, client))
        assert {exchange.status for exchange in exchanges} == {200}
        most = max(pss(pid) for pid in workers_of(found))
    return [Figure(f"memory (PSS) a worker after {REQUESTS:,} requests", f"{most:.0f} MB", "≤ 120 MB", most <= 120)]


def _walk(found: House, client: int) -> load.Conversation:
    edition = f"editions/{SLUG}"
    pages = ["", edition, f"{edition}/agenda", f"{edition}/speakers", f"{edition}/register", "people", "organisations",
             "calendar", "search?q=auto", "search?q=电池"]  # fmt: skip
    paths = [f"/{language}/{page}" for page in pages for language in ("en", "de", "zh")] + [AGENDA, FEED]
    for path in islice(cycle(paths), client, client + REQUESTS // 8):
        yield "", load.get(found.port, "".join(c if c.isascii() else "%E7%94%B5" for c in path))
