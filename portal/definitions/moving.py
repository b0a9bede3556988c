"""A draft's data carried from an older version of its form to a newer one; pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from portal.forms.fieldpaths import column_path, split
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.kinds import KindError
from portal.forms.kinds.table import ROW_ID_KEY

Row = dict[str, Any]
_NOTHING: tuple[Any, ...] = (None, "", [])


def moved(data: Mapping[str, Any], from_version: int, form: FormDefinition) -> Row:
    """The stored values as `form` wants them, by its declared steps; `data` is left untouched.

    Steps of every migration from `from_version` on run in order. What the form no longer has is
    left out; what it cannot read any more is left to the evaluation, which names it.
    """
    result = {
        key: [dict(row) for row in value] if key in form.columns or _is_rows(value) else value
        for key, value in data.items()
    }
    migrations = sorted(form.expanded.get("migrations", ()), key=lambda one: int(one["from"]))
    for migration in migrations:
        if migration["from"] >= from_version:
            for step in migration["steps"]:
                for name, argument in step.items():
                    _STEPS[name](result, argument, form)
    return _known(result, form)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(row, Mapping) for row in value)


def _holders(data: Row, table: str | None) -> Iterator[Row]:
    """The record itself, or each row of a table."""
    if table is None:
        yield data
    else:
        yield from (row for row in data.get(table) or () if isinstance(row, dict))


def _rename(data: Row, paths: list[str], form: FormDefinition) -> None:
    (table, old), (_, new) = (split(path) for path in paths)
    for holder in _holders(data, table):
        if old in holder:
            holder.setdefault(new, holder.pop(old))


def _set_default(data: Row, pair: list[Any], form: FormDefinition) -> None:
    table, key = split(pair[0])
    for holder in _holders(data, table):
        if holder.get(key) is None:
            holder[key] = pair[1]


def _drop(data: Row, path: str, form: FormDefinition) -> None:
    table, key = split(path)
    for holder in _holders(data, table):
        holder.pop(key, None)


def _retype(data: Row, path: str, form: FormDefinition) -> None:
    """Read the old value as a person would have typed it; what cannot be read is cleared."""
    field = form.fields.get(path)
    table, key = split(path)
    for holder in _holders(data, table):
        value = None if field is None else _reread(holder.get(key), field)
        if value is None:
            holder.pop(key, None)
        else:
            holder[key] = value


def _reread(value: Any, field: FieldDefinition) -> Any:
    if not isinstance(value, str | int) or field.kind.name == "table":
        return None
    try:
        typed = field.kind.parse(str(value), field.options)
        return None if typed is None else field.kind.store(typed, field.options)
    except KindError:
        return None


_STEPS: Mapping[str, Callable[[Row, Any, FormDefinition], None]] = {
    "rename": _rename,
    "set_default": _set_default,
    "retype": _retype,
    "drop": _drop,
}


def _known(data: Row, form: FormDefinition) -> Row:
    """Only what the form has."""
    kept = {key: value for key, value in data.items() if key in form.fields}
    for table in form.columns:
        rows = kept.get(table)
        if isinstance(rows, list):
            kept[table] = [
                {
                    key: value
                    for key, value in row.items()
                    if key == ROW_ID_KEY or column_path(table, key) in form.fields
                }
                for row in rows
            ]
    return kept


def lost(data: Mapping[str, Any], old: FormDefinition, form: FormDefinition) -> list[str]:
    """The fields of `old` in which something was typed that `moved` to `form` leaves out.

    Paths as `old` has them; a table that goes as a whole is named alone.
    """
    gone: list[str] = []
    for one in at_stake(old, form):
        if one.table in gone:
            continue
        if any(_is_lost(part, one, old, form) for part in _parts(data, one)):
            gone.append(one.path)
    return gone


def at_stake(old: FormDefinition, form: FormDefinition) -> list[FieldDefinition]:
    """The fields of `old` whose values may not arrive in `form`."""
    return [one for one in old.fields.values() if one.is_writable and _may_go(one.path, old, form)]


def _may_go(path: str, old: FormDefinition, form: FormDefinition) -> bool:
    """Whether the field is gone, or named by a step that carries records onward."""
    if path not in form.fields:
        return True
    steps = (
        step
        for migration in form.expanded.get("migrations", ())
        if migration["from"] >= old.version
        for step in migration["steps"]
    )
    named = (part for step in steps for part in step.values())
    return any(path == part or (isinstance(part, list) and path in part) for part in named)


def _parts(data: Mapping[str, Any], one: FieldDefinition) -> Iterator[Row]:
    """The data reduced to what stands in one field: once, or row by row."""
    if one.table is None:
        value = data.get(one.key)
        if value not in _NOTHING:
            yield {one.key: value}
        return
    for row in data.get(one.table) or ():
        if row.get(one.key) not in _NOTHING:
            yield {one.table: [{ROW_ID_KEY: row[ROW_ID_KEY], one.key: row[one.key]}]}


def _is_lost(part: Row, one: FieldDefinition, old: FormDefinition, form: FormDefinition) -> bool:
    """Whether nothing of this one value arrives: as if it had never been typed."""
    arrived = moved(part, old.version, form)
    if one.table is None:
        return arrived == moved({}, old.version, form) and arrived.get(one.key) != part[one.key]
    ((table, (row,)),) = part.items()
    bare = moved({table: [{ROW_ID_KEY: row[ROW_ID_KEY]}]}, old.version, form)
    kept = arrived.get(table) or [{}]
    return arrived == bare and kept[0].get(one.key) != row[one.key]
