"""What was measured, beside its floor and its goal."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
HEAD = ("figure", "measured", "floor", "ratio", "goal", "")
WIDTHS = (44, 26, 16, 7, 30, 4)


@dataclass(frozen=True)
class Figure:
    """`reached` is None where there is no goal."""

    name: str
    measured: str
    goal: str = ""
    reached: bool | None = None
    floor: str = ""
    ratio: float | None = None

    def line(self) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:.0%}"
        mark = {True: "ok", False: "MISS", None: ""}[self.reached]
        return row((self.name, self.measured, self.floor, ratio, self.goal, mark))


def row(cells: Sequence[str]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so many are not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def keep(name: str, figures: Sequence[Figure]) -> None:
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps([asdict(figure) for figure in figures], indent=1, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
