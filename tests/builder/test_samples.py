"""Examples get plausible values for what a form requires, and take over what comes out."""

import json

from portal.builder.design.examples import changed_values, with_values
from portal.builder.design.form import read_design
from portal.builder.design.samples import lacking_samples, with_samples
from portal.definitions.checking import Finding
from portal.errors import Message
from tests.accounts.stage import Browser
from tests.builder.conftest import DRAFT, Desk

FORM = {
    "data": {
        "properties": {
            "title": {"x-field": {"kind": "text", "required": True}},
            "day": {"x-field": {"kind": "date", "required": True}},
            "least": {"x-field": {"kind": "quantity", "required": True, "min": 20, "scale": 2}},
            "which": {"x-field": {"kind": "choice", "required": True, "options": [{"value": "b"}]}},
            "worked_out": {"x-field": {"kind": "number", "required": True}},
            "note": {"x-field": {"kind": "text"}},
            "rows": {
                "x-field": {"kind": "table", "required": True},
                "items": {
                    "properties": {
                        "who": {"x-field": {"kind": "record", "required": True, "target": "w"}},
                        "text": {"x-field": {"kind": "text"}},
                    }
                },
            },
        }
    },
    "computed": {"worked_out": "1"},
}


def test_only_what_is_required_and_typed_is_made_up() -> None:
    design = read_design(json.dumps(FORM))
    assert design is not None
    cases = json.dumps({"form": "f", "cases": [{"given": {"title": "Mine"}}]}, indent=1)
    assert lacking_samples(cases, design) == 4
    made = with_samples(cases, design)
    assert json.loads(made)["cases"][0]["given"] == {
        "title": "Mine",
        "day": "2026-03-02",
        "least": "20",
        "which": "b",
        "rows": [{"who": "r1"}],
    }
    assert with_samples(made, design) == made
    assert lacking_samples(made, design) == 0


def test_expected_values_become_what_comes_out() -> None:
    got = Message("", {"path": "amount", "got": "2.00", "wanted": "1.00", "value": "2.00"})
    finding = Finding(
        "f.cases.json", "cases[0].expect.amount", 1, 1, "error",
        Message("", {"name": "A", "message": got}), Message(""),
    )  # fmt: skip
    changed = changed_values([finding])
    assert changed == {"f.cases.json": {("cases", 0, "expect", "amount"): "2.00"}}
    text = '{"cases": [{"expect": {"amount": "1.00", "other": "x"}}]}'
    assert with_values(text, changed["f.cases.json"]) == text.replace("1.00", "2.00")


def test_a_new_required_field_and_a_computed_amount_are_two_buttons_away(
    desk: Desk, author: Browser
) -> None:
    form = json.loads(desk.text())
    form["version"] = 2
    form["data"]["properties"]["day"] = {
        "x-field": {"kind": "date", "required": True, "label": {"en": "Day", "zh": "日期"}}
    }
    form["data"]["properties"]["rate"] = {
        "x-field": {"kind": "money", "required": True, "currency": "project", "label": "Rate"}
    }
    form["layout"][0]["fields"] += ["day", "rate"]
    form["computed"] = {"amount": "rate * 2"}
    desk.save(author, json.dumps(form))
    page = author.get(f"{DRAFT}/publish").text
    assert "The examples lack 2 required values" in page
    author.post(f"{DRAFT}/samples")
    assert "comes out otherwise now" in author.get(f"{DRAFT}/publish").text
    author.post(f"{DRAFT}/values")
    assert desk.publish(author).status_code == 303
