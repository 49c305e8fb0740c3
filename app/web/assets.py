"""Static files at addresses that carry a hash of their content, so that they may be kept for ever."""

import hashlib
import mimetypes
import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, url_for

from app.web.access import machine

STATIC = Path(__file__).resolve().parents[2] / "static"
BUNDLES = {"public.css": "css/public.list", "organise.css": "css/organise.list", "bench.css": "css/bench.list"}
"""Served name → a list of the files it is joined from, in order."""
IMPORTED = re.compile(rb'(?<=from )"\./([a-z-]+\.js)"')


def _read(name: str) -> bytes | None:
    if name in BUNDLES:
        names = (STATIC / BUNDLES[name]).read_text(encoding="utf-8").split()
        return b"\n".join((STATIC / "css" / part).read_bytes() for part in names)
    path = (STATIC / name).resolve()
    if not path.is_relative_to(STATIC) or not path.is_file():
        return None
    content = path.read_bytes()
    return IMPORTED.sub(_beside, content) if name.startswith("js/") else content


def _beside(found: re.Match[bytes]) -> bytes:
    """What a module imports is called by its own hash, so that a change there changes the importer's address too."""
    name = f"js/{found[1].decode()}"
    imported = _asset(name)
    if imported is None:
        raise FileNotFoundError(name)
    return f'"../../{imported[0]}/{name}"'.encode()


@cache
def _asset(name: str) -> tuple[str, bytes] | None:
    content = _read(name)
    return (hashlib.sha256(content).hexdigest()[:12], content) if content is not None else None


def asset(name: str) -> str:
    """The address of a static file as it is now."""
    found = _asset(name)
    if found is None:
        raise FileNotFoundError(name)
    return url_for("asset_file", digest=found[0], name=name)


@machine
def asset_file(digest: str, name: str) -> Response:
    found = _asset(name)
    if found is None or (found[0] != digest):
        abort(404)
    response = Response(found[1], mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def init(app: Flask) -> None:
    app.add_url_rule("/static/<digest>/<path:name>", "asset_file", asset_file)
    app.jinja_env.globals["asset"] = asset
    if app.debug:
        _asset.cache_clear()
