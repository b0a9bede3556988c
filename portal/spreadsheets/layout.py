"""Where in a sheet its titles, rows and totals stand, and what is written above them; pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.errors import N_, Invalid
from portal.spreadsheets.cells import Cell, Sheet

SEARCHED = 40
TITLE_MOST = 80
_TOTAL = re.compile(
    r"(grand\s*total|sub\s*-?total|totals?|sum|合\s*计|总\s*计|小\s*计|共\s*计)\s*[:：]?", re.I
)
_PAIR = re.compile(r"([^:：]{1,40})[:：]\s*(\S.*)", re.S)
_UNIT = re.compile(r"(单位|unit)\s*[:：]", re.I)

Row = Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a sheet consists of. `header_row` is the row of the column titles, `titles` are by
    column, `above` are (label, value) above the table, `total` is the row of totals; `lines` are
    the numbers of the rows of `body`."""

    header_row: int
    title: str
    titles: Mapping[int, str]
    body: tuple[Row, ...]
    above: tuple[tuple[str, Cell | None], ...] = ()
    total: Row | None = None
    lines: tuple[int, ...] = ()


def laid_out(sheet: Sheet, header_row: int | None = None) -> Layout:
    """The layout of a sheet; the row of the titles is found unless it is given. Raises Invalid."""
    rows = sheet.rows()
    head = header_row if header_row is not None else _header(rows)
    if head is None:
        raise Invalid(NO_HEADER)
    if head not in rows:
        raise Invalid(N_("Row %(row)s is empty. Write the row that holds the titles."), row=head)
    depth = _depth(sheet, head)
    titles = _titles(sheet, head, depth)
    if not titles:
        raise Invalid(NO_HEADER)
    found, total = _body(rows, head + depth - 1, titles)
    body = tuple(found.values())
    width = {column for row in body for column in row}
    named = {column: titles.get(column, "") for column in sorted({*titles, *width})}
    title, above = _above({at: row for at, row in rows.items() if at < head})
    return Layout(head, title, named, body, above, total, tuple(found))


NO_HEADER = N_(
    "No row of titles was found. Write a title above every column, or say in which row they stand."
)


def _header(rows: Mapping[int, Row]) -> int | None:
    """The first of the widest rows that hold nothing but different short texts."""
    widths = {
        at: len(row)
        for at, row in list(rows.items())[:SEARCHED]
        if _may_be_header(row) and (len(row) > 1 or _is_narrow(rows))
    }
    most = max(widths.values(), default=0)
    return next((at for at, width in widths.items() if width == most), None)


def _is_narrow(rows: Mapping[int, Row]) -> bool:
    return all(len(row) == 1 for row in rows.values())


def _may_be_header(row: Row) -> bool:
    texts = [cell.text for cell in row.values()]
    if any(cell.kind != "text" or not _is_title(cell.text) for cell in row.values()):
        return False
    return len(set(texts)) == len(texts)


def _is_title(text: str) -> bool:
    if len(text) > TITLE_MOST or text.rstrip().endswith((":", "：")):
        return False
    return _PAIR.fullmatch(text) is None and any(letter.isalpha() for letter in text)


def _depth(sheet: Sheet, head: int) -> int:
    """How many rows the titles take: two where one is merged over two."""
    spans = [last - first + 1 for first, _c, last, _d in sheet.merges if first == head]
    return min(3, max(spans, default=1))


def _titles(sheet: Sheet, head: int, depth: int) -> dict[int, str]:
    """The title of every column, that of a group of columns before its own."""
    found: dict[int, list[str]] = {}
    for row in range(head, head + depth):
        for column, cell in _spread(sheet, row).items():
            text = " ".join(cell.text.split())[:TITLE_MOST]
            if text not in found.setdefault(column, []):
                found[column].append(text)
    return {column: " ".join(parts)[:TITLE_MOST] for column, parts in found.items()}


def _spread(sheet: Sheet, row: int) -> dict[int, Cell]:
    """A row of titles with those merged over several columns in each of them."""
    found = sheet.row(row)
    for first, left, last, right in sheet.merges:
        if first == row and last - first < 3 and (row, left) in sheet.cells:
            found |= dict.fromkeys(range(left, min(right, left + 60) + 1), found[left])
    return found


def _body(
    rows: Mapping[int, Row], head: int, titles: Mapping[int, str]
) -> tuple[dict[int, Row], Row | None]:
    """The rows beneath the titles, and the last row of totals among or after them."""
    found: dict[int, Row] = {}
    total = None
    for at, row in rows.items():
        if at <= head:
            continue
        if _is_total(row):
            total = row
        elif len(titles) < 3 or len(row) > 1:
            if found and _is_repeated(row, titles):
                continue
            found[at] = row
    return found, total


def _is_total(row: Row) -> bool:
    return _TOTAL.fullmatch(row[min(row)].text.strip()) is not None


def _is_repeated(row: Row, titles: Mapping[int, str]) -> bool:
    """Whether the titles stand here once more, as on every printed page."""
    return all(titles.get(column) == cell.text for column, cell in row.items())


def _above(rows: Mapping[int, Row]) -> tuple[str, tuple[tuple[str, Cell | None], ...]]:
    """The title of the sheet, and what is asked for above the table."""
    title, pairs = "", []
    for row in rows.values():
        found = list(_pairs(row))
        pairs += found
        if not found and not title and len(row) == 1:
            title = " ".join(row[min(row)].text.split())[:TITLE_MOST]
    return title, tuple(pairs)


def _pairs(row: Row) -> Iterator[tuple[str, Cell | None]]:
    cells = [cell for _column, cell in sorted(row.items()) if not _UNIT.match(cell.text)]
    at = 0
    while at < len(cells):
        cell = cells[at]
        following = cells[at + 1] if at + 1 < len(cells) else None
        both = _PAIR.fullmatch(cell.text) if cell.kind == "text" else None
        if both and not both[2].startswith("//"):
            yield both[1].strip(), Cell("text", both[2].strip())
        elif cell.kind == "text" and cell.text.endswith((":", "：")):
            label = cell.text.rstrip(":： ")[:TITLE_MOST]
            is_value = following is not None and not following.text.endswith((":", "："))
            yield label, following if is_value else None
            at += is_value
        elif cell.kind == "text" and following is not None and len(cells) % 2 == 0:
            yield cell.text[:TITLE_MOST], following
            at += 1
        at += 1
