"""A record's data carried from an older version of its form to a newer one; pure."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from portal.definitions.moving_steps import NOTHING, Step, made, named_paths
from portal.definitions.moving_values import Values
from portal.expressions import ExpressionError
from portal.forms.fieldpaths import split
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.findings import DefinitionErrors
from portal.forms.kinds.table import ROW_ID_KEY

Row = dict[str, Any]
Plan = tuple[tuple[Step, ...], ...]


def moved(data: Mapping[str, Any], from_version: int, form: FormDefinition) -> Row:
    """The stored values as `form` wants them, by its declared steps; `data` is left untouched.

    Steps of every migration from `from_version` on run in order; an expression of a migration sees
    the values as they were before its first step. What the form no longer has is left out; what it
    cannot read any more is left to the evaluation, which names it.
    """
    result = _copy(data)
    for steps in _plan(form, from_version):
        before = _copy(result) if len(steps) > 1 else dict(result)
        for step in steps:
            step(result, before)
    return _known(result, form)


def is_sound(form: FormDefinition) -> bool:
    """Whether every step can be made ready; those of a published form can."""
    try:
        _plan(form, 0)
    except (ExpressionError, DefinitionErrors, KeyError):
        return False
    return True


def migrations_from(form: FormDefinition, from_version: int) -> list[Mapping[str, Any]]:
    """The migrations that concern records of a version, in the order they run."""
    declared = sorted(form.expanded.get("migrations", ()), key=lambda one: int(one["from"]))
    return [one for one in declared if one["from"] >= from_version]


def steps_from(form: FormDefinition, from_version: int) -> Iterator[Mapping[str, Any]]:
    """Their steps, one after the other."""
    for migration in migrations_from(form, from_version):
        yield from migration["steps"]


@lru_cache(maxsize=500)
def _plan(form: FormDefinition, from_version: int) -> Plan:
    """The steps made ready, a tuple a migration; made once for a form and a version."""
    return tuple(
        tuple(
            made(name, argument, values)
            for step in migration["steps"]
            for name, argument in step.items()
        )
        for migration in migrations_from(form, from_version)
        for values in (Values(form, migration.get("was") or {}),)
    )


def _copy(data: Mapping[str, Any]) -> Row:
    """The data with rows of its own."""
    return {
        key: [dict(row) if isinstance(row, Mapping) else row for row in value]
        if isinstance(value, list)
        else value
        for key, value in data.items()
    }


@lru_cache(maxsize=500)
def _keys(form: FormDefinition) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    """The keys of the header, and those of a row of each table."""
    return frozenset(one.key for one in form.header), {
        table: frozenset({ROW_ID_KEY, *(one.key for one in columns)})
        for table, columns in form.columns.items()
    }


def _known(data: Row, form: FormDefinition) -> Row:
    """Only what the form has."""
    header, tables = _keys(form)
    kept = {key: value for key, value in data.items() if key in header}
    for table, columns in tables.items():
        rows = kept.get(table)
        if isinstance(rows, list):
            kept[table] = [
                {key: value for key, value in row.items() if key in columns}
                for row in rows
                if isinstance(row, dict)
            ]
    return kept


def lost(data: Mapping[str, Any], old: FormDefinition, form: FormDefinition) -> list[str]:
    """The fields of `old` in which something was typed that `moved` to `form` leaves out.

    A value is left out where everything arrives as if it had never been typed. Paths as `old` has
    them; a table that goes as a whole is named alone.
    """
    stakes = [one for one in at_stake(old, form) if _stands(data, one)]
    gone: list[str] = []
    arrived = moved(data, old.version, form) if stakes else {}
    for one in stakes:
        if one.table in gone:
            continue
        if one.table is None:
            bare = {key: value for key, value in data.items() if key != one.key}
            is_gone = _same(arrived, moved(bare, old.version, form), one, data[one.key])
        else:
            is_gone = any(_is_lost_cell(data, one, row, old, form) for row in _rows(data, one))
        if is_gone:
            gone.append(one.path)
    return gone


@lru_cache(maxsize=500)
def at_stake(old: FormDefinition, form: FormDefinition) -> tuple[FieldDefinition, ...]:
    """The fields of `old` whose values may not arrive in `form`.

    What at most changes its name arrives, unless another field had that name.
    """
    places = arrivals(old, form)
    return tuple(
        one
        for one in old.fields.values()
        if one.is_writable
        and (one.path not in places or places[one.path] in old.fields.keys() - {one.path})
    )


def _stands(data: Mapping[str, Any], one: FieldDefinition) -> bool:
    return data.get(one.table or one.key) not in NOTHING


def _rows(data: Mapping[str, Any], one: FieldDefinition) -> Iterator[Row]:
    """The rows in which something stands in a column."""
    for row in data.get(one.table or "") or ():
        if row.get(one.key) not in NOTHING:
            yield row


def _same(arrived: Row, bare: Row, one: FieldDefinition, value: Any) -> bool:
    return arrived == bare and arrived.get(one.key) != value


def _is_lost_cell(
    data: Mapping[str, Any],
    one: FieldDefinition,
    row: Row,
    old: FormDefinition,
    form: FormDefinition,
) -> bool:
    """Whether the record arrives, were this its only row, as if the cell had been empty."""
    table = str(one.table)
    without = {key: value for key, value in row.items() if key != one.key}
    arrived = moved({**data, table: [row]}, old.version, form)
    bare = moved({**data, table: [without]}, old.version, form)
    kept: list[Any] = arrived.get(table) or [{}]
    return arrived == bare and kept[0].get(one.key) != row[one.key]


@lru_cache(maxsize=500)
def arrivals(old: FormDefinition, form: FormDefinition) -> Mapping[str, str]:
    """Where the values of `old` stand in `form`, of the fields that at most change their name.

    A field that a step reads anew, cuts, computes, moves into a table or drops is left out.
    """
    found = {path: path for path in old.fields}
    for step in steps_from(form, old.version):
        ((name, given),) = step.items()
        if name == "set_default":
            continue
        taken, written = named_paths(step)
        for path, now in list(found.items()):
            if name == "rename" and now == given[0]:
                found[path] = given[1]
            elif name == "rename" and split(now)[0] == given[0] and split(given[1])[0] is None:
                found[path] = f"{given[1]}[].{split(now)[1]}"
            elif now in taken | written:
                del found[path]
    return {path: now for path, now in found.items() if now in form.fields}


@lru_cache(maxsize=500)
def dropped(old: FormDefinition, form: FormDefinition) -> frozenset[str]:
    """The fields of `old` of which a declared step says that they go."""
    names = {path: path for path in old.fields}
    gone: set[str] = set()
    for step in steps_from(form, old.version):
        ((name, given),) = step.items()
        for path, now in names.items():
            if name == "rename" and now == given[0]:
                names[path] = given[1]
            elif name == "drop" and given in (now, split(now)[0]):
                gone.add(path)
    return frozenset(gone)


def renamed(data: Mapping[str, Any], old: FormDefinition, form: FormDefinition) -> Row:
    """The values that no step touches, under the names that `form` has for them."""
    places = arrivals(old, form)
    result: Row = {}
    for one in old.header:
        now = places.get(one.path)
        if now is None or data.get(one.key) is None:
            continue
        if one.kind.name != "table":
            result[now] = data[one.key]
            continue
        columns = {
            column.key: split(places[column.path])[1]
            for column in old.columns[one.key]
            if column.path in places
        }
        columns[ROW_ID_KEY] = ROW_ID_KEY
        result[now] = [
            {columns[key]: value for key, value in row.items() if key in columns}
            for row in data[one.key]
        ]
    return result
