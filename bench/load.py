"""A load generator that is cheaper than what it measures: raw sockets, a few processes, no threads.

Each connection holds a conversation: a generator that yields what to send and is given the answer. Times are
taken from the machine's one monotonic clock, so those of different processes can be compared.
"""

import multiprocessing
import re
import selectors
import socket
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from multiprocessing.connection import Connection

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.I)
NO_BODY = (204, 304)
PATIENCE = 60.0
"""No answer for so long, and the run is over."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    head: bytes
    body: bytes


Conversation = Generator[tuple[str, bytes], Answer, None]


@dataclass(frozen=True, slots=True)
class Exchange:
    tag: str
    sent: float
    answered: float
    status: int
    """0 where the connection broke."""

    @property
    def seconds(self) -> float:
        return self.answered - self.sent


def get(port: int, path: str, *, headers: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n{headers}\r\n".encode()


def post(port: int, path: str, body: bytes, *, headers: str = "") -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n{headers}\r\n"
    )
    return head.encode() + body


def again_and_again(request: bytes) -> Conversation:
    while True:
        yield "", request


def run(
    port: int,
    conversation: Callable[[int], Conversation],
    *,
    connections: int = 8,
    processes: int = 2,
    seconds: float = float("inf"),
) -> list[Exchange]:
    """All exchanges, in order of sending. Nothing new is sent once the seconds are over."""
    context = multiprocessing.get_context("fork")
    children = []
    for number in range(processes):
        ours, theirs = context.Pipe(duplex=False)
        mine = range(number, connections, processes)
        child = context.Process(target=_child, args=(theirs, port, conversation, mine, seconds), daemon=True)
        child.start()
        theirs.close()
        children.append((child, ours))
    exchanges: list[Exchange] = []
    for child, ours in children:
        exchanges += ours.recv()
        child.join()
    return sorted(exchanges, key=lambda exchange: exchange.sent)


def _child(
    result: Connection, port: int, conversation: Callable[[int], Conversation], numbers: range, seconds: float
) -> None:
    try:
        result.send(_talk(port, [conversation(number) for number in numbers], seconds))
    finally:
        result.close()


class _Line:
    """One connection and what is being said on it."""

    def __init__(self, port: int, conversation: Conversation) -> None:
        self.port, self.conversation = port, conversation
        self.connect()
        self.tag, self.request = next(conversation)
        self.sent = 0.0

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> None:
        self.heard = b""
        self.sent = time.monotonic()
        self.socket.sendall(self.request)

    def hear(self) -> Answer | None:
        """The answer once it is complete. Raises `ConnectionError` where there will be none."""
        got = self.socket.recv(1 << 20)
        if not got:
            raise ConnectionError
        self.heard = self.heard + got if self.heard else got
        return parsed(self.heard)


def parsed(heard: bytes) -> Answer | None:
    end = heard.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, body = heard[: end + 2], heard[end + 4 :]
    status = int(head[9:12])
    if status in NO_BODY:
        return Answer(status, head, b"")
    if CHUNKED.search(head):
        return Answer(status, head, body) if heard.endswith(b"0\r\n\r\n") else None
    length = LENGTH.search(head)
    wanted = int(length.group(1)) if length else 0
    return Answer(status, head, body) if len(body) >= wanted else None


def _talk(port: int, conversations: list[Conversation], seconds: float) -> list[Exchange]:
    until = time.monotonic() + seconds
    selector = selectors.DefaultSelector()
    exchanges: list[Exchange] = []
    for conversation in conversations:
        line = _Line(port, conversation)
        line.send()
        selector.register(line.socket, selectors.EVENT_READ, line)
    while selector.get_map():
        ready = selector.select(timeout=PATIENCE)
        if not ready:
            raise TimeoutError("no answer")
        for key, _event in ready:
            _go_on(key.data, selector, exchanges, until)
    return exchanges


def _go_on(line: _Line, selector: selectors.BaseSelector, exchanges: list[Exchange], until: float) -> None:
    try:
        answer = line.hear()
    except OSError:
        answer = Answer(0, b"", b"")
        selector.unregister(line.socket)
        line.socket.close()
        line.connect()
        selector.register(line.socket, selectors.EVENT_READ, line)
    if answer is None:
        return
    now = time.monotonic()
    exchanges.append(Exchange(line.tag, line.sent, now, answer.status))
    try:
        if now >= until:
            raise StopIteration
        line.tag, line.request = line.conversation.send(answer)
        line.send()
    except StopIteration:
        selector.unregister(line.socket)
        line.socket.close()
