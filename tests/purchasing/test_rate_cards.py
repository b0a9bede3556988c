"""Dated rate cards of parties: an order shows the price of its day, and says why it is dearer."""

import json
from typing import Any

import pytest

from portal import paths
from portal.errors import Invalid
from portal.records.models import Record
from tests.conftest import Lending
from tests.house import House
from tests.purchasing.chain import asked, order, ordered
from tests.records.pages import open_page
from tests.records.test_importing import brought, sent

REBAR = "M-01"
TOLD = '<template><output class="value-text" id="c-lines-r1-card_price"'


def row(price: str, since: str, until: str = "", **more: str) -> dict[str, Any]:
    made = {"_id": f"p{since}{more}", "item": REBAR, "unit": "t", "price": price, **more}
    made |= {"currency": more.get("currency", "CNY"), "valid_from": since}
    return made | ({"valid_until": until} if until else {})


@pytest.fixture
def agreed(house: House, lending: Lending) -> House:
    """The supplier agreed on 100 until February, on 90 from March to May; in dollars on 1."""
    return lending.once(_agreed_rates, house)


def _agreed_rates(house: House) -> House:
    house.budget("10000.00")
    supplier = house.entries["supplier"]
    rates = [
        row("100.00", "2026-01-01", "2026-02-28"),
        row("90.00", "2026-03-01", "2026-05-31"),
        row("1.00", "2026-03-01", currency="USD"),
        row("2.00", "2026-03-01", unit="kg"),
    ]
    house.submit(supplier, "carla", data={**house.record(supplier).data, "rates": rates})
    return house


def line(house: House, record_id: str) -> Any:
    [found] = house.record(record_id).data["lines"]
    return found


@pytest.mark.parametrize(
    ("day", "price"),
    [
        ("2025-12-31", None),
        ("2026-01-01", "100.00"),
        ("2026-02-28", "100.00"),
        ("2026-03-01", "90.00"),
        ("2026-05-31", "90.00"),
        ("2026-06-01", None),
    ],
)
def test_the_price_of_the_day_is_looked_up(agreed: House, day: str, price: str | None) -> None:
    made = order(agreed, asked(agreed, "1"), "1", "50.00", ordered_on=day, deliver_by="2026-07-01")
    assert line(agreed, made).get("card_price") == price


def test_a_dearer_order_is_refused_until_it_says_why(agreed: House) -> None:
    of = asked(agreed, "2")
    with pytest.raises(Invalid) as refused:
        order(agreed, of, "1", "90.01")
    [error] = refused.value.errors
    assert (error.path, error.code) == ("lines[r1].unit_price", "dearer_needs_reason")
    assert agreed.record(ordered(agreed, of, "1", "90.00")).state == "approved"
    dearer = ordered(agreed, of, "1", "95.00", price_reason="Urgent, by air")
    assert line(agreed, dearer)["price_reason"] == "Urgent, by air"


def test_a_supplier_without_a_card_is_asked_nothing(house: House) -> None:
    house.budget("10000.00")
    made = ordered(house, asked(house, "1"), "1", "500.00")
    assert line(house, made).get("card_price") is None


def test_a_later_price_changes_no_order(agreed: House) -> None:
    made = ordered(agreed, asked(agreed, "1"), "1", "90.00")
    supplier = agreed.entries["supplier"]
    data = agreed.record(supplier).data
    rates = [*data["rates"], row("10.00", "2026-03-02")]
    agreed.submit(supplier, "carla", data={**data, "rates": rates})
    assert line(agreed, made)["card_price"] == "90.00"
    assert agreed.problems() == {}


def test_the_page_tells_the_price_while_the_order_is_typed(agreed: House) -> None:
    of = asked(agreed, "1")
    page = open_page(agreed.browser("bea"), "/forms/purchase_order/new?project=P1")
    page.fill(request=of)
    page.post("save")
    page = open_page(agreed.browser("bea"), f"/records/{page.record_id}/edit")
    page.fill(supplier=agreed.entries["supplier"], ordered_on="2026-03-02")
    answer = page.post("recalculate", htmx=True, _changed=["supplier", "ordered_on"]).text
    assert "90.00" in answer
    shown, told = (answer.index(one) for one in ('id="w-lines-r1-card_price"', TOLD))
    assert shown < told, "the text of a cell comes after the cell that has its place"


def test_price_card_and_reason_stand_together() -> None:
    form = json.loads(
        (paths.DEFINITIONS / "purchasing/purchase_order.form.json").read_text("utf-8")
    )
    columns = list(form["data"]["properties"]["lines"]["items"]["properties"])
    at = columns.index("unit_price")
    assert columns[at : at + 3] == ["unit_price", "card_price", "price_reason"]


def test_rate_cards_come_from_a_list(house: House) -> None:
    browser = house.browser("carla")
    head = "Code,Name,Kind,Item,Unit,Price (incl. tax),Currency,Valid from,Valid until\n"
    wrong = sent(browser, head + "S9,Stone,Client,M-01,t,tbd,CNY,2026-01-01,\n", form="party")
    assert "refused" in wrong.text
    text = (
        head
        + "S9,Stone,Client,M-01,t,86.5,CNY,2026-01-01,2026-03-31\n,,,M-01,t,88,CNY,2026-04-01,\n"
    )
    assert brought(browser, sent(browser, text, form="party"), "party").status_code == 303
    [made] = [one for one in house.rows(Record, form="party") if one.data["code"] == "S9"]
    assert [(one["price"], one["valid_from"]) for one in made.data["rates"]] == [
        ("86.50", "2026-01-01"),
        ("88.00", "2026-04-01"),
    ]
