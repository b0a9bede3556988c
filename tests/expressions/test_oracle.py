"""The compiled language against the naive one, on random trees and values."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from portal.expressions import Environment, ExpressionError, Scope, Type, compile_expression
from tests.expressions import oracle

SCOPE = Scope(
    {
        **{key: Type("decimal") for key in "abc"},
        **{key: Type("yes_no") for key in "pqr"},
        "lines": Type("table", columns={"x": Type("decimal"), "y": Type("decimal")}),
    }
)
values = st.fixed_dictionaries(
    {
        **dict.fromkeys("abc", oracle.maybe_numbers),
        **dict.fromkeys("pqr", st.sampled_from([True, False, None])),
    }
)
rows = st.lists(
    st.fixed_dictionaries({"x": oracle.maybe_numbers, "y": oracle.maybe_numbers}), max_size=8
)


def evaluated(source: str, given_values: dict[str, Any]) -> Any:
    try:
        expression = compile_expression(source, SCOPE)
    except ExpressionError:
        assume(len(source) <= 900)
        raise
    outcome = expression.explain(Environment(given_values))
    assume(outcome.problem is None or outcome.problem.reason != "overflow")
    return outcome.value


@given(oracle.sums, values)
def test_arithmetic_is_worth_what_the_naive_reading_says(tree: Any, known: dict[str, Any]) -> None:
    assert evaluated(oracle.render(tree), known) == oracle.worth(tree, known)


@given(oracle.logic, values)
def test_logic_is_worth_what_the_naive_reading_says(tree: Any, known: dict[str, Any]) -> None:
    assert evaluated(oracle.render(tree), known) is oracle.worth(tree, known)


@given(oracle.logic, oracle.sums, oracle.sums, values)
def test_a_conditional_takes_the_branch_of_its_question(
    question: Any, one: Any, other: Any, known: dict[str, Any]
) -> None:
    source = f"({oracle.render(one)}) if {oracle.render(question)} else ({oracle.render(other)})"
    assume(len(source) < 900)
    answer = oracle.worth(question, known)
    expected = None if answer is None else oracle.worth(one if answer else other, known)
    assert evaluated(source, known) == expected


@given(rows)
def test_aggregates_fold_what_is_there(lines: list[dict[str, Any]]) -> None:
    products = [r["x"] * r["y"] for r in lines if r["x"] is not None and r["y"] is not None]
    column = [r["x"] for r in lines if r["x"] is not None]
    mean = oracle.EXACT.divide(sum(column, Decimal(0)), Decimal(len(column))) if column else None
    known = {"lines": lines}
    assert evaluated("sum(lines, row, row.x * row.y)", known) == sum(products)
    assert evaluated("count(lines.x)", known) == len(column)
    assert evaluated("min(lines.x)", known) == min(column, default=None)
    assert evaluated("max(lines, row, row.x * row.y)", known) == max(products, default=None)
    assert evaluated("avg(lines.x)", known) == mean
    assert evaluated("any(lines, row, row.x > 0)", known) is any(x > 0 for x in column)
    assert evaluated("all(lines, one, one.x > 0)", known) is all(x > 0 for x in column)


@given(st.decimals(-(10**9), 10**9, places=6, allow_nan=False), st.integers(0, 5))
def test_rounding_is_half_away_from_zero(number: Decimal, places: int) -> None:
    scaled = abs(Fraction(number)) * 10**places
    expected = Fraction((scaled + Fraction(1, 2)).__floor__(), 10**places)
    value = evaluated(f"round(a, {places})", {"a": number})
    assert abs(Fraction(value)) == expected
    assert value == number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


@given(oracle.numbers, st.lists(oracle.maybe_numbers, max_size=5))
def test_in_a_list_is_equality_with_one_of_its_items(
    wanted: Decimal, items: list[Decimal | None]
) -> None:
    source = f"a in [{', '.join('b' if i is None else format(i, 'f') for i in items)}]"
    found = True if wanted in items else None if None in items else False
    assert evaluated(source, {"a": wanted}) is found
    negated = source.replace(" in ", " not in ")
    assert evaluated(negated, {"a": wanted}) is (None if found is None else not found)
