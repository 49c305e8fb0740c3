"""The only reader of the environment. Everything the product can be told, in one place."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
INSTANCE = Path(os.environ.get("LUNTAN_INSTANCE", ROOT / "instance"))

# pypinyin's phrase dictionary takes 45 MB of every process and a fifth of a second of every start. Names read
# without it (family names have a table of their own), so it stays out; it looks here when it is imported.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")


class Misconfigured(SystemExit):
    """Production does not start half-configured; the message says what is missing."""


@dataclass(frozen=True)
class Config:
    env: str
    database_url: str
    secret_key: str
    base_url: str
    uid_domain: str
    mail_from: str
    smtp_url: str | None
    mail_folder: Path | None
    files_url: str
    """Where uploaded files are kept: `file:///…`, or `s3://bucket/folder` with the usual AWS_… variables."""
    trusted_proxies: int
    host: str
    port: int
    workers: int
    unsafe: frozenset[str]
    """Guards switched off for a negative control; honoured under LUNTAN_ENV=testing only."""

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def hostname(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"


def from_environment() -> Config:
    """Raises `Misconfigured` where production lacks SECRET_KEY or a safe BASE_URL."""
    get = os.environ.get
    env = get("LUNTAN_ENV", "development")
    if env not in ("development", "testing", "production"):
        raise Misconfigured(f"LUNTAN_ENV is {env!r}; it must be development, testing or production.")
    host, port = get("HOST", "127.0.0.1"), _number("PORT", 8000, least=1, most=65535)
    base_url = get("BASE_URL", "" if env == "production" else f"http://{host}:{port}").rstrip("/")
    if env == "production":
        _require_production(get("SECRET_KEY", ""), base_url)
    INSTANCE.mkdir(parents=True, exist_ok=True)
    smtp_url = get("SMTP_URL") or None
    parts = urlsplit(base_url)
    return Config(
        env=env,
        database_url=_database_url(get("DATABASE_URL") or f"sqlite:///{INSTANCE / 'luntan.sqlite3'}"),
        secret_key=get("SECRET_KEY") or _kept_secret(),
        base_url=base_url,
        uid_domain=get("UID_DOMAIN") or parts.hostname or "localhost",
        mail_from=get("MAIL_FROM") or f"forum@{parts.hostname or 'localhost'}",
        smtp_url=smtp_url,
        mail_folder=None if smtp_url or env == "production" else INSTANCE / "mail",
        files_url=_files_url(get("FILES_URL") or (INSTANCE.resolve() / "files").as_uri()),
        trusted_proxies=_number("TRUSTED_PROXIES", 0),
        host=host,
        port=port,
        workers=_number("WORKERS", 2, least=1),
        unsafe=frozenset(get("LUNTAN_UNSAFE", "").split(",")) - {""} if env == "testing" else frozenset(),
    )


def _number(name: str, default: int, *, least: int = 0, most: int = 1000) -> int:
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
        raise Misconfigured(f"{name} is {text!r}; it must be a number from {least} to {most}.")
    return int(text)


def _require_production(secret_key: str, base_url: str) -> None:
    parts = urlsplit(base_url)
    if len(secret_key) < 32:
        raise Misconfigured("SECRET_KEY must be set to at least 32 random characters in production.")
    loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and loopback)):
        raise Misconfigured(
            "BASE_URL must be the public https address in production (http only on a loopback address)."
        )


def _database_url(url: str) -> str:
    """psycopg 3 whatever the usual spelling of a PostgreSQL address."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _files_url(url: str) -> str:
    if urlsplit(url).scheme not in ("file", "s3"):
        raise Misconfigured(f"FILES_URL is {url!r}; it must begin with file:// or s3://.")
    return url.rstrip("/")


def _kept_secret() -> str:
    """A secret of this development folder, made once, so that links and sign-ins outlive a restart."""
    path = INSTANCE / "secret_key"
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()
