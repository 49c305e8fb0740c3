"""Pages that are the same for everyone but for a few holes: rendered once a second at most, filled for each reader."""

import secrets
from collections.abc import Callable, Mapping

from flask import current_app
from markupsafe import Markup

Key = tuple[str, ...]


class Shells:
    def __init__(self) -> None:
        self._seen: object = None
        self._kept: dict[Key, str] = {}

    def filled(self, key: Key, render: Callable[[], str], holes: Mapping[Markup, str]) -> str:
        """The page of this key with its holes filled. It is as old as the stamp this process saw last."""
        stamp = current_app.extensions["shelf"].current()
        if stamp is not self._seen:  # read anew, whether or not it is another one
            self._seen, self._kept = stamp, {}
        kept = self._kept
        if key not in kept:
            kept[key] = render()
        page = kept[key]
        for mark, text in holes.items():
            page = page.replace(mark, text)
        return page


def hole() -> Markup:
    """A mark that stands in no text, since nobody can guess it."""
    return Markup(secrets.token_hex(16))
