"""What every page's frame needs: the series and its next edition."""

from typing import Any

from flask import Flask, g

from app.editions import queries as editions
from app.extensions import database
from app.web.clock import now
from app.web.published import as_of


def _frame() -> dict[str, Any]:
    """Nothing while an error page is made for a broken database; no series in an installation that is still empty."""
    if g.get("broken"):
        return {"series": None, "next_edition": None}
    db = database.session()
    at = as_of() if "stamp" in g else now()
    return {"series": editions.series_if_any(db), "next_edition": editions.next_edition(db, at)}


def init(app: Flask) -> None:
    app.context_processor(_frame)
