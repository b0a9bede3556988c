"""Every figure on every page leads to entries that add up to it."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from io import BytesIO

import pytest
from python_calamine import load_workbook

from portal.accounts.models import Person
from portal.db import SYSTEM, db, set_context
from tests.ledgers.fixtures import Cast
from tests.ledgers.reading import figures, last_running_total, number, total

PAGES = (
    "/projects/P1/cost",
    "/projects/P1/funds",
    "/projects/P1/labor?month=2026-03",
    "/portfolio",
    "/projects/P1",
)


def _is_sum(address: str) -> bool:
    """Readings are dates, not sums."""
    return "ledger=progress" not in address or "column=shift" in address


def test_every_figure_equals_the_total_of_its_entries(cast: Cast) -> None:
    browser = cast.browser("member")
    seen: dict[str, Decimal] = {}
    for page in PAGES:
        answer = browser.get(page)
        assert answer.status_code == 200, page
        found = [pair for pair in figures(answer.text) if _is_sum(pair[0])]
        assert found, page
        for address, value in found:
            assert seen.setdefault(address, value) == value, (page, address)
    for address, value in seen.items():
        entries = browser.get(address)
        assert entries.status_code == 200, address
        assert total(entries.text) == value, address
        assert last_running_total(entries.text) == value, address
        whole = browser.get(f"{address}&canceled=1")
        assert total(whole.text) == last_running_total(whole.text) == value, address
    assert len(seen) > 100


def test_the_days_changes_moved_a_milestone_lead_to_their_entries(cast: Cast) -> None:
    browser = cast.browser("member")
    page = browser.get("/projects/P1/progress").text
    moved = {a: v for a, v in figures(page) if "column=shift" in a and "milestone=" in a}
    assert Decimal(14) in moved.values()
    for address, value in moved.items():
        assert total(browser.get(address).text) == value


def test_readings_show_which_one_counts_and_which_was_taken_back(cast: Cast) -> None:
    page = cast.browser("member").get("/projects/P1/entries?ledger=progress&column=readings").text
    assert page.count("counts") >= 5
    assert "taken back" in page


def test_entries_name_document_state_and_dimension(cast: Cast) -> None:
    address = "/projects/P1/entries?ledger=cost&column=actual&ccy=CNY&canceled=1"
    page = cast.browser("member").get(address).text
    assert "cost_document-" in page
    assert "Approved" in page
    assert "Void" in page
    assert "01.1 Excavation" in page
    assert "Hide canceled pairs" in page


COST = "ledger=cost&column=actual&ccy=CNY"


@pytest.mark.parametrize("asked", [COST, "ledger=progress&column=readings"])
def test_who_decided_is_not_denied_to_who_may_not_open_the_record(cast: Cast, asked: str) -> None:
    browser = cast.browser("member")
    page = browser.get(f"/projects/P1/entries?{asked}").text
    lines = [row for row in re.findall(r"<tr.*?</tr>", page, re.S) if "entry-value" in row]
    closed = [row for row in lines if "/records/" not in row]
    assert closed
    assert all("not shown to you" in row for row in closed)
    assert not any("not shown to you" in row for row in lines if row not in closed)
    with cast.site.app.app_context():
        set_context(db.session(), SYSTEM)
        db.session.get_one(Person, cast.ids["member"]).language = "zh"
        db.session.commit()
    assert "不对您显示" in browser.get(f"/projects/P1/entries?{asked}").text


def test_canceled_pairs_are_shown_only_on_demand(cast: Cast) -> None:
    address = "/projects/P1/entries?ledger=cost&column=actual&ccy=CNY"
    browser = cast.browser("member")
    page = browser.get(address).text
    assert "99.00" not in page
    way = re.search(r'href="([^"]+canceled=1[^"]*)"[^>]*>.{0,300}?Show canceled pairs', page, re.S)
    assert way
    shown = browser.get(unescape(way[1])).text
    assert shown.count("99.00") >= 2
    assert "Hide canceled pairs" in shown
    assert total(shown) == total(page)


def test_the_spreadsheet_holds_the_entries_the_page_shows(cast: Cast) -> None:
    address = "/projects/P1/entries.xlsx?ledger=cost&column=actual&ccy=CNY"
    browser = cast.browser("member")
    few, all_ = (
        load_workbook(BytesIO(browser.get(f"{address}{more}").data)).get_sheet_by_index(0)
        for more in ("", "&canceled=1")
    )
    assert all_.height == few.height + 2
    assert few.to_python()[-1][5] == all_.to_python()[-1][5]


def test_hours_and_labor_days_add_up_as_they_are_shown(cast: Cast) -> None:
    """6.5 hours are 0.8125 labor-days: rounded to 0.81 they would no longer add up."""
    with cast.site.app.app_context():
        worker = cast.site.entry("worker", "W9", "Ma Liu")
        for day in range(2, 7):
            cast.site.ticket(date(2026, 4, day), None, {worker: "6.5"}, signed=True)
        db.session.commit()
    browser = cast.browser("member")
    month = browser.get("/projects/P1/labor?month=2026-04").text
    assert re.findall(r'column=hours[^"]*day=[^"]*"[^>]*>([\d.]+)', month) == ["6.5"] * 5
    assert ">4.0625<" in month
    way = next(a for a, _ in figures(month) if "column=signed_days" in a and "worker=" in a)
    page = browser.get(way).text
    values = [number(text) for text in re.findall(r'class="entry-value">([^<]+)<', page)]
    assert values == [Decimal("6.5"), Decimal("0.8125")] * 5
    assert sum(values[1::2]) == total(page) == Decimal("4.0625")


@pytest.mark.parametrize(
    "address",
    [
        "?ledger=cost",
        "?ledger=cost&column=nothing",
        "?ledger=secrets&column=left",
        "?ledger=cost&column=left&worker=x",
        "?ledger=labor&column=days&day=yesterday",
        "?ledger=labor&column=days&from=2026-03-01",
        "?ledger=progress&column=planned&milestone=nobody",
    ],
)
def test_an_address_no_page_links_to_is_not_found(cast: Cast, address: str) -> None:
    assert cast.browser("member").get(f"/projects/P1/entries{address}").status_code == 404


def test_a_page_number_out_of_range_shows_the_nearest_page(cast: Cast) -> None:
    address = "/projects/P1/entries?ledger=cost&column=left&ccy=CNY&page="
    for page in ("999999", "0", "-3", "x", "²"):
        assert cast.browser("member").get(address + page).status_code == 200


def test_entries_are_a_fragment_for_htmx(cast: Cast) -> None:
    answer = cast.browser("member").get(
        "/projects/P1/entries?ledger=cost&column=left&ccy=CNY", headers={"HX-Request": "true"}
    )
    assert answer.text.lstrip().startswith('<div id="_entries"')
    assert "HX-Request" in answer.headers["Vary"]
