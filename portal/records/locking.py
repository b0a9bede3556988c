"""Fields that rules of a form lock: judged on what is stored, whichever way a value comes in."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from portal.errors import FieldError, Invalid, Message
from portal.forms.compiled import CompiledForm
from portal.forms.controls import LOCKED_FIELD
from portal.forms.evaluation import locked_paths
from portal.forms.fieldpaths import cell_path, column_path, split_cell
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.rows import ROWS_FIXED
from portal.records import facts

Data = Mapping[str, Any]


def demand_unlocked(
    form: CompiledForm, before: Data, given: Data, subject: facts.Subject, now: datetime
) -> None:
    """Raises Invalid, field by field, where values differ from what is stored and locked.

    A page keeps the stored value by itself and says so; imports, grids and calls come here alone.
    """
    if not form.locks() or before == given:
        return
    known = facts.gather(form.definition, before, subject, now)
    errors = [
        error
        for path in sorted(locked_paths(form, before, known))
        for error in _changed(form.definition, path, before, given)
    ]
    if errors:
        raise Invalid(errors=list({one.path: one for one in errors}.values()))


def _changed(form: FormDefinition, path: str, before: Data, given: Data) -> Iterator[FieldError]:
    """Where a locked path (a field, a table, a column or one cell) would change."""
    table, row_id, key = split_cell(path)
    if table is None:
        field = form.fields[path]
        if field.kind.name == "table":
            yield from _table(form, field, before, given)
        elif field.is_writable and _plain(before.get(key)) != _plain(given.get(key)):
            yield _error(path)
        return
    field = form.fields[column_path(table, key)]
    yield from _cells(field, _rows(before, table), _rows(given, table), row_id or "")


def _table(
    form: FormDefinition, table: FieldDefinition, before: Data, given: Data
) -> Iterator[FieldError]:
    """A table as a whole: its rows, and every cell that is filled in."""
    old, new = _rows(before, table.key), _rows(given, table.key)
    if list(old) != list(new):
        yield FieldError(table.path, "locked", Message(ROWS_FIXED))
    for column in form.columns[table.key]:
        yield from _cells(column, old, {key: row for key, row in new.items() if key in old}, "")


def _cells(
    column: FieldDefinition, old: Mapping[str, Data], new: Mapping[str, Data], only: str
) -> Iterator[FieldError]:
    """The cells of a column that would change; a new row begins with the column's default."""
    if not column.is_writable or column.table is None:
        return
    fresh = {column.key: column.default}
    for row_id, row in new.items():
        was = old.get(row_id, fresh).get(column.key)
        if only in ("", row_id) and _plain(was) != _plain(row.get(column.key)):
            yield _error(cell_path(column.table, row_id, column.key))


def _rows(data: Data, table: str) -> dict[str, Data]:
    return {str(row.get("_id")): row for row in data.get(table) or ()}


def _plain(value: Any) -> Any:
    return value if value not in ("", [], None) else None


def _error(path: str) -> FieldError:
    return FieldError(path, "locked", Message(LOCKED_FIELD))
