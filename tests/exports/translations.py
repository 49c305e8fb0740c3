"""What the tests of files for translators share: texts without a database, and a translator who fills a file in."""

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from app.exports import sheets, xliff
from app.site.matrix import SHAPES, Key, Subject, Text, TextKind
from app.site.words import FIELDS
from app.translation.rules import Mark, TextState
from app.values.language import Language, Translated
from tests.conftest import NOW

EN, DE, ZH = Language


def text(field: str = "title", *, n: int = 1, stale: tuple[Language, ...] = (), **words: str) -> Text:
    kind = TextKind.SESSION_TITLE if field == "title" else TextKind.SESSION_ABSTRACT
    marks = {language: Mark(EN, "Before", NOW) for language in stale}
    return Text(Key(Subject("session", n), field), kind, Translated("Cells"), Translated(**words), EN, marks)


def by_key(*texts: Text) -> dict[Key, Text]:
    return {text.key: text for text in texts}


SHEET_WORDS = sheets.Words(
    EN, "Texts", "How to", ["Write."], {name: f"={name}" for name, _width in sheets.COLUMNS},
    {kind: kind.value for kind in TextKind}, {key: key[1] for key in FIELDS}, {state: state.value for state in TextState},
)  # fmt: skip
XLIFF_WORDS = xliff.Words(EN, SHEET_WORDS.kinds, {key: key[1] for key in SHAPES}, "At most %(limit)s.", "Stale.")


def filled_in(raw: bytes, words: Callable[[list[str]], str] | Mapping[str, str]) -> bytes:
    """The same sheet as somebody sends it back: everything as it was, and `words` in the column for them.

    By the text of the row's cells, or by "key/language". Written by another program than the one that read it.
    """
    cells = cells_of(raw)
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Sheet")
        for row, line in enumerate(cells):
            for column, value in enumerate(line):
                sheet.write_string(row, column, value)
            if row > 1:
                new = words(line) if callable(words) else words.get(f"{line[0]}/{line[5]}", "")
                sheet.write_string(row, 8, new)
    return file.getvalue()


def cells_of(raw: bytes) -> list[list[str]]:
    """Every cell of the first sheet, as text."""
    rows = CalamineWorkbook.from_filelike(BytesIO(raw)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [[str(cell) for cell in row] for row in rows]


def part_of(raw: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        return archive.read(name).decode()
