"""A throw-away PostgreSQL cluster from the installed server's programs, on a socket of its own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WHERE = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")


def programs() -> Path | None:
    """The folder of initdb and postgres; None where PostgreSQL is not installed."""
    for pattern in WHERE:
        for folder in sorted(Path("/").glob(pattern[1:]), reverse=True):
            if (folder / "initdb").exists():
                return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Yields an address with a `{name}` to fill in. The server refuses root, so then it runs as its own user.

    `durable`: commits reach the disk as they would in earnest; for benchmarks.
    """
    folder = programs()
    if folder is None:
        raise FileNotFoundError("PostgreSQL's programs (initdb, pg_ctl) are not installed")
    user = "postgres" if os.geteuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="luntan-pg-"))
    if user:
        shutil.chown(home, user)
    run = {"check": True, "user": user, "cwd": "/", "stdout": subprocess.DEVNULL}
    data, owner = home / "data", user or os.environ.get("USER", "postgres")
    subprocess.run([folder / "initdb", "-D", data, "-U", owner, "-A", "trust", "-E", "UTF8", "--no-sync"], **run)  # type: ignore[call-overload]
    careless = "" if durable else "-c fsync=off -c full_page_writes=off"
    options = f"-c listen_addresses='' -k {home} -c max_connections=200 {careless}"
    control = [folder / "pg_ctl", "-D", data, "-w", "-l", home / "log"]
    subprocess.run([*control, "-o", options, "start"], **run)  # type: ignore[call-overload]
    try:
        yield f"postgresql://{owner}@/{{name}}?host={home}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **run)  # type: ignore[call-overload]
        shutil.rmtree(home, ignore_errors=True)
