"""Who may call which address. Every route declares its audience; the guard enforces it before the view runs."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import csrf
from app.values.actor import Actor, Right
from app.web.addresses import own_path

View = TypeVar("View", bound=Callable[..., Any])


class Who(Enum):
    PUBLIC = "public"
    """Anyone, the same bytes for all: no cookie, no session, kept in the process. GET only."""
    VISITOR = "visitor"
    """Anyone, made for this request: no session; a POST must come from our own pages."""
    HOLDER = "holder"
    """Whoever has the token in the path; else as a visitor. Never stored or indexed."""
    SIGN_IN = "sign_in"
    """The pages around signing in: a session, nobody needs to be signed in."""
    ORGANISER = "organiser"
    """A signed-in account with the right, for the edition in the path or for the series; without one, any account."""
    MACHINE = "machine"
    """Health, readiness, static files."""


@dataclass(frozen=True)
class Audience:
    who: Who
    right: Right | None = None
    somewhere: bool = False
    """The right for any one edition is enough; the view then shows only those."""
    arguments: frozenset[str] = frozenset()
    """What a public page may be asked in its query; with anything else it is not kept."""


def public(*arguments: str) -> Callable[[View], View]:
    return _declare(Audience(Who.PUBLIC, arguments=frozenset(arguments)))


def visitor(view: View) -> View:
    return _declare(Audience(Who.VISITOR))(view)


def holder(view: View) -> View:
    return _declare(Audience(Who.HOLDER))(view)


def machine(view: View) -> View:
    return _declare(Audience(Who.MACHINE))(view)


def sign_in(view: View) -> View:
    return _declare(Audience(Who.SIGN_IN))(view)


def signed_in(view: View) -> View:
    """Any account, with whatever roles or none: for what is one's own."""
    return _declare(Audience(Who.ORGANISER))(view)


def organiser(right: Right, *, somewhere: bool = False) -> Callable[[View], View]:
    """With an `<edition>` in the path, for that edition; without one, for the series, or `somewhere`."""
    return _declare(Audience(Who.ORGANISER, right, somewhere))


def _declare(audience: Audience) -> Callable[[View], View]:
    def declared(view: View) -> View:
        view.audience = audience  # type: ignore[attr-defined]
        return view

    return declared


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    """None for a route that has not declared one; a test walks the URL map for those."""
    if endpoint.startswith("security."):
        return Audience(Who.SIGN_IN)
    if endpoint == "static":
        return Audience(Who.MACHINE)
    return getattr(app.view_functions.get(endpoint), "audience", None)


def actor() -> Actor:
    """Who is acting in this organisers' request. Only behind `organiser`."""
    acting: Actor = g.actor
    return acting


def guard(app: Flask, *, actor_of_request: Callable[[], Actor | None], edition_id: Callable[[str], int | None]) -> None:
    """Enforce the audiences. `edition_id` finds the edition of a slug, so that rights can be scoped to it.

    Who is not signed in is asked to on any organisers' address, there or not; who is but may not gets 404,
    before a token is looked at. A route without an audience is closed.
    """

    app.before_request(_require_form)

    @app.before_request
    def _enforce() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None
        audience = audience_of(app, request.endpoint)
        if audience is None:
            abort(404)
        if audience.who in (Who.VISITOR, Who.HOLDER):
            _require_own_page(audience)
        if audience.who not in (Who.SIGN_IN, Who.ORGANISER):
            return None
        g.actor = actor_of_request()
        if audience.who is Who.ORGANISER and g.actor is None:
            return redirect(url_for("security.login", next=_page_to_come_back_to()), 303)
        if audience.who is Who.ORGANISER and not _may(audience, g.actor, edition_id):
            abort(404)
        if _writes():
            csrf.protect()
        return None


def _require_form() -> None:
    """What is sent to a page comes from its form: JSON could bring values of any shape into the fields."""
    if request.is_json and _writes():
        abort(415)


def _writes() -> bool:
    return request.method not in ("GET", "HEAD", "OPTIONS")


def _may(audience: Audience, found: Actor, edition_id: Callable[[str], int | None]) -> bool:
    slug = (request.view_args or {}).get("edition")
    if audience.right is None:
        return True
    if slug is not None:
        edition = edition_id(slug)
        return edition is not None and found.may(audience.right, edition)
    return found.may_anywhere(audience.right) if audience.somewhere else found.may(audience.right)


def _page_to_come_back_to() -> str | None:
    """After signing in: the page asked for. What was posted is gone, so a POST comes back to the start."""
    return own_path(request.full_path) if request.method in ("GET", "HEAD") else None


def _require_own_page(audience: Audience) -> None:
    """A form without a session is guarded by where it was sent from.

    Browsers say so in Sec-Fetch-Site, older ones in Origin; a client that says neither is no
    browser whose cookies or place in a network could be abused. Behind a token, where our own
    `no-referrer` makes older browsers say Origin "null", that is taken: nobody else knows the address.
    """
    if not _writes():
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            abort(403)
        return
    origin = request.headers.get("Origin")
    if origin is None or (origin == "null" and audience.who is Who.HOLDER):
        return
    if urlsplit(origin).netloc != urlsplit(current_app.config["BASE_URL"]).netloc:
        abort(403)
