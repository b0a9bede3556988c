"""conformance.json, case by case: what every expression is worth, or where it is refused."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portal.expressions import ExpressionError, compile_expression
from tests.expressions.reading import environment, scope_of, type_of

FILE = json.loads(Path(__file__).with_name("conformance.json").read_text(encoding="utf-8"))
NAMES = {key: type_of(form) for key, form in FILE["names"].items()}


@pytest.mark.parametrize("case", FILE["cases"], ids=lambda case: str(case["name"]))
def test_an_expression_is_worth_what_the_conformance_file_says(case: dict[str, Any]) -> None:
    scope = scope_of(NAMES, inside="lines" if "row" in case else None)
    needed = type_of(case["needed"]) if "needed" in case else None
    if "error" in case:
        with pytest.raises(ExpressionError) as caught:
            compile_expression(case["source"], scope, expect=needed)
        assert caught.value.column == case["error"]
        assert caught.value.suggestion == case.get("suggestion")
        assert str(caught.value)
        return
    expression = compile_expression(case["source"], scope, expect=needed)
    outcome = expression.explain(environment(NAMES, case.get("given", {}), case.get("row")))
    problem = outcome.problem and [outcome.problem.reason, outcome.problem.path]
    assert (_plain(outcome.value), problem) == (case["expect"], case.get("problem"))
    assert expression.type.kind == case.get("type", expression.type.kind)


def _plain(value: Any) -> Any:
    """The JSON form of a result."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value
