"""Posting rules are judged before they can do harm."""

from typing import Any

import pytest

from portal.ledgers.checks import Finding, check
from tests.ledgers.forms import CHANGE, compiled, cost_rule, field, form, postings


def findings(*rules: dict[str, Any]) -> list[Finding]:
    return check(postings(*rules), compiled(CHANGE))


def only(*rules: dict[str, Any]) -> tuple[tuple[Any, ...], str, str]:
    (found,) = findings(*rules)
    return found.path, str(found.message), str(found.remedy)


def test_a_sound_rule_has_no_findings() -> None:
    assert findings(cost_rule(), cost_rule("final", "approved")) == []


def test_currency_and_effective_date_have_defaults() -> None:
    assert findings(cost_rule(set={"ccy": None, "effective_on": None})) == []


@pytest.mark.parametrize("column", ["bucket", "cost_code", "amount"])
def test_an_unbound_mandatory_column_is_refused_with_its_name(column: str) -> None:
    path, message, remedy = only(cost_rule(set={column: None}))
    assert path == ("rules", 0, "set")
    assert f"“{column}”" in message
    assert "pending" in message
    assert f"“{column}”" in remedy


def test_a_column_the_ledger_does_not_have_is_refused() -> None:
    path, message, remedy = only(cost_rule(set={"worker": "row.code"}))
    assert path == ("rules", 0, "set", "worker")
    assert "no column “worker”" in message
    assert "cost_code" in remedy


def test_a_constant_outside_the_closed_list_is_refused_with_the_list() -> None:
    _path, message, remedy = only(cost_rule(set={"bucket": "spent"}))
    assert "“spent” is not a value of column “bucket”" in message
    assert "commit_change" in remedy


def test_an_optional_field_cannot_feed_a_mandatory_column() -> None:
    path, message, remedy = only(cost_rule(set={"amount": "row.price"}))
    assert path == ("rules", 0, "set", "amount")
    assert "“row.price” may be empty" in message
    assert "coalesce(row.price" in remedy


@pytest.mark.parametrize(
    "changes",
    [
        {"set": {"amount": "coalesce(row.price, 0)"}},
        {"set": {"amount": "row.price"}, "when": "row.price > 0"},
        {"set": {"amount": "row.price"}, "when": "not is_empty(row.price) and row.amount != 0"},
    ],
)
def test_a_value_made_sure_of_is_accepted(changes: dict[str, Any]) -> None:
    assert findings(cost_rule(**changes)) == []


def test_a_condition_that_may_hold_without_the_value_does_not_make_sure() -> None:
    rule = cost_rule(set={"amount": "row.price"}, when="row.price > 0 or row.amount > 0")
    assert "may be empty" in only(rule)[1]


def test_an_unguarded_division_is_refused() -> None:
    rule = cost_rule(set={"amount": "row.amount / row.qty"}, when="not is_empty(row.qty)")
    assert "row.amount / row.qty" in only(rule)[1]


def test_a_column_of_the_wrong_kind_is_refused() -> None:
    assert "cannot hold a date" in only(cost_rule(set={"amount": "ready"}))[1]
    assert "cannot hold a number" in only(cost_rule(set={"amount": "12.50"}))[1]


def test_a_link_to_another_register_is_refused() -> None:
    _path, message, remedy = only(cost_rule(set={"cost_code": "row.party"}))
    assert "register “cost_code”" in message
    assert "target is “cost_code”" in remedy


def test_a_misspelt_name_is_refused_with_a_suggestion() -> None:
    path, _message, remedy = only(cost_rule(set={"amount": "row.amunt"}))
    assert path == ("rules", 0, "set", "amount")
    assert "row.amount" in remedy or "amount" in remedy


def test_an_amount_in_another_currency_than_stated_is_refused() -> None:
    path, message, _remedy = only(cost_rule(set={"ccy": "USD"}))
    assert path == ("rules", 0, "set", "ccy")
    assert "project.currency" in message


def test_a_quantity_needs_its_unit() -> None:
    assert only(cost_rule(set={"qty": "row.qty"}))[0] == ("rules", 0, "set", "qty")
    assert findings(cost_rule(set={"qty": "row.qty", "unit": "'m3'"})) == []


def test_an_unknown_table_is_refused_with_the_tables_there_are() -> None:
    path, _message, remedy = only(cost_rule(foreach="rows"))
    assert path == ("rules", 0, "foreach")
    assert "lines" in remedy


def test_the_same_rule_twice_is_refused() -> None:
    assert any(f.path == ("rules", 1, "id") for f in findings(cost_rule(), cost_rule()))


def test_a_form_outside_projects_cannot_post() -> None:
    raw = form("fee", "company", name=field("text", required=True))
    (found,) = check(postings(cost_rule(), of="fee"), compiled(raw))
    assert "belong to no project" in str(found.message)


def test_rules_of_another_form_are_refused() -> None:
    (found,) = check(postings(cost_rule(), of="payment"), compiled(CHANGE))
    assert found.path == ("form",)


def test_a_reading_needs_its_date_and_a_shift_its_days() -> None:
    raw = form(
        "milestone_update",
        milestone=field("record", required=True, target="milestone"),
        day=field("date", required=True),
        moved=field("number", required=True, scale=0),
    )
    base = {"milestone": "milestone", "as_of": "day"}

    def refused(**said: str) -> list[str]:
        rule = {"id": "r", "ledger": "progress_entry", "on": "approved", "set": {**base, **said}}
        return [str(f.message) for f in check(postings(rule, of=raw["form"]), compiled(raw))]

    assert refused(reading="planned", on_date="day") == []
    assert refused(reading="shift", days="moved") == []
    assert "“on_date”" in refused(reading="actual")[0]
    assert "“days”" in refused(reading="shift", on_date="day")[0]
