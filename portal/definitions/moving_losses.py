"""Which filled-in values do not arrive when a record is carried to another version; pure."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from portal.definitions.moving import Row, carried, known, own_keys
from portal.definitions.moving_paths import arrivals
from portal.definitions.moving_steps import NOTHING
from portal.forms.fields import FieldDefinition, FormDefinition


def lost(data: Mapping[str, Any], old: FormDefinition, form: FormDefinition) -> list[str]:
    """The fields of `old` in which something was typed that `moved` to `form` leaves out.

    A value is left out where everything arrives as if it had never been typed, or where a part of
    it ends in what the form has no place for. Paths as `old` has them; a table that goes as a
    whole is named alone.
    """
    gone: list[str] = []
    for one in at_stake(old, form):
        if one.table not in gone and any(
            _is_lost(one, whole, value, without, old.version, form)
            for whole, value, without in _with_and_without(data, one)
        ):
            gone.append(one.path)
    return gone


def _with_and_without(
    data: Mapping[str, Any], one: FieldDefinition
) -> Iterator[tuple[Mapping[str, Any], Any, Mapping[str, Any]]]:
    """(data, value, data without it) of each value in a field; of a table this row alone."""
    if one.table is None:
        if data.get(one.key) not in NOTHING:
            bare = {key: value for key, value in data.items() if key != one.key}
            yield data, data[one.key], bare
        return
    for row in data.get(one.table) or ():
        if row.get(one.key) not in NOTHING:
            rest = {key: value for key, value in row.items() if key != one.key}
            yield {**data, one.table: [row]}, row[one.key], {**data, one.table: [rest]}


def _is_lost(
    one: FieldDefinition,
    whole: Mapping[str, Any],
    value: Any,
    without: Mapping[str, Any],
    version: int,
    form: FormDefinition,
) -> bool:
    everything, bare = carried(whole, version, form), carried(without, version, form)
    arrived = known(everything, form)
    if arrived == known(bare, form):
        holder = arrived if one.table is None else (arrived.get(one.table) or [{}])[0]
        return bool(holder.get(one.key) != value)
    beside = _left_over(bare, form)
    own = (one.table, one.key)
    return any(
        rest != beside.get(place) and (place != own or rest != [value])
        for place, rest in _left_over(everything, form).items()
    )


def _left_over(data: Row, form: FormDefinition) -> dict[tuple[str | None, str], list[Any]]:
    """The values the form has no place for, by table and key."""
    header, tables = own_keys(form)
    found: dict[tuple[str | None, str], list[Any]] = {
        (None, key): [value]
        for key, value in data.items()
        if key not in header and value not in NOTHING
    }
    for table, columns in tables.items():
        for row in data.get(table) or ():
            for key, value in row.items() if isinstance(row, dict) else ():
                if key not in columns and value not in NOTHING:
                    found.setdefault((table, key), []).append(value)
    return found


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
