"""Ids of table rows: given by the server, never a position."""

import hashlib
from collections.abc import Iterable, Sequence
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


def held_row(source: str, row_id: str) -> str:
    """How a page names a row that follows a row of the record `source`."""
    return f"{_mark(source)}-{row_id}"


def is_held_of(held: Iterable[str], source: str) -> bool:
    """Whether all of these rows of a page follow rows of the record `source`."""
    return {one.partition("-")[0] for one in held} == {_mark(source)}


def _mark(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:12]
