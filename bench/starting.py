"""`make run` in an empty folder until the first page, with packages cached; and again. With pip, and with uv where it is."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from bench.figures import Figure
from tests.servers import ROOT, free_port

LEAVE = shutil.ignore_patterns(
    ".git", ".venv", "instance", "shots", "node_modules", "results", "__pycache__", ".mypy_cache", ".ruff_cache",
    ".pytest_cache", ".hypothesis", "*.mo", "compiled",
)  # fmt: skip


def start() -> Sequence[Figure]:
    return [*_measured("pip", 60), *(_measured("uv", 20) if shutil.which("uv") else ())]


def _measured(tool: str, goal: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="luntan-start-") as home:
        folder = Path(home) / "luntan"
        shutil.copytree(ROOT, folder, ignore=LEAVE)
        first, again = (_until_first_page(folder, tool) for _ in range(2))
    return [
        Figure(f"start to first page, empty folder, {tool}", f"{first:.1f} s", f"≤ {goal} s", first <= goal),
        Figure(f"start to first page again, {tool}", f"{again:.1f} s", "≤ 5 s", again <= 5),
    ]


def _until_first_page(folder: Path, tool: str) -> float:
    port = free_port()
    ours = ("LUNTAN_", "DATABASE_URL", "BASE_URL", "FLASK_APP", "VIRTUAL_ENV")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {"PORT": str(port)}
    if tool == "pip":
        env["PATH"] = _without_uv(env["PATH"])
    began = time.monotonic()
    process = subprocess.Popen(
        ["make", "run"], cwd=folder, env=env, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=(folder / "start.log").open("ab"),
    )  # fmt: skip
    try:
        _page(f"http://127.0.0.1:{port}/en/", folder, process)
        return time.monotonic() - began
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=40)


def _page(address: str, folder: Path, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(3000):
        if process.poll() is not None:
            raise ChildProcessError(f"make run ended with {process.returncode}: {(folder / 'start.log').read_text()}")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                answer.read()
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


def _without_uv(path: str) -> str:
    return os.pathsep.join(folder for folder in path.split(os.pathsep) if not (Path(folder) / "uv").exists())
