"""Absolute addresses. They come from BASE_URL, never from what a request claims."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app, request, url_for
from werkzeug.routing import IntegerConverter, Map

from app.values.language import Language


def absolute(endpoint: str, **values: Any) -> str:
    base: str = current_app.config["BASE_URL"]
    with_context = current_app.url_map.bind(base.split("://", 1)[1].split("/")[0], url_scheme=base.split(":", 1)[0])
    path = with_context.build(endpoint, values, force_external=False)
    return base + path


def own_path(address: str, *, otherwise: str = "/organise/") -> str:
    """Where to go back to: a path of ours as the browser would read it, never another host."""
    plain = address.isprintable() and address.isascii() and "\\" not in address
    return address.rstrip("?") if plain and address.startswith("/") and not address.startswith("//") else otherwise


def webcal(address: str) -> str:
    """The same feed, as an address that a calendar application opens."""
    return "webcal://" + address.split("://", 1)[1]


def in_other_language(language: Language) -> str | None:
    """This page in that language, if the page has a language in its address."""
    if request.endpoint is None or "lang" not in (request.view_args or {}):
        return None
    values = {**(request.view_args or {}), "lang": language}
    return url_for(request.endpoint, **{**_asked(request.args.to_dict(flat=False)), **values})


def with_arguments(**changes: str | int | None) -> str:
    """This address with some of its arguments changed, or dropped where None."""
    kept = {
        name: value for name, value in (_asked(request.args.to_dict()) | changes).items() if value not in (None, "")
    }
    return url_for(request.endpoint or "", **{**kept, **(request.view_args or {})})


def _asked(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The query's arguments, but for names by which `url_for` itself is steered (`_scheme`, `endpoint` …)."""
    return {name: value for name, value in arguments.items() if name != "endpoint" and not name.startswith("_")}


class Id(IntegerConverter):
    """`<int:…>` in an address: a number that a column can hold, or there is no such page."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": 2**31 - 1, **options})


def init(app: Flask) -> None:
    app.url_map.converters["int"] = Id
    app.jinja_env.globals.update(
        absolute=absolute, webcal=webcal, in_other_language=in_other_language, with_arguments=with_arguments
    )
