"""Texts for translators as an XLSX sheet, and back. Everything in it is text: no cell is ever a formula or a link."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from app.errors import Conflict
from app.exports import spread
from app.exports.exchange import Entry, FileRefusal, Row, whose
from app.site.matrix import Key, TextKind
from app.translation.rules import TextState
from app.values.language import Language

COLUMNS = (
    ("key", 16), ("kind", 18), ("whose", 26), ("source_language", 10), ("source", 60), ("target_language", 10),
    ("present", 50), ("state", 10), ("new", 60), ("mark", 4),
)  # fmt: skip
"""Their names stand in the hidden first row, by which we know them again; and how wide they are."""
NEEDED = ("key", "target_language", "new", "mark")
SPREAD = str(Path(spread.__file__))


@dataclass(frozen=True, slots=True)
class Words:
    """What the sheet says for its reader, in their language."""

    language: Language
    sheet: str
    help_sheet: str
    help: Sequence[str]
    columns: Mapping[str, str]
    kinds: Mapping[TextKind, str]
    fields: Mapping[tuple[str, str], str]
    states: Mapping[TextState, str]


def written(entries: Iterable[Entry], words: Words) -> bytes:
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, options) as book:
        sheet = book.add_worksheet(words.sheet)
        _head(book, sheet, words)
        plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        to_write = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@", "bg_color": "#EAF3EF"})
        last = 1
        for last, entry in enumerate(entries, start=2):
            for n, (name, text) in enumerate(_cells(entry, words).items()):
                sheet.write_string(last, n, text, to_write if name == "new" else plain)
        sheet.autofilter(1, 0, last, len(COLUMNS) - 1)
        guide = book.add_worksheet(words.help_sheet)
        guide.set_column(0, 0, 100)
        for n, sentence in enumerate(words.help):
            guide.write_string(n, 0, sentence, plain)
    return file.getvalue()


def _head(book: Workbook, sheet: Worksheet, words: Words) -> None:
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 2})
    for n, (name, width) in enumerate(COLUMNS):
        sheet.set_column(n, n, width, None, {"hidden": name == "mark"})
        sheet.write_string(0, n, name)
        sheet.write_string(1, n, words.columns[name], head)
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.freeze_panes(2, 0)


def _cells(entry: Entry, words: Words) -> dict[str, str]:
    text, subject = entry.text, entry.text.key.subject
    return {
        "key": entry.key,
        "kind": f"{words.kinds[text.kind]}: {words.fields[subject.kind, text.key.field]}",
        "whose": whose(text.of, words.language),
        "source_language": text.source.own_name,
        "source": text.source_text,
        "target_language": entry.target.own_name,
        "present": entry.present,
        "state": words.states[entry.state],
        "new": "",
        "mark": entry.mark,
    }


def read(raw: bytes) -> list[Row]:
    """The rows of the first sheet that has our columns. Raises `Conflict` with the code of a `FileRefusal`."""
    for lines in _cells_of(raw):
        for at, line in enumerate(lines[:5]):
            columns = {str(cell): n for n, cell in enumerate(line)}
            if all(name in columns for name in NEEDED):
                rows = [_row(n, cells, columns) for n, cells in enumerate(lines[at + 1 :], start=at + 2)]
                return [row for n, row in enumerate(rows) if not _says_nothing(row, is_head=n == 0)]
    raise Conflict(FileRefusal.NOT_OURS)


def _cells_of(raw: bytes) -> list[list[list[Any]]]:
    """By sheet and line: see `app/exports/spread.py`."""
    try:
        done = subprocess.run(  # noqa: S603 our own script, and nothing of the file in its arguments
            [sys.executable, "-I", SPREAD],
            input=raw,
            capture_output=True,
            timeout=2 * spread.SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise Conflict(FileRefusal.TOO_LARGE) from error
    if done.returncode == spread.TOO_LARGE:
        raise Conflict(FileRefusal.TOO_LARGE)
    if done.returncode:
        raise Conflict(FileRefusal.UNREADABLE)
    sheets: list[list[list[Any]]] = json.loads(done.stdout)
    return sheets


def _row(number: int, cells: Sequence[Any], columns: Mapping[str, int]) -> Row:
    key, language, words, mark = (_text(cells[columns[name]]) for name in NEEDED)
    return Row(number, key or "", language or "", words, mark or "")


def _says_nothing(row: Row, *, is_head: bool) -> bool:
    """The head for human readers, below the one for us, and empty lines."""
    return Key.of(row.key) is None if is_head else not row.key and row.words == ""


def _text(cell: Any) -> str | None:
    """A whole number may have been meant as text. None for what was not: dates, truths, fractions."""
    if isinstance(cell, str):
        return cell
    is_whole = not isinstance(cell, bool) and (isinstance(cell, int) or (isinstance(cell, float) and cell.is_integer()))
    return str(int(cell)) if is_whole else None
