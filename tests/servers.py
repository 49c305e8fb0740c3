"""Real servers for tests that need them: processes, sockets and a database of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Running:
    address: str
    environment: dict[str, str]
    process: "subprocess.Popen[bytes]"

    def flask(self, *arguments: str) -> str:
        return flask(self.environment, *arguments)


def flask(environment: dict[str, str], *arguments: str) -> str:
    """Run a command of the application; its output."""
    done = subprocess.run(
        [BIN / "flask", "--app", "wsgi", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment(folder: Path, database_url: str, port: int, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "LUNTAN_ENV": "testing",
        "LUNTAN_INSTANCE": str(folder),
        "DATABASE_URL": database_url,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "SECRET_KEY": "only for tests, and long enough for them",
        **more,
    }


@contextmanager
def serving(env: dict[str, str], *, workers: int = 2) -> Iterator[Running]:
    """The production server on a loopback port, in a process group that ends with the block."""
    process = subprocess.Popen(
        [sys.executable, "scripts/serve.py"],
        cwd=ROOT,
        env={**env, "WORKERS": str(workers)},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"{env['BASE_URL']}/healthz")
        yield Running(env["BASE_URL"], env, process)
    finally:
        end(process)


def wait_for(address: str, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(address)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask, then insist; the group, so that no worker is left behind."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
            process.wait(timeout=10)
            return
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
