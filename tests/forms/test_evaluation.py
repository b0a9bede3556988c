"""The one evaluator: computed values, visibility, requirements, checks, links and roll-ups."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.forms.access import field_access, step_fields
from portal.forms.evaluation import Outcome, evaluate, merge_errors, new_record, parse_submission
from portal.forms.measures import currency_of, unit_of
from tests.forms.samples import (
    CHOICES,
    CONTRACT_RECORD,
    FACTS,
    PAYMENT_FACTS,
    PROJECT,
    compiled,
    everything,
    field,
    payment,
    records,
    table,
)
from tests.forms.test_submission import compile_or_skip


def found(outcome: Outcome) -> set[tuple[str, str]]:
    return {(error.path, error.code) for error in outcome.errors}


def test_a_payment_fills_in_what_the_portal_already_knows() -> None:
    form = payment()
    draft = new_record(form, PAYMENT_FACTS, {"contract": "c1"})
    assert draft["party"] == "Deep Foundations Ltd"
    assert draft["retention"] == "5.00"
    assert draft["lines"] == [
        {"_id": "i1", "item": "Piles", "price": "20.00", "before": "2.00"},
        {"_id": "i2", "item": "Caps", "price": "33.33"},
    ]
    draft["lines"][0]["qty"], draft["lines"][1]["qty"] = "3", "1.5"
    outcome = evaluate(form, draft, PAYMENT_FACTS, mode="submit")
    assert not outcome.errors
    assert [row["amount"] for row in outcome.data["lines"]] == ["60.00", "50.00"]
    assert (outcome.data["gross"], outcome.data["net"]) == ("110.00", "104.50")
    assert outcome.totals == {"lines[].amount": "110.00"}


def test_computed_values_round_half_up_to_the_scale_of_the_field() -> None:
    form = compiled(
        {"a": field("quantity", scale=4), "one": field("money"), "b": field("money")},
        computed={"b": "a * one"},
    )
    sums = {"0.0050": "0.01", "-0.0050": "-0.01", "2.6749": "2.67", "-0.0010": "0.00"}
    for given_value, expected in sums.items():
        data = {"a": given_value, "one": "1.00"}
        assert evaluate(form, data, FACTS, mode="draft").data["b"] == expected


def test_a_posted_computed_value_never_wins() -> None:
    form = compiled({"a": field("number"), "b": field("number")}, computed={"b": "a + 1"})
    assert evaluate(form, {"a": 1, "b": 99}, FACTS, mode="draft").data == {"a": 1, "b": 2}
    assert evaluate(form, {"b": 99}, FACTS, mode="draft").data == {}


def test_division_by_zero_cannot_be_computed_and_names_the_field() -> None:
    form = compiled(
        {
            "a": field("number"),
            "b": field("number", label={"en": "Base", "zh": "基数"}),
            "rate": field("percent", label="Rate"),
        },
        computed={"rate": "a / b"},
    )
    draft = evaluate(form, {"a": 1, "b": 0}, FACTS, mode="draft")
    assert not draft.errors
    assert [(one.path, one.code) for one in draft.warnings] == [("rate", "compute")]
    submitted = evaluate(form, {"a": 1, "b": 0}, FACTS, mode="submit")
    assert found(submitted) == {("rate", "compute")}
    assert submitted.errors[0].message.args["field"].en == "Rate"
    assert submitted.errors[0].message.args["reason"].args["path"].zh == "基数"
    assert "rate" not in submitted.data


SHOWN = {
    "reason": field("choice", options=CHOICES),
    "note": field("text", required=True),
    "kept": field("text", on_hide="keep"),
    "length": field("number"),
}
SHOWN_RULES = [{"id": "why", "when": "reason == 'a'", "show": ["note", "kept"]}]


def shown(data: dict[str, Any], mode: Any = "submit") -> Outcome:
    form = compiled(SHOWN, rules=SHOWN_RULES, computed={"length": "len(note)"})
    return evaluate(form, data, FACTS, mode=mode)


def test_a_shown_field_is_required_and_counts() -> None:
    outcome = shown({"reason": "a"})
    assert outcome.visible == {"note": True, "kept": True}
    assert found(outcome) == {("note", "required")}
    assert shown({"reason": "a", "note": "four"}).data["length"] == 4


def test_a_hidden_field_is_null_never_required_and_cleared_only_at_submit() -> None:
    data = {"reason": "b", "note": "four", "kept": "k"}
    draft = shown(data, "draft")
    assert draft.data == data
    assert draft.visible == {"note": False, "kept": False}
    submitted = shown(data)
    assert submitted.data == {"reason": "b", "kept": "k"}
    assert submitted.cleared == {"note": "four"}
    assert not submitted.errors


def test_an_undetermined_field_is_not_shown_not_required_and_never_cleared() -> None:
    outcome = shown({"note": "four"})
    assert outcome.visible["note"] is None
    assert not outcome.is_visible("note")
    assert outcome.data == {"note": "four"}
    assert not outcome.errors


def test_undetermined_rules_lock_but_do_not_require_and_checks_wait() -> None:
    form = compiled(
        {"a": field("number"), "b": field("text"), "c": field("text")},
        rules=[
            {"id": "need", "when": "a > 1", "require": ["b"]},
            {"id": "shut", "when": "a > 1", "lock": ["c"]},
            {"id": "big", "check": "a < 10", "on": "a"},
        ],
    )
    unknown = evaluate(form, {}, FACTS, mode="submit")
    assert not unknown.errors
    assert unknown.locked == {"c"}
    assert not unknown.required
    assert evaluate(form, {"a": 1}, FACTS, mode="submit").locked == set()
    assert found(evaluate(form, {"a": 50}, FACTS, mode="submit")) == {
        ("a", "big"),
        ("b", "required"),
    }


def test_a_field_is_shown_as_soon_as_one_of_its_rules_says_so() -> None:
    form = compiled(
        {"a": field("yes_no"), "b": field("yes_no"), "x": field("text")},
        rules=[
            {"id": "one", "when": "a", "show": ["x"]},
            {"id": "two", "when": "b", "show": ["x"]},
        ],
    )

    def seen(**data: bool) -> bool | None:
        return evaluate(form, data, FACTS, mode="draft").visible["x"]

    assert seen(a=True) is True
    assert seen(a=False) is None
    assert seen(a=False, b=False) is False


def test_hiding_a_field_nulls_it_for_whoever_reads_it_at_any_distance() -> None:
    form = compiled(
        {name: field("number") for name in "abcd"} | {"on": field("yes_no")},
        computed={"b": "coalesce(a, 0) + 1", "c": "coalesce(b, 0) + 1"},
        rules=[
            {"id": "one", "when": "on", "show": ["a"]},
            {"id": "two", "when": "b > 5", "show": ["d"]},
        ],
    )
    on = evaluate(form, {"on": True, "a": 10, "d": 1}, FACTS, mode="draft")
    off = evaluate(form, {"on": False, "a": 10, "d": 1}, FACTS, mode="draft")
    assert (on.data["c"], on.visible["d"]) == (12, True)
    assert (off.data["c"], off.visible["d"]) == (2, False)


ROWS = compiled(
    {
        "limit": field("number"),
        "lines": table(
            {
                "kind": field("choice", options=CHOICES),
                "qty": field("number"),
                "note": field("text"),
            },
            max=3,
        ),
    },
    rules=[
        {"id": "note", "when": "row.kind == 'a'", "show": ["lines[].note"],
         "require": ["lines[].note"]},
        {"id": "most", "check": "row.qty <= parent.limit", "on": "lines[].qty",
         "message": "Too much"},
        {"id": "shut", "when": "row.kind == 'b'", "lock": ["lines[].qty"]},
    ],
)  # fmt: skip


def test_rules_are_judged_in_every_row_and_marked_at_the_cell() -> None:
    data = {
        "limit": 5,
        "lines": [
            {"kind": "a", "qty": 9},
            {"kind": "b", "qty": 9, "note": "gone"},
            {"qty": 1, "note": "waits"},
        ],
    }
    outcome = evaluate(ROWS, data, FACTS, mode="submit")
    assert [row["_id"] for row in outcome.data["lines"]] == ["r1", "r2", "r3"]
    assert found(outcome) == {
        ("lines[r1].qty", "most"),
        ("lines[r2].qty", "most"),
        ("lines[r1].note", "required"),
    }
    assert [outcome.visibility(f"lines[r{n}].note") for n in (1, 2, 3)] == [True, False, None]
    assert outcome.cleared == {"lines[r2].note": "gone"}
    assert outcome.data["lines"][2]["note"] == "waits"
    assert outcome.is_locked("lines[r2].qty")
    assert not outcome.is_locked("lines[r1].qty")


def test_blank_rows_are_dropped_at_submit_and_kept_in_a_draft() -> None:
    data = {"lines": [{"_id": "x"}, {"_id": "y", "qty": 1}, {"_id": "z", "note": ""}]}
    assert len(evaluate(ROWS, data, FACTS, mode="draft").data["lines"]) == 3
    kept = evaluate(ROWS, data, FACTS, mode="submit").data["lines"]
    assert [row["_id"] for row in kept] == ["y"]


def test_too_many_rows_unknown_members_and_wrong_shapes_are_errors_by_path() -> None:
    data = {
        "limit": "ten",
        "ghost": 1,
        "lines": [{"qty": 1, "evil": 1}, {"qty": []}, {"qty": 1}, {"qty": 1}],
    }
    outcome = evaluate(ROWS, data, FACTS, mode="draft")
    assert found(outcome) == {
        ("limit", "shape"), ("ghost", "unknown"), ("lines", "rows"), ("lines[r1].evil", "unknown"),
        ("lines[r2].qty", "shape"),
    }  # fmt: skip
    assert set(outcome.data) == {"lines"}
    assert evaluate(ROWS, {"lines": "x"}, FACTS, mode="draft").data == {"lines": []}


def test_row_ids_are_given_once_and_doubles_are_told_apart() -> None:
    rows = [{"_id": "r1"}, {"_id": "r1"}, {"_id": "../x"}, {"_id": 7}, {}]
    form = compiled({"lines": table({"a": field("text")})})
    ids = [row["_id"] for row in evaluate(form, {"lines": rows}, FACTS, mode="draft").data["lines"]]
    assert ids[0] == "r1"
    assert len(set(ids)) == 5
    again = evaluate(form, {"lines": [{"_id": one} for one in ids]}, FACTS, mode="draft")
    assert [row["_id"] for row in again.data["lines"]] == ids


def test_a_table_needs_its_least_rows_at_submit() -> None:
    form = compiled({"lines": table({"a": field("text")}, min=2)})
    assert found(evaluate(form, {}, FACTS, mode="submit")) == {("lines", "required")}
    assert not evaluate(form, {}, FACTS, mode="draft").errors


def test_ranges_and_lengths_are_errors_that_keep_the_value() -> None:
    form = compiled({"qty": field("quantity", min="0", max="24"), "name": field("text", max=3)})
    outcome = evaluate(form, {"qty": "25", "name": "long"}, FACTS, mode="draft")
    assert found(outcome) == {("qty", "range"), ("name", "range")}
    assert outcome.data == {"qty": "25.00", "name": "long"}


def test_fetched_values_follow_the_link_and_leave_with_it() -> None:
    form = payment()
    stored = evaluate(form, {"contract": "c1"}, PAYMENT_FACTS, mode="draft").data
    offline = evaluate(form, stored, replace(PAYMENT_FACTS, links={}, rollups={}), mode="draft")
    assert offline.data == stored
    gone = evaluate(form, {**stored, "contract": None}, PAYMENT_FACTS, mode="draft")
    assert gone.data["lines"] == []
    assert "party" not in gone.data


def test_rows_of_the_source_keep_what_was_typed_beside_them() -> None:
    form = payment()
    stored = evaluate(form, {"contract": "c1"}, PAYMENT_FACTS, mode="draft").data
    stored["lines"][1]["qty"] = "1.00"
    beams = {"_id": "i3", "item": "Beams", "price": "7.00"}
    grown = {**CONTRACT_RECORD, "items": [*reversed(CONTRACT_RECORD["items"]), beams]}
    facts = replace(PAYMENT_FACTS, links={"contract": grown})
    rows = evaluate(form, stored, facts, mode="draft").data["lines"]
    assert [(row["_id"], row.get("qty")) for row in rows] == [
        ("i2", "1.00"), ("i1", None), ("i3", None),
    ]  # fmt: skip


def test_rows_without_ids_meet_the_rows_of_their_source_by_place() -> None:
    bare = [{key: row[key] for key in ("item", "price")} for row in CONTRACT_RECORD["items"]]
    for items in (CONTRACT_RECORD["items"], bare):
        facts = replace(PAYMENT_FACTS, links={"contract": {**CONTRACT_RECORD, "items": items}})
        data = {"contract": "c1", "lines": [{"qty": "3"}, {"qty": "1"}]}
        rows = evaluate(payment(), data, facts, mode="submit").data["lines"]
        assert [row["amount"] for row in rows] == ["60.00", "33.33"]


def test_a_figure_knows_its_currency_and_unit() -> None:
    form = compiled(
        {
            "ccy": field("text"),
            "a": field("money", currency="ccy"),
            "b": field("money", currency="USD"),
            "c": field("money"),
            "lines": table(
                {"unit": field("text"), "q": field("quantity", unit="lines[].unit"),
                 "h": field("quantity", unit="h")}
            ),
        }
    ).definition  # fmt: skip
    known = [currency_of(form.fields[key], {"ccy": "EUR"}, project=PROJECT) for key in "abc"]
    assert known == ["EUR", "USD", "CNY"]
    row = {"unit": "m3"}
    units = [unit_of(form, form.fields[f"lines[].{key}"], {}, row=row) for key in ("q", "h")]
    assert units == ["m3", "h"]


def test_a_check_may_read_the_linked_record() -> None:
    form = payment()
    data = {"contract": "c1", "lines": [{"_id": "i1", "qty": "51"}]}
    assert ("gross", "over") in found(evaluate(form, data, PAYMENT_FACTS, mode="draft"))
    error = next(
        one
        for one in evaluate(form, data, PAYMENT_FACTS, mode="draft").errors
        if one.code == "over"
    )
    assert error.message.args["text"].in_language("zh-CN") == "超过合同金额"


def test_rules_of_a_step_hold_only_there() -> None:
    form = compiled(
        {"a": field("text")},
        rules=[
            {"id": "pay", "at": ["finance"], "require": ["a"]},
            {"id": "own", "at": ["start"], "lock": ["a"]},
        ],
    )
    assert evaluate(form, {}, FACTS, mode="submit").locked == {"a"}
    finance = evaluate(form, {}, replace(FACTS, step="finance"), mode="submit")
    assert found(finance) == {("a", "required")}
    assert not finance.locked


def test_nobody_is_asked_for_what_they_cannot_write() -> None:
    form = compiled({"a": field("text", required=True), "paid_on": field("date", required=True)})
    step = step_fields({"edit": ["paid_on"]})
    access = field_access(form.definition, state="submitted", is_requester=False, step=step)
    outcome = evaluate(form, {}, replace(FACTS, step="pay", access=access), mode="submit")
    assert found(outcome) == {("paid_on", "required")}


def test_a_step_may_require_more_than_the_form() -> None:
    form = compiled({"paid_on": field("date")})
    facts = replace(FACTS, required=frozenset({"paid_on"}))
    assert found(evaluate(form, {}, facts, mode="submit")) == {("paid_on", "required")}


def test_defaults_and_prefilled_fields_stand_in_a_new_draft() -> None:
    form = compiled(
        {
            "day": field("date", prefill="today()"),
            "who": field("user", prefill="requester"),
            "code": field("text", prefill="project.code"),
            "rate": field("percent", default="5.00"),
            "wage": field("money", default="1.00", prefill="2"),
        }
    )
    assert new_record(form, FACTS) == {
        "day": "2026-03-01", "who": "li", "code": "P1", "rate": "5.00", "wage": "1.00",
    }  # fmt: skip
    assert new_record(form, FACTS, {"day": "2026-01-01"})["day"] == "2026-01-01"


def test_a_calculation_over_its_budget_is_an_error_at_its_field_and_no_hang() -> None:
    form = compiled(
        {
            "pairs": field("number"),
            "lines": table({"a": field("number")}, max=500),
        },
        computed={"pairs": "sum(lines, x, sum(lines, y, x.a * y.a))"},
    )
    data = {"lines": [{"a": 1}] * 500}
    outcome = evaluate(form, data, FACTS, mode="submit")
    assert found(outcome) == {("pairs", "budget")}
    assert len(outcome.data["lines"]) == 500


def test_a_text_that_could_not_be_read_is_not_also_missing() -> None:
    form = compiled({"a": field("number", required=True)})
    from werkzeug.datastructures import MultiDict

    taken = parse_submission(
        form.definition, MultiDict({"a": "x"}), {}, everything(form.definition)
    )
    outcome = evaluate(form, taken.data, FACTS, mode="submit")
    assert [error.code for error in merge_errors(taken, outcome)] == ["shape"]


@pytest.mark.parametrize("mode", ["draft", "submit"])
@given(data=st.data())
def test_evaluating_twice_changes_nothing(mode: Any, data: st.DataObject) -> None:
    form = compile_or_skip(data)
    record = data.draw(records(form.definition))
    once = evaluate(form, record, FACTS, mode=mode)
    twice = evaluate(form, once.data, FACTS, mode=mode)
    assert twice.data == once.data or once.cleared
    assert not twice.cleared or once.cleared


nested = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@given(st.data())
def test_hostile_json_gives_errors_and_never_an_exception(data: st.DataObject) -> None:
    form = compile_or_skip(data)
    keys = st.sampled_from([*(one.key for one in form.definition.header), "ghost"]) | st.text()
    rows = st.lists(st.dictionaries(st.sampled_from(["_id", "q", "price", "mark"]), nested))
    record = data.draw(st.dictionaries(keys, nested | rows, max_size=6))
    outcome = evaluate(form, record, FACTS, mode="submit")
    assert not [error for error in outcome.errors if error.code == "schema"]
    assert set(outcome.data) <= {one.key for one in form.definition.header}


def test_what_nobody_writes_is_asked_of_what_it_is_worked_out_from() -> None:
    worker = {"form": "worker", "title": "Worker", "data": {"properties": {"rate": field("money")}}}
    form = compiled(
        {
            "workers": table(
                {
                    "worker": field("record", target="worker", required=True),
                    "hours": field("quantity", required=True),
                    "rate": field("money", required=True),
                    "amount": field("money", required=True),
                }
            ),
            "total": field("money", required=True),
        },
        {"worker": worker},
        computed={
            "workers[].rate": "row.worker.rate",
            "workers[].amount": "row.rate * row.hours",
            "total": "sum(workers, row, row.amount)",
        },
    )
    nobody = {"workers": [{"_id": "a", "hours": "8"}, {"_id": "b", "worker": "w"}]}
    facts = replace(FACTS, links={("workers[].worker", "b"): {"rate": "30.00"}})
    assert found(evaluate(form, nobody, facts, mode="submit")) == {
        ("workers[a].worker", "required"),
        ("workers[b].hours", "required"),
    }
    unpaid = {"workers": [{"_id": "a", "worker": "w", "hours": "8"}]}
    facts = replace(FACTS, links={("workers[].worker", "a"): {}})
    assert found(evaluate(form, unpaid, facts, mode="submit")) == {("workers[a].rate", "required")}


def test_rows_that_follow_a_link_are_asked_of_the_link() -> None:
    form = payment()
    assert found(evaluate(form, {}, PAYMENT_FACTS, mode="submit")) == {("contract", "required")}
    empty = replace(PAYMENT_FACTS, links={"contract": {**CONTRACT_RECORD, "items": []}})
    assert found(evaluate(form, {"contract": "c1"}, empty, mode="submit")) == {
        ("lines", "required")
    }


def test_an_optional_input_that_is_empty_does_not_excuse_what_is_worked_out_from_it() -> None:
    form = compiled(
        {"a": field("number"), "b": field("number", required=True)}, computed={"b": "a + 1"}
    )
    assert found(evaluate(form, {}, FACTS, mode="submit")) == {("b", "required")}


def test_a_value_that_was_refused_is_not_also_missing() -> None:
    form = compiled(
        {"a": field("number", required=True), "b": field("number", required=True)},
        computed={"b": "a + 1"},
    )
    assert not evaluate(form, {}, FACTS, mode="submit", refused={"a"}).errors


def test_a_field_with_an_error_is_not_also_missing() -> None:
    form = compiled(
        {"a": field("text", required=True)},
        rules=[{"id": "filled", "check": "not is_empty(a)", "on": "a"}],
    )
    assert found(evaluate(form, {}, FACTS, mode="submit")) == {("a", "filled")}
