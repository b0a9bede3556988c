"""The tables of the expressions reference are what the language really answers."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from portal.definitions.case_facts import case_facts, with_ids
from portal.expressions import ExpressionError, compile_expression
from portal.forms.compiled import CompiledForm
from portal.forms.state import State
from tests.docs.blocks import MANUAL, blocks, tables
from tests.docs.example import EXAMPLE, check, modules

PAGE = next(page for page in MANUAL if page.name == "forms.md")
WORTH = list(tables(PAGE, "Expression", "Result"))
REFUSED = list(tables(PAGE, "Refused", "What the check says"))


@pytest.fixture(scope="module")
def form() -> CompiledForm:
    package = check(EXAMPLE, modules()[EXAMPLE]).package
    assert package is not None
    return package.compiled["purchase"]


@pytest.fixture(scope="module")
def state(form: CompiledForm) -> State:
    record = next(block.json() for block in blocks([PAGE]) if block.piece == "record")
    given = with_ids(record["given"], form)
    filled = State(form, case_facts(record["facts"], given, form))
    filled.load(given)
    return filled


def test_the_tables_are_there() -> None:
    assert len(WORTH) > 30
    assert len(REFUSED) > 8


@pytest.mark.parametrize("row", WORTH, ids=lambda row: row[0])
def test_an_expression_is_worth_what_the_manual_says(
    row: list[str], form: CompiledForm, state: State
) -> None:
    inside = "row." in row[0] and "row," not in row[0]
    scope = form.scopes["lines" if inside else None]
    first = state.rows["lines"][0] if inside else None
    found = compile_expression(row[0], scope).evaluate(state.environment(first))
    assert _shown(found) == row[1]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row[0])
def test_an_expression_is_refused_with_the_words_of_the_manual(
    row: list[str], form: CompiledForm
) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(row[0], form.scopes[None])
    said = str(caught.value.message)
    if caught.value.suggestion and f"“{caught.value.suggestion}”" not in said:
        said += f" Did you mean “{caught.value.suggestion}”?"
    assert said == row[1]


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)
