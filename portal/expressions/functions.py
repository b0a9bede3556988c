"""The functions on single values, and the table of all functions by name."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.errors import N_
from portal.expressions.agreement import unify
from portal.expressions.arguments import COUNTED, DATES, TEXTS, needs, strict
from portal.expressions.building import Builder, Node
from portal.expressions.kinds import NUMBERS, Type
from portal.expressions.running import CONTEXT, RUN, Frame

Maker = Callable[[Builder, ast.Call, list[Node]], Node]
_MOST_PLACES = 10


@dataclass(frozen=True, slots=True)
class Function:
    """A function: how many arguments it takes, what makes its node, whether it reads them."""

    least: int
    most: int
    make: Maker
    example: str
    reads: bool = True


def _cost(nodes: list[Node]) -> int:
    return 1 + sum(node.cost for node in nodes)


def _round(build: Builder, tree: ast.Call, nodes: list[Node]) -> Node:
    """round(x), round(x, places): half up; money needs its places said."""
    value = nodes[0]
    needs(build, tree, 0, value, NUMBERS)
    if len(nodes) == 1 and value.type.kind == "money":
        raise build.error(
            tree,
            N_("Say how many places money is rounded to."),
            f"round({build.segment(tree.args[0])}, 2)",
        )
    places = nodes[1].constant if len(nodes) == 2 else 0
    if type(places) is not int or not -_MOST_PLACES <= places <= _MOST_PLACES:
        raise build.error(
            tree.args[-1],
            N_("The places are a whole number from -10 to 10, written out."),
            remedy=N_("Write %(example)s."),
            example=f"round({build.segment(tree.args[0])}, 2)",
        )
    whole = places <= 0 and value.type.kind in ("integer", "decimal")
    kind = Type("integer") if whole or value.type.kind == "integer" else value.type
    return Node(
        kind, strict(_rounding(places, as_integer=kind.kind == "integer"), [value]), 1 + value.cost
    )


def _rounding(places: int, *, as_integer: bool) -> Callable[[Any], Any]:
    unit, one = Decimal(1).scaleb(-places), Decimal(1)

    def rounded(value: Any) -> Any:
        number = Decimal(value) if value.__class__ is int else value
        result = number.quantize(unit, rounding=ROUND_HALF_UP, context=CONTEXT)
        if as_integer:
            return int(result)
        return result.quantize(one, context=CONTEXT) if places < 0 else result

    return rounded


def _abs(build: Builder, tree: ast.Call, nodes: list[Node]) -> Node:
    needs(build, tree, 0, nodes[0], NUMBERS)
    return Node(nodes[0].type, strict(abs, nodes), _cost(nodes))


def _part(part: str) -> Maker:
    def make(build: Builder, tree: ast.Call, nodes: list[Node]) -> Node:
        needs(build, tree, 0, nodes[0], DATES)
        read = {"year": _year, "month": _month, "day": _day}[part]
        return Node(Type("integer"), strict(read, nodes), _cost(nodes))

    return make


def _year(value: date) -> int:
    return value.year


def _month(value: date) -> int:
    return value.month


def _day(value: date) -> int:
    return value.day


def _days_between(build: Builder, tree: ast.Call, nodes: list[Node]) -> Node:
    for index, node in enumerate(nodes):
        needs(build, tree, index, node, DATES)
    return Node(Type("integer"), strict(_days, nodes), _cost(nodes))


def _days(first: date, last: date) -> int:
    """Days from first to last, negative when last is earlier; times of day do not count."""
    return (_calendar_day(last) - _calendar_day(first)).days


def _calendar_day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _today(build: Builder, tree: ast.Call, nodes: list[Node]) -> Node:
    def run(frame: Frame) -> Any:
        today = frame[RUN].environment.host.get("today")
        if today is None:
            frame[RUN].note("host", "today()")
            return None
        return today()

    return Node(Type("date"), run, 1)


def _coalesce(build: Builder, tree: ast.Call, nodes: list[Node]) -> Node:
    runs = [node.run for node in nodes]

    def run(frame: Frame) -> Any:
        for one in runs:
            value = one(frame)
            if value is not None:
                return value
        return None

    return Node(unify(build, tree.args, nodes), run, _cost(nodes))


def _is_empty(build: Builder, tree: ast.Call, nodes: list[Node]) -> Node:
    inner = nodes[0].run

    def run(frame: Frame) -> bool:
        value = inner(frame)
        return value is None or value in ("", [], ())

    return Node(Type("yes_no"), run, _cost(nodes))


def _lower(build: Builder, tree: ast.Call, nodes: list[Node]) -> Node:
    needs(build, tree, 0, nodes[0], TEXTS)
    return Node(Type("text"), strict(str.lower, nodes), _cost(nodes))


def _starts_with(build: Builder, tree: ast.Call, nodes: list[Node]) -> Node:
    for index, node in enumerate(nodes):
        needs(build, tree, index, node, TEXTS)
    return Node(Type("yes_no"), strict(str.startswith, nodes), _cost(nodes))


def _len(build: Builder, tree: ast.Call, nodes: list[Node]) -> Node:
    """Characters of a text (null if empty), rows of a table, values of a column or of choices."""
    needs(build, tree, 0, nodes[0], COUNTED)
    inner = nodes[0].run
    if nodes[0].type.kind == "table":
        return Node(Type("integer"), lambda frame: len(inner(frame) or ()), _cost(nodes))
    return Node(Type("integer"), strict(len, nodes), _cost(nodes))


FUNCTIONS: Mapping[str, Function] = {
    "round": Function(1, 2, _round, "round(amount, 2)"),
    "abs": Function(1, 1, _abs, "abs(amount)"),
    "year": Function(1, 1, _part("year"), "year(date)"),
    "month": Function(1, 1, _part("month"), "month(date)"),
    "day": Function(1, 1, _part("day"), "day(date)"),
    "days_between": Function(2, 2, _days_between, "days_between(start, end)"),
    "today": Function(0, 0, _today, "today()"),
    "coalesce": Function(1, 20, _coalesce, "coalesce(a, b)"),
    "is_empty": Function(1, 1, _is_empty, "is_empty(field)"),
    "lower": Function(1, 1, _lower, "lower(text)"),
    "starts_with": Function(2, 2, _starts_with, "starts_with(text, 'A')"),
    "len": Function(1, 1, _len, "len(text)"),
}
