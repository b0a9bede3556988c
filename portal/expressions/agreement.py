"""When two types agree: for adding, for comparing, for standing in each other's place."""

import ast
from collections.abc import Sequence
from dataclasses import replace

from portal.errors import N_
from portal.expressions.building import Builder, Node
from portal.expressions.errors import ExpressionError
from portal.expressions.kinds import PLAIN, Type


def same_currency(build: Builder, left: Type, right: Type) -> bool:
    return left.currency is not None and (
        build.scope.canonical(left.currency) == build.scope.canonical(right.currency)
    )


def same_rate(left: Type, right: Type) -> bool:
    """Whether two sums of money are both amounts, or rates for one of the same unit."""
    return left.unit == right.unit


def other_rate(build: Builder, tree: ast.expr, rate: Type, unit: str | None) -> ExpressionError:
    """The error for a rate that meets a quantity, a rate or an amount of another unit."""
    if unit is None:
        return build.error(
            tree,
            N_("A rate per %(per)s is no amount."),
            remedy=N_("Multiply it by a quantity in %(per)s."),
            per=rate.unit,
        )
    return build.error(
        tree,
        N_("A rate per %(per)s is not paid for %(unit)s."),
        remedy=N_("Use a quantity in %(per)s, or divide the rate by how many %(unit)s that is."),
        per=rate.unit,
        unit=unit,
    )


def rates_apart(build: Builder, tree: ast.expr, left: Type, right: Type) -> ExpressionError:
    """The error for two sums of money of which at least one is a rate of its own unit."""
    rate, other = (left, right) if left.unit is not None else (right, left)
    return other_rate(build, tree, rate, other.unit)


def same_unit(left: Type, right: Type) -> bool:
    """Whether quantities may be added; a quantity that was computed may have no unit."""
    return left.unit is None or right.unit is None or left.unit == right.unit


def mixed_money(build: Builder, tree: ast.expr, left: Type, right: Type) -> ExpressionError:
    """The error for amounts that are not of one currency."""
    if left.kind == right.kind:
        return build.error(
            tree,
            N_("These amounts may be in different currencies."),
            _in_base(build, tree),
            remedy=N_("Give both fields the same currency."),
        )
    money, other = (left, right) if left.kind == "money" else (right, left)
    if other.kind in PLAIN and not money.has_fixed_currency:
        return build.error(
            tree,
            N_("The currency of this amount is chosen in a field: a number alone says too little."),
            _in_base(build, tree),
            remedy=N_("Compare it with another amount in this currency."),
        )
    return mismatch(build, tree, left, right)


def _in_base(build: Builder, tree: ast.expr) -> str | None:
    """The remedy, where this host offers it."""
    return f"in_base({build.segment(tree)})" if "in_base" in build.scope.functions else None


def mismatch(
    build: Builder,
    tree: ast.expr,
    left: Type,
    right: Type,
    remedy: str = N_("Put what is of one kind on both sides."),
) -> ExpressionError:
    """The error for two kinds that do not go together."""
    return build.error(
        tree,
        N_("%(left)s and %(right)s do not go together here."),
        remedy=remedy,
        left=left.named,
        right=right.named,
    )


def other_units(build: Builder, tree: ast.expr) -> ExpressionError:
    """The error for quantities that are not counted alike."""
    return build.error(
        tree,
        N_("These quantities are in different units."),
        remedy=N_("Give both fields the same unit."),
    )


def unify(build: Builder, trees: Sequence[ast.expr], nodes: Sequence[Node]) -> Type:
    """The one type of several possible results (branches, coalesce, min and max of values)."""
    result = nodes[0]
    for tree, node in zip(trees[1:], nodes[1:], strict=True):
        result = _unified(build, tree, result, node)
    return result.type


def _unified(build: Builder, tree: ast.expr, left: Node, right: Node) -> Node:
    kind = _either(build, left, right) or _either(build, right, left)
    if kind is None:
        both = left.type.kind == right.type.kind == "money"
        if both and not same_rate(left.type, right.type):
            raise rates_apart(build, tree, left.type, right.type)
        if "money" in (left.type.kind, right.type.kind):
            raise mixed_money(build, tree, left.type, right.type)
        raise mismatch(build, tree, left.type, right.type)
    zero = left.is_zero and right.is_zero
    return Node(kind, right.run, constant=0) if zero else Node(kind, right.run)


def _either(build: Builder, one: Node, other: Node) -> Type | None:
    """The common type, where `other` fits beside `one`."""
    a, b = one.type, other.type
    if b.kind == "null" or (other.is_zero and a.is_number):
        return a
    if a.kind == "money":
        if b.kind == "money":
            return a if same_currency(build, a, b) and same_rate(a, b) else None
        return a if b.kind in PLAIN and other.is_constant and a.has_fixed_currency else None
    if a.kind == "quantity":
        return a if b.kind in PLAIN or (b.kind == "quantity" and same_unit(a, b)) else None
    if a.kind in ("percent", "decimal") and b.kind in {*PLAIN, a.kind}:
        return a
    if a.kind in ("text", "choice") and b.kind in ("text", "choice"):
        return _either_text(a, b)
    if a.kind != b.kind or (a.kind == "record" and a.target != b.target):
        return None
    return a


def _either_text(a: Type, b: Type) -> Type:
    """A text that is one of known values keeps them; an open text opens the result."""
    if not a.choices or not b.choices:
        return Type("text")
    return replace(
        a if a.kind == "choice" else b, choices=tuple(dict.fromkeys(a.choices + b.choices))
    )


def fits(build: Builder, expected: Type, node: Node) -> bool:
    """Whether a result may be stored where `expected` stands."""
    kind, got = expected.kind, node.type
    if got.kind == "null":
        return True
    if kind == "money":
        return _fits_money(build, expected, node)
    if kind in ("quantity", "percent", "decimal"):
        if got.kind == "quantity" == kind and not same_unit(expected, got):
            return False
        return got.kind in PLAIN or got.kind in ("quantity", "percent")
    if kind == "text":
        return got.kind in ("text", "choice")
    if kind == "choice":
        known = not expected.choices or bool(got.choices)
        return (
            got.kind in ("text", "choice")
            and known
            and (not expected.choices or set(got.choices) <= set(expected.choices))
        )
    if kind == "record":
        return got.kind == "record" and expected.target in (None, got.target)
    return got.kind == kind


def _fits_money(build: Builder, expected: Type, node: Node) -> bool:
    if node.is_zero:
        return True
    if node.type.kind == "money":
        if node.type.unit is not None and not same_rate(expected, node.type):
            return False
        return expected.currency is None or same_currency(build, expected, node.type)
    return node.is_constant and node.type.kind in PLAIN and expected.has_fixed_currency
