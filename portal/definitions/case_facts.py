"""What an example case gives: rows with ids, facts by cell, and paths that count rows from 0."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from portal.forms.compiled import CompiledForm
from portal.forms.fieldpaths import cell_path, column_path, split_cell
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.outcome import CellKey, Facts

Json = Mapping[str, Any]

DEFAULT_DAY = "2026-01-01"
DEFAULT_PROJECT = {"id": "P1", "code": "P1", "name": "P1", "currency": "CNY"}


def with_ids(data: Json, form: CompiledForm) -> dict[str, Any]:
    """The given record with ids r1, r2, ... for rows that have none."""
    return {
        key: _rows_with_ids(value) if key in form.definition.columns else value
        for key, value in data.items()
    }


def _rows_with_ids(rows: Any) -> Any:
    if not isinstance(rows, list):
        return rows
    return [
        {ROW_ID_KEY: f"r{number}", **row} if isinstance(row, Mapping) else row
        for number, row in enumerate(rows, start=1)
    ]


def case_facts(raw: Json, given: Json, form: CompiledForm) -> Facts:
    """The world of a case: its own facts, and plain ones where it says nothing."""
    links: dict[CellKey, Json | None] = {}
    rollups: dict[CellKey, Any] = {}
    for path, record in (raw.get("links") or {}).items():
        linked = {k: _rows_with_ids(v) if _is_table(v) else v for k, v in record.items()}
        links.update((cell, linked) for cell in _cells(path, given))
    rows = _known_rows(given, form, links)
    for path, value in (raw.get("rollups") or {}).items():
        rollups.update((cell, value) for cell in _cells(path, rows))
    is_project = form.definition.scope == "project"
    return Facts(
        today=date.fromisoformat(raw.get("today", DEFAULT_DAY)),
        requester=raw.get("requester", "requester"),
        project={**DEFAULT_PROJECT, **raw.get("project", {})} if is_project else None,
        record={"id": "case", "number": raw.get("number"), "state": "draft"},
        links=links,
        rollups=rollups,
    )


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


def _known_rows(given: Json, form: CompiledForm, links: Mapping[CellKey, Any]) -> dict[str, Any]:
    """The given rows, and those that will come from a linked record, whichever are more."""
    rows = dict(given)
    for table in form.definition.tables:
        source = table.options.get("rows_from") or {}
        theirs = (links.get(source.get("link", "")) or {}).get(source.get("table", ""), [])
        if len(theirs) > len(rows.get(table.key) or ()):
            rows[table.key] = theirs
    return rows


def _cells(path: str, data: Json) -> Iterator[CellKey]:
    """The cells a path of a case means: `lines[].code` every row, `lines[0].code` the first."""
    table, row, key = split_cell(path)
    if table is None:
        yield path
        return
    rows = data.get(table) or []
    for number, one in enumerate(rows):
        row_id = one.get(ROW_ID_KEY, f"r{number + 1}")
        if row in ("", str(number), row_id):
            yield column_path(table, key), row_id


def named(path: str, data: Json) -> str:
    """A path of a case with row ids instead of positions."""
    table, row, key = split_cell(path)
    rows = data.get(table or "") or []
    if (
        table is None
        or not row
        or not (row.isascii() and row.isdigit() and len(row) < 10)
        or int(row) >= len(rows)
    ):
        return path
    return cell_path(table, rows[int(row)][ROW_ID_KEY], key)


def filed(facts: Facts) -> Facts:
    """The same facts once the record is filed and approved on the day of the case."""
    day = facts.today
    record = {**facts.record, "submitted_on": day, "approved_on": day}
    return replace(facts, record=record)


def value_at(path: str, data: Json) -> Any:
    """The stored value a path of a case means; a list for a whole column."""
    table, row, key = split_cell(path)
    if table is None:
        return data.get(path)
    rows = data.get(table) or []
    if not row:
        return [one.get(key) for one in rows]
    chosen = [one for at, one in enumerate(rows) if row in (str(at), one.get(ROW_ID_KEY))]
    return chosen[0].get(key) if chosen else None
