"""What somebody typed into a record, apart from what its form starts with or fills in itself."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from portal.errors import FieldError
from portal.forms.compiled import CompiledForm, Task
from portal.forms.fieldpaths import column_path, declared, split_cell
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.kinds.table import ROW_ID_KEY

Row = Mapping[str, Any]
_NOTHING: tuple[Any, ...] = (None, "", [])
# said of a value itself, whatever became of it
_OF_A_VALUE = frozenset({"shape", "range", "rows", "unknown", "budget"})


def has_own_cells(form: FormDefinition, table: str, rows: Iterable[Row]) -> bool:
    """Whether somebody typed anything into these rows."""
    own = [column for column in form.columns[table] if column.is_writable]
    return any(_is_own(one, row.get(one.key), one.default) for row in rows for one in own)


def is_blank(form: FormDefinition, data: Row, start: Row) -> bool:
    """Whether nobody typed anything since the form started with `start`."""
    for one in form.header:
        if one.kind.name == "table":
            if has_own_cells(form, one.key, data.get(one.key) or ()):
                return False
        elif one.is_writable and _is_own(one, data.get(one.key), start.get(one.key)):
            return False
    return True


def of_what_was_typed(
    form: CompiledForm, data: Row, errors: Iterable[FieldError], said: Collection[str] = ()
) -> list[FieldError]:
    """The errors to speak of while a record is a draft; the others are of what is still to come.

    `said` are paths that were just changed, perhaps by emptying them.
    """
    typed = _Typed(form, data)
    return [
        one
        for one in errors
        if one.code in _OF_A_VALUE or typed.at(one.path) or _is_named(form, one.path, said)
    ]


def _is_named(form: CompiledForm, path: str, said: Collection[str]) -> bool:
    field = form.definition.fields.get(declared(path))
    return path in said and field is not None and field.kind.name != "table"


def _is_own(field: FieldDefinition, value: Any, start: Any) -> bool:
    return field.is_writable and value not in _NOTHING and value != start


class _Typed:
    """Whether a place of one record holds something typed, or follows from such a place."""

    def __init__(self, form: CompiledForm, data: Row) -> None:
        self.form, self.data = form, data
        self.tasks: dict[str, Task] = {task.node: task for task in form.tasks}
        self.known: dict[tuple[str, str | None], bool] = {}

    def at(self, path: str) -> bool:
        """Whether there is something typed at a path: a field, a table, a row, a cell."""
        table, row_id, key = split_cell(path)
        if table is None:
            return self._field(path, None)
        rows = self.data.get(table) or ()
        chosen = [row for row in rows if row_id in ("", row[ROW_ID_KEY])]
        if not key:
            return has_own_cells(self.form.definition, table, chosen)
        return any(self._field(column_path(table, key), row) for row in chosen)

    def _field(self, path: str, row: Row | None) -> bool:
        """Of a column: in this row, or (None) in any."""
        place = (path, None if row is None else str(row[ROW_ID_KEY]))
        if place not in self.known:
            self.known[place] = False  # a circle leads nowhere new
            self.known[place] = self._found(path, row)
        return self.known[place]

    def _found(self, path: str, row: Row | None) -> bool:
        field = self.form.definition.fields.get(path)
        if field is None:
            return False
        if field.kind.name == "table":
            rows = self.data.get(field.key) or ()
            return has_own_cells(self.form.definition, field.key, rows)
        if field.is_derived:
            task = self.tasks.get(path)
            return task is not None and (
                any(self._field(one, row) for one in task.reads_row)
                or any(self._field(one, None) for one in task.reads - {field.table})
            )
        if field.table is None:
            return _is_own(field, self.data.get(field.key), field.default)
        holders = [row] if row is not None else self.data.get(field.table) or ()
        return any(_is_own(field, one.get(field.key), field.default) for one in holders)
