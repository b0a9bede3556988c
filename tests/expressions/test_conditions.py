"""Conditions stored as data: what they compile to, how they read as sentences, what they name."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.expressions import (
    Environment,
    ExpressionError,
    Scope,
    Type,
    compile_condition,
    referenced_paths,
    to_sentence,
)
from portal.expressions.conditions import condition_source

LINES = Type("table", columns={"qty": Type("decimal"), "code": Type("text")})
SCOPE = Scope(
    {
        "total": Type("money", currency="project"),
        "foreign": Type("money", currency="currency"),
        "currency": Type("text"),
        "n": Type("integer"),
        "start": Type("date"),
        "end": Type("date"),
        "name": Type("text"),
        "reason": Type("choice", choices=("scope", "other")),
        "tags": Type("choices", choices=("north", "south")),
        "urgent": Type("yes_no"),
        "owner": Type("person"),
        "contract": Type("record", target="contract", fields={"days": Type("integer")}),
        "lines": LINES,
    },
    functions=frozenset({"in_base"}),
)
LABELS = {
    "total": "Total", "reason": "Reason", "reason=other": "Other", "reason=scope": "Scope",
    "lines[].qty": "Quantity", "start": "Start", "end": "End", "urgent": "Urgent", "name": "Name",
}  # fmt: skip
ZH = {
    "total": "合计", "reason": "变更原因", "reason=other": "其他", "reason=scope": "范围调整",
    "lines[].qty": "数量", "start": "开始日期", "end": "结束日期", "urgent": "紧急", "name": "名称",
}  # fmt: skip


def simple(field: str, op: str, *value: Any, **more: Any) -> dict[str, Any]:
    given_value = {"value": value[0]} if value else {}
    return {"field": field, "op": op, **given_value, **more}


@pytest.mark.parametrize(
    ("condition", "source"),
    [
        (simple("total", ">", "50000"), "total > 50000"),
        (simple("total", "<=", "-1.50"), "total <= -1.50"),
        (simple("n", "==", 3), "n == 3"),
        (simple("start", ">=", "2026-01-01"), "start >= '2026-01-01'"),
        (simple("end", ">=", {"field": "start"}), "end >= start"),
        (simple("reason", "in", ["scope", "other"]), "reason in ['scope', 'other']"),
        (simple("reason", "not in", ["scope"]), "reason not in ['scope']"),
        (simple("urgent", "==", True), "urgent == True"),
        (simple("name", "is_empty"), "is_empty(name)"),
        (simple("name", "is_not_empty"), "not is_empty(name)"),
        (simple("name", "starts_with", "PAY"), "starts_with(name, 'PAY')"),
        (simple("name", "==", "5"), "name == '5'"),
        (simple("tags", "includes", "north"), "'north' in tags"),
        (simple("owner", "==", "p1"), "owner == 'p1'"),
        (simple("contract.days", ">", 5), "contract.days > 5"),
        (simple("foreign", ">", "5", in_base=True), "in_base(foreign) > 5"),
        (simple("lines[].qty", ">", "5"), "any(lines, row, row.qty > 5)"),
        (simple("lines[].code", "is_empty", rows="all"), "all(lines, row, is_empty(row.code))"),
        ({"not": simple("n", "==", 3)}, "not (n == 3)"),
        (
            {
                "all": [
                    simple("n", "==", 3),
                    {"any": [simple("n", ">", 1), simple("urgent", "==", False)]},
                ]
            },
            "(n == 3) and ((n > 1) or (urgent == False))",
        ),
    ],
)
def test_a_condition_is_the_expression_one_would_write(condition: Any, source: str) -> None:
    assert condition_source(condition, SCOPE) == source
    assert compile_condition(condition, SCOPE).type == Type("yes_no")


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_a_text_in_a_condition_stays_a_text(wanted: str, held: str) -> None:
    try:
        expression = compile_condition(simple("name", "==", wanted), SCOPE)
    except ExpressionError:
        assert any(c < " " or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in wanted)
        return
    assert expression.dependencies == {"name"}
    assert expression.evaluate(Environment({"name": held})) is (wanted == held)
    assert expression.evaluate(Environment({"name": wanted})) is True


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"field": "n"},
        simple("n", "=", 3),
        simple("n", "=="),
        simple("n", "is_empty", 3),
        simple("n", "==", 3, extra=1),
        simple("n", "==", "3; drop"),
        simple("n", "==", 1.5),
        simple("n", "==", None),
        simple("n", "in", 3),
        simple("n + 1", "==", 3),
        simple("__class__", "==", 3),
        simple("nobody", "==", 3),
        simple("reason", "==", "othr"),
        simple("foreign", ">", "5"),
        simple("n", "==", {"field": "n or True"}),
        simple("n", "==", {"fields": "n"}),
        simple("lines[].qty", ">", "5", rows="some"),
        {"all": []},
        {"all": simple("n", "==", 3)},
        {"all": [simple("n", "==", 3)], "any": [simple("n", "==", 3)]},
        {"not": [simple("n", "==", 3)]},
        {"all": ["n == 3"]},
        [],
        3,
    ],
    ids=str,
)
def test_a_condition_of_the_wrong_shape_is_refused(condition: Any) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_condition(condition, SCOPE)
    assert str(caught.value)


def test_deeply_nested_conditions_are_refused() -> None:
    condition: Any = simple("n", "==", 3)
    for _ in range(500):
        condition = {"not": condition}
    with pytest.raises(ExpressionError):
        compile_condition(condition, SCOPE)
    with pytest.raises(ExpressionError):
        to_sentence(condition, {}, "en")
    with pytest.raises(ExpressionError):
        referenced_paths(condition)


def test_a_misspelt_comparison_is_suggested() -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_condition(simple("name", "start_with", "a"), SCOPE)
    assert caught.value.suggestion == "starts_with"


def test_free_text_compiles_in_the_same_place() -> None:
    expression = compile_condition("total > 5 and urgent", SCOPE)
    assert expression.evaluate(Environment({"total": Decimal(6), "urgent": True})) is True
    with pytest.raises(ExpressionError):
        compile_condition("total", SCOPE)


def test_a_condition_on_what_is_missing_is_undetermined() -> None:
    expression = compile_condition(simple("start", ">=", "2026-01-01"), SCOPE)
    assert expression.evaluate(Environment({})) is None
    assert expression.evaluate(Environment({"start": date(2026, 1, 1)})) is True


@pytest.mark.parametrize(
    ("condition", "english", "chinese"),
    [
        (simple("total", ">", "50000"), "Total is more than 50000", "合计大于50000"),
        (simple("reason", "==", "other"), "Reason is “Other”", "变更原因为“其他”"),
        (
            simple("reason", "in", ["scope", "other"]),
            "Reason is one of “Scope”, “Other”",
            "变更原因为“范围调整”、“其他”之一",
        ),
        (simple("urgent", "==", True), "Urgent is yes", "紧急为是"),
        (simple("start", "is_empty"), "Start is empty", "开始日期为空"),
        (
            simple("start", ">", "2026-01-31"),
            "Start is more than 2026-01-31",
            "开始日期大于2026-01-31",
        ),
        (
            simple("end", ">=", {"field": "start"}),
            "End is at least Start",
            "结束日期不少于开始日期",
        ),
        (
            simple("total", ">", "5", in_base=True),
            "Total in base currency is more than 5",
            "合计（折合本位币）大于5",
        ),
        (
            simple("lines[].qty", "<", "0"),
            "in at least one row, Quantity is less than 0",
            "至少有一行数量小于0",
        ),
        (
            {
                "all": [
                    simple("total", ">", "5"),
                    {"any": [simple("urgent", "==", True), simple("name", "is_empty")]},
                ]
            },
            "Total is more than 5 and (Urgent is yes or Name is empty)",
            "合计大于5，且（紧急为是，或名称为空）",
        ),
        ({"not": simple("name", "==", "A")}, "not: Name is “A”", "并非：名称为“A”"),
        (simple("name", "==", "{field} %s"), "Name is “{field} %s”", "名称为“{field} %s”"),
    ],
)
def test_a_condition_reads_as_a_sentence(condition: Any, english: str, chinese: str) -> None:
    assert to_sentence(condition, LABELS, "en") == english
    assert to_sentence(condition, ZH, "zh") == chinese


def test_a_condition_names_its_paths() -> None:
    condition = {
        "all": [
            simple("lines[].qty", ">", "5"),
            {"not": simple("end", ">=", {"field": "start"})},
            simple("n", "in", [1, {"field": "contract.days"}]),
        ]
    }
    assert referenced_paths(condition) == {"lines[].qty", "end", "start", "n", "contract.days"}
