"""`make run`: migrate, load the history, start the server and the worker, print the address and a sign-in link."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from config import Config, from_environment  # noqa: E402

BIN = Path(sys.executable).parent
ADMINISTRATOR = "organiser@localhost.test"


def main() -> int:
    os.chdir(ROOT)
    config = from_environment()
    if taken(config):
        print(
            f"Port {config.port} on {config.host} is taken by another program. Choose another: make run PORT=8080",
            file=sys.stderr,
        )
        return 1
    link = prepare()
    programs = ([sys.executable, "scripts/serve.py"], [BIN / "flask", "mail", "work"])
    children = [subprocess.Popen(program, start_new_session=True) for program in programs]
    stop_with_us(children)
    if answers(f"http://{config.host}:{config.port}/healthz", children[0]):
        print(
            f"\n  Luntan     {config.base_url}/\n  Organise   {link}\n             (signs in once; another: .venv/bin/flask accounts link {ADMINISTRATOR})\n",
            flush=True,
        )
    while all(child.poll() is None for child in children):
        time.sleep(0.2)
    for child in children:  # one alone is no house
        child.terminate()
    codes = [child.wait() for child in children]
    return max(abs(code) for code in codes) if any(code > 0 for code in codes) else 0


def stop_with_us(children: Sequence["subprocess.Popen[bytes]"]) -> None:
    """Ask them once, then insist. In sessions of their own: a Ctrl-C that also reached the server's workers would have
    them replaced while they are being stopped."""

    def ask(_signal: int, _frame: FrameType | None) -> None:
        for child in children:
            child.terminate()
        signal.alarm(20)

    def insist(_signal: int, _frame: FrameType | None) -> None:
        for child in children:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)

    for how in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(how, ask)
    signal.signal(signal.SIGALRM, insist)


def taken(config: Config) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((config.host, config.port)) == 0


def prepare() -> str:
    """Database, history and an organiser's account, in one process since starting Python costs the most."""
    out = subprocess.run(
        [BIN / "flask", "prepare", ADMINISTRATOR], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    return out.strip().splitlines()[-1]


def answers(address: str, server: "subprocess.Popen[bytes]") -> bool:
    for _ in range(300):
        if server.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.1)
    return False


if __name__ == "__main__":
    sys.exit(main())
