"""What a record takes from elsewhere: fetched fields, rolled-up figures, rows of a linked table."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.forms.fieldpaths import cell_path, column_path, split
from portal.forms.fields import FieldDefinition
from portal.forms.kinds import KindError
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.rowids import identified
from portal.forms.state import Row, State

# (stored holder, typed holder, path) of a field in the record, or in each row
Holders = Iterable[tuple[Row, Row, str]]


def fetch(state: State, field: FieldDefinition, holders: Holders) -> None:
    """Copy from the linked record; an empty link empties, an unknown one changes nothing."""
    assert field.fetched_from is not None
    link_path, theirs = field.fetched_from
    table, link = split(link_path)
    for stored, typed, path in holders:
        holder = stored if table == field.table else state.data
        cell = link_path if table is None else (link_path, stored[ROW_ID_KEY])
        if holder.get(link) is None:
            state.put(field, None, typed, stored)
        elif (there := state.facts.links.get(cell)) is not None:
            _take(state, field, there.get(theirs), path, typed, stored)


def roll_up(state: State, field: FieldDefinition, holders: Holders) -> None:
    """Take the figure the host gathered; one it did not gather stays as it was."""
    rollups = state.facts.rollups
    for stored, typed, path in holders:
        cell = path if field.table is None else (field.path, stored[ROW_ID_KEY])
        if cell in rollups:
            _take(state, field, rollups[cell], path, typed, stored)


def fill_rows(state: State, table: FieldDefinition) -> None:
    """Rows that come from a linked record's table keep its row ids, and thus their own cells.

    Fixed rows follow the source always; others only fill a table nobody has touched yet.
    """
    source: Mapping[str, Any] = table.options["rows_from"]
    link = str(source["link"])
    if not source.get("fixed") and state.data.get(table.key):
        return
    if state.data.get(link) is None:
        if source.get("fixed"):
            _set_rows(state, table, [])
        return
    there = state.facts.links.get(link)
    if there is not None and str(source["table"]) in there:
        _set_rows(state, table, there[str(source["table"])] or [])


def _set_rows(state: State, table: FieldDefinition, theirs: list[Row]) -> None:
    columns = table.options["rows_from"].get("columns") or {}
    pairs = zip(state.data.get(table.key) or (), state.rows[table.key], strict=True)
    mine = {stored[ROW_ID_KEY]: (stored, typed) for stored, typed in pairs}
    stored_rows, typed_rows = [], []
    for row_id, row in identified(theirs[: table.options["max"]]):
        stored, typed = mine.get(row_id) or ({ROW_ID_KEY: row_id}, {ROW_ID_KEY: row_id})
        for key, their_key in columns.items():
            column = state.form.definition.fields[column_path(table.key, key)]
            path = cell_path(table.key, row_id, key)
            _take(state, column, row.get(their_key), path, typed, stored)
        stored_rows.append(stored)
        typed_rows.append(typed)
    state.data[table.key] = stored_rows
    state.rows[table.key] = state.values[table.key] = typed_rows


def _take(
    state: State, field: FieldDefinition, value: Any, path: str, typed: Row, stored: Row
) -> None:
    """Write a stored value of elsewhere into a field of ours."""
    try:
        loaded = None if value is None else field.kind.load(value, field.options)
    except KindError as error:
        state.error(path, "shape", error.message)
        loaded = None
    state.put(field, loaded, typed, stored)
