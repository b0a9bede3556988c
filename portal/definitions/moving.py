"""A record's data carried from an older version of its form to a newer one; pure."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from portal.definitions.moving_steps import Step, made
from portal.definitions.moving_values import Values
from portal.expressions import ExpressionError
from portal.forms.fields import FormDefinition
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
    return known(carried(data, from_version, form), form)


def carried(data: Mapping[str, Any], from_version: int, form: FormDefinition) -> Row:
    """The values after the last step, with what the form has no place for."""
    result = _copy(data)
    for steps in _plan(form, from_version):
        before = _copy(result) if len(steps) > 1 else dict(result)
        for step in steps:
            step(result, before)
    return result


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
def own_keys(form: FormDefinition) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    """The keys of the header, and those of a row of each table."""
    return frozenset(one.key for one in form.header), {
        table: frozenset({ROW_ID_KEY, *(one.key for one in columns)})
        for table, columns in form.columns.items()
    }


def known(data: Row, form: FormDefinition) -> Row:
    """Only what the form has."""
    header, tables = own_keys(form)
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
