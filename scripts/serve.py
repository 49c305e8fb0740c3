"""The production server: granian with our threads, workers and limits, everything from the environment."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from config import Config, from_environment  # noqa: E402


def command(config: Config) -> list[str]:
    """A killed worker is replaced; a connection is never given a thread it does not use."""
    return [
        str(Path(sys.executable).parent / "granian"),
        "--interface", "wsgi",
        "--host", config.host,
        "--port", str(config.port),
        "--workers", str(config.workers),
        "--blocking-threads", os.environ.get("THREADS", "4"),
        "--backlog", "2048",
        "--respawn-failed-workers",
        "--respawn-interval", "0.2",
        "--no-ws",
        "--log-level", "warning",
        "wsgi:app",
    ]  # fmt: skip


if __name__ == "__main__":
    os.chdir(ROOT)
    arguments = command(from_environment())
    os.execv(arguments[0], arguments)
