"""Files people gave us, kept by the digest of their content, in a folder or an S3 bucket (`FILES_URL`).

Content comes in here only after somebody made it safe, and the same content is kept once. Rows name it; it is put
in before their transaction and taken out after it, so a crash leaves a file without a row, never a row without a file.
A store that does not answer is a 503, a full one a 507, as the database is.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import structlog
from flask import Response, current_app
from werkzeug.exceptions import HTTPException, ServiceUnavailable

log = structlog.get_logger()
PROBE = "probe"


class StoreFull(HTTPException):
    code = 507


def keep(content: bytes) -> str:
    """Its digest, by which it is found again."""
    digest = hashlib.sha256(content).hexdigest()
    with _answering():
        _store().put(_path(digest), content)
    return digest


def fetch(digest: str) -> bytes | None:
    content: bytes | None = None
    with _answering(), suppress(FileNotFoundError):
        content = bytes(_store().get(_path(digest)).bytes())
    return content


def forget(digest: str) -> None:
    with _answering(), suppress(FileNotFoundError):
        _store().delete(_path(digest))


def trouble() -> str | None:
    """For `flask doctor`: why nothing can be kept, in the store's own words."""
    try:
        _store().put(PROBE, b"")
        _store().delete(PROBE)
    except Exception as error:  # whatever a store far away may say
        return str(error).splitlines()[0]
    return None


def attachment(content: bytes, *, name: str, media: str) -> Response:
    """To be saved, never opened in the page: a name of ours, and nobody may guess what it is."""
    answer = Response(content, mimetype=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _path(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


@contextmanager
def _answering() -> Iterator[None]:
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, OSError) as error:
        log.error("file store unavailable", kind=type(error).__name__)
        raise (StoreFull if "No space left" in str(error) else ServiceUnavailable) from error


def _store() -> Any:
    """Opened once in each process."""
    if "files" not in current_app.extensions:
        from obstore.store import from_url

        url = current_app.config["LUNTAN"].files_url
        options = {"mkdir": True} if url.startswith("file:") else {}
        current_app.extensions["files"] = from_url(url, **options)
    return current_app.extensions["files"]
