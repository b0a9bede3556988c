"""What somebody typed, apart from what a form starts with: that alone is spoken of in a draft."""

from typing import Any

import pytest

from portal.forms.definition import CompiledForm
from portal.forms.evaluation import evaluate
from portal.forms.typed import is_blank, of_what_was_typed
from tests.forms.samples import FACTS, compiled, field, table


def sample() -> CompiledForm:
    columns = {"item": field("text"), "qty": field("quantity"), "twice": field("quantity")}
    return compiled(
        {
            "name": field("text"),
            "kind": field("text", default="plain"),
            "lines": table(columns),
            "total": field("quantity"),
            "net": field("quantity"),
        },
        computed={
            "lines[].twice": "row.qty * 2",
            "total": "sum(lines, row, row.qty)",
            "net": "total - 1",
        },
        rules=[
            {"id": "named", "check": "not is_empty(name)", "on": "name"},
            {"id": "special", "check": "kind != 'plain'", "on": "kind"},
            {"id": "measured", "check": "total > 5", "on": "lines"},
            {"id": "positive", "check": "net > 0", "on": "net"},
            {"id": "in_row", "check": "coalesce(row.qty, 0) > 5", "on": "lines[].qty"},
            {"id": "doubled", "check": "coalesce(row.twice, 0) > 5", "on": "lines[].twice"},
        ],
    )


def spoken(data: dict[str, Any], *said: str) -> set[str]:
    form = sample()
    outcome = evaluate(form, data, FACTS, mode="draft")
    return {one.code for one in of_what_was_typed(form, outcome.data, outcome.errors, said)}


def test_a_form_nobody_typed_into_says_nothing() -> None:
    assert spoken({"kind": "plain", "lines": [{"_id": "r1"}]}) == set()


def test_what_was_typed_wrong_is_said_and_what_follows_from_it() -> None:
    lines = [{"_id": "r1", "qty": "1"}, {"_id": "r2"}]
    assert spoken({"kind": "plain", "lines": lines}) == {
        "measured",
        "positive",
        "in_row",
        "doubled",
    }


def test_only_the_row_typed_into_is_spoken_of() -> None:
    form = sample()
    data = {"lines": [{"_id": "r1", "qty": "1"}, {"_id": "r2", "item": "Beam"}]}
    outcome = evaluate(form, data, FACTS, mode="draft")
    paths = {one.path for one in of_what_was_typed(form, outcome.data, outcome.errors)}
    assert paths >= {"lines[r1].qty", "lines[r1].twice"}
    assert not {"lines[r2].qty", "lines[r2].twice"} & paths


def test_a_field_just_emptied_is_spoken_of() -> None:
    assert spoken({}) == set()
    assert spoken({}, "name") == {"named"}
    assert spoken({}, "lines") == set(), "a first row is no mistake"


def test_a_value_that_cannot_be_stored_is_said_though_it_is_gone() -> None:
    assert spoken({"kind": 7}) == {"shape"}


@pytest.mark.parametrize(
    ("data", "blank"),
    [
        ({}, True),
        ({"kind": "plain", "lines": [{"_id": "x", "item": ""}, {"_id": "y"}]}, True),
        ({"kind": "other"}, False),
        ({"name": "N"}, False),
        ({"lines": [{"_id": "x", "item": "Beam"}]}, False),
        ({"total": "0"}, True),
    ],
)
def test_a_form_is_blank_until_somebody_types(data: dict[str, Any], blank: bool) -> None:
    assert is_blank(sample().definition, data, {"kind": "plain"}) is blank
