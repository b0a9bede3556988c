"""The filter of a link: what it misspells is refused when the module is checked, with a remedy."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.definitions.checking import Report

Check = Callable[..., Report]

IN_FORM = "data.properties.contract.x-field.filter"
IN_ROW = "data.properties.lines.items.properties.cost_code.x-field.filter"


def narrow(source: str, *, in_row: bool = False) -> Callable[[Any], None]:
    def change(raw: Any) -> None:
        fields = raw["data"]["properties"]
        holder = (
            fields["lines"]["items"]["properties"]["cost_code"] if in_row else fields["contract"]
        )
        holder["x-field"]["filter"] = source

    return change  # fmt: skip


# source, whether in a row, what is said, the remedy
FAULTS = {
    "their field": ("target.nam == subject", False, "“nam”", "“target.name”"),
    "the word target": ("taget.name == subject", False, "“taget”", "“target”"),
    "my field": ("target.name == subjct", False, "“subjct”", "“subject”"),
    "a choice": ("target.name == 'x' and reason == 'othr'", False, "“othr”", "other"),
    "no condition": ("target.name", False, "yes or no is needed", ""),
    "no expression": ("target.name ==", False, "", ""),
    "my column": ("target.code == row.cost_cod", True, "“cost_cod”", "“row.cost_code”"),
    "their field, from a row": ("target.cod == subject", True, "“cod”", "“target.code”"),
    "a column without row": ("is_empty(qty) or target.code == ''", True, "“qty”", "“row.qty”"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_a_filter_misspells_is_refused_at_its_line_with_a_remedy(
    name: str, check_changed: Check
) -> None:
    source, in_row, says, remedy = FAULTS[name]
    report = check_changed(narrow(source, in_row=in_row))
    assert not report.ok
    [error] = report.errors
    assert (error.file, error.path) == ("change.form.json", IN_ROW if in_row else IN_FORM)
    assert says in str(error.message)
    assert remedy in str(error.remedy)
    assert str(error.remedy)
    assert report.package is not None
    text = report.package.files["change.form.json"].text
    assert '"filter"' in text.splitlines()[error.line - 1]


@pytest.mark.parametrize(
    ("source", "in_row"),
    [
        ("target.name == subject", False),
        ("is_empty(reason) or target.number != note", False),
        ("target.code == contract.name and row.qty > 0", True),
    ],
)
def test_a_filter_over_both_forms_is_accepted(
    source: str, in_row: bool, check_changed: Check
) -> None:
    assert [str(one) for one in check_changed(narrow(source, in_row=in_row)).errors] == []


def test_a_form_knows_which_fields_its_filters_read(check_changed: Check) -> None:
    report = check_changed(narrow("target.code == subject and row.qty > 0", in_row=True))
    assert report.package is not None
    form = report.package.compiled["change"]
    assert form.filters["lines[].cost_code"].reads == {"subject", "lines[].qty"}
    for path in ("subject", "lines[].qty"):
        assert ("filter", "lines[].cost_code") in {(u.by, u.name) for u in form.where_used[path]}


def test_an_unknown_target_is_said_once(check_changed: Check) -> None:
    def change(raw: Any) -> None:
        raw["data"]["properties"]["contract"]["x-field"].update(target="contrakt")
        narrow("target.name == subject")(raw)

    said = [one.path for one in check_changed(change).errors]
    assert IN_FORM not in said
    assert "data.properties.contract.x-field.target" in said


def left(**named: str) -> Callable[[Any], None]:
    def change(raw: Any) -> None:
        raw["data"]["properties"]["contract"]["x-field"]["left"] = named

    return change


@pytest.mark.parametrize(
    ("named", "at", "says"),
    [
        ({"of": "amont", "less": "total"}, "left.of", "amont"),
        ({"of": "name", "less": "total"}, "left.of", "no number"),
        ({"of": "name", "less": "subject"}, "left.less", "no number"),
        ({"of": "name", "less": "lines[].amount"}, "left.less", "not written as it must be"),
    ],
)
def test_what_must_be_left_of_a_link_is_a_number_on_both_sides(
    named: dict[str, str], at: str, says: str, check_changed: Check
) -> None:
    report = check_changed(left(**named))
    path = f"data.properties.contract.x-field.{at}"
    found = [one for one in report.errors if one.path == path]
    assert found, [str(one) for one in report.errors]
    assert says in str(found[0].message)
    assert str(found[0].remedy)
