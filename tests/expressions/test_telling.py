"""Conditions as they are written, read back as sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.expressions.telling import told

LABELS = {
    "total": "Total", "owner": "Owner", "requester": "Requester", "urgent": "Urgent",
    "tags": "Tags", "tags=north": "North", "contract.type": "Contract · Type",
    "contract.type=labor": "Labor", "lines.qty": "Quantity", "note": "Note", "budget": "Budget",
}  # fmt: skip
ZH = {**LABELS, "total": "合计", "urgent": "紧急", "note": "备注"}


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("total <= 200000", "Total is at most 200,000"),
        ("1000.50 < total", "Total is more than 1,000.50"),
        ("total > budget", "Total is more than Budget"),
        ("1 < total < 9", "Total is more than 1 and Total is less than 9"),
        ("requester == owner", "Requester is Owner"),
        ("urgent", "Urgent is yes"),
        ("not urgent", "Urgent is no"),
        ("is_empty(note) or not is_empty(owner)", "Note is empty or Owner is filled in"),
        ("contract.type == 'labor' and urgent", "Contract · Type is “Labor” and Urgent is yes"),
        ("contract.type in ['labor', 'works']", "Contract · Type is one of “Labor”, “works”"),
        ("'north' in tags", "Tags includes “North”"),
        ("starts_with(note, 'A')", "Note starts with “A”"),
        ("abs(total) > 5", "Total (regardless of sign) is more than 5"),
        ("total + budget > 7", "Total + Budget is more than 7"),
        ("sum(lines.qty) > 10", "sum(Quantity) is more than 10"),
        ("not (urgent and total > 1)", "not: Urgent is yes and Total is more than 1"),
        ("any(lines, row, row.qty > 1)", "any(lines, row, row.qty > 1)"),
        ("note == 'total'", "Note is “total”"),
    ],
)
def test_a_written_condition_reads_as_a_sentence(source: str, english: str) -> None:
    assert told(source, LABELS, "en") == english


@pytest.mark.parametrize(
    ("source", "chinese"),
    [
        ("total <= 200000", "合计不超过200,000"),
        ("abs(total) > 5 or urgent", "合计（绝对值）大于5，或紧急为是"),
        ("is_empty(note)", "备注为空"),
    ],
)
def test_the_same_in_chinese(source: str, chinese: str) -> None:
    assert told(source, ZH, "zh") == chinese


@given(st.text(alphabet="abtol_ .()[]'<>=!+-*/0123456789,andornoti\n", max_size=40))
def test_whatever_is_written_there_is_some_text(source: str) -> None:
    assert isinstance(told(source, LABELS, "en"), str)
