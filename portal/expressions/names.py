"""Names and dots: declared names only, each a look-up in a mapping, never an attribute."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.errors import N_
from portal.expressions.building import Builder, Node
from portal.expressions.kinds import IDENTITIES, Type, seen_in_row, seen_through
from portal.expressions.lost import no_field, no_name, unknown_name
from portal.expressions.running import PARENT, ROW, RUN, VALUES, Closure, Frame

_EMPTY_IS_NULL = frozenset({"text", "choice", "choices"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name or a chain of dots leads: raw value, type, path, and the name as written."""

    type: Type
    run: Closure
    path: str
    written: str


def name(build: Builder, tree: ast.Name) -> Node:
    return _node(build, tree, _named(build, tree))


def member(build: Builder, tree: ast.Attribute) -> Node:
    base = _place(build, tree.value)
    if base.type.kind == "table":
        return _column(build, tree, base)
    return _node(build, tree, _member(build, tree, base))


def table(build: Builder, tree: ast.expr) -> Place | None:
    """The table a tree names, or None if it names something else."""
    if not isinstance(tree, ast.Name | ast.Attribute):
        return None
    if isinstance(tree, ast.Attribute):
        base = _place(build, tree.value)
        if base.type.kind == "table":
            return None
        place = _member(build, tree, base)
    else:
        place = _named(build, tree)
    return place if place.type.kind == "table" else None


def _node(build: Builder, tree: ast.expr, place: Place) -> Node:
    """A place as a value: an identity is its id, an empty text is null."""
    if place.type.kind == "row":
        raise build.error(
            tree,
            N_("“%(name)s” is a whole row: name one of its columns."),
            remedy=N_("Write %(example)s."),
            name=place.written,
            example=f"{place.written}.{next(iter(place.type.fields or ('amount',)))}",
        )
    build.dependencies.add(place.path)
    read = place.run
    if place.type.kind in IDENTITIES:
        return Node(place.type, lambda frame: _identity(read(frame)), path=place.path)
    if place.type.kind in _EMPTY_IS_NULL:
        return Node(place.type, lambda frame: read(frame) or None, path=place.path)
    return Node(place.type, read, path=place.path)


def _identity(value: Any) -> Any:
    return value.get("id") if isinstance(value, Mapping) else value


def _place(build: Builder, tree: ast.expr) -> Place:
    if isinstance(tree, ast.Name):
        return _named(build, tree)
    if isinstance(tree, ast.Attribute):
        return _member(build, tree, _place(build, tree.value))
    raise no_name(build, tree)


def _named(build: Builder, tree: ast.Name) -> Place:
    key, scope = tree.id, build.scope
    loop = build.loop(key)
    if loop is not None:
        return _row_place(key, loop.columns, loop.slot, f"{loop.path}[]")
    if key in scope.names:
        return Place(scope.names[key], _reader(VALUES, key), key, key)
    if key == "row" and scope.row is not None:
        return _row_place(key, scope.row, ROW, key)
    if key == "parent" and scope.parent is not None:
        return _row_place(key, scope.parent, PARENT, key)
    raise unknown_name(build, tree)


def _row_place(key: str, columns: Mapping[str, Type], slot: int, path: str) -> Place:
    return Place(Type("row", fields=columns), lambda frame: frame[slot], path, key)


def _reader(slot: int, key: str) -> Closure:
    return lambda frame: frame[slot].get(key)


def _member(build: Builder, tree: ast.Attribute, base: Place) -> Place:
    fields = base.type.fields
    if fields is None:
        raise build.error(
            tree,
            N_("“%(name)s” is %(kind)s and has no fields of its own."),
            remedy=N_("Write %(example)s."),
            name=base.written,
            kind=base.type.named,
            example=base.written,
        )
    if tree.attr not in fields:
        raise no_field(build, tree, base.written, fields)
    key, read, kind = tree.attr, base.run, fields[tree.attr]
    written, path = f"{base.written}.{key}", f"{base.path}.{key}"
    if base.type.kind == "row":
        kind = kind if base.written == "parent" else seen_in_row(kind, base.written)
        return Place(kind, _row_reader(build, base.written, key), path, written)

    def run(frame: Frame) -> Any:
        held = read(frame)
        return None if held is None or held.__class__ is str else held.get(key)

    return Place(seen_through(kind, base.written), run, path, written)


def _row_reader(build: Builder, name: str, key: str) -> Closure:
    loop = build.loop(name)
    if loop is not None:
        return _reader(loop.slot, key)
    return _reader(ROW if name == "row" else PARENT, key)


def columns_of(place: Place) -> Mapping[str, Type]:
    """The columns of a table, with currencies as seen from here (`contract.lines`)."""
    columns = place.type.columns or {}
    holder = place.written.rpartition(".")[0]
    if holder in ("", "parent"):
        return columns
    return {key: seen_through(kind, holder) for key, kind in columns.items()}


def _column(build: Builder, tree: ast.Attribute, base: Place) -> Node:
    """`lines.code`: the values of a column that are there."""
    columns, read, key = columns_of(base), base.run, tree.attr
    if key not in columns:
        raise no_field(build, tree, base.written, columns)
    path = f"{base.path}[].{key}"
    build.dependencies.add(path)
    build.visit(base.path, 1)
    identities = columns[key].kind in IDENTITIES

    def run(frame: Frame) -> list[Any]:
        rows = read(frame)
        if not rows:
            return []
        frame[RUN].environment.budget.charge(len(rows))
        values = [row.get(key) for row in rows]
        if identities:
            values = [_identity(value) for value in values]
        return [value for value in values if value is not None and value != ""]

    return Node(Type("list", item=columns[key]), run, 1, path=path)
