"""Absolute addresses. They come from BASE_URL, never from what a request claims."""

from typing import Any

from flask import Flask, current_app, request, url_for

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
    arguments: dict[str, Any] = request.args.to_dict(flat=False)
    return url_for(request.endpoint, **values, **arguments)


def with_arguments(**changes: str | int | None) -> str:
    """This address with some of its arguments changed, or dropped where None."""
    values = request.args.to_dict(flat=True) | {k: v for k, v in changes.items() if v is not None}
    kept: dict[str, Any] = {k: v for k, v in values.items() if not (k in changes and changes[k] is None) and v != ""}
    return url_for(request.endpoint or "", **(request.view_args or {}), **kept)


def init(app: Flask) -> None:
    app.jinja_env.globals.update(
        absolute=absolute, webcal=webcal, in_other_language=in_other_language, with_arguments=with_arguments
    )
