"""The step that sets a field by an expression over the values before the migration; pure.

The names of the expression are the fields of the form, as `was` of the migration says they were
where it speaks of them. There is nobody to ask: no host functions, no linked records, no roll-ups.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.expressions import Environment, Expression, Scope, compile_expression
from portal.forms.expand import expand
from portal.forms.fieldpaths import column_path, split
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.kinds import KindError
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.reading import read_form
from portal.forms.scopes import field_type, form_names

Row = dict[str, Any]


def _nobody(_form: str) -> FormDefinition | None:
    return None


@dataclass(frozen=True)
class Values:
    """The fields one migration speaks of, and the types of its expressions.

    `was` describes those that the form has no longer, or had as another kind before.
    """

    form: FormDefinition
    was: Mapping[str, Any]

    def field(self, path: str) -> FieldDefinition | None:
        """The field a value is written to: as the form has it, else as `was` says."""
        return self.form.fields.get(path) or (self.before.fields.get(path) if self.was else None)

    @cached_property
    def before(self) -> FormDefinition:
        """The fields an expression may name: those of the form, as they were before."""
        if not self.was:
            return self.form
        properties = dict(self.form.expanded["data"]["properties"])
        for path, node in self.was.items():
            table, key = split(path)
            if table is None:
                properties[key] = node
                continue
            holder = dict(properties.get(table) or {"x-field": {"kind": "table"}})
            items = dict(holder.get("items") or {})
            items["properties"] = {**(items.get("properties") or {}), key: node}
            properties[table] = {**holder, "items": items}
        raw = {"form": self.form.form, "version": 1, "title": "-", "layout": []}
        plain = {key: _unfetched(node) for key, node in properties.items()}
        return read_form(expand({**raw, "data": {"properties": plain}}))

    def scope(self, table: str | None) -> Scope:
        """The names of the record, or of a row of a table."""
        known = form_names(self.before, _nobody)
        names = {key: one for key, one in known.items() if key in self.before.fields}
        if table is None:
            return Scope(names)
        columns = {one.key: field_type(one, _nobody) for one in self.before.columns.get(table, ())}
        return Scope(names, row=columns, parent=names)

    def compiled(self, path: str, source: str) -> Expression:
        """The expression, as what goes into this field. Raises ExpressionError, KeyError."""
        field = self.field(path)
        if field is None:
            raise KeyError(path)
        kind = field_type(field, _nobody)
        return compile_expression(source, self.scope(split(path)[0]), expect=kind)

    def step(self, path: str, source: str) -> Callable[[Row, Row], None]:
        """The step; a value that cannot be computed leaves the field empty.

        Raises ExpressionError, and KeyError for a field nobody describes.
        """
        expression, before, field = self.compiled(path, source), self.before, self.field(path)
        assert field is not None

        def go(data: Row, old: Row) -> None:
            values = _typed(before, old)
            if field.table is None:
                _put(data, field, expression.evaluate(Environment(values)))
                return
            rows = {row.get(ROW_ID_KEY): row for row in values.get(field.table) or ()}
            for row in data.get(field.table) or ():
                seen = rows.get(row.get(ROW_ID_KEY), {})
                _put(row, field, expression.evaluate(Environment(values, seen, values)))

        return go


def _unfetched(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """A field without what it fetches: nothing is fetched while values are carried."""
    options = node.get("x-field")
    if not isinstance(options, Mapping) or "fetch" not in options:
        return node
    return {**node, "x-field": {key: one for key, one in options.items() if key != "fetch"}}


def _typed(form: FormDefinition, data: Mapping[str, Any]) -> Row:
    """The values as expressions read them; what cannot be read is null."""
    values: Row = {}
    for one in form.header:
        stored = data.get(one.key)
        if stored is None:
            continue
        if one.kind.name == "table":
            rows = stored if isinstance(stored, list) else ()
            columns = form.columns[one.key]
            values[one.key] = [
                {
                    ROW_ID_KEY: row.get(ROW_ID_KEY),
                    **{
                        column.key: read
                        for column in columns
                        if (read := _read(column, row.get(column.key))) is not None
                    },
                }
                for row in rows
                if isinstance(row, Mapping)
            ]
        elif (read := _read(one, stored)) is not None:
            values[one.key] = read
    return values


def _read(field: FieldDefinition, stored: Any) -> Any:
    try:
        return None if stored is None else field.kind.load(stored, field.options)
    except KindError:
        return None


def _put(holder: Row, field: FieldDefinition, value: Any) -> None:
    try:
        typed = None if value is None else field.kind.coerce(value, field.options)
    except KindError:
        typed = None
    if typed is None:
        holder.pop(field.key, None)
    else:
        holder[field.key] = field.kind.store(typed, field.options)


def reads(expression: Expression, table: str | None) -> frozenset[str]:
    """The declared paths of the fields an expression reads."""
    return frozenset(
        column_path(table, one[4:]) if table and one.startswith("row.") else one
        for one in (part.removeprefix("parent.") for part in expression.dependencies)
    )
