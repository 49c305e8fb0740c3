"""`python scripts/places.py`: writes static/css/places.css, the places of the grid as attributes.

A page may carry no inline style, so every place there can be has its rule; with a script the same attributes change.
"""

from collections.abc import Iterable
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "static" / "css" / "places.css"
HEAD = "/* Places of the grid: five minutes a step from midnight, a column a room. Written by scripts/places.py. */\n"
DAY = 288
ROOMS = 40
LANES = 8
ZOOMS = range(60, 201, 20)


def rules(attribute: str, name: str, values: Iterable[int], factor: float = 1) -> str:
    """One line of rules that turn an attribute's value into a number that calculations can use."""
    return " ".join(f'[data-{attribute}="{n}"]{{--{name}:{n * factor:g}}}' for n in values) + "\n"


def stylesheet() -> str:
    return HEAD + "".join(
        [
            rules("at", "at", range(DAY)),
            rules("past", "past", range(1, 5)),
            rules("for", "for", range(DAY + 1)),
            rules("more", "more", range(1, 5)),
            rules("from", "from", range(24), 12),
            rules("to", "to", range(1, 37), 12),
            rules("column", "column", range(1, ROOMS + 2)),
            rules("columns", "columns", range(1, ROOMS + 2)),
            rules("lane", "lane", range(1, LANES + 1)),
            rules("lanes", "lanes", range(1, LANES + 1)),
            rules("zoom", "zoom", ZOOMS, 0.01),
        ]
    )


if __name__ == "__main__":
    TARGET.write_text(stylesheet(), encoding="utf-8")
