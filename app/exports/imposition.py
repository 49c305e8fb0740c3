"""A6 pages on A4 sheets: print on both sides (turned on the long edge), fold twice, cut the top open."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

A4 = (595.276, 841.890)
"""Points."""
PAGES_A_SHEET = 8


@dataclass(frozen=True, slots=True)
class Panel:
    """A page in its quarter of a sheet's side."""

    page: int
    """From 0; it may lie behind the last one, and is then blank."""
    column: int
    row: int
    """0 is the lower half."""
    is_turned: bool
    """Upside down: it stands upright once the sheet is folded."""


SIDES = (
    ((4, 0, 1, True), (3, 1, 1, True), (7, 0, 0, False), (0, 1, 0, False)),
    ((2, 0, 1, True), (5, 1, 1, True), (1, 0, 0, False), (6, 1, 0, False)),
)
"""A quarto's two sides: which of its eight pages (from 0) lies where."""


def sheets(pages: int) -> int:
    return -(-pages // PAGES_A_SHEET)


def sides(pages: int) -> Iterator[tuple[Panel, ...]]:
    """Front and back of every sheet, the outermost sheet first; folded, they lie inside each other as one booklet."""
    count = sheets(pages)
    total = count * PAGES_A_SHEET
    for sheet in range(count):
        own = [*range(4 * sheet, 4 * sheet + 4), *range(total - 4 * sheet - 4, total - 4 * sheet)]
        for side in SIDES:
            yield tuple(Panel(own[page], column, row, turned) for page, column, row, turned in side)


def folded(small: bytes) -> bytes:
    """The A6 pages of one PDF as A4 sheets to print and fold."""
    import pikepdf

    with pikepdf.open(BytesIO(small)) as source, pikepdf.new() as target:
        count = len(source.pages)
        for panels in sides(count):
            page = target.add_blank_page(page_size=A4)
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary())
            drawn = []
            for panel in panels:
                if panel.page < count:
                    name = f"/P{panel.page}"
                    form = target.copy_foreign(source.pages[panel.page].as_form_xobject())
                    page.Resources.XObject[name] = form
                    drawn.append(f"q {_matrix(panel)} cm {name} Do Q")
            page.Contents = target.make_stream("\n".join((*drawn, _cut())).encode())
        out = BytesIO()
        target.save(out, deterministic_id=True)
    return out.getvalue()


def _matrix(panel: Panel) -> str:
    """Where its lower left corner comes to lie; a turned page begins at its upper right."""
    width, height = A4[0] / 2, A4[1] / 2
    x, y = panel.column * width, panel.row * height
    if panel.is_turned:
        return f"-1 0 0 -1 {x + width:.3f} {y + height:.3f}"
    return f"1 0 0 1 {x:.3f} {y:.3f}"


def _cut() -> str:
    """Short marks where to fold and cut, at the edges only."""
    width, height = A4
    marks = (
        (0, height / 2, 10, height / 2), (width - 10, height / 2, width, height / 2),
        (width / 2, 0, width / 2, 10), (width / 2, height - 10, width / 2, height),
    )  # fmt: skip
    lines = " ".join(f"{a:.2f} {b:.2f} m {c:.2f} {d:.2f} l S" for a, b, c, d in marks)
    return f"q 0.3 w 0.6 G {lines} Q"
