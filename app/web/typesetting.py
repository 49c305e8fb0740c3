"""PDF by typst: plain data in, bytes out. The data go in as JSON and are never pasted into source."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app.errors import Conflict

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "typst"
LATIN = ("Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial")
"""Noto Sans first: the Latin letters of Noto Sans CJK lack Ł, Š and ő."""
HAN = ("Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei")
"""Whole fonts of the mainland's forms; subsets lack characters that stand in names (喆堃玥芃)."""


@cache
def families() -> frozenset[str]:
    """Names of the fonts this machine has, asked once a process."""
    import typst

    return frozenset(typst.Fonts().families())


def missing_fonts(known: frozenset[str] | None = None) -> tuple[str, ...]:
    """The fonts to install before Chinese and European names can be set; empty where all is well."""
    there = families() if known is None else known
    return tuple(wanted[0] for wanted in (LATIN, HAN) if not there.intersection(wanted))


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Set one of our templates. Raises `Conflict` where the fonts for it are not installed."""
    import typst

    if missing := missing_fonts():
        raise Conflict("fonts_missing", fonts=", ".join(missing))
    fonts = [family for family in (*LATIN, *HAN) if family in families()]
    inputs = {"data": json.dumps({**data, "fonts": fonts}, ensure_ascii=False)}
    made: bytes = typst.compile(TEMPLATES / f"{template}.typ", root=TEMPLATES, sys_inputs=inputs)
    return made
