"""The steps counted beforehand are never fewer than those an evaluation really takes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import limits
from portal.expressions import Budget, Environment, Scope, Type, compile_expression
from tests.expressions import oracle
from tests.expressions.test_oracle import SCOPE, rows

PIECES = st.recursive(
    st.sampled_from(
        ["a", "0.5", "sum(lines.x)", "count(lines)", "sum(lines, row, row.x * row.y)",
         "max(lines, row, row.x)", "sum(lines, one, one.x * sum(lines, row, row.y + one.x))"]
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} + {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"coalesce({two[0]}, {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"min({two[0]}, {two[1]})"),
        st.tuples(inner, inner, inner).map(
            lambda three: f"({three[0]} if 0 < {three[1]} < {three[2]} < 3 else {three[1]})"
        ),
        st.tuples(inner, inner, inner).map(
            lambda three: f"(1.5 if {three[0]} in [{three[1]}, {three[2]}, 1, 2, 3] else 2.5)"
        ),
        inner.map(lambda one: f"sum(lines, outer, outer.y + (1 if any(lines, deep, deep.x > outer.x)"
                              f" else 2)) + {one}"),
    ),
    max_leaves=6,
)  # fmt: skip


@given(PIECES, rows, st.fixed_dictionaries(dict.fromkeys("abc", oracle.maybe_numbers)))
def test_an_evaluation_takes_no_more_steps_than_were_counted(
    source: str, lines: list[dict[str, Any]], known: dict[str, Any]
) -> None:
    if len(source) > limits.EXPRESSION_LENGTH:
        return
    expression = compile_expression(source, SCOPE)
    budget = Budget(per_evaluation=10**9, per_record=10**9)
    expression.evaluate(Environment({**known, "lines": lines}, budget=budget))
    assert budget.used <= expression.most_steps(lambda _table: len(lines))


@pytest.mark.parametrize(
    ("source", "steps"),
    [
        ("a + b", 1),
        ("sum(lines.x)", 1 + 1 + 10),
        ("sum(lines, row, row.x * row.y)", 1 + 10 * 2),
        ("sum(lines, one, sum(lines, row, row.y * one.x))", 1 + 10 * 2 + 100 * 2),
    ],
)
def test_the_count_of_a_full_table_is_exact(source: str, steps: int) -> None:
    assert compile_expression(source, SCOPE).most_steps(lambda _table: 10) == steps


def test_tables_are_asked_for_by_their_path() -> None:
    column = {"x": Type("decimal")}
    names = {"lines": Type("table", columns=column), "others": Type("table", columns=column)}
    scope = Scope(names, row=column, parent=names)
    asked: list[str] = []
    expression = compile_expression("sum(lines, a, sum(parent.others, b, a.x * b.x))", scope)
    expression.most_steps(lambda table: asked.append(table) or 1)
    assert set(asked) == {"lines", "parent.others"}
