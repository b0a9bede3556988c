"""Drafts move to the current version of their form by its declared steps."""

from typing import Any

from portal.definitions.moving import moved
from portal.definitions.moving_losses import lost
from portal.forms.expand import expand
from portal.forms.fields import FormDefinition
from portal.forms.reading import read_form


def form(*steps: dict[str, Any], start: int = 1) -> FormDefinition:
    return read_form(
        expand(
            {
                "form": "sample",
                "version": 3,
                "title": "Sample",
                "subject": "name",
                "data": {
                    "properties": {
                        "name": {"x-field": {"kind": "text"}},
                        "days": {"x-field": {"kind": "number"}},
                        "lines": {
                            "x-field": {"kind": "table"},
                            "items": {"properties": {"price": {"x-field": {"kind": "money"}}}},
                        },
                    }
                },
                "layout": [],
                "migrations": [{"from": start, "steps": list(steps)}],
            }
        )
    )


def test_a_renamed_field_keeps_its_value_in_the_record_and_in_rows() -> None:
    new = form({"rename": ["title", "name"]}, {"rename": ["lines[].cost", "lines[].price"]})
    data = {"title": "Pump", "lines": [{"_id": "r1", "cost": "1.00"}]}
    assert moved(data, 1, new) == {"name": "Pump", "lines": [{"_id": "r1", "price": "1.00"}]}
    assert data["title"] == "Pump"


def test_a_default_is_set_only_where_nothing_stands() -> None:
    new = form({"set_default": ["name", "?"]}, {"set_default": ["lines[].price", "0.00"]})
    data = {"name": "Pump", "lines": [{"_id": "r1"}, {"_id": "r2", "price": "3.00"}]}
    assert moved(data, 1, new)["lines"] == [
        {"_id": "r1", "price": "0.00"},
        {"_id": "r2", "price": "3.00"},
    ]
    assert moved({}, 1, new) == {"name": "?"}


def test_a_retyped_field_is_read_anew_or_cleared() -> None:
    new = form({"retype": "days"}, {"retype": "lines[].price"})
    assert moved({"days": "12"}, 1, new) == {"days": 12}
    assert moved({"days": "a week"}, 1, new) == {}
    assert moved({"lines": [{"_id": "r1", "price": "7"}]}, 1, new) == {
        "lines": [{"_id": "r1", "price": "7.00"}]
    }


def test_what_the_form_no_longer_has_is_left_out() -> None:
    data = {"old": 1, "name": "x", "lines": [{"_id": "r1", "old": 1}]}
    assert moved(data, 2, form({"drop": "name"})) == {
        "name": "x",
        "lines": [{"_id": "r1"}],
    }
    assert moved(data, 1, form({"drop": "name"})) == {"lines": [{"_id": "r1"}]}


def test_steps_of_versions_already_passed_do_not_run_again() -> None:
    assert moved({"name": "x"}, 3, form({"drop": "name"}, start=2)) == {"name": "x"}


def old_form(**more: Any) -> FormDefinition:
    properties = {
        "title": {"x-field": {"kind": "text"}},
        "name": {"x-field": {"kind": "text"}},
        "days": {"x-field": {"kind": "text"}},
        "worth": {"x-field": {"kind": "money"}},
        "lines": {
            "x-field": {"kind": "table"},
            "items": {
                "properties": {
                    "cost": {"x-field": {"kind": "money"}},
                    "price": {"x-field": {"kind": "money"}},
                }
            },
        },
        "visits": {
            "x-field": {"kind": "table"},
            "items": {"properties": {"who": {"x-field": {"kind": "text"}}}},
        },
    }
    raw = {"form": "sample", "version": 1, "title": "Sample", "layout": []}
    return read_form(expand({**raw, "data": {"properties": properties}, **more}))


FULL = {
    "title": "Pump",
    "days": "a week",
    "lines": [{"_id": "r1", "cost": "1.00"}, {"_id": "r2", "cost": "2.00"}],
    "visits": [{"_id": "v1", "who": "Li"}],
}


def test_what_no_step_carries_over_is_named_as_lost() -> None:
    new = form()
    assert lost(FULL, old_form(), new) == ["title", "lines[].cost", "visits"]
    assert lost({**FULL, "title": "", "lines": [], "visits": []}, old_form(), new) == []
    assert lost({"name": "Pump"}, old_form(), new) == []


def test_what_is_renamed_or_read_anew_is_not_lost() -> None:
    steps = [{"rename": ["title", "name"]}, {"rename": ["lines[].cost", "lines[].price"]}]
    new = form(*steps, {"retype": "days"})
    assert lost(FULL, old_form(), new) == ["days", "visits"], "“a week” is no number"
    assert lost({**FULL, "days": "7"}, old_form(), new) == ["visits"]


def test_a_dropped_field_and_one_another_stands_in_for_are_lost() -> None:
    new = form({"drop": "days"}, {"rename": ["title", "name"]}, {"set_default": ["name", "Pump"]})
    assert lost({"days": "3"}, old_form(), new) == ["days"]
    assert lost({"name": "Pump"}, old_form(), new) == [], "the same as the default, and kept"


def test_nothing_a_form_computes_itself_can_be_lost() -> None:
    computed = old_form(computed={"worth": "sum(lines, row, row.cost)"})
    assert lost({"worth": "3.00"}, computed, form()) == []
    assert lost({"worth": "3.00"}, old_form(), form()) == ["worth"]
