"""A second, naive reading of the language: trees of tuples, rendered to source and evaluated.

Shares nothing with the package but the decimal precision; knows no types, loops or closures.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

EXACT = Context(prec=34, rounding=ROUND_HALF_UP)
STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}

numbers = st.decimals(-9999, 9999, places=2, allow_nan=False)
maybe_numbers = st.none() | numbers
leaves = st.sampled_from([("name", "a"), ("name", "b"), ("name", "c")]) | numbers.map(
    lambda number: ("number", number)
)


def _by_no_written_zero(tree: Any) -> bool:
    """Dividing by a zero that is written down is refused, not computed: test_remedies.py says so."""
    op, _, right = tree
    return not (op == "/" and right[0] == "number" and not right[1])


sums = st.recursive(
    leaves,
    lambda inner: st.tuples(st.sampled_from(list("+-*/")), inner, inner).filter(
        _by_no_written_zero
    ),
    max_leaves=12,
)
comparisons = st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), sums, sums)
questions = st.sampled_from([("name", "p"), ("name", "q"), ("name", "r")]) | comparisons
logic = st.recursive(
    questions,
    lambda inner: (
        st.tuples(st.just("not"), inner)
        | st.tuples(st.sampled_from(["and", "or"]), inner, inner)
        | st.tuples(st.just("empty"), inner)
    ),
    max_leaves=10,
)


def render(tree: Any) -> str:
    """Source with brackets only where they are needed."""
    return _render(tree)[0]


def _render(tree: Any) -> tuple[str, int]:
    match tree:
        case ("name", str(key)):
            return key, 9
        case ("number", Decimal() as number):
            return format(number, "f"), 8 if number.is_signed() else 9
        case ("not", inner):
            return f"not {_within(inner, -2)}", -2
        case ("empty", inner):
            return f"is_empty({render(inner)})", 9
        case ("and", one, other):
            return f"{_within(one, -3)} and {_within(other, -2)}", -3
        case ("or", one, other):
            return f"{_within(one, -4)} or {_within(other, -3)}", -4
        case (str(op), one, other) if op in STRENGTH:
            mine = STRENGTH[op]
            return f"{_within(one, mine)} {op} {_within(other, mine + 1)}", mine
        case (str(op), one, other):
            return f"{_within(one, 1)} {op} {_within(other, 1)}", 0
    raise AssertionError(tree)


def _within(tree: Any, least: int) -> str:
    text, strength = _render(tree)
    return text if strength >= least else f"({text})"


def worth(tree: Any, given: Mapping[str, Any]) -> Any:
    """What the tree is worth; None for null and undetermined."""
    match tree:
        case ("name", str(key)):
            return given.get(key)
        case ("number", Decimal() as number):
            return number
        case ("empty", inner):
            return worth(inner, given) is None
        case ("not", inner):
            value = worth(inner, given)
            return None if value is None else not value
        case (("and" | "or") as op, one, other):
            # Kleene: no is 0, undetermined a half, yes 1; `and` is the least, `or` the most.
            grades = [_grade(worth(side, given)) for side in (one, other)]
            grade = min(grades) if op == "and" else max(grades)
            return {Fraction(0): False, Fraction(1, 2): None, Fraction(1): True}[grade]
        case (str(op), one, other):
            a, b = worth(one, given), worth(other, given)
            return None if a is None or b is None else _applied(op, a, b)
    raise AssertionError(tree)


def _grade(value: bool | None) -> Fraction:
    return Fraction(1, 2) if value is None else Fraction(int(value))


def _applied(op: str, a: Decimal, b: Decimal) -> Any:
    if op == "/":
        return EXACT.divide(a, b) if b else None
    if op in STRENGTH:
        return {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}[op](a, b)
    left, right = Fraction(a), Fraction(b)
    return {
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
        "==": left == right,
        "!=": left != right,
    }[op]
