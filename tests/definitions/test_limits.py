"""What is too large is refused when it is checked, in a moment and in a list somebody can read."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from portal import limits
from portal.definitions.checking import Report

Check = Callable[..., Report]


def fields(raw: Any) -> Any:
    return raw["data"]["properties"]


def nested(count: int, rows: int) -> Callable[[Any], None]:
    """As many computed numbers that go through a table inside itself."""

    def change(raw: Any) -> None:
        fields(raw)["lines"]["x-field"]["max"] = rows
        for n in range(count):
            fields(raw)[f"n{n}"] = {"x-field": {"kind": "number", "label": "N"}}
            raw["computed"][f"n{n}"] = (
                "count(lines, a, count(lines, b, b.cost_code == a.cost_code) > 1)"
            )

    return change


def test_a_form_with_too_many_rules_is_refused_at_once(check_changed: Check) -> None:
    rule = {"check": "ghost > 1", "on": "ghost", "message": "?"}

    def change(raw: Any) -> None:
        raw["rules"] = [{"id": f"r{n}", **rule} for n in range(5_000)]

    start = time.process_time()
    report = check_changed(change)
    assert time.process_time() - start < 2
    assert [str(one.message) for one in report.errors] == [
        "The form has 5000 rules; 500 are allowed."
    ]
    assert report.errors[0].path == "rules"
    assert "several forms" in str(report.errors[0].remedy)


@pytest.mark.parametrize(
    ("member", "entry", "says"),
    [
        ("layout", {"type": "note", "text": "?"}, "200 are allowed"),
        ("tests", {"name": "?", "given": {}}, "500 are allowed"),
    ],
)
def test_other_lists_of_a_form_have_an_end_too(
    member: str, entry: Any, says: str, check_changed: Check
) -> None:
    report = check_changed(lambda raw: raw.update({member: [entry] * 3_000}))
    assert [says in str(one.message) for one in report.errors] == [True]


def test_a_long_list_of_errors_ends_with_how_many_more_there_are(check_changed: Check) -> None:
    def change(raw: Any) -> None:
        raw["rules"] = [
            {"id": f"r{n}", "check": "ghost > 1", "on": "subject", "message": "?"}
            for n in range(limits.FORM_RULES)
        ]

    errors = [one for one in check_changed(change).errors if one.file == "change.form.json"]
    assert len(errors) == limits.FINDINGS + 1
    assert str(errors[-1].message) == "400 more errors of this file are not listed."
    assert errors[-1].line == max(one.line for one in errors)


def test_warnings_never_push_an_error_out_of_the_list(check_changed: Check) -> None:
    def change(raw: Any) -> None:
        for n in range(200):
            fields(raw)[f"w{n}"] = {"x-field": {"kind": "text", "label": "No Chinese"}}
        raw["amount"] = "subject"

    report = check_changed(change)
    assert not report.ok
    assert len(report.warnings) == limits.FINDINGS + 1
    assert any("no money" in str(one.message) for one in report.errors)


def test_an_evaluation_that_would_be_stopped_is_refused_with_its_count(
    check_changed: Check,
) -> None:
    (error,) = check_changed(nested(1, 500)).errors
    assert error.path == "computed.n0"
    assert "takes 502,001 steps; one evaluation may take 20,000" in str(error.message)
    assert "smaller “max”" in str(error.remedy)


def test_a_form_that_would_take_too_much_altogether_is_refused(check_changed: Check) -> None:
    assert check_changed(nested(100, 90)).ok
    (error,) = check_changed(nested(500, 90)).errors
    assert "a record takes" in str(error.message)
    assert "2,000,000 may be" in str(error.message)


def test_what_passes_is_computed_with_full_tables(check_changed: Check) -> None:
    """At the very limit of what the check accepts, an example with a full table runs."""
    row = {"cost_code": "k1", "qty": "1.00", "price": "1.00"}

    def change(raw: Any) -> None:
        nested(100, 90)(raw)
        raw["tests"] = [
            {"name": "Full", "given": {"subject": "S", "contract": "c1", "reason": "scope",
                                       "lines": [row] * 90},
             "facts": {"links": {"contract": {"id": "c1", "currency": "CNY"}}},
             "expect": {"n0": 90, "n99": 90}}
        ]  # fmt: skip

    report = check_changed(change)
    assert [str(one) for one in report.errors] == []


def test_posting_rules_and_conditions_are_judged_alike(check_changed: Check) -> None:
    deep = "count(lines, a, count(lines, b, b.qty == a.qty) > 1) > 0"
    report = check_changed(lambda r: r["rules"][0].update(when=deep), "change.postings.json")
    (error,) = [one for one in report.errors if "steps" in str(one.message)]
    assert (error.file, error.path) == ("change.postings.json", "rules[0].when")

    def condition(raw: Any) -> None:
        raw["blocks"][1]["when"][0]["if"] = deep

    report = check_changed(condition, "change.workflow.json")
    (error,) = [one for one in report.errors if "steps" in str(one.message)]
    assert error.path == "blocks[1].when[0].if"


def test_a_megabyte_of_examples_is_refused_before_it_is_run(check_changed: Check) -> None:
    def change(raw: Any) -> None:
        raw["cases"] = [json.loads(json.dumps(raw["cases"][0])) for _ in range(limits.CASES + 1)]

    report = check_changed(change, "change.cases.json")
    assert "at most 500 entries" in str(report.errors[0].message)
