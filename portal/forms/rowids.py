"""Ids of table rows: given by the server, never a position."""

from collections.abc import Sequence
from itertools import chain, count
from typing import Any

from portal.forms.fieldpaths import ROW_ID
from portal.forms.kinds.table import ROW_ID_KEY
from portal.ids import new_id

Row = dict[str, Any]


def new_row_id() -> str:
    """A row id that no other row of the record has, in 12 characters."""
    return new_id().replace("-", "")[-12:]


def identified(rows: list[Row], offered: Sequence[str] = ()) -> list[tuple[str, Row]]:
    """Rows with their ids; one without an id (or with one used before) gets a free one.

    The free ones are the `offered` ids in their order, then `r1`, `r2`, ...
    """
    valid = [row.get(ROW_ID_KEY) for row in rows]
    taken = {one for one in valid if isinstance(one, str)}
    free = (one for one in chain(offered, map("r{}".format, count(1))) if one not in taken)
    used: set[str] = set()
    found: list[tuple[str, Row]] = []
    for row_id, row in zip(valid, rows, strict=True):
        if not isinstance(row_id, str) or not ROW_ID.match(row_id) or row_id in used:
            row_id = next(free)
        used.add(row_id)
        found.append((row_id, row))
    return found
