"""The declared steps that carry stored values from one version of a form to the next; pure.

A step changes the data in place. What it cannot carry it leaves where it stands: the new form then
has no place for it, and `moving.lost` names it.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any

from portal.definitions.moving_values import Values
from portal.forms.fieldpaths import column_path, split
from portal.forms.fields import FieldDefinition
from portal.forms.kinds import KindError
from portal.forms.kinds.table import ROW_ID_KEY

Row = dict[str, Any]
Step = Callable[[Row, Row], None]  # the data to change, the data before the migration
FieldOf = Callable[[str], FieldDefinition | None]
NOTHING: tuple[Any, ...] = (None, "", [])


def made(name: str, argument: Any, values: Values) -> Step:
    """The step of this name; raises KeyError for none, and what `Values.step` raises."""
    if name == "set":
        return values.step(*argument)
    if name == "set_default" and not isinstance(argument[0], str):
        raise KeyError(argument[0])
    step = _STEPS[name]
    return lambda data, _before: step(data, argument, values.field)


def holders(data: Row, table: str | None) -> Iterator[Row]:
    """The record itself, or each row of a table."""
    if table is None:
        yield data
    else:
        yield from (row for row in data.get(table) or () if isinstance(row, dict))


def _rename(data: Row, paths: list[str], field_of: FieldOf) -> None:
    (table, old), (_, new) = (split(path) for path in paths)
    for holder in holders(data, table):
        if old in holder:
            holder.setdefault(new, holder.pop(old))


def _set_default(data: Row, pair: list[Any], field_of: FieldOf) -> None:
    table, key = split(pair[0])
    for holder in holders(data, table):
        if holder.get(key) is None:
            holder[key] = pair[1]


def _drop(data: Row, path: str, field_of: FieldOf) -> None:
    table, key = split(path)
    for holder in holders(data, table):
        holder.pop(key, None)


def _retype(data: Row, path: str, field_of: FieldOf) -> None:
    """Read the old value as a person would have typed it; what cannot be read is cleared."""
    field = field_of(path)
    table, key = split(path)
    for holder in holders(data, table):
        value = None if field is None else reread(holder.get(key), field)
        if value is None:
            holder.pop(key, None)
        else:
            holder[key] = value


def reread(value: Any, field: FieldDefinition) -> Any:
    """A stored value as this field would store it, or None where it cannot be read."""
    if not isinstance(value, str | int) or field.kind.name == "table":
        return None
    try:
        typed = field.kind.parse(str(value), field.options)
        return None if typed is None else field.kind.store(typed, field.options)
    except KindError:
        return None


def _split(data: Row, given: Mapping[str, Any], field_of: FieldOf) -> None:
    """A text cut at a separator, the last part keeping the rest; all of it, or nothing."""
    table, key = split(given["field"])
    targets = [split(path)[1] for path in given["into"]]
    fields = [field_of(path) for path in given["into"]]
    for holder in holders(data, table):
        value = holder.get(key)
        if not isinstance(value, str) or value == "":
            continue
        parts = [one.strip() for one in value.split(given["by"], len(targets) - 1)]
        parts += [""] * (len(targets) - len(parts))
        read = [part and one and reread(part, one) for part, one in zip(parts, fields, strict=True)]
        is_free = all(holder.get(one) in NOTHING for one in targets if one != key)
        if not is_free or any(part and not_read in NOTHING
                              for part, not_read in zip(parts, read, strict=True)):  # fmt: skip
            continue
        del holder[key]
        holder.update({one: part for one, part in zip(targets, read, strict=True) if part != ""})


def _into_table(data: Row, given: Mapping[str, Any], field_of: FieldOf) -> None:
    """Fields of the record become one more row of a table."""
    table, columns = given["table"], given["columns"]
    row = {
        column: data.pop(field)
        for column, field in columns.items()
        if data.get(field) not in NOTHING
    }
    if not row:
        return
    rows = [one for one in data.get(table) or () if isinstance(one, dict)]
    taken = {one.get(ROW_ID_KEY) for one in rows}
    row_id = next(one for one in map("r{}".format, count(1)) if one not in taken)
    data[table] = [*rows, {ROW_ID_KEY: row_id, **row}]


def _out_of_table(data: Row, given: Mapping[str, Any], field_of: FieldOf) -> None:
    """The only row of a table becomes fields of the record; several rows stay where they are."""
    table, fields = given["table"], given["fields"]
    rows = [one for one in data.get(table) or () if isinstance(one, dict)]
    if len(rows) != 1 or any(data.get(field) not in NOTHING for field in fields):
        return
    row = dict(rows[0])
    for field, column in fields.items():
        if row.get(column) not in NOTHING:
            data[field] = row.pop(column)
    left = {key for key, value in row.items() if key != ROW_ID_KEY and value not in NOTHING}
    if left:
        data[table] = [row]
    else:
        del data[table]


_STEPS: Mapping[str, Callable[[Row, Any, FieldOf], None]] = {
    "rename": _rename,
    "retype": _retype,
    "set_default": _set_default,
    "split": _split,
    "into_table": _into_table,
    "out_of_table": _out_of_table,
    "drop": _drop,
}


def named_paths(step: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """(the fields a step takes values from, the fields it writes)."""
    ((name, given),) = step.items()
    if name == "rename":
        return frozenset(given[:1]), frozenset(given[1:])
    if name in ("set", "set_default"):
        return frozenset(), frozenset(given[:1])
    if name == "split":
        return frozenset([given["field"]]), frozenset(given["into"])
    if name == "into_table":
        columns = {column_path(given["table"], one) for one in given["columns"]}
        return frozenset(given["columns"].values()), frozenset({given["table"], *columns})
    if name == "out_of_table":
        columns = {column_path(given["table"], one) for one in given["fields"].values()}
        return frozenset({given["table"], *columns}), frozenset(given["fields"])
    return frozenset([given]), frozenset([given] if name == "retype" else [])
