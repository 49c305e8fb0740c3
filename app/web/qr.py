"""A QR code as one SVG path, for the strict CSP: no style, no data: address, no request."""

from collections.abc import Iterator

import segno
from markupsafe import Markup

QUIET = 4
"""Modules of white around it, which readers need."""


def qr(content: str, *, label: str) -> Markup:
    """Black on white whatever the page's colours, or many phones cannot read it."""
    rows = ["".join("1" if dark else "0" for dark in row) for row in segno.make_qr(content, error="m").matrix]
    side = len(rows) + 2 * QUIET
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in _runs(rows))
    return Markup(
        '<svg viewBox="0 0 {0} {0}" width="{1}" height="{1}" role="img" aria-label="{2}" shape-rendering="crispEdges">'
        '<rect width="{0}" height="{0}" fill="#fff"/><path fill="#000" d="{3}"/></svg>'
    ).format(side, 4 * side, label, path)


def _runs(rows: list[str]) -> Iterator[tuple[int, int, int]]:
    """Dark modules side by side: where they begin, and how many."""
    for y, row in enumerate(rows, QUIET):
        start = row.find("1")
        while start >= 0:
            end = row.find("0", start) if "0" in row[start:] else len(row)
            yield start + QUIET, y, end - start
            start = row.find("1", end)
