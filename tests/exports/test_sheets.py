"""The XLSX sheet for translators: out, and back."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from app.errors import Conflict
from app.exports import sheets, spread
from app.exports.exchange import Entry, FileRefusal, dry_run
from app.site.wishes import Verdict
from app.values.text import BadText
from tests.exports.translations import DE, SHEET_WORDS, ZH, by_key, cells_of, filled_in, part_of, text

TITLE = text(en="=SUM(A1:A9)", de="+49 Zellen", zh="@电池", stale=(DE,))
ABSTRACT = text("abstract", en="One.\n\nTwo “lines”.", de="-1\tViel.")
ENTRIES = [Entry(TITLE, DE), Entry(TITLE, ZH), Entry(ABSTRACT, ZH)]


def sheet() -> bytes:
    return sheets.written(ENTRIES, SHEET_WORDS)


def test_its_columns_hold_what_a_translator_needs() -> None:
    codes, head, *rows = cells_of(sheet())
    assert codes == [
        "key", "kind", "whose", "source_language", "source", "target_language", "present", "state", "new", "mark",
    ]  # fmt: skip
    assert head[0] == "=key"
    assert [row[:9] for row in rows] == [
        ["session-1-title", "session_title: title", "Cells", "English", "=SUM(A1:A9)", "Deutsch", "+49 Zellen", "stale", ""],
        ["session-1-title", "session_title: title", "Cells", "English", "=SUM(A1:A9)", "中文", "@电池", "there", ""],
        ["session-1-abstract", "session_abstract: abstract", "Cells", "English", "One.\n\nTwo “lines”.", "中文", "", "missing", ""],
    ]  # fmt: skip


def test_no_cell_is_ever_a_formula_and_the_head_stays_in_sight() -> None:
    part = part_of(sheet(), "xl/worksheets/sheet1.xml")
    assert "<f>" not in part
    assert 'state="frozen"' in part
    assert 'ySplit="2"' in part
    assert 'hidden="1"' in part
    assert 'wrapText="1"' in part_of(sheet(), "xl/styles.xml")


def test_what_a_translator_writes_comes_back_with_the_number_of_its_row() -> None:
    back = filled_in(sheet(), {"session-1-title/Deutsch": "=Zellen", "session-1-abstract/中文": "一。\n二。"})
    rows = sheets.read(back)
    assert [(row.number, row.key, row.language, row.words) for row in rows] == [
        (3, "session-1-title", "Deutsch", "=Zellen"), (4, "session-1-title", "中文", ""),
        (5, "session-1-abstract", "中文", "一。\n二。"),
    ]  # fmt: skip
    found = dry_run(rows, by_key(TITLE, ABSTRACT))
    assert [(p.number, p.wish.text) for p in found.planned] == [(3, "=Zellen"), (5, "一。\n二。")]


def kept(raw: str) -> str:
    """What a text becomes when somebody stores it; empty where it cannot be."""
    try:
        return ABSTRACT.shape.normalised(raw)
    except BadText:
        return ""


ALPHABET = st.sampled_from([*"aZ09 \n\t\"'“”„‚’äöüßŁé=+-@;,<>&_x0041 电池固态喆🙂👩‍🚀", "_x000D_", "_x0041_", "]]>"])
WORDS = st.lists(ALPHABET, max_size=30).map("".join).map(kept).filter(bool)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=6))
def test_whatever_texts_hold_comes_back_as_it_went_out(texts: list[tuple[str, str, str]]) -> None:
    some = [text("abstract", n=n, en=en, de=de, stale=(DE,)) for n, (en, de, _new) in enumerate(texts, 1)]
    new = {f"session-{n}-abstract/Deutsch": words for n, (_en, _de, words) in enumerate(texts, 1)}
    raw = sheets.written([Entry(each, DE) for each in some], SHEET_WORDS)
    assert [(row[4], row[6]) for row in cells_of(raw)[2:]] == [(en, de) for en, de, _new in texts]
    found = dry_run(sheets.read(filled_in(raw, new)), by_key(*some))
    assert found.refused == ()
    assert {str(p.wish.key): p.wish.text for p in found.planned} == {
        f"session-{n}-abstract": words for n, (_en, _de, words) in enumerate(texts, 1)
    }
    assert [p.verdict for p in found.planned] == [
        Verdict.STILL_RIGHT if words == de else Verdict.WRITE for _en, de, words in texts
    ]


def test_columns_may_be_moved_and_others_added_and_lines_left_out() -> None:
    cells = cells_of(sheet())
    moved = [[*line[:0:-1], "my note", line[0]] for n, line in enumerate(cells) if n != 2]
    moved[1][-3], moved[2][1] = "", "新"
    rows = sheets.read(made(moved))
    assert [(row.number, row.words) for row in rows] == [(3, "新"), (4, "")]


def made(cells: list[list[object]] | list[list[str]], change: Callable[..., None] | None = None) -> bytes:
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(cells):
            for column, value in enumerate(line):
                sheet.write(row, column, value)
        if change:
            change(book, sheet)
    return file.getvalue()


@pytest.mark.parametrize(
    ("cell", "words"), [(2027, "2027"), (2027.0, "2027"), (2.5, None), (True, None), ("2.5", "2.5")]
)
def test_a_whole_number_may_have_been_meant_as_text(cell: object, words: str | None) -> None:
    head = ["key", "target_language", "new", "mark"]
    assert [row.words for row in sheets.read(made([head, ["session-1-title", "de", cell, "m"]]))] == [words]


@pytest.mark.parametrize("number", ["1e999", "-1e999", "nan"])
def test_a_number_beyond_all_numbers_is_no_text(number: str) -> None:
    head = ["key", "target_language", "new", "mark"]
    with zipfile.ZipFile(BytesIO(made([head, ["session-1-title", "de", 4711, "m"]]))) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    part = "xl/worksheets/sheet1.xml"
    rows = sheets.read(rezipped(parts | {part: parts[part].replace(b"4711", number.encode())}))
    assert rows[0].words in (None, number)


def refusal(raw: bytes) -> str:
    with pytest.raises(Conflict) as refused:
        sheets.read(raw)
    return refused.value.code


def outcome(raw: bytes) -> str:
    try:
        sheets.read(raw)
    except Conflict as refused:
        return refused.code
    return "read"


def rezipped(parts: dict[str, bytes], *, without: str = "") -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(sheet())) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in parts and part.filename != without:
                new.writestr(part.filename, old.read(part))
        for name, content in parts.items():
            new.writestr(name, content)
    return file.getvalue()


def test_a_sheet_without_our_columns_is_not_ours() -> None:
    assert refusal(made([["Key", "New"], ["session-1-title", "Neu"]])) == FileRefusal.NOT_OURS
    assert refusal(made([])) == FileRefusal.NOT_OURS


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500, sheets.written([], SHEET_WORDS)[:900]])
def test_a_damaged_file_is_refused(raw: bytes) -> None:
    assert refusal(raw) == FileRefusal.UNREADABLE


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/sharedStrings.xml", b"<sst>" + b" " * (2 * spread.MEMORY // 3) + b"</sst>"),  # unpacks to half a gigabyte
        ("xl/sharedStrings.xml", b'<sst count="9" uniqueCount="4294967295"><si><t>x</t></si></sst>'),
        ("xl/worksheets/sheet1.xml", b'<worksheet><sheetData><row><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'),
        ("xl/worksheets/sheet1.xml", b'<worksheet><sheetData><row r="30000"><c><v>1</v></c></row></sheetData></worksheet>'),
        ("xl/worksheets/sheet1.xml", b'<worksheet><sheetData><row><c r="ZZ1"><v>1</v></c></row></sheetData></worksheet>'),
        ("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'),
        ("xl/worksheets/sheet1.xml", b"<worksheet>" + b"<x>" * 100_000),
    ],
    ids=["zip bomb", "false count", "far corner", "far down", "far right", "entities", "deep"],
)  # fmt: skip
def test_a_file_made_to_do_harm_ends_its_own_reader_and_is_refused(part: str, content: bytes) -> None:
    """Read here and not in a process of its own, the second one ends the whole test run."""
    bad = rezipped({part: content})
    assert len(bad) < 1_000_000
    assert refusal(bad) in list(FileRefusal)
    assert sheets.read(sheet())


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 5000), st.binary(min_size=1, max_size=8))
def test_a_file_with_some_bytes_wrong_is_read_or_refused_and_nothing_else(at: int, noise: bytes) -> None:
    raw = bytearray(sheet())
    place = at % len(raw)
    raw[place : place + len(noise)] = noise
    assert outcome(bytes(raw)) in ("read", *FileRefusal)
