"""Plus, minus, times and divided by: what each makes of money, quantities and dates."""

import ast
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from portal.errors import N_
from portal.expressions.agreement import (
    mismatch,
    mixed_money,
    other_rate,
    other_units,
    rates_apart,
    same_currency,
    same_rate,
    same_unit,
)
from portal.expressions.building import Builder, Node, constant
from portal.expressions.errors import ExpressionError
from portal.expressions.kinds import PLAIN, Type
from portal.expressions.operations import (
    adding,
    days,
    dividing,
    multiplying,
    shifting,
    subtracting,
    whole,
)
from portal.expressions.running import Closure, Frame

_INTEGER, _DECIMAL, _PERCENT = Type("integer"), Type("decimal"), Type("percent")
_RATIOS = PLAIN | {"percent"}


def binary(build: Builder, tree: ast.BinOp) -> Node:
    maker = _MAKERS.get(type(tree.op))
    if maker is None:
        raise build.error(
            tree,
            N_("Only + - * / are known here."),
            remedy=N_("Write round(…) for whole numbers, and a * a for a power."),
        )
    left, right = build.build(tree.left), build.build(tree.right)
    for side, node in ((tree.left, left), (tree.right, right)):
        if not (node.type.is_number or node.type.kind in ("date", "datetime")):
            raise no_number(build, side, node)
    kind, run = maker(build, tree, left, right)
    return Node(kind, run, left.costing(right))


def no_number(build: Builder, tree: ast.expr, node: Node) -> ExpressionError:
    """The error for something that is not calculated with."""
    return build.error(
        tree,
        N_("One cannot calculate with %(kind)s."),
        remedy=N_("Use a number, money, a quantity, a percentage or a date."),
        kind=node.type.named,
    )


def negative(build: Builder, tree: ast.UnaryOp, operand: Node) -> Node:
    if not operand.type.is_number:
        raise no_number(build, tree.operand, operand)
    if isinstance(tree.op, ast.UAdd):
        return operand
    if operand.is_constant:
        value = operand.constant
        exact = value.copy_negate() if isinstance(value, Decimal) else -value
        return constant(operand.type, exact)
    inner = operand.run

    def run(frame: Frame) -> Any:
        value = inner(frame)
        return None if value is None else -value

    return Node(operand.type, run, operand.costing())


Made = tuple[Type, Closure]


def _plus(build: Builder, tree: ast.BinOp, left: Node, right: Node) -> Made:
    if "date" in (left.type.kind, right.type.kind):
        return _later(build, tree, left, right)
    return _sum_type(build, tree, left, right), adding(left.run, right.run)


def _minus(build: Builder, tree: ast.BinOp, left: Node, right: Node) -> Made:
    if left.type.kind == right.type.kind == "date":
        return _INTEGER, days(left.run, right.run)
    if left.type.kind == "date" and right.type.kind == "integer":
        return left.type, shifting(left.run, right.run, -1)
    return _sum_type(build, tree, left, right), subtracting(left.run, right.run)


def _sum_type(build: Builder, tree: ast.BinOp, left: Node, right: Node) -> Type:
    """The type of a sum or difference; raises where the two cannot be added."""
    a, b = left.type, right.type
    if left.is_zero and b.is_number:
        return b
    if right.is_zero and a.is_number:
        return a
    if "money" in (a.kind, b.kind):
        if a.kind == b.kind and not same_rate(a, b):
            raise rates_apart(build, tree.right, a, b)
        if a.kind == b.kind and same_currency(build, a, b):
            return a
        raise _not_added(build, tree, a, b)
    if a.kind in PLAIN and b.kind in PLAIN:
        return _INTEGER if a.kind == b.kind == "integer" else _DECIMAL
    pair = {a.kind, b.kind}
    if "quantity" in pair and pair <= {*PLAIN, "quantity"}:
        if a.kind == b.kind and not same_unit(a, b):
            raise other_units(build, tree.right)
        return a if a.kind == "quantity" and (a.unit or b.kind != "quantity") else b
    if "percent" in pair and pair <= _RATIOS:
        return _PERCENT
    raise mismatch(build, tree.right, a, b, N_("Add or subtract what is of one kind."))


def _not_added(build: Builder, tree: ast.BinOp, a: Type, b: Type) -> Exception:
    if a.kind == b.kind:
        return mixed_money(build, tree.right, a, b)
    money = tree.left if a.kind == "money" else tree.right
    return build.error(
        tree.right,
        N_("Money is added only to money: %(left)s and %(right)s do not add up."),
        remedy=N_("Add a field of money; a rate or a number multiplies: %(money)s * 1.06."),
        left=a.named,
        right=b.named,
        money=build.segment(money),
    )


def _times(build: Builder, tree: ast.BinOp, left: Node, right: Node) -> Made:
    a, b = left.type, right.type
    run = multiplying(left.run, right.run)
    for one, other in ((a, b), (b, a)):
        if one.kind == "money" and other.kind == "quantity":
            return _paid(build, tree, one, other), run
        if one.kind == "money" and other.kind in _RATIOS:
            return one, run
        if one.kind == "quantity" and other.kind in _RATIOS:
            return one, run
    if a.kind == b.kind == "integer":
        return _INTEGER, whole(run)
    if a.kind == b.kind == "quantity" or (a.kind in _RATIOS and b.kind in _RATIOS):
        return _DECIMAL, run
    raise mismatch(build, tree.right, a, b, N_("Multiply by a number, a percentage or a quantity."))


def _paid(build: Builder, tree: ast.BinOp, rate: Type, quantity: Type) -> Type:
    """What a quantity costs at a rate: an amount. Raises where their units do not belong."""
    if rate.unit is None:
        return rate
    if quantity.unit is not None and quantity.unit != rate.unit:
        raise other_rate(build, tree.right, rate, quantity.unit)
    return replace(rate, unit=None)


def _rate_of(money: Type, quantity: Type) -> Type:
    """A rate per day by the hours of a day is one per hour; an amount stays one."""
    return money if money.unit is None else replace(money, unit=quantity.unit)


def _divided(build: Builder, tree: ast.BinOp, left: Node, right: Node) -> Made:
    a, b = left.type, right.type
    if right.is_zero:
        raise build.error(
            tree.right,
            N_("This divides by zero, so it is never computed."),
            remedy=N_("Divide by a field or a number that is not 0."),
        )
    run = dividing(left.run, right.run, right.path or build.segment(tree.right))
    if b.kind in _RATIOS and a.is_number:
        return (a if a.kind in ("money", "quantity") else _DECIMAL), run
    if a.kind == b.kind == "money":
        if not same_currency(build, a, b):
            raise mixed_money(build, tree.right, a, b)
        return _DECIMAL, run
    if b.kind == "quantity" and a.is_number:
        return (_rate_of(a, b) if a.kind == "money" else _DECIMAL), run
    raise mismatch(
        build,
        tree.right,
        a,
        b,
        N_("Divide by a number, a percentage or a quantity, or money by money."),
    )


def _later(build: Builder, tree: ast.BinOp, left: Node, right: Node) -> Made:
    """A date and a number of days, either way round."""
    if right.type.kind == "date":
        left, right = right, left
    if right.type.kind != "integer":
        raise build.error(
            tree.right,
            N_("Only a whole number of days is added to a date, not %(kind)s."),
            remedy=N_("Write round(…) around a number of days with decimals."),
            kind=right.type.named,
        )
    return left.type, shifting(left.run, right.run, 1)


Maker = Callable[[Builder, ast.BinOp, Node, Node], Made]
_MAKERS: dict[type[ast.operator], Maker] = {
    ast.Add: _plus,
    ast.Sub: _minus,
    ast.Mult: _times,
    ast.Div: _divided,
}
