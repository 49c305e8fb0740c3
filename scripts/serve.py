"""The production server: granian with our threads, workers and limits, everything from the environment."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy.exc import SQLAlchemyError  # noqa: E402

from app import create_app  # noqa: E402
from app.errors import Conflict  # noqa: E402
from app.extensions import database  # noqa: E402
from app.publishing.actions import check_uid_domain  # noqa: E402
from config import Config, from_environment  # noqa: E402

# Threads with heaps of their own cost a worker some 8 MB; two are enough. Read by the C library as it starts.
os.environ.setdefault("MALLOC_ARENA_MAX", "2")


def command(config: Config) -> list[str]:
    """A killed worker is replaced; a connection is never given a thread it does not use.

    With a time to end: a worker told to stop while it was still starting does not hear it, and would be waited for
    for ever.
    """
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
        "--workers-kill-timeout", "15",
        "--no-ws",
        "--log-level", "warning",
        "wsgi:app",
    ]  # fmt: skip


def require_known_domain(config: Config) -> None:
    """UIDs are for life: under another domain than the one once published nothing starts."""
    with create_app(config).app_context():
        try:
            check_uid_domain(database.session(), config.uid_domain)
        except Conflict as refused:
            sys.exit(
                f"Calendars were published under {refused.data['stored']}, and UID_DOMAIN (or BASE_URL's host) is now "
                f"{refused.data['domain']}. Set UID_DOMAIN={refused.data['stored']}."
            )
        except SQLAlchemyError:
            pass  # away, or not migrated yet: /readyz says so


if __name__ == "__main__":
    os.chdir(ROOT)
    settings = from_environment()
    require_known_domain(settings)
    arguments = command(settings)
    os.execv(arguments[0], arguments)
