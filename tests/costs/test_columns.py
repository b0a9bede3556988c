"""Columns as a definition says them: a figure and the entries behind it always agree."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.costs.columns import SHIPPED
from portal.costs.sheet import Sheet, read_sheet
from portal.definitions.checking import Known, check_module
from portal.definitions.formatting import format_source
from portal.definitions.json_source import read_source
from portal.definitions.posting_columns import BUCKETS

Json = dict[str, Any]
AMOUNTS = st.decimals(Decimal("-9999.99"), Decimal("9999.99"), places=2)
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "bucket": st.sampled_from(BUCKETS),
            "contract_id": st.sampled_from([None, "k1", "k2"]),
            "amount": AMOUNTS,
        }
    ),
    max_size=12,
)


def shipped() -> Json:
    raw: Json = read_source(SHIPPED.read_text(encoding="utf-8")).value
    return raw


@st.composite
def sheets(draw: st.DrawFn) -> Json:
    """Any sound sheet of plain columns: sums, then formulas over what stands before them."""
    columns: list[Json] = []
    for at in range(draw(st.integers(1, 8))):
        own: Json = {"id": f"c{at}", "label": "L", "meaning": "M"}
        if at and draw(st.booleans()):
            known = st.sampled_from([one["id"] for one in columns])
            parts = st.lists(known, max_size=4, unique=True)
            own["formula"] = {"plus": [draw(known)], "minus": draw(parts)}
        else:
            kinds = st.lists(st.sampled_from(BUCKETS), min_size=1, max_size=4, unique=True)
            own["sum"] = draw(kinds)
            if owner := draw(st.sampled_from(["", "with", "without"])):
                own["contract"] = owner
        columns.append(own)
    marks = dict.fromkeys(("budget", "spent", "left"), "c0")
    return {"sheet": "cost", "columns": columns, "marks": marks, "headlines": ["c0"]}


def summed(sheet: Sheet, lines: list[Json]) -> dict[str, Decimal]:
    """What the ledger would add up, worked out entry by entry."""
    found: dict[str, Decimal] = {}
    for one in sheet.raw["columns"]:
        if "sum" in one:
            owner = one.get("contract")
            found[one["id"]] = sum(
                (
                    line["amount"]
                    for line in lines
                    if line["bucket"] in one["sum"]
                    and (owner is None or (owner == "with") is (line["contract_id"] is not None))
                ),
                Decimal(0),
            )
    return found


@given(sheets(), LINES)
def test_a_formula_and_the_entries_behind_it_come_to_the_same(raw: Json, lines: list[Json]) -> None:
    sheet = read_sheet(raw)
    values = sheet.values(summed(sheet, lines), {}, None)
    for one in sheet.columns:
        column = one.column
        assert sum((column.contribution(line) for line in lines), Decimal(0)) == values[one.key]
        for line in lines:
            assert sum(term.takes(line) for term in column.terms) <= 1


def values_of(forecast: str | None = None, **sums: str) -> dict[str, Decimal]:
    sheet = read_sheet(shipped())
    amounts = {key: Decimal(value) for key, value in sums.items()}
    return sheet.values(amounts, {}, None if forecast is None else Decimal(forecast))


def test_without_a_forecast_an_overrun_shows_as_a_negative_forecast_to_complete() -> None:
    values = values_of(original="100", committed="130")
    assert values["to_complete"] == -30
    assert values["at_completion"] == 100
    assert values["variance"] == 0
    assert values["left"] == -30


def test_a_forecast_moves_the_overrun_to_over_under() -> None:
    values = values_of("0", original="100", committed="130")
    assert values["to_complete"] == 0
    assert values["at_completion"] == 130
    assert values["variance"] == -30


def test_a_floor_moves_the_overrun_to_over_under_as_well() -> None:
    raw = shipped()
    (column,) = (one for one in raw["columns"] if one["id"] == "to_complete")
    column["floor"] = True
    sheet = read_sheet(raw)
    values = sheet.values({"original": Decimal(100), "committed": Decimal(130)}, {}, None)
    assert (values["to_complete"], values["variance"]) == (0, -30)
    values = sheet.values({"original": Decimal(100)}, {}, None)
    assert values["to_complete"] == 100


def test_a_share_of_nothing_is_not_defined() -> None:
    sheet = read_sheet(shipped())
    used = sheet.by_key["used"]
    assert sheet.share(used, values_of(actual="5")) is None
    assert sheet.share(used, values_of(actual="5", original="20")) == 25


def findings(raw: Json) -> list[str]:
    """What the check says of this sheet beside a module with nothing else."""
    module = {
        "$schema": "../schema/module-1.json", "module": "own", "format": 1,
        "title": {"en": "Own", "zh": "自有"}, "menu": {"group": "money", "order": 1}, "forms": [],
    }  # fmt: skip
    files = {"module.json": format_source(module), "cost.sheet.json": format_source(raw)}
    known = Known(
        forms={},
        owners={},
        roles=frozenset({("company", "director")}),
        modules=frozenset(),
        previous={},
    )
    return [f"{one.path}: {one.message}" for one in check_module(files, known=known).findings]


def changed(at: str, **members: Any) -> Json:
    raw = shipped()
    (column,) = (one for one in raw["columns"] if one["id"] == at)
    column.update(members)
    return raw


def test_the_shipped_sheet_has_no_finding() -> None:
    assert findings(shipped()) == []


def test_what_is_wrong_with_a_sheet_is_said_at_its_place() -> None:
    assert findings(changed("revised", formula={"plus": ["originl"]})) == [
        "columns[3].formula.plus[0]: No column before this one is called “originl”."
    ]
    (later,) = findings(changed("revised", formula={"plus": ["left"]}))
    assert "No column before this one is called “left”." in later
    (percent,) = findings(
        {**shipped(), "columns": [*shipped()["columns"], {
            "id": "odd", "label": {"en": "Odd", "zh": "怪"}, "meaning": {"en": "m", "zh": "义"},
            "formula": {"plus": ["used"]},
        }]}
    )  # fmt: skip
    assert "“used” is a percentage and cannot be added up." in percent
    twice = changed("direct", id="actual")
    assert any("The column “actual” stands there twice." in one for one in findings(twice))
    marks = {**shipped(), "marks": {"budget": "revised", "spent": "actual", "left": "variance"}}
    assert findings(marks) == ["marks.left: “variance” cannot be led back to single entries."]
    headlines = {**shipped(), "headlines": ["nothing"]}
    assert "headlines[0]" in findings(headlines)[0]
    nobody = {**shipped(), "control": {**shipped()["control"], "exception": "boss"}}
    assert findings(nobody) == ["control.exception: The role “boss” is not declared."]
    one_language = changed("left", label={"en": "Left"})
    assert "“Left” has no Chinese text." in findings(one_language)[0]
