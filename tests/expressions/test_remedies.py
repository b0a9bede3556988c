"""Every refusal of an expression says what to do about it, and what it says helps."""

import json
from pathlib import Path
from typing import Any

import pytest

from portal.expressions import ExpressionError, Scope, Type, compile_expression
from tests.expressions.reading import scope_of, type_of

FILE = json.loads(Path(__file__).with_name("conformance.json").read_text(encoding="utf-8"))
NAMES = {key: type_of(form) for key, form in FILE["names"].items()}
REFUSED = [case for case in FILE["cases"] if "error" in case]

MONEY = Type("money", currency="CNY")
COLUMNS = {"item": Type("text"), "qty": Type("decimal"), "amount": MONEY}
FIELDS = {
    "total": MONEY,
    "rate": Type("decimal"),
    "purpose": Type("text"),
    "needed_on": Type("date"),
    "urgent": Type("yes_no"),
    "kind": Type("choice", choices=("works", "supply")),
    "lines": Type("table", columns=COLUMNS),
}
SCOPE = Scope(FIELDS, functions=frozenset({"today"}))
IN_ROW = Scope(FIELDS, row=COLUMNS, parent=FIELDS, functions=frozenset({"today"}))


def refused(source: str, scope: Scope = SCOPE, **more: Any) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(source, scope, **more)
    return caught.value


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: str(case["name"]))
def test_no_refusal_leaves_its_reader_without_advice(case: dict[str, Any]) -> None:
    scope = scope_of(NAMES, inside="lines" if "row" in case else None)
    needed = type_of(case["needed"]) if "needed" in case else None
    error = refused(case["source"], scope, expect=needed)
    assert error.suggestion or error.remedy is not None, str(error)
    assert str(error.advice) not in ("", str(error.message))


@pytest.mark.parametrize(
    ("source", "says", "advice"),
    [
        ("total + 1", "money and a whole number do not add up",
         "Add a field of money; a rate or a number multiplies: total * 1.06."),
        ("1 - total", "a whole number and money do not add up", "total * 1.06."),
        ("total * total", "money and money do not go together",
         "Multiply by a number, a percentage or a quantity."),
        ("rate / total", "a number and money do not go together",
         "Divide by a number, a percentage or a quantity, or money by money."),
        ("total / 0", "divides by zero", "Divide by a field or a number that is not 0."),
        ("total / -0.0", "divides by zero", "not 0"),
        ("total.__class__", "money and has no fields of its own", "Write total."),
        ("__class__", "no field “__class__”", "Names that begin with _ are the portal's own. There"),
        ("sum(lines, row, row._id)", "no field “_id”", "There are: item, qty, amount."),
        ("lines[0].amount", "Rows are not taken by number", "Use sum, count, min, max"),
        ("rate // 2", "Only + - * /", "round(…)"),
        ("purpose * 2", "cannot calculate with text", "Use a number, money, a quantity"),
        ("purpose == ''", "An empty text is None", "Write is_empty(purpose)."),
        ("kind == 'services'", "not one of the choices", "add it to the options"),
        ("zzz + 1", "no field “zzz”", "Known here: total, rate, purpose"),
        ("xyzzy(lines.qty)", "no function “xyzzy”", "Known here: abs, all, any, avg"),
        ("round()", "too many values or too few", "Write round(amount, 2)."),
        ("sum(rate)", "not over a number", "sum(lines.amount)"),
        ("rate if rate else 0", "yes or no is needed", "Write a comparison, such as rate > 0."),
        ("1 if kind else 0", "yes or no is needed", "such as kind == 'works'."),
        ("rate + ", "cannot be read from here", "missing before this place"),
        ("'unclosed", "not closed", "Close it with the quote"),
        ("12m3", "digits only", "without units"),
        ("needed_on + rate", "whole number of days", "round(…)"),
        ("sum(row.amount for row in lines)", "“for” is not part", "sum(lines, row, row.amount)"),
        ("rate is None", "“is” is not part", "is_empty()"),
    ],
)  # fmt: skip
def test_the_advice_fits_the_fault(source: str, says: str, advice: str) -> None:
    error = refused(source)
    assert says in str(error.message)
    assert advice in str(error.advice)


def test_a_row_says_which_columns_it_has() -> None:
    assert str(refused("row._id", IN_ROW).advice).endswith("There are: item, qty, amount.")
    assert str(refused("row.zzz", IN_ROW).advice) == "It has: item, qty, amount."


@pytest.mark.parametrize(
    ("source", "needed", "advice"),
    [
        ("rate", Type("yes_no"), "Write a comparison, such as rate > 0."),
        ("needed_on", Type("yes_no"), "such as needed_on >= today()."),
        ("rate", MONEY, "Compute it from amounts of money"),
        ("rate", Type("integer"), "Did you mean “round(rate)”?"),
        ("total", Type("text"), "Make it a field of another kind: money."),
    ],
)
def test_a_result_of_another_kind_says_how_to_get_the_right_one(
    source: str, needed: Type, advice: str
) -> None:
    assert advice in str(refused(source, expect=needed).advice)


def test_a_zero_that_may_come_is_left_to_the_record() -> None:
    assert compile_expression("total / rate", SCOPE)
    assert compile_expression("total / (rate - rate)", SCOPE)
    assert compile_expression("0 / rate", SCOPE)
