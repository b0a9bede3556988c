"""Aggregates over rows, `sum(lines, row, row.amount)`, and over columns, `sum(lines.amount)`.

Nulls are skipped; an empty sum or count is 0, an empty min, max or avg is null.
"""

import ast
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from portal.errors import N_
from portal.expressions.agreement import unify
from portal.expressions.building import Builder, Node
from portal.expressions.kinds import ORDERED, Type
from portal.expressions.names import Place, columns_of, table
from portal.expressions.running import CONTEXT, RUN, Closure, Frame

Fold = Callable[[Iterable[Any]], Any]


def aggregate(build: Builder, tree: ast.Call, name: str) -> Node:
    """One call of an aggregate, in any of its three shapes."""
    args = tree.args
    place = table(build, args[0]) if args else None
    if place is not None and len(args) == 3:
        return _over_rows(build, tree, name, place)
    if place is not None and len(args) == 1 and name == "count":
        return _rows_counted(build, place)
    if len(args) == 1 and place is None:
        return _over_column(build, tree, name)
    if len(args) > 1 and place is None and name in ("min", "max"):
        return _of_values(build, tree, name)
    raise build.error(
        tree,
        N_("Write %(example)s, or %(name)s of one column."),
        example=f"{name}({args[0].id if place and isinstance(args[0], ast.Name) else 'lines'}"
        ", row, row.amount)",
        name=name,
    )


def _over_rows(build: Builder, tree: ast.Call, name: str, place: Place) -> Node:
    bound = tree.args[1]
    if not isinstance(bound, ast.Name) or not _is_free(build, bound.id):
        raise build.error(bound, N_("Here stands a new name for the row, such as “row”."))
    outside, build.dependencies = build.dependencies, set()
    with build.looping(tree, bound.id, place.path, columns_of(place)) as slot:
        body = build.build(tree.args[2])
        kind = _result(build, tree.args[2], name, body.type, (f"{bound.id}.",))
    if not any(path.startswith(f"{place.path}[]") for path in build.dependencies):
        build.dependencies.add(place.path)
    build.dependencies |= outside
    run = _row_loop(name, place.run, body, slot, _nothing(kind))
    return Node(kind, run, 1)


def _is_free(build: Builder, name: str) -> bool:
    """Whether a row may be called so; "row" may hide the row outside."""
    taken = name in build.scope.names or name == "parent" or build.loop(name) is not None
    return name == "row" or (not taken and not name.startswith("_"))


def _row_loop(name: str, rows_of: Closure, body: Node, slot: int, nothing: Any) -> Closure:
    """Sums loop by themselves, being the frequent case; the rest fold what the rows yield."""
    per_row, value_of = 1 + body.cost, body.run
    if name == "sum":

        def added(frame: Frame) -> Any:
            rows = rows_of(frame)
            if not rows:
                return nothing
            frame[RUN].environment.budget.charge(len(rows) * per_row)
            total = nothing
            for frame[slot] in rows:  # the row is bound by looping over it
                value = value_of(frame)
                if value is not None:
                    total += value
            return total

        return added
    fold = _fold(name, nothing, body.type)

    def folded(frame: Frame) -> Any:
        rows = rows_of(frame) or ()
        frame[RUN].environment.budget.charge(len(rows) * per_row)
        values = []
        for frame[slot] in rows:
            value = value_of(frame)
            if value is not None:
                values.append(value)
        return fold(values)

    return folded


def _rows_counted(build: Builder, place: Place) -> Node:
    build.dependencies.add(place.path)
    rows_of = place.run

    def run(frame: Frame) -> int:
        return len(rows_of(frame) or ())

    return Node(Type("integer"), run, 1)


def _over_column(build: Builder, tree: ast.Call, name: str) -> Node:
    node = build.build(tree.args[0])
    item = node.type.item
    if node.type.kind == "choices" and name == "count":
        item = Type("choice")
    if item is None or isinstance(tree.args[0], ast.List | ast.Tuple):
        raise build.error(
            tree.args[0],
            N_("“%(name)s” goes over a column or over rows, not over %(kind)s."),
            name=name,
            kind=node.type.named,
        )
    kind = _result(build, tree.args[0], name, item, ("row.",))
    values_of, fold = node.run, _fold(name, _nothing(kind), item)

    def run(frame: Frame) -> Any:
        return fold(values_of(frame) or ())

    return Node(kind, run, node.costing())


def _of_values(build: Builder, tree: ast.Call, name: str) -> Node:
    """min(a, b): arithmetic on values, so null if one of them is."""
    nodes = [build.build(arg) for arg in tree.args]
    for arg, node in zip(tree.args, nodes, strict=True):
        if node.type.kind not in ORDERED:
            raise _not_fitting(build, arg, name, node.type)
    kind = unify(build, tree.args, nodes)
    runs, pick = [node.run for node in nodes], min if name == "min" else max

    def run(frame: Frame) -> Any:
        values = [one(frame) for one in runs]
        return None if None in values else pick(values)

    return Node(kind, run, nodes[0].costing(*nodes[1:]))


def _result(
    build: Builder, tree: ast.expr, name: str, item: Type, varying: tuple[str, ...]
) -> Type:
    """The type an aggregate yields for items of a type; raises where they cannot be aggregated."""
    if name == "count":
        return Type("integer")
    if name in ("any", "all"):
        if item.kind != "yes_no":
            raise _not_fitting(build, tree, name, item)
        return item
    if not (item.is_number or (item.kind in ORDERED and name in ("min", "max"))):
        raise _not_fitting(build, tree, name, item)
    if item.currency and item.currency.startswith(varying):
        raise build.error(tree, N_("Each row has its own currency: use in_base() on the amount."))
    if name == "sum" and item.unit and item.unit.startswith(varying):
        raise build.error(tree, N_("Each row has its own unit: such quantities do not add up."))
    if name == "avg" and item.kind == "integer":
        return Type("decimal")
    return item


def _not_fitting(build: Builder, tree: ast.expr, name: str, item: Type) -> Exception:
    return build.error(
        tree,
        N_("“%(name)s” cannot be taken of %(kind)s."),
        name=name,
        kind=item.named,
    )


def _nothing(kind: Type) -> Any:
    """The sum of no rows."""
    return 0 if kind.kind == "integer" else Decimal(0)


def _fold(name: str, nothing: Any, item: Type) -> Fold:
    if name == "count":
        return _count_true if item.kind == "yes_no" else _count
    if name == "sum":
        return lambda values: sum(values, nothing)
    return _FOLDS[name]


def _count(values: Iterable[Any]) -> int:
    return len(list(values))


def _count_true(values: Iterable[Any]) -> int:
    return sum(1 for value in values if value)


def _average(values: Iterable[Any]) -> Any:
    listed = list(values)
    return CONTEXT.divide(sum(listed, Decimal(0)), len(listed)) if listed else None


_FOLDS: dict[str, Fold] = {
    "min": lambda values: min(values, default=None),
    "max": lambda values: max(values, default=None),
    "avg": _average,
    "any": any,
    "all": all,
}
AGGREGATES = frozenset({"sum", "count", *_FOLDS})
