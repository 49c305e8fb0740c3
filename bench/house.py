"""A house to measure: production settings, its own folder and database, the history and a sample."""

import re
import subprocess
import tempfile
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace

import psycopg

from scripts.serve import command
from tests.postgres import cluster, programs
from tests.servers import ROOT, Running, end, environment, flask, free_port, serving, wait_for

SLUG = "bench"
ORGANISER = "organiser@forum.test"
DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class House:
    server: Running
    port: int
    database: str
    folder: Path

    def flask(self, *arguments: str) -> str:
        return self.server.flask(*arguments)


def databases() -> tuple[str, ...]:
    """Those that are installed here."""
    return DATABASES if programs() else DATABASES[:1]


@contextmanager
def addresses(kind: str, folder: Path, *names: str) -> Iterator[list[str]]:
    """Empty databases of these names; a cluster of PostgreSQL that keeps what it acknowledges, like a real one."""
    if kind == "sqlite":
        yield [f"sqlite:///{folder / name}.sqlite3" for name in names]
        return
    with cluster(durable=True) as template:
        with psycopg.connect(template.format(name="postgres"), autocommit=True) as connection:
            for name in names:
                connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
        yield [template.format(name=name) for name in names]


@contextmanager
def rooms(kind: str = "sqlite", *, names: tuple[str, ...] = ("house",)) -> Iterator[tuple[Path, list[str]]]:
    """A folder for what a benchmark leaves behind, and its databases."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="luntan-bench-")))
        yield folder, stack.enter_context(addresses(kind, folder, *names))


def furnish(env: dict[str, str], *sample: str) -> None:
    """Migrate, load the history, make a sample edition and an organiser."""
    flask(env, "db", "upgrade")
    flask(env, "seed")
    flask(env, "sample", "--edition", SLUG, "--yes", *sample)
    flask(env, "accounts", "create", ORGANISER, "--role", "administrator")


@contextmanager
def house(kind: str = "sqlite", *, sample: tuple[str, ...] = (), workers: int = 2) -> Iterator[House]:
    with rooms(kind) as (folder, urls), opened(folder, urls[0], kind, sample=sample, workers=workers) as found:
        yield found


@contextmanager
def opened(folder: Path, url: str, kind: str, *, sample: tuple[str, ...] = (), workers: int = 2) -> Iterator[House]:
    port = free_port()
    env = environment(folder / "instance", url, port, LUNTAN_ENV="production")
    furnish(env, *sample)
    with serving(env, workers=workers) as server:
        yield House(server, port, kind, folder)


@contextmanager
def floor(folder: Path, prepared: Path, *, url: str = "") -> Iterator[int]:
    """The bare views, under the same server with the same settings; yields its port."""
    port = free_port()
    env = environment(folder / "instance", url, port, FLOOR=str(prepared))
    like_ours = command(SimpleNamespace(host="127.0.0.1", port=port, workers=2))  # type: ignore[arg-type]
    process = subprocess.Popen(
        [*like_ours[:-1], "bench.floor:app"], cwd=ROOT, env=env, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield port
    finally:
        end(process)


def fetched(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[int, list[tuple[str, str]], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip", **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()


def signed_in(found: House, email: str = ORGANISER) -> str:
    """The Cookie header of an organiser who used a one-time link, as a browser would."""
    link = urllib.parse.urlsplit(found.flask("accounts", "link", email).strip().splitlines()[-1])
    connection = HTTPConnection("127.0.0.1", found.port, timeout=30)
    connection.request("GET", link.path)
    answer = connection.getresponse()
    page, cookie = answer.read().decode(), cookie_of(answer.getheaders())
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    body = urllib.parse.urlencode({"csrf_token": token.group(1) if token else ""})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": found.server.address, "Cookie": cookie}
    connection.request("POST", link.path, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status in (302, 303), f"signing in was answered with {answer.status}"
    return cookie_of(answer.getheaders()) or cookie


def cookie_of(headers: list[tuple[str, str]]) -> str:
    return "; ".join(value.split(";")[0] for name, value in headers if name.lower() == "set-cookie")


def workers_of(found: House) -> list[int]:
    """Process ids of the server's workers."""
    children, todo = [], [found.server.process.pid]
    while todo:
        pid = todo.pop()
        below = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        children += below
        todo += below
    return children


def pss(pid: int) -> float:
    """Megabytes, shared pages by share."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0
