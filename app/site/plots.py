"""Drawings small enough for the server: coordinates in, coordinates out. The template draws them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.values.text import has_han

WIDTH, TOP, ROW, AXIS, END = 420.0, 14.0, 42.0, 38.0, 22.0
WIDEST_STEP = 62.0
APART = 17.0
"""Between two dots that would otherwise lie on each other."""


@dataclass(frozen=True, slots=True)
class Held:
    """An edition as the plot sees it."""

    place: str
    year: int
    is_forum: bool


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    is_forum: bool


@dataclass(frozen=True, slots=True)
class DotPlot:
    width: float
    height: float
    left: float
    """Where the lines begin, right of the longest name."""
    rows: tuple[tuple[str, float], ...]
    columns: tuple[tuple[int, float], ...]
    dots: tuple[Dot, ...]
    table: tuple[tuple[str, tuple[int, ...]], ...]
    """The same figures: each place with its years."""
    without: tuple[int, ...]
    """Years between the first and the last that have no edition."""


def by_place(editions: Iterable[Held]) -> DotPlot | None:
    """Places from the first on below each other, years side by side. None where there is nothing to draw."""
    held = sorted(editions, key=lambda one: one.year)
    if not held:
        return None
    places = list(dict.fromkeys(one.place for one in held))
    years = range(held[0].year, held[-1].year + 1)
    rows = {place: TOP + ROW * n for n, place in enumerate(places)}
    left = max(_width(place) for place in places) + 14
    columns = _columns(years, left)
    return DotPlot(
        width=WIDTH,
        height=rows[places[-1]] + AXIS + 6,
        left=left,
        rows=tuple(rows.items()),
        columns=tuple((year, x) for year, x in columns.items() if (year - years[0]) % _every(len(years)) == 0),
        dots=_dots(held, columns, rows),
        table=tuple((place, tuple(one.year for one in held if one.place == place)) for place in places),
        without=tuple(year for year in years if year not in {one.year for one in held}),
    )


def _columns(years: Sequence[int], left: float) -> dict[int, float]:
    first, last = left + 18, WIDTH - END
    step = min(WIDEST_STEP, (last - first) / max(len(years) - 1, 1))
    return {year: round(first + step * n, 1) for n, year in enumerate(years)}


def _every(years: int) -> int:
    """Labels of every year, or every second, fifth … so that they stay apart."""
    return next(n for n in (1, 2, 5, 10, 20, 50, 100) if years / n <= 8)


def _dots(held: Sequence[Held], columns: dict[int, float], rows: dict[str, float]) -> tuple[Dot, ...]:
    total = Counter((one.place, one.year) for one in held)
    seen: Counter[tuple[str, int]] = Counter()
    dots = []
    for one in held:
        at = (one.place, one.year)
        aside = (seen[at] - (total[at] - 1) / 2) * APART
        seen[at] += 1
        dots.append(Dot(round(columns[one.year] + aside, 1), rows[one.place], one.is_forum))
    return tuple(dots)


def _width(name: str) -> float:
    return sum(14.0 if has_han(c) else 7.5 for c in name)
