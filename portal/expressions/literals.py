"""Constants of an expression: numbers from their source text, texts, True, False, None, lists."""

import ast
from datetime import date
from decimal import Decimal

from portal.errors import N_
from portal.expressions.building import Builder, Node, constant
from portal.expressions.errors import NOT_PART, PARTS
from portal.expressions.kinds import Type
from portal.expressions.running import Frame

_YES_NO = Type("yes_no")


def literal(build: Builder, tree: ast.Constant) -> Node:
    value = tree.value
    if value is None:
        return constant(Type("null"), None)
    if isinstance(value, bool):
        return constant(_YES_NO, value)
    if isinstance(value, str):
        return constant(Type("text", choices=(value,)), value)
    if isinstance(value, int):
        return constant(Type("integer"), value)
    if isinstance(value, float):  # a float has lost digits: read them again
        return constant(Type("decimal"), Decimal(build.segment(tree)))
    raise build.error(tree, NOT_PART, remedy=PARTS)


def listing(build: Builder, tree: ast.List | ast.Tuple) -> Node:
    """A list, as used behind `in`; its items agree when they are compared."""
    items = [build.build(item) for item in tree.elts]
    runs = [item.run for item in items]

    def run(frame: Frame) -> list[object]:
        return [item(frame) for item in runs]

    kind = Type("list", item=items[0].type if items else Type("null"))
    return Node(kind, run, sum(item.cost for item in items))


def dated(build: Builder, tree: ast.expr, node: Node) -> Node:
    """A text constant beside a date, read as a date."""
    try:
        value: date | None = date.fromisoformat(node.constant)
    except ValueError:
        value = None
    if value is None or value.isoformat() != node.constant:
        raise build.error(
            tree,
            N_("A date is written as 'year-month-day', like '2026-03-31'."),
            remedy=N_("Write a day that exists, with four, two and two digits."),
        )
    return constant(Type("date"), value)
