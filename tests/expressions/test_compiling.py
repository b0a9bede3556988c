"""What compiling tells (types, dependencies, positions, limits), and what running may."""

import time
from datetime import date
from decimal import ROUND_DOWN, Decimal, getcontext, localcontext
from threading import Thread
from typing import Any

import pytest

from portal import limits
from portal.errors import PortalError
from portal.expressions import (
    Budget,
    BudgetExceeded,
    Environment,
    ExpressionError,
    Scope,
    Type,
    compile_expression,
)

MONEY = Type("money", currency="currency")
LINES = Type("table", columns={"qty": Type("quantity"), "price": MONEY, "amount": MONEY})
CONTRACT = Type(
    "record",
    target="contract",
    fields={"amount": MONEY, "currency": Type("text"), "lines": LINES, "open": Type("yes_no")},
)
NAMES = {
    "total": MONEY,
    "currency": Type("text"),
    "n": Type("integer"),
    "lines": LINES,
    "contract": CONTRACT,
    "project": Type("project", fields={"code": Type("text")}),
    "record": Type("record", fields={"requester": Type("person"), "number": Type("text")}),
}
SCOPE = Scope(NAMES)
IN_ROW = Scope(NAMES, row=LINES.columns, parent=NAMES)
ALL = frozenset({"in_base", "previous", "lookup", "workdays"})


def refused(source: str, scope: Scope = SCOPE, **more: Any) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(source, scope, **more)
    return caught.value


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ("1 + 1", set()),
        ("total", {"total"}),
        ("project.code == 'P1'", {"project.code"}),
        ("sum(lines, row, row.qty * row.price)", {"lines[].qty", "lines[].price"}),
        ("sum(lines.amount) + total", {"lines[].amount", "total"}),
        ("sum(lines, row, row.amount) / count(lines)", {"lines[].amount", "lines"}),
        ("count(lines)", {"lines"}),
        ("sum(lines, row, 1)", {"lines"}),
        ("sum(lines, row, n)", {"lines", "n"}),
        ("contract.amount", {"contract.amount"}),
        ("sum(contract.lines, row, row.qty)", {"contract.lines[].qty"}),
        ("is_empty(contract)", {"contract"}),
        ("total if n > 1 else 0", {"total", "n"}),
    ],
)
def test_an_expression_reports_the_paths_it_reads(source: str, paths: set[str]) -> None:
    assert compile_expression(source, SCOPE).dependencies == paths


def test_inside_a_table_the_row_is_reported_as_row() -> None:
    expression = compile_expression("row.qty * row.price - parent.total + total", IN_ROW)
    assert expression.dependencies == {"row.qty", "row.price", "parent.total", "total"}


def test_the_currency_field_is_read_by_in_base() -> None:
    expression = compile_expression("in_base(contract.amount)", Scope(NAMES, functions=ALL))
    assert expression.dependencies == {"contract.amount", "contract.currency"}
    assert expression.functions == {"in_base"}
    assert expression.type == Type("money", currency="base")


def test_the_previous_value_of_a_field_is_not_its_value_now() -> None:
    scope = Scope(NAMES, functions=ALL)
    expression = compile_expression("previous(total)", scope)
    assert expression.dependencies == set()
    assert expression.type == MONEY


def test_a_fetched_currency_is_the_currency_of_the_link() -> None:
    source = "contract.amount - total"
    assert "different currencies" in str(refused(source))
    scope = Scope(NAMES, aliases={"currency": "contract.currency"})
    assert compile_expression(source, scope).type.kind == "money"


def test_the_lines_of_a_link_are_in_its_currency() -> None:
    assert compile_expression("sum(contract.lines.amount) + contract.amount", SCOPE)
    assert "different currencies" in str(refused("sum(contract.lines.amount) + total"))
    assert compile_expression(
        "sum(contract.lines, r, r.amount) + contract.amount", SCOPE
    ).type == Type("money", currency="contract.currency")


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_host_function_the_host_lacks_is_refused(name: str) -> None:
    error = refused(f"{name}(total)")
    assert str(error) == f"The function “{name}” is not available here."


def test_a_host_function_missing_when_it_runs_cannot_be_computed() -> None:
    outcome = compile_expression("today()", SCOPE).explain(Environment({}))
    assert outcome.value is None
    assert outcome.problem is not None
    assert str(outcome.problem.message) == "Cannot be computed: today() is not known here."


def test_an_error_knows_its_line_and_column_in_characters() -> None:
    error = refused("n > 1 and\n  ('变更' == project.code or totl > 1)")
    assert (error.line, error.column, error.suggestion) == (2, 28, "total")
    assert error.status == 422
    assert isinstance(error, PortalError)


def test_a_misspelt_name_in_a_row_is_looked_for_in_the_row() -> None:
    assert refused("qty * 2", IN_ROW).suggestion == "row.qty"
    assert refused("row.qyt * 2", IN_ROW).suggestion == "row.qty"


def test_what_calculates_with_a_text_is_told_so() -> None:
    assert str(refused("currency + 1")) == "One cannot calculate with text."


def test_the_longest_source_is_accepted_and_one_more_is_not() -> None:
    source = "n" + " " * (limits.EXPRESSION_LENGTH - 3) + "+1"
    assert len(source) == limits.EXPRESSION_LENGTH
    assert compile_expression(source, SCOPE)
    assert "1000 characters" in str(refused(source + " "))


def test_length_is_judged_before_anything_else() -> None:
    assert "1000 characters" in str(refused("1" + "+1" * 5000))


def test_depth_is_limited() -> None:
    deepest = limits.EXPRESSION_DEPTH
    assert compile_expression("+".join("n" * deepest), SCOPE)
    assert "50 levels" in str(refused("+".join("n" * (deepest + 1))))


def test_parts_are_limited() -> None:
    most = limits.EXPRESSION_NODES
    # The comparison, n and the list are three parts.
    assert compile_expression(f"n in [{','.join('1' * (most - 3))}]", SCOPE)
    assert "300 parts" in str(refused(f"n in [{','.join('1' * (most - 2))}]"))


def test_an_evaluation_stops_at_its_steps() -> None:
    expression = compile_expression("sum(lines, a, sum(lines, b, a.qty * b.qty))", SCOPE)
    rows = [{"qty": Decimal(1)}] * 500
    with pytest.raises(BudgetExceeded):
        expression.evaluate(Environment({"lines": rows}))
    assert expression.evaluate(Environment({"lines": rows[:50]})) == 2500


def test_the_largest_table_is_within_the_steps() -> None:
    expression = compile_expression(
        "sum(lines, row, row.qty * row.price if row.qty > 1 and row.price > row.amount else 0)",
        SCOPE,
    )
    rows = [{"qty": Decimal(2), "price": Decimal(2), "amount": Decimal(1)}] * limits.TABLE_ROWS
    assert expression.evaluate(Environment({"lines": rows})) == 4 * limits.TABLE_ROWS


def test_one_budget_serves_all_evaluations_of_a_record() -> None:
    expression = compile_expression("sum(lines, row, row.qty)", SCOPE)
    env = Environment({"lines": [{"qty": Decimal(1)}] * 9}, budget=Budget(per_record=100))
    for _ in range(10):
        assert expression.evaluate(env) == 9
    with pytest.raises(BudgetExceeded):
        expression.evaluate(env)


def test_a_stopped_evaluation_leaves_the_decimal_context_alone() -> None:
    with localcontext() as context:
        context.prec, context.rounding = 5, ROUND_DOWN
        expression = compile_expression("sum(lines, row, row.qty / 3)", SCOPE)
        rows = [{"qty": Decimal(2)}]
        assert expression.evaluate(Environment({"lines": rows})) == Decimal("0." + "6" * 33 + "7")
        with pytest.raises(BudgetExceeded):
            expression.evaluate(Environment({"lines": rows * 20_000}))
        assert (getcontext().prec, getcontext().rounding) == (5, ROUND_DOWN)


def test_rows_are_seen_through_for_row() -> None:
    expression = compile_expression("row.qty * parent.n + n", IN_ROW)
    env = Environment({"n": 3})
    assert [expression.evaluate(env.for_row({"qty": Decimal(q)})) for q in (1, 2)] == [6, 9]


def test_a_number_result_is_always_decimal_and_a_count_always_whole() -> None:
    scope = Scope({"rate": Type("decimal"), "n": Type("integer")})
    value = compile_expression("0 if n > 1 else rate", scope).evaluate(Environment({"n": 2}))
    assert (type(value), value) == (Decimal, 0)
    value = compile_expression("n * 2", scope, expect=Type("decimal")).evaluate(
        Environment({"n": 2})
    )
    assert (type(value), value) == (Decimal, 4)
    value = compile_expression("round(rate)", scope).evaluate(Environment({"rate": Decimal("2.5")}))
    assert (type(value), value) == (int, 3)


def test_today_is_asked_of_the_host() -> None:
    env = Environment({}, host={"today": lambda: date(2026, 3, 1)})
    assert compile_expression("today() + 1", SCOPE).evaluate(env) == date(2026, 3, 2)


def test_an_expression_may_be_shared_between_threads() -> None:
    expression = compile_expression("sum(lines, row, row.qty * n)", SCOPE)
    wrong: list[Any] = []

    def work(n: int) -> None:
        env = Environment({"n": n, "lines": [{"qty": Decimal(i)} for i in range(100)]})
        wrong.extend(v for v in (expression.evaluate(env) for _ in range(50)) if v != 4950 * n)

    threads = [Thread(target=work, args=(n,)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_sum_of_products_takes_less_than_five_times_a_native_loop() -> None:
    rows = [{"qty": Decimal(i), "price": Decimal("1.25")} for i in range(200)]
    expression = compile_expression("sum(lines, row, row.qty * row.price)", SCOPE)
    env = Environment({"lines": rows})

    def native() -> Decimal:
        return sum((row["qty"] * row["price"] for row in rows), Decimal(0))

    def fastest(function: Any) -> float:
        times = []
        for _ in range(30):
            began = time.perf_counter()
            function()
            times.append(time.perf_counter() - began)
        return min(times)

    assert expression.evaluate(env) == native()
    assert fastest(lambda: expression.evaluate(env)) < 5 * fastest(native)
