"""What few may read does not come to light through a field that many read: refused at the check."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from portal import paths
from portal.definitions.checking import Report, check_module
from portal.definitions.folders import offers_of, read_folder

Check = Callable[..., Report]
SHOWN = "is private, but"
PLAIN = {"kind": "number", "label": {"en": "Copy", "zh": "副本"}}


def fields(raw: Any) -> Any:
    return raw["data"]["properties"]


def columns(raw: Any) -> Any:
    return fields(raw)["lines"]["items"]["properties"]


def private_price(raw: Any) -> None:
    columns(raw)["price"]["x-field"]["private"] = True


def private_total(raw: Any) -> None:
    total = fields(raw)["total"]["x-field"]
    total["private"] = True
    total.pop("in_list")


def private_amount(raw: Any) -> None:
    private_total(raw)
    raw["amount"] = "total"
    columns(raw)["amount"]["x-field"]["private"] = True
    columns(raw)["price"]["x-field"]["private"] = True


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        (
            private_price,
            "computed.lines[].amount",
            "“lines[].price” is private, but “lines[].amount”",
        ),
        (private_total, "data.properties.before.x-field.field", "“total” is private, but “before”"),
        (private_amount, "amount", "“total” is private and stands in no title or list"),
    ],
)
def test_what_would_tell_a_private_value_is_refused(
    check_changed: Check, change: Callable[[Any], None], place: str, said: str
) -> None:
    report = check_changed(change)
    assert not report.ok
    (found,) = [one for one in report.errors if one.path == place]
    assert said in str(found.message)
    assert str(found.remedy)


def test_a_private_value_may_lead_to_a_private_one_or_to_a_yes(check_changed: Check) -> None:
    def change(raw: Any) -> None:
        for key in ("price", "amount"):
            columns(raw)[key]["x-field"]["private"] = True
        columns(raw)["dear"] = {
            "x-field": {"kind": "yes_no", "label": {"en": "Dear", "zh": "价高"}}
        }
        raw["computed"]["lines[].dear"] = "row.qty > 1 if row.price == row.amount else False"
        private_total(raw)
        fields(raw)["before"]["x-field"]["private"] = True

    report = check_changed(change)
    assert [str(one.message) for one in report.errors if SHOWN in str(one.message)] == []


def test_what_is_private_is_fetched_into_a_private_field_only() -> None:
    """The shipped ticket fetches the price of a piece: without `private` of its own it is refused."""
    folders = sorted(one.parent for one in paths.DEFINITIONS.glob("*/module.json"))
    files = read_folder(paths.DEFINITIONS / "day_labor")
    form = json.loads(files["day_labor.form.json"])
    form["data"]["properties"]["workers"]["items"]["properties"]["price"]["x-field"].pop("private")
    files["day_labor.form.json"] = json.dumps(form)
    report = check_module(files, known=offers_of(folders).known("day_labor"))
    found = [one for one in report.errors if SHOWN in str(one.message)]
    assert [one.path.endswith("fetch.price") for one in found] == [True]
