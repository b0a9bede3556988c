"""The values of one record during evaluation: typed for expressions, stored for the record."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portal.errors import N_, FieldError, Message
from portal.expressions import Budget, Environment
from portal.forms.compiled import CompiledForm
from portal.forms.fieldpaths import cell_path, column_path
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.kinds import KindError
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.outcome import Facts, Outcome
from portal.forms.rowids import identified

UNKNOWN = N_("This form has no such field.")
TOO_MANY_ROWS = N_("At most %(most)s rows are allowed; there are %(count)s.")

Row = dict[str, Any]


class State:
    """`values` and `rows` are what expressions read: typed, and None where hidden.

    `outcome.data` holds the stored values. Rows of both stand in the same order.
    """

    def __init__(self, form: CompiledForm, facts: Facts) -> None:
        self.form = form
        self.facts = facts
        self.outcome = Outcome({})
        self.values: Row = dict(_host_names(form, facts))
        self.rows: dict[str, list[Row]] = {table: [] for table in form.definition.columns}
        self.host = {"today": lambda: facts.today}
        self.budget = Budget()

    @property
    def data(self) -> dict[str, Any]:
        """The stored values."""
        return self.outcome.data

    def environment(self, row: Row | None = None) -> Environment:
        """What an expression sees from the header, or from a row."""
        if row is None:
            return Environment(self.values, host=self.host, budget=self.budget)
        return Environment(self.values, row, self.values, self.host, self.budget)

    def error(self, path: str, code: str, message: Message) -> None:
        """Note what is wrong at a path."""
        self.outcome.errors.append(FieldError(path, code, message))

    def load(self, data: Mapping[str, Any]) -> None:
        """Take stored values as they come: checked, normalised, unknown members refused."""
        definition = self.form.definition
        self._refuse_unknown(data, {one.key for one in definition.header}, "")
        for field in definition.header:
            stored = data.get(field.key)
            if field.kind.name == "table":
                self._load_table(field, stored)
            else:
                self._load_value(field, stored, field.path, self.values, self.data)

    def recall(self, data: Mapping[str, Any], columns: Mapping[str, Iterable[str]]) -> None:
        """Take values an earlier evaluation stored; of the tables only the named columns."""
        self.outcome.data = dict(data)
        for field in self.form.definition.header:
            stored = data.get(field.key)
            if field.kind.name == "table":
                self._recall_table(field, stored or (), columns.get(field.key, ()))
            elif stored is not None:
                self.values[field.key] = self._typed(field, stored, field.path)

    def _recall_table(
        self, table: FieldDefinition, stored: Iterable[Row], columns: Iterable[str]
    ) -> None:
        rows = [dict(row) for row in stored]
        self.data[table.key] = rows
        fields = [self.form.definition.fields[column_path(table.key, key)] for key in columns]
        plain = [(one.key, one.kind.recall, one.options) for one in fields]
        self.rows[table.key] = self.values[table.key] = typed_rows = [
            {
                key: recall(row[key], options)
                for key, recall, options in plain
                if row.get(key) is not None
            }
            for row in rows
        ]
        for row, typed in zip(rows, typed_rows, strict=True):
            typed[ROW_ID_KEY] = row[ROW_ID_KEY]
            for one in fields:
                if one.kind.name == "record" and one.key in typed:
                    typed[one.key] = self._linked(one, typed[one.key], (one.path, row[ROW_ID_KEY]))

    def reload(self, path: str, table: str | None, row_id: str | None, key: str) -> None:
        """Check one changed value again, as `load` does."""
        if table is None:
            field = self.form.definition.fields.get(key)
            if field is not None and field.kind.name != "table":
                self._load_value(field, self.data.get(key), path, self.values, self.data)
            return
        field = self.form.definition.fields.get(column_path(table, key))
        for row, typed in zip(self.data.get(table) or (), self.rows.get(table) or (), strict=True):
            if field is not None and row[ROW_ID_KEY] == row_id:
                self._load_value(field, row.get(key), path, typed, row)

    def _load_table(self, table: FieldDefinition, stored: Any) -> None:
        try:
            given = table.kind.load([] if stored is None else stored, table.options)
        except KindError as error:
            self.error(table.path, "shape", error.message)
            given = []
        if len(given) > table.options["max"]:
            args = {"most": table.options["max"], "count": len(given)}
            self.error(table.path, "rows", Message(TOO_MANY_ROWS, args))
            given = given[: table.options["max"]]
        self.data[table.key] = rows = []
        self.rows[table.key] = self.values[table.key] = typed_rows = []
        columns = self.form.definition.columns[table.key]
        known = {ROW_ID_KEY, *(one.key for one in columns)}
        for row_id, row in identified(given, self._source_ids(table)):
            kept: Row = {ROW_ID_KEY: row_id}
            typed: Row = {ROW_ID_KEY: row_id}
            if not row.keys() <= known:
                self._refuse_unknown(row, known, cell_path(table.key, row_id, ""))
            for column in columns:
                if row.get(column.key) is not None:
                    path = cell_path(table.key, row_id, column.key)
                    self._load_value(column, row[column.key], path, typed, kept)
            rows.append(kept)
            typed_rows.append(typed)

    def _source_ids(self, table: FieldDefinition) -> list[str]:
        """The ids of the linked rows a table follows, for rows that were handed in without ids."""
        source = table.options.get("rows_from") or {}
        there = self.facts.links.get(str(source.get("link"))) if source.get("fixed") else None
        rows = (there or {}).get(str(source.get("table"))) or []
        return [row_id for row_id, _row in identified(rows)]

    def _load_value(
        self, field: FieldDefinition, stored: Any, path: str, values: Row, holder: Row
    ) -> None:
        """Read one stored value into the typed and the stored side; a bad one is left out."""
        values.pop(field.key, None)
        if stored is None:
            holder.pop(field.key, None)
            return
        kind, options = field.kind, field.options
        try:
            typed = kind.load(stored, options)
        except KindError as error:
            self.error(path, "shape", error.message)
            typed = None
        if typed is None:
            holder.pop(field.key, None)
            return
        holder[field.key] = kind.store(typed, options)
        wrong = kind.check(typed, options)
        if wrong is not None:
            self.error(path, "range", wrong)
        if kind.name == "record":
            cell = path if field.table is None else (field.path, values[ROW_ID_KEY])
            typed = self._linked(field, typed, cell)
        values[field.key] = typed

    def put(self, field: FieldDefinition, typed: Any, values: Row, holder: Row) -> None:
        """Write a value the server found; None empties the field."""
        if typed is None:
            values.pop(field.key, None)
            holder.pop(field.key, None)
        else:
            values[field.key] = typed
            holder[field.key] = field.kind.store(typed, field.options)

    def _typed(self, field: FieldDefinition, stored: Any, path: str) -> Any:
        typed = field.kind.recall(stored, field.options)
        return self._linked(field, typed, path) if field.kind.name == "record" else typed

    def _linked(self, field: FieldDefinition, key: str, cell: str | tuple[str, str]) -> Any:
        """A link as expressions see it: its id, with the fields they read of the linked record."""
        wanted = self.form.link_fields.get(field.path)
        there = self.facts.links.get(cell) if wanted else None
        target = self.form.linked.get(str(field.options.get("target")))
        if not wanted or there is None or target is None:
            return key
        linked: Row = {"id": key}
        for name in wanted:
            other = target.fields.get(name)
            stored = there.get(name)
            linked[name] = stored if other is None else followed(target, other, stored)
        return linked

    def _refuse_unknown(self, data: Mapping[str, Any], known: Iterable[str], prefix: str) -> None:
        for key in data.keys() - set(known):
            shown = "".join(c if c.isprintable() else "?" for c in str(key)[:60])
            self.error(prefix + shown, "unknown", Message(UNKNOWN))


def followed(form: FormDefinition, field: FieldDefinition, stored: Any) -> Any:
    """A value or the rows of a linked record as expressions read them."""
    if field.kind.name != "table":
        return _loaded(field, stored)
    columns = form.columns[field.key]
    rows = _loaded(field, stored) or ()
    return [{one.key: _loaded(one, row.get(one.key)) for one in columns} for row in rows]


def _loaded(field: FieldDefinition, stored: Any) -> Any:
    """A value of a linked record, or None where it is of no use."""
    try:
        return None if stored is None else field.kind.load(stored, field.options)
    except KindError:
        return None


def _host_names(form: CompiledForm, facts: Facts) -> Row:
    """`record`, `project` and `requester`, unless a field of the form has that name."""
    record = {"requester": facts.requester, "project": facts.project, **facts.record}
    for key in ("submitted_on", "approved_on"):
        if isinstance(record.get(key), str):
            record[key] = date.fromisoformat(record[key])
    known = {"record": record, "project": facts.project, "requester": facts.requester}
    return {key: one for key, one in known.items() if key not in form.definition.fields}
