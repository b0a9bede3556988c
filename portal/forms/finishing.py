"""The last part of an evaluation: cleared and required fields, totals, the schema's verdict."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from portal.errors import N_, FieldError, Message
from portal.forms.compiled import CompiledForm
from portal.forms.fieldpaths import cell_path, column_path
from portal.forms.fields import FieldDefinition
from portal.forms.kinds import KindError
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.outcome import Mode
from portal.forms.schema import judge
from portal.forms.state import State

REQUIRED = N_("This field is required.")
TOO_FEW_ROWS = N_("At least %(least)s rows are needed.")
ONE_ROW = N_("Add at least one row.")

_PRESENCE = frozenset({"required", "minItems"})


def drop_blank_rows(form: CompiledForm, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record without rows in which nobody entered anything."""
    kept = dict(data)
    for table, columns in form.definition.columns.items():
        rows = data.get(table)
        typed = {one.key for one in columns if not one.is_derived}
        if isinstance(rows, list):
            kept[table] = [row for row in rows if not isinstance(row, dict) or _has_any(row, typed)]
    return kept


def _has_any(row: Mapping[str, Any], keys: Iterable[str]) -> bool:
    return any(row.get(key) not in (None, "", []) for key in keys)


def finish(state: State) -> None:
    """Clear what is hidden, then ask for what is missing."""
    _clear_hidden(state)
    for field in state.form.definition.header:
        if not field.kind.is_stored or not _is_asked(state, field):
            continue
        if field.kind.name == "table":
            _require_rows(state, field)
        elif state.data.get(field.key) is None:
            _require(state, field, field.path)
    for table, columns in state.form.definition.columns.items():
        if state.outcome.visibility(table) is True:
            for field in columns:
                if _is_asked(state, field):
                    _require_cells(state, table, field)


def _is_asked(state: State, field: FieldDefinition) -> bool:
    """Nobody is asked for what they cannot write; what the server computes is asked of all."""
    access = state.facts.access
    if access is None or field.is_derived:
        return True
    return access.get(field.path) == "write"


def _require(state: State, field: FieldDefinition, path: str) -> None:
    outcome = state.outcome
    wanted = (
        field.required
        or outcome.is_required(path)
        or not {path, field.path}.isdisjoint(state.facts.required)
    )
    if wanted and outcome.is_visible(path):
        state.error(path, "required", Message(REQUIRED))


def _require_cells(state: State, table: str, field: FieldDefinition) -> None:
    for row in state.data.get(table) or ():
        if row.get(field.key) is None:
            _require(state, field, cell_path(table, row[ROW_ID_KEY], field.key))


def _require_rows(state: State, table: FieldDefinition) -> None:
    outcome = state.outcome
    if not outcome.is_visible(table.path):
        return
    rule = outcome.is_required(table.path) or table.path in state.facts.required
    least = max(table.options["min"], 1 if table.required or rule else 0)
    if len(state.data.get(table.key) or ()) < least:
        text = Message(ONE_ROW) if least == 1 else Message(TOO_FEW_ROWS, {"least": least})
        state.error(table.path, "required", text)


def _clear_hidden(state: State) -> None:
    """Hidden fields are emptied unless they say `keep`; undetermined ones never are."""
    fields = state.form.definition.fields
    cleared = state.outcome.cleared
    for path in sorted(state.form.conditional):
        field = fields[path]
        if field.on_hide == "keep":
            continue
        if field.table is None:
            if state.outcome.visible.get(path, True) is False and field.key in state.data:
                cleared[path] = state.data.pop(field.key)
            continue
        for row in state.data.get(field.table) or ():
            cell = cell_path(field.table, row[ROW_ID_KEY], field.key)
            shown = state.outcome.visible.get(cell, state.outcome.visible.get(path, True))
            if shown is False and field.key in row:
                cleared[cell] = row.pop(field.key)


_TOTALS: Mapping[str, Callable[[list[Any]], Any]] = {
    "sum": lambda values: sum(values, Decimal(0)),
    "count": lambda values: Decimal(len(values)),
    "min": min,
    "max": max,
    "avg": lambda values: sum(values, Decimal(0)) / len(values),
}


def total_columns(state: State, tables: Iterable[str] | None = None) -> None:
    """The declared totals under the columns, exact, at the scale of the column."""
    for table in state.form.definition.tables:
        if tables is not None and table.key not in tables:
            continue
        for key, aggregate in (table.options.get("totals") or {}).items():
            column = state.form.definition.fields[column_path(table.key, key)]
            values = [row[key] for row in state.rows[table.key] if row.get(key) is not None]
            if values or aggregate in ("sum", "count"):
                _put_total(state, column, _TOTALS[aggregate](values))


def _put_total(state: State, column: FieldDefinition, total: Any) -> None:
    try:
        typed = column.kind.coerce(total, column.options)
    except KindError as error:
        state.error(column.path, "range", error.message)
        return
    state.outcome.totals[column.path] = column.kind.store(typed, column.options)


def judge_schema(state: State, mode: Mode) -> None:
    """The schema has the last word; it only speaks where nobody else has."""
    form, outcome = state.form, state.outcome
    found = judge(form.full if mode == "submit" else form.draft, outcome.data)
    if not found:
        return
    said = {error.path for error in outcome.errors}
    partial = state.facts.access is not None
    outcome.errors += [
        error for error in found if error.path not in said and not (partial and _is_presence(error))
    ]


def _is_presence(error: FieldError) -> bool:
    return error.code in _PRESENCE
