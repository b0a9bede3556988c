"""When two values may be told equal or different, and constants checked against choices."""

import ast
from collections.abc import Sequence

from portal.errors import N_
from portal.expressions.agreement import (
    mismatch,
    mixed_money,
    other_units,
    rates_apart,
    same_currency,
    same_rate,
    same_unit,
)
from portal.expressions.building import Builder, Node
from portal.expressions.errors import ExpressionError
from portal.expressions.kinds import IDENTITIES, PLAIN, Type
from portal.expressions.literals import dated
from portal.expressions.scope import nearest


def comparable(
    build: Builder, trees: tuple[ast.expr, ast.expr], left: Node, right: Node
) -> tuple[Node, Node]:
    """Check that two values can be told equal or not; a text beside a date becomes a date."""
    a, b = left.type, right.type
    if "null" in (a.kind, b.kind):
        named = trees[0] if b.kind == "null" else trees[1]
        raise build.error(
            named,
            N_("Nothing equals None: use is_empty()."),
            f"is_empty({build.segment(named)})",
        )
    for tree, node in zip(trees, (left, right), strict=True):
        if node.is_constant and node.constant == "":
            other = trees[1] if tree is trees[0] else trees[0]
            raise build.error(
                tree,
                N_("An empty text is None: use is_empty()."),
                remedy=N_("Write %(example)s."),
                example=f"is_empty({build.segment(other)})",
            )
    if a.kind == "date" and right.is_constant and b.kind == "text":
        return left, dated(build, trees[1], right)
    if b.kind == "date" and left.is_constant and a.kind == "text":
        return dated(build, trees[0], left), right
    _check_comparable(build, trees, left, right)
    return left, right


def _check_comparable(
    build: Builder, trees: tuple[ast.expr, ast.expr], left: Node, right: Node
) -> None:
    a, b = left.type, right.type
    kinds = {a.kind, b.kind}
    if a.is_number and b.is_number:
        if "money" in kinds and not _same_money(build, left, right):
            at = 0 if a.kind == "money" else 1
            raise mixed_money(build, trees[at], a, b)
        if kinds == {"money"} and not same_rate(a, b):
            raise rates_apart(build, trees[1], a, b)
        if kinds == {"quantity"} and not same_unit(a, b):
            raise other_units(build, trees[1])
        if kinds != {"quantity", "percent"}:
            return
    elif kinds <= {"text", "choice"}:
        _check_choices(build, trees, left, right)
        return
    elif (a.kind in IDENTITIES and b.kind in {a.kind, "text"}) or (
        b.kind in IDENTITIES and a.kind == "text"
    ):
        if a.kind != b.kind or None in (a.target, b.target) or a.target == b.target:
            return
    elif a.kind == b.kind and a.kind in ("yes_no", "date", "datetime"):
        return
    raise mismatch(build, trees[1], a, b)


def _same_money(build: Builder, left: Node, right: Node) -> bool:
    a, b = left.type, right.type
    if a.kind == b.kind:
        return same_currency(build, a, b)
    money, other = (a, right) if a.kind == "money" else (b, left)
    return other.is_zero or (other.type.kind in PLAIN and money.has_fixed_currency)


def _check_choices(
    build: Builder, trees: tuple[ast.expr, ast.expr], left: Node, right: Node
) -> None:
    """A constant compared with a choice has to be one of its values."""
    for index, (one, other) in enumerate(((left, right), (right, left))):
        listed = other.type.choices if other.type.kind == "choice" else ()
        if not listed or not one.type.choices:
            continue
        strange = [value for value in one.type.choices if value not in listed]
        if strange and (one.is_constant or len(strange) == len(one.type.choices)):
            raise not_listed(build, trees[index], strange[0], listed)


def not_listed(
    build: Builder, tree: ast.expr, value: str, listed: Sequence[str]
) -> ExpressionError:
    guess = nearest(value, listed)
    return build.error(
        tree,
        N_("“%(value)s” is not one of the choices: %(choices)s."),
        f"'{guess}'" if guess else None,
        remedy=N_("Write one of them, or add it to the options of the field."),
        value=value,
        choices=", ".join(listed[:12]),
    )


def asked(text: str, kind: Type) -> str:
    """A condition somebody may have meant who wrote only a value."""
    if kind.is_number:
        return f"{text} > 0"
    if kind.kind in ("date", "datetime"):
        return f"{text} >= today()"
    if kind.kind == "choice" and kind.choices:
        return f"{text} == '{kind.choices[0]}'"
    return f"not is_empty({text})"
