"""Aggregates over rows, `sum(lines, row, row.amount)`, and over columns, `sum(lines.amount)`.

Nulls are skipped; an empty sum or count is 0, an empty min, max or avg is null.
"""

import ast
from typing import Any

from portal.errors import N_
from portal.expressions.agreement import unify
from portal.expressions.building import Builder, Node
from portal.expressions.folding import FOLDS, fold_of, nothing_of
from portal.expressions.kinds import ORDERED, Type
from portal.expressions.names import Place, columns_of, table
from portal.expressions.running import RUN, Closure, Frame


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
        N_("“%(name)s” goes over the rows of a table or over one column."),
        remedy=N_("Write %(example)s, or %(name)s of one column."),
        example=f"{name}({args[0].id if place and isinstance(args[0], ast.Name) else 'lines'}"
        ", row, row.amount)",
        name=name,
    )


def _over_rows(build: Builder, tree: ast.Call, name: str, place: Place) -> Node:
    bound = tree.args[1]
    if not isinstance(bound, ast.Name) or not _is_free(build, bound.id):
        raise build.error(
            bound,
            N_("Here stands a new name for the row, such as “row”."),
            remedy=N_("Take a name that no field has."),
        )
    outside, build.dependencies = build.dependencies, set()
    with build.looping(tree, bound.id, place.path, columns_of(place)) as slot:
        body = build.build(tree.args[2])
        kind = _result(build, tree.args[2], name, body.type, (f"{bound.id}.",))
    if not any(path.startswith(f"{place.path}[]") for path in build.dependencies):
        build.dependencies.add(place.path)
    build.dependencies |= outside
    build.visit(place.path, 1 + body.cost)
    run = _row_loop(name, place.run, body, slot, nothing_of(kind))
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
    fold = fold_of(name, nothing, body.type)

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
            remedy=N_(
                "Write it of a column, such as %(name)s(lines.amount); values are added with +."
            ),
            name=name,
            kind=node.type.named,
        )
    kind = _result(build, tree.args[0], name, item, ("row.",))
    values_of, fold = node.run, fold_of(name, nothing_of(kind), item)

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
        raise build.error(
            tree,
            N_("Each row has its own currency: such amounts do not add up."),
            remedy=N_("Give the column the currency of the form or of the project."),
        )
    if name == "sum" and item.unit and item.unit.startswith(varying):
        raise build.error(
            tree,
            N_("Each row has its own unit: such quantities do not add up."),
            remedy=N_("Give the column one unit, or add up what is computed from it."),
        )
    if name == "avg" and item.kind == "integer":
        return Type("decimal")
    return item


def _not_fitting(build: Builder, tree: ast.expr, name: str, item: Type) -> Exception:
    return build.error(
        tree,
        N_("“%(name)s” cannot be taken of %(kind)s."),
        remedy=_TAKES.get(name, N_("It takes numbers, money, quantities and percentages.")),
        name=name,
        kind=item.named,
    )


_CONDITIONS = N_("It takes a condition, such as row.amount > 0.")
_TAKES = {
    "any": _CONDITIONS,
    "all": _CONDITIONS,
    "min": N_("It takes numbers and dates."),
    "max": N_("It takes numbers and dates."),
}
AGGREGATES = frozenset({"sum", "count", *FOLDS})
