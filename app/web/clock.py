"""The one clock. Tests set it; everything else asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from flask import g, has_request_context

_fixed: datetime | None = None


def now() -> datetime:
    """The instant of this request or command: the same however often it is asked within one request."""
    if _fixed is not None:
        return _fixed
    if not has_request_context():
        return datetime.now(UTC)
    if "now" not in g:
        g.now = datetime.now(UTC)
    instant: datetime = g.now
    return instant


@contextmanager
def stopped(at: datetime) -> Iterator[None]:
    """For tests: every clock in the process shows this instant."""
    global _fixed
    before, _fixed = _fixed, at
    try:
        yield
    finally:
        _fixed = before
