"""Rows of an imported list join those on file: none goes unless it is said, every change is told."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import paths
from portal.forms.expand import expand
from portal.forms.fields import FormDefinition
from portal.forms.reading import read_form
from portal.records.importing.rows import joined, telling_apart
from portal.records.models import Record, RecordRevision
from tests.house import House, house
from tests.purchasing.test_rate_cards import row
from tests.records.test_importing import brought, sent

__all__ = ["house"]

HEAD = "Code,Name,Valid from,In the company's currency,For so many,Source\n"
CARD = "Code,Item,Unit,Price (incl. tax),Currency,Valid from\n"


def aed(house: House) -> str:
    rates = [
        {"_id": "r1", "from_date": "2026-01-01", "rate": "1.910000", "per": 1, "source": "Bank"},
        {"_id": "r2", "from_date": "2026-03-01", "rate": "1.930000", "per": 1},
    ]
    return house.entry("carla", "currency", None, code="AED", name="AED 迪拉姆", rates=rates)


def cells(page: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<td>(.*?)</td>", page)]


def test_a_rate_that_is_brought_in_joins_those_on_file(house: House) -> None:
    made, browser = aed(house), house.browser("carla")
    page = sent(browser, HEAD + "AED,UAE dirham,2026-11-25,1.95,1,PBoC\n", form="currency")
    said = cells(page.text)
    assert "Name: AED 迪拉姆 → UAE dirham" in said[1]
    assert "Rates · new row: Valid from 25 Nov 2026 · In the company&#39;s currency 1.95" in said[1]
    assert "row goes" not in page.text
    assert len(house.record(made).data["rates"]) == 2, "checking writes nothing"
    assert brought(browser, page, "currency").status_code == 303
    rates = house.record(made).data["rates"]
    assert [(one["_id"], one["from_date"], one["rate"]) for one in rates[:2]] == [
        ("r1", "2026-01-01", "1.910000"),
        ("r2", "2026-03-01", "1.930000"),
    ]
    assert (rates[2]["from_date"], rates[2]["source"]) == ("2026-11-25", "PBoC")


def test_a_row_of_the_same_day_takes_its_place_and_keeps_what_the_list_leaves_out(
    house: House,
) -> None:
    made, browser = aed(house), house.browser("carla")
    text = "Code,Valid from,In the company's currency\nAED,2026-01-01,1.92\nAED,2026-04-01,2\n"
    page = sent(browser, text, form="currency")
    [said] = cells(page.text)[1::2]
    assert "Rates · 1 Jan 2026 · In the company&#39;s currency: 1.910000 → 1.920000" in said
    brought(browser, page, "currency")
    first, second, third = house.record(made).data["rates"]
    assert (first["rate"], first["source"], second["rate"]) == ("1.920000", "Bank", "1.930000")
    assert (third["rate"], third["per"]) == ("2.000000", 1), "starts as its column does"
    assert house.record(made).data["name"] == "AED 迪拉姆"
    again = sent(browser, text, form="currency")
    assert "as it is" in again.text
    assert 'name="carried"' not in again.text
    assert len(house.rows(RecordRevision, record_id=made)) == 2


def test_the_check_speaks_chinese(house: House) -> None:
    aed(house)
    house.speaks_chinese("carla")
    browser = house.browser("carla")
    text = "币种代码,生效日期,折合本位币\nAED,2026-01-01,1.92\nAED,2026-11-25,1.95\n"
    said = cells(sent(browser, text, form="currency").text)[1]
    assert "汇率 · 2026-01-01 · 折合本位币：1.910000 → 1.920000" in said
    assert "汇率 · 新增行：生效日期 2026-11-25 · 折合本位币 1.95" in said
    assert "据此对应已有明细行" in browser.get("/forms/currency/import").text


def test_a_price_that_is_brought_in_joins_the_rate_card(house: House) -> None:
    supplier, browser = house.entries["supplier"], house.browser("carla")
    card = [row("100.00", "2026-01-01"), row("1.00", "2026-01-01", currency="USD")]
    house.submit(supplier, "carla", data={**house.record(supplier).data, "rates": card})
    code = house.record(supplier).data["code"]
    text = CARD + f"{code},M-01,t,110,CNY,2026-12-01\n{code},M-01,t,90,CNY,2026-01-01\n"
    page = sent(browser, text, form="party")
    assert "needed and not there" not in page.text, "its name and kind are on file"
    assert "M-01 · t · CNY · 1 Jan 2026 · Price (incl. tax): 100.00 → 90.00" in cells(page.text)[1]
    assert brought(browser, page, "party").status_code == 303
    found = [
        (one["currency"], one["valid_from"], one["price"].rstrip("0"))
        for one in house.record(supplier).data["rates"]
    ]
    assert found == [
        ("CNY", "2026-01-01", "90."),
        ("USD", "2026-01-01", "1."),
        ("CNY", "2026-12-01", "110."),
    ]


def test_the_page_says_for_whom_a_column_is_needed(house: House) -> None:
    browser = house.browser("carla")
    page = browser.get("/forms/party/import").text
    for label in ("Bank", "Account number"):
        assert f"<td>{label}</td><td>needed for Vendor, Subcontractor</td>" in page
    house.speaks_chinese("carla")
    assert "供应商, 分包单位必填" in browser.get("/forms/party/import").text.replace("、", ", ")


def test_two_rows_of_one_day_in_a_list_are_refused(house: House) -> None:
    made = aed(house)
    text = HEAD + "AED,,2026-11-25,1.95,1,\nAED,,2026-11-25,1.96,1,\n"
    page = sent(house.browser("carla"), text, form="currency")
    assert "Two rates start on this day; keep one." in page.text
    assert len(house.record(made).data["rates"]) == 2
    assert len(house.rows(Record, form="currency")) == 1


def form_of(place: str) -> FormDefinition:
    raw = json.loads((paths.DEFINITIONS / f"{place}.form.json").read_text("utf-8"))
    return read_form(expand(raw))


@pytest.mark.parametrize(
    ("place", "table", "keys"),
    [
        ("dictionaries/currency", "rates", ["from_date"]),
        ("parties/party", "rates", ["item", "unit", "currency", "valid_from"]),
        ("workforce/worker", "rates", ["from_date"]),
        ("wages/pay_rules", "versions", ["valid_from"]),
        ("schedule/task", "predecessors", ["task"]),
        ("contracts/contract", "recovery_plan", ["month"]),
    ],
)
def test_by_which_columns_a_row_is_found_again(place: str, table: str, keys: list[str]) -> None:
    assert [one.key for one in telling_apart(form_of(place), table)] == keys


DAYS = st.lists(st.fixed_dictionaries({"from_date": st.sampled_from("abc"), "rate": st.text()}))


@given(DAYS, DAYS)
def test_no_row_on_file_is_lost(on_file: list[dict[str, str]], more: list[dict[str, str]]) -> None:
    form = form_of("dictionaries/currency")
    held = [{"_id": f"r{n}", **one} for n, one in enumerate(on_file)]
    found, ids = joined(form, "rates", held, more)
    by_id = {one["_id"]: one["from_date"] for one in found}
    assert [by_id[one] for one in ids] == [one["from_date"] for one in more]
    assert len(set(ids)) == len(ids), "no row on file is met twice"
    assert [one["_id"] for one in found[: len(held)]] == [one["_id"] for one in held]
    assert [one["from_date"] for one in found[: len(held)]] == [one["from_date"] for one in held]
    every = [one["from_date"] for one in found]
    for day in "abc":
        counts = [[one["from_date"] for one in rows].count(day) for rows in (on_file, more)]
        assert every.count(day) == max(counts)


def test_what_is_wrong_with_a_line_names_its_own_row_of_the_sheet(house: House) -> None:
    aed(house)
    browser = house.browser("carla")
    unread = "AED,AED 迪拉姆,2026-01-01,1.91,1,\n,,2026-05-01,cheap,1,\n"
    assert "Row 3: In the company&#39;s currency: " in " ".join(cells(sent(
        browser, HEAD + unread, form="currency"
    ).text))  # fmt: skip
    refused = "AED,AED 迪拉姆,2026-05-01,1.95,1,\n,,2026-03-01,0,1,\n"
    said = " ".join(cells(sent(browser, HEAD + refused, form="currency").text))
    assert "Row 3: In the company&#39;s currency: The rate must be above zero." in said
    first = "AED,AED 迪拉姆,2026-05-01,0,1,\n"
    said = " ".join(cells(sent(browser, HEAD + first, form="currency").text))
    assert "Row" not in said, "the first row stands beside it already"
    assert "The rate must be above zero." in said


def test_what_a_list_protected_from_being_a_formula_comes_back_as_it_was(house: House) -> None:
    house.entry("carla", "unit", None, code="-m", name="=Meter", measure="length")
    sheet = house.browser("carla").get("/forms/unit/export.xlsx").data
    page = sent(house.browser("carla"), sheet, form="unit", name="units.xlsx")
    assert "1 as they are, 0 refused" in page.text
