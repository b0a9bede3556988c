"""Example cases: how they name rows, links, roll-ups and conditions that cannot be determined."""

import json
from typing import Any

import pytest

from portal.definitions.cases import Subject, run_case, set_posting_preview
from portal.definitions.posting_lines import compile_rules, posting_lines
from portal.forms.compiling import compile_form
from portal.workflows.definition import read_workflow


@pytest.fixture(scope="module")
def subject(changes: dict[str, str], offers: Any) -> Subject:
    forms = offers.forms
    form = compile_form(forms["change"], forms.get)
    postings = json.loads(changes["change.postings.json"])["rules"]
    workflow = read_workflow(json.loads(changes["change.workflow.json"]))
    return Subject(form, workflow, compile_rules(postings, form))


def case(**more: Any) -> dict[str, Any]:
    line = {"cost_code": "k1", "qty": "1.00", "price": "2.00"}
    return {
        "name": "case",
        "given": {
            "subject": "Pump",
            "reason": "scope",
            "contract": "c1",
            "lines": [line, {**line, "price": "3.00"}],
        },
        "facts": {"links": {"contract": {"currency": "CNY"}}},
        **more,
    }


def said(found: Any) -> list[str]:
    return [str(one.message) for one in found]


def test_rows_are_named_by_position_by_id_or_all_together(subject: Subject) -> None:
    expect = {
        "lines[1].amount": "3.00",
        "lines[r2].amount": "3.00",
        "lines[].amount": ["2.00", "3.00"],
    }
    assert run_case(case(expect=expect), subject) == []
    assert said(run_case(case(expect={"lines[7].amount": "1.00"}), subject)) == [
        "“Amount” (lines[7].amount) is empty; 1.00 was expected."
    ]


def test_a_value_is_compared_to_the_last_digit(subject: Subject) -> None:
    assert said(run_case(case(expect={"total": "5.0"}), subject)) == [
        "“Total” (total) is 5.00; 5.0 was expected."
    ]


def test_a_condition_that_cannot_be_determined_stands_in_the_route(subject: Subject) -> None:
    unknown = case(facts={"links": {"contract": {}}}, route=["check"])
    assert said(run_case(unknown, subject)) == ["The route is check → ?large; check was expected."]


def test_every_expected_entry_needs_a_line_of_its_own(subject: Subject) -> None:
    one = {"on": "approved", "ledger": "cost_entry", "set": {"amount": "2.00"}}
    assert run_case(case(postings=[one]), subject) == []
    assert said(run_case(case(postings=[one, one]), subject)) == [
        "No entry has Amount = 2.00. Posted: Amount = 3.00."
    ]


def test_the_ledgers_may_say_what_is_posted(subject: Subject) -> None:
    set_posting_preview(lambda *_: [])
    try:
        assert run_case(case(postings=[]), subject) == []
    finally:
        set_posting_preview(posting_lines)
    assert run_case(case(postings=[]), subject) != []


@pytest.fixture
def mending(subject: Subject, changes: dict[str, str]) -> Subject:
    """The same with a step that may mend the reason, which a condition reads."""
    raw = json.loads(changes["change.workflow.json"])
    raw["blocks"][0]["fields"] = {"edit": ["reason"]}
    return Subject(subject.form, read_workflow(raw), subject.postings)


@pytest.mark.parametrize(
    ("at", "field", "to", "told"),
    [
        ("check", "reason", "check", None),
        ("check", "reason", "start", "Changed at check it goes to check; start was expected."),
        ("board", "reason", "start", "Changed at board it goes to -; start was expected."),
        ("check", "subject", "check", "The field subject cannot be changed at this step."),
    ],
)
def test_a_case_says_who_has_it_after_a_step_changed_it(
    mending: Subject, at: str, field: str, to: str, told: str | None
) -> None:
    change = {"at": at, "fields": [field], "leads_to": to}
    assert said(run_case(case(changes=[change]), mending)) == ([told] if told else [])
