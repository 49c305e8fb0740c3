"""Files people gave us, kept by the digest of their content, in a folder or an S3 bucket (`FILES_URL`).

Content comes in here only after somebody made it safe, and the same content is kept once. Rows name it; it is put
in before their transaction and taken out after it, so a crash leaves a file without a row, never a row without a file.
"""

import hashlib
from contextlib import suppress
from typing import Any

from flask import Response, current_app


def keep(content: bytes) -> str:
    """Its digest, by which it is found again."""
    digest = hashlib.sha256(content).hexdigest()
    _store().put(_path(digest), content)
    return digest


def fetch(digest: str) -> bytes | None:
    try:
        return bytes(_store().get(_path(digest)).bytes())
    except FileNotFoundError:
        return None


def forget(digest: str) -> None:
    with suppress(FileNotFoundError):
        _store().delete(_path(digest))


def attachment(content: bytes, *, name: str, media: str) -> Response:
    """To be saved, never opened in the page: a name of ours, and nobody may guess what it is."""
    answer = Response(content, mimetype=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _path(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


def _store() -> Any:
    """Opened once in each process."""
    if "files" not in current_app.extensions:
        from obstore.store import from_url

        url = current_app.config["LUNTAN"].files_url
        options = {"mkdir": True} if url.startswith("file:") else {}
        current_app.extensions["files"] = from_url(url, **options)
    return current_app.extensions["files"]
