"""A sheet as laid out, in plain JSON: for a page to carry from checking to doing; pure."""

from typing import Any

from portal.spreadsheets.cells import Cell
from portal.spreadsheets.layout import Layout


def packed(layout: Layout) -> list[Any]:
    """What matters of a layout: where its titles stand, the titles, and the rows beneath."""
    return [
        layout.header_row,
        list(layout.lines),
        [[at, title] for at, title in layout.titles.items()],
        [[[at, cell.kind, cell.text] for at, cell in row.items()] for row in layout.body],
    ]


def unpacked(raw: Any) -> Layout:
    """The layout again."""
    head, lines, titles, body = raw
    rows = tuple({at: Cell(kind, text) for at, kind, text in row} for row in body)
    return Layout(head, "", dict(titles), rows, lines=tuple(lines))
