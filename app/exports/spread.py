"""Reads a workbook from standard input, in a process of its own, and writes the cells of its first sheets as JSON.

Run as a script; it imports nothing of ours. A file may be made to fill the memory, or find a fault in the reader
(a false count of its strings is enough): that ends this process, which has little of both, and nobody else's.
"""

import json
import resource
import sys
from io import BytesIO

from python_calamine import CalamineWorkbook

MEMORY = 640 * 1024 * 1024
SECONDS = 15
SHEETS, ROWS, COLUMNS = 5, 20_000, 60
TOO_LARGE = 3
"""What this process answers where a sheet is larger than any of ours."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    book = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    sheets = []
    for name in book.sheet_names[:SHEETS]:
        sheet = book.get_sheet_by_name(name)
        if sheet.total_height > ROWS or sheet.total_width > COLUMNS:
            sys.exit(TOO_LARGE)
        sheets.append(sheet.to_python(skip_empty_area=False))
    json.dump(sheets, sys.stdout, default=lambda _date_or_time: None)


if __name__ == "__main__":
    main()
