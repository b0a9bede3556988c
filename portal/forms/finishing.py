"""The last part of an evaluation: cleared and missing fields, totals, the schema's verdict."""

from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from portal.errors import FieldError
from portal.forms.compiled import CompiledForm
from portal.forms.fieldpaths import cell_path, column_path
from portal.forms.fields import FieldDefinition
from portal.forms.kinds import KindError
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.missing import ask
from portal.forms.outcome import Mode
from portal.forms.schema import judge
from portal.forms.state import State

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


def finish(state: State, refused: Collection[str]) -> frozenset[str]:
    """Clear what is hidden, then ask for what is missing; returns what `missing.ask` does."""
    _clear_hidden(state)
    return ask(state, refused)


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


TOTALS: Mapping[str, Callable[[list[Any]], Any]] = {
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
                _put_total(state, column, TOTALS[aggregate](values))


def _put_total(state: State, column: FieldDefinition, total: Any) -> None:
    try:
        typed = column.kind.coerce(total, column.options)
    except KindError as error:
        state.error(column.path, "range", error.message)
        return
    state.outcome.totals[column.path] = column.kind.store(typed, column.options)


def judge_schema(state: State, mode: Mode, quiet: Collection[str] = ()) -> None:
    """The schema has the last word; it only speaks where nobody else has.

    At `quiet` paths it does not say that something is missing: that is said elsewhere.
    """
    form, outcome = state.form, state.outcome
    found = judge(form.full if mode == "submit" else form.draft, outcome.data)
    if not found:
        return
    said = {error.path for error in outcome.errors}
    partial = state.facts.access is not None
    outcome.errors += [
        error
        for error in found
        if error.path not in said and not (_is_presence(error) and (partial or error.path in quiet))
    ]


def _is_presence(error: FieldError) -> bool:
    return error.code in _PRESENCE
