"""Rows of a sheet meet the rows on file: what agrees is changed, the rest is added; pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.rowids import new_row_id

_SAY_HOW_MUCH = frozenset({"number", "money", "quantity", "percent", "yes_no"})
Row = Mapping[str, Any]


def telling_apart(form: FormDefinition, table: str) -> Sequence[FieldDefinition]:
    """The columns by which a row is found again: those that are needed and say no amount.

    Where every needed column is an amount, the first of them; where none is needed, all columns.
    """
    typed = [one for one in form.columns[table] if one.is_writable]
    needed = [one for one in typed if one.required]
    return [one for one in needed if one.kind.name not in _SAY_HOW_MUCH] or needed[:1] or typed


def joined(
    form: FormDefinition, table: str, on_file: Iterable[Row], given: Iterable[Row]
) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows on file with those of a sheet, and the id of each given one among them.

    None goes, each is met once at most. What a met row says beyond the sheet stays; an added one
    starts as its columns do.
    """
    keys = [one.key for one in telling_apart(form, table)]
    start = {
        one.key: one.default
        for one in form.columns[table]
        if one.default is not None and one.is_writable
    }
    rows = [dict(one) for one in on_file]
    waiting: dict[tuple[str, ...], list[int]] = {}
    for at, row in enumerate(rows):
        waiting.setdefault(_named(row, keys), []).append(at)
    ids = []
    for one in given:
        met = waiting.get(_named({**start, **one}, keys))
        if met:
            row = rows[met.pop(0)]
            row.update(one)
        else:
            row = {ROW_ID_KEY: new_row_id(), **start, **one}
            rows.append(row)
        ids.append(str(row[ROW_ID_KEY]))
    return rows, ids


def _named(row: Row, keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(row.get(key) or "") for key in keys)
