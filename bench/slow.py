"""200 slow connections: half send their request a byte at a time, half read a long page as slowly."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from bench import load
from bench.figures import Figure, percentile
from bench.house import house
from bench.reading import AGENDA
from bench.registering import somebody_new

SLOW, SECONDS = 200, 6.0


def slow() -> Sequence[Figure]:
    with house(sample=("--seats", "100000")) as found:
        alone = _p95(found.port, AGENDA)
        with dawdling(found.port):
            beside = _p95(found.port, AGENDA)
            registering = load.run(found.port, lambda n: somebody_new(found.port, f"c{n}"), seconds=SECONDS)
    assert {exchange.status for exchange in registering} <= {200, 303}
    writing = percentile([exchange.seconds for exchange in registering], 0.95)
    return [
        Figure(
            "200 slow connections: page, p95", f"{beside * 1000:.1f} ms", "≤ 1 s", beside <= 1, f"{alone * 1000:.1f} ms alone"
        ),
        Figure("200 slow connections: registering, p95", f"{writing * 1000:.0f} ms", "≤ 1 s", writing <= 1),
    ]  # fmt: skip


def _p95(port: int, path: str) -> float:
    exchanges = load.run(port, lambda _n: load.again_and_again(load.get(port, path)), seconds=SECONDS)
    assert {exchange.status for exchange in exchanges} == {200}
    return percentile([exchange.seconds for exchange in exchanges], 0.95)


@contextmanager
def dawdling(port: int) -> Iterator[None]:
    over = threading.Event()
    sockets = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(SLOW)]
    threads = [
        threading.Thread(target=_dawdle, args=(port, sockets[n::10], n % 2 == 0, over), daemon=True) for n in range(10)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(timeout=10)
        for each in sockets:
            each.close()


def _dawdle(port: int, sockets: Sequence[socket.socket], sends: bool, over: threading.Event) -> None:
    """A byte each, every tenth of a second, until told to stop; who is hung up on stays away."""
    request = load.get(port, AGENDA).replace(b"Accept-Encoding: gzip\r\n", b"X-Slow: " + b"z" * 2000 + b"\r\n")
    if not sends:
        for each in sockets:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            each.sendall(request)
    position = 0
    while not over.wait(0.1):
        for each in sockets:
            with suppress(OSError):
                if sends:
                    each.send(request[position : position + 1])
                else:
                    each.recv(1)
        position = min(position + 1, len(request) - 3)  # never the end of it
