"""And, or, not, comparisons, `in` and `a if c else b`: three-valued, None is undetermined."""

import ast
import operator
from collections.abc import Callable
from typing import Any

from portal.errors import N_
from portal.expressions.agreement import unify
from portal.expressions.arithmetic import negative
from portal.expressions.building import Builder, Node
from portal.expressions.comparing import asked, comparable
from portal.expressions.errors import NOT_PART, PARTS
from portal.expressions.kinds import ORDERED, Type
from portal.expressions.running import Closure, Frame

_YES_NO = Type("yes_no")
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def condition(build: Builder, tree: ast.expr) -> Node:
    """A piece that has to be yes or no."""
    node = build.build(tree)
    if node.type.kind not in ("yes_no", "null"):
        raise build.error(
            tree,
            N_("Here stands %(kind)s where yes or no is needed."),
            remedy=N_("Write a comparison, such as %(example)s."),
            kind=node.type.named,
            example=asked(build.segment(tree), node.type),
        )
    return node


def connected(build: Builder, tree: ast.BoolOp) -> Node:
    """`and` and `or`: a deciding part wins over undetermined ones."""
    parts = [condition(build, value) for value in tree.values]
    run = _connected([part.run for part in parts], isinstance(tree.op, ast.Or))
    return Node(_YES_NO, run, len(parts) - 1 + sum(part.cost for part in parts))


def _connected(runs: list[Closure], deciding: bool) -> Closure:
    def run(frame: Frame) -> bool | None:
        result: bool | None = not deciding
        for part in runs:
            value: bool | None = part(frame)
            if value is deciding:
                return deciding
            if value is None:
                result = None
        return result

    return run


def unary(build: Builder, tree: ast.UnaryOp) -> Node:
    if isinstance(tree.op, ast.UAdd | ast.USub):
        return negative(build, tree, build.build(tree.operand))
    if not isinstance(tree.op, ast.Not):
        raise build.error(tree, NOT_PART, remedy=PARTS)
    inner = condition(build, tree.operand)
    negated = inner.run

    def run(frame: Frame) -> bool | None:
        value = negated(frame)
        return None if value is None else not value

    return Node(_YES_NO, run, inner.costing())


def branches(build: Builder, tree: ast.IfExp) -> Node:
    """`a if c else b`; null where c is undetermined."""
    test = condition(build, tree.test)
    one, other = build.build(tree.body), build.build(tree.orelse)
    kind = unify(build, (tree.body, tree.orelse), (one, other))
    asked, then, otherwise = test.run, one.run, other.run

    def run(frame: Frame) -> Any:
        answer = asked(frame)
        if answer is None:
            return None
        return then(frame) if answer else otherwise(frame)

    return Node(kind, run, test.costing(one, other))


def compared(build: Builder, tree: ast.Compare) -> Node:
    """A comparison; a chain `0 < x <= 10` means both."""
    trees = [tree.left, *tree.comparators]
    with build.repeating(_most_evaluations(tree)):
        nodes = [build.build(side) for side in trees]
    runs = [
        _pair(build, op, (trees[i], trees[i + 1]), nodes[i], nodes[i + 1])
        for i, op in enumerate(tree.ops)
    ]
    run = runs[0] if len(runs) == 1 else _connected(runs, deciding=False)
    return Node(_YES_NO, run, len(runs) + 2 * sum(node.cost for node in nodes))


def _most_evaluations(tree: ast.Compare) -> int:
    """How often a side may be evaluated: for each value of a list, twice inside a chain."""
    lists = [one for one in tree.comparators if isinstance(one, ast.List | ast.Tuple)]
    return max([1 + len(one.elts) for one in lists], default=1) * (2 if len(tree.ops) > 1 else 1)


def _pair(
    build: Builder, op: ast.cmpop, trees: tuple[ast.expr, ast.expr], left: Node, right: Node
) -> Closure:
    if isinstance(op, ast.In | ast.NotIn):
        return _within(build, trees, left, right, negated=isinstance(op, ast.NotIn))
    compare = _COMPARISONS.get(type(op))
    if compare is None:
        raise build.error(
            trees[1],
            N_("“is” is not part of the language."),
            remedy=N_("Compare with == or !=, and with is_empty() for None."),
        )
    left, right = comparable(build, trees, left, right)
    if not isinstance(op, ast.Eq | ast.NotEq):
        for side, node in zip(trees, (left, right), strict=True):
            if node.type.kind not in ORDERED:
                raise build.error(
                    side,
                    N_("%(kind)s has no order: only == and !=."),
                    remedy=N_("Compare with == or !=, or a number or a date that goes with it."),
                    kind=node.type.named,
                )
    return _comparing(compare, left.run, right.run)


def _comparing(compare: Callable[[Any, Any], Any], left: Closure, right: Closure) -> Closure:
    def run(frame: Frame) -> Any:
        a = left(frame)
        if a is None:
            return None
        b = right(frame)
        return None if b is None else compare(a, b)

    return run


def _within(
    build: Builder,
    trees: tuple[ast.expr, ast.expr],
    left: Node,
    right: Node,
    *,
    negated: bool,
) -> Closure:
    """`in` and `not in`: a list, a column, or the values of a many-choice field."""
    tree = trees[1]
    if isinstance(tree, ast.List | ast.Tuple):
        return _listed(build, trees[0], tree, left, negated=negated)
    if right.type.kind == "choices":
        item = Type("choice", choices=right.type.choices)
    elif right.type.kind == "list" and right.type.item is not None:
        item = right.type.item
    else:
        raise build.error(
            tree,
            N_("Behind “in” stands a list, a column or a choice of several, not %(kind)s."),
            remedy=N_("Write a list, such as ['a', 'b'], or compare with ==."),
            kind=right.type.named,
        )
    left, _ = comparable(build, (trees[0], tree), left, Node(item, right.run))
    wanted, several = left.run, right.run

    def run(frame: Frame) -> bool | None:
        value = wanted(frame)
        if value is None:
            return None
        found = several(frame)
        return None if found is None else (value in found) is not negated

    return run


def _listed(
    build: Builder, at: ast.expr, tree: ast.List | ast.Tuple, left: Node, *, negated: bool
) -> Closure:
    """`x in [a, b]` is `x == a or x == b`, each pair checked by itself."""
    runs = []
    for item in tree.elts:
        one, other = comparable(build, (at, item), left, build.build(item))
        runs.append(_comparing(operator.eq, one.run, other.run))
    found, wanted = _connected(runs, deciding=True), left.run

    def run(frame: Frame) -> bool | None:
        if wanted(frame) is None:
            return None
        value = found(frame)
        return value if value is None else value is not negated

    return run
