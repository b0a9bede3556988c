"""Reading a CSV file as a sheet: every cell is text, as it was written."""

import csv
import io

from portal.errors import N_, Invalid
from portal.spreadsheets.archive import NO_EXCEL
from portal.spreadsheets.cells import (
    CELLS_MOST,
    ROWS_MOST,
    TEXT_MOST,
    Cell,
    Sheet,
    demand_size,
)
from portal.web.inputs import clean


def read_csv(content: bytes) -> Sheet:
    """The sheet of a CSV file: UTF-8, UTF-16 or GB 18030; comma, semicolon or tab."""
    text = _decoded(content)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    cells: dict[tuple[int, int], Cell] = {}
    try:
        for row, values in enumerate(reader, start=1):
            if row > ROWS_MOST or len(cells) > CELLS_MOST:
                told = N_("The sheet has more than %(most)s rows. A few dozen are enough.")
                raise Invalid(told, most=ROWS_MOST)
            for column, value in enumerate(values, start=1):
                if shown := clean(value)[:TEXT_MOST]:
                    cells[row, column] = Cell("text", shown)
    except csv.Error:
        raise Invalid(NO_EXCEL) from None
    if not cells:
        raise Invalid(N_("The sheet is empty."))
    demand_size(cells)
    return Sheet("", cells)


def _decoded(content: bytes) -> str:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", errors="replace")
    if b"\0" in content[:4096]:
        raise Invalid(NO_EXCEL)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(NO_EXCEL)
