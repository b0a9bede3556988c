"""Paths: `total` and `lines[].amount` name fields, `lines[r1].amount` a cell of a record.

Control names on a page are `total` and `lines-<row id>-amount`; never an index.
"""

import re

KEY = re.compile(r"[a-z][a-z0-9_]{0,40}\Z")
ROW_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,35}\Z")
_CELL = re.compile(r"([a-z][a-z0-9_]*)\[([A-Za-z0-9-]*)\](?:\.([a-z][a-z0-9_]*))?\Z")


def column_path(table: str, column: str) -> str:
    """The path of a column: `lines[].amount`."""
    return f"{table}[].{column}"


def cell_path(table: str, row_id: str, column: str) -> str:
    """The path of one cell of a record: `lines[r1].amount`."""
    return f"{table}[{row_id}].{column}"


def split(path: str) -> tuple[str | None, str]:
    """(table or None, key) of a field's path."""
    table, mark, column = path.partition("[].")
    return (table, column) if mark else (None, path)


def split_cell(path: str) -> tuple[str | None, str | None, str]:
    """(table, row id, key) of a path in a record; a header field has only a key.

    `lines[r1]` (a whole row) answers the key ``""``; `lines[].amount` the row id ``""``.
    """
    match = _CELL.match(path)
    if match is None:
        return None, None, path
    return match[1], match[2], match[3] or ""


def declared(path: str) -> str:
    """The field's path a cell belongs to: `lines[r1].amount` is declared as `lines[].amount`."""
    table, _row, key = split_cell(path)
    if table is None:
        return path
    return column_path(table, key) if key else table


def control_name(path: str) -> str:
    """The name of the control showing this field or cell."""
    table, row_id, key = split_cell(path)
    return key if table is None else f"{table}-{row_id}-{key}"


def split_control(name: str) -> tuple[str | None, str | None, str]:
    """(table, row id, key) of a control's name; row ids may hold hyphens, keys never do."""
    table, mark, rest = name.partition("-")
    if not mark:
        return None, None, name
    row_id, mark, column = rest.rpartition("-")
    return (table, row_id, column) if mark else (table, None, rest)
