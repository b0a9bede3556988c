"""The pages of the cost center: every figure leads on, and what it leads to comes to it."""

import csv
import json
import re
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO
from typing import Any

import pytest
from flask import Flask
from python_calamine import load_workbook

from portal import paths
from portal.costs.columns import sheet_in_force
from portal.costs.overrun import overrun_words
from portal.costs.queries import code_values
from portal.costs.sheet import read_sheet
from portal.db import db
from tests.charted import charts_of
from tests.ledgers.fixtures import Cast
from tests.ledgers.reading import number, total
from tests.ledgers.site import Site

LED_ON = re.compile(
    r'href="(/projects/P1/cost/(?:parts|commitments|requests)\?[^"]+)"[^>]*>([-–\d.,%]+)'
)


def led_on(page: str) -> list[tuple[str, str]]:
    return [(unescape(address), text) for address, text in LED_ON.findall(page)]


def rows(page: str, kind: str = "sum") -> list[str]:
    return re.findall(rf'<tr class="{kind}">.*?</tr>', page, re.S)


def test_figures_that_are_no_sums_lead_to_parts_that_come_to_them(cast: Cast) -> None:
    browser = cast.browser("member")
    seen, todo = {}, led_on(browser.get("/projects/P1/cost?columns=all").text)
    assert todo
    while todo:
        address, text = todo.pop()
        if address in seen:
            assert seen[address] == text, address
            continue
        seen[address] = text
        page = browser.get(address)
        assert page.status_code == 200, address
        (whole,) = rows(page.text) or [""]
        if "/parts" in address:
            assert re.findall(r"<a[^>]*>([-–\d.,%]+)", whole)[-1] == text, address
        elif whole:
            assert number(re.findall(r"<a[^>]*>([-\d.,]+)", whole)[-1]) >= 0
        todo += led_on(page.text)
    assert len(seen) > 40


def test_open_commitments_are_the_last_column_of_the_register(cast: Cast) -> None:
    browser = cast.browser("member")
    for address, text in led_on(browser.get("/projects/P1/cost").text):
        if "column=open_commitment" in address:
            page = browser.get(address).text
            (whole,) = rows(page) or ["<a>0.00"]
            assert re.findall(r"<a[^>]*>([-\d.,]+)", whole)[-1] == text, address


@pytest.fixture
def site(app: Flask) -> Site:
    with app.app_context(), app.test_request_context():
        yield Site(app)
        db.session.rollback()


def amounts(site: Site, currency: str = "CNY") -> dict[str, dict[str, Decimal]]:
    project = site.world.project.id
    return code_values(sheet_in_force(), [project])[project, currency]


def test_what_one_contract_runs_over_does_not_use_up_another(site: Site) -> None:
    steel = site.entry("cost_code", "02", "Steel")
    party = site.entry("party", "S", "Steel Works")
    first, second = (site.entry("contract", key, key, party=party) for key in ("K1", "K2"))
    site.cost(("commit", steel, "100"), ("actual", steel, "150"), contract=first)
    site.cost(("commit", steel, "80"), ("actual", steel, "30"), contract=second)
    site.cost(("commit_change", steel, "7"), ("actual", steel, "1000"))
    values = amounts(site)[steel]
    assert values["committed"] == 187
    assert values["open_commitment"] == 50 + 7
    assert values["direct"] == 1000


def test_the_latest_forecast_that_stands_replaces_the_calculated_one(site: Site) -> None:
    steel = site.entry("cost_code", "02", "Steel")
    site.cost(("budget_orig", steel, "100"), ("actual", steel, "40"))
    assert amounts(site)[steel]["to_complete"] == 60
    site.cost(("forecast_adj", steel, "75"))
    assert amounts(site)[steel]["to_complete"] == 75
    nothing = site.cost(("forecast_adj", steel, "0"))
    values = amounts(site)[steel]
    assert (values["to_complete"], values["at_completion"], values["variance"]) == (0, 40, 60)
    site.world.move(nothing, "void")
    assert amounts(site)[steel]["to_complete"] == 75


def test_codes_nearest_to_their_budget_are_drawn_with_their_figures_beside(cast: Cast) -> None:
    page = cast.browser("member").get("/projects/P1/cost").text
    drawn, beside = page.split("Which cost codes are nearest to their budget", 1)[1].split(
        "</svg>", 1
    )
    names = re.findall(r'<text class="bar-name"[^>]*>([^<]+)', drawn)
    assert names[0] == "02 Structural steel, supplied and erected"
    assert len(names) == 2, "what has used nothing is not drawn"
    assert re.search(r'<text class="bar-share is-over"[^>]*>103 %<', drawn)
    table = beside.split("</table>", 1)[0]
    assert "-90,000.00" in table
    chart = charts_of(page)[0]
    assert [name for _at, name in chart["ticks"]] == names
    assert chart["ends"][0] == ["103 %", "red"]
    assert [one["key"] for one in chart["series"]] == ["bound", "actual", "at_completion"]
    bound, spent, forecast = (series["points"] for series in chart["series"])
    assert [bound[0]["y"] > 100, bound[1]["y"] > 100] == [True, False]
    cells = re.findall(r'<a class="money[^"]*" href="([^"]+)"[^>]*>([^<]+)', table)
    told = {(unescape(address), amount) for address, amount in cells}
    assert {(one["href"], one["shown"]) for one in [*spent, *forecast]} <= told
    assert {one["href"] for one in bound} <= {address for address, _amount in told}


def test_all_columns_are_shown_on_demand_and_always_exported(cast: Cast) -> None:
    browser = cast.browser("member")
    few, many = (browser.get(f"/projects/P1/cost{more}").text for more in ("", "?columns=all"))
    assert "Over/under" not in few.split("<tbody>")[0]
    assert "Over/under" in many.split("<tbody>")[0]
    assert "Not yet spent<" not in many.split("<tbody>")[0]
    exported = workbook(browser.get("/projects/P1/cost.xlsx").data)
    assert "Over/under" in exported[0]
    register = workbook(browser.get("/projects/P1/cost/commitments.xlsx").data)
    steel = dict(zip(register[0], register[1], strict=True))
    assert (steel["Contract or order"], steel["Open"]) == ("K-002 Steelwork subcontract", 1840000)


def test_the_head_of_the_sheet_says_where_an_overrun_stands(cast: Cast) -> None:
    page = cast.browser("member").get("/projects/P1/cost").text
    assert "An overrun stands below zero in “Forecast to complete”." in page
    raw = json.loads((paths.DEFINITIONS / "budget" / "cost.sheet.json").read_text("utf-8"))
    (column,) = (one for one in raw["columns"] if one["id"] == "to_complete")
    column["floor"] = True
    with cast.site.app.test_request_context():
        assert "stops at zero" in overrun_words(read_sheet(raw))
        del column["floor"], column["replaced_by"]
        assert overrun_words(read_sheet(raw)) == ""


def test_the_sheet_comes_as_comma_separated_values(cast: Cast) -> None:
    browser = cast.browser("member")
    answer = browser.get("/projects/P1/cost.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))
    told = workbook(browser.get("/projects/P1/cost.xlsx").data)
    assert rows[0] == told[0]
    assert [row[1].strip() for row in rows] == [str(row[1]).strip() for row in told]
    assert len(rows) > 3


def workbook(content: bytes) -> list[list[Any]]:
    return load_workbook(BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(
    "address",
    [
        "/projects/P1/cost/parts?column=actual&ccy=CNY",
        "/projects/P1/cost/parts?column=nothing&ccy=CNY",
        "/projects/P1/cost/parts?column=variance&ccy=XXX",
        "/projects/P1/cost/parts",
        "/projects/NOPE/cost/commitments",
    ],
)
def test_what_is_no_figure_is_not_found(cast: Cast, address: str) -> None:
    assert cast.browser("member").get(address).status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        "/projects/P1/cost/commitments",
        "/projects/P1/cost/commitments.xlsx",
        "/projects/P1/cost/requests",
        "/projects/P1/cost/requests.xlsx",
        "/projects/P1/cost/requests.pdf",
        "/projects/P1/cost/parts?column=variance&ccy=CNY",
    ],
)
def test_others_do_not_learn_that_there_are_figures(cast: Cast, page: str) -> None:
    assert cast.browser("member").get(page).status_code == 200
    assert cast.browser("outsider").get(page).status_code == 404
    assert cast.browser("external").get(page).status_code == 404


def test_an_unknown_code_narrows_a_page_to_nothing(cast: Cast) -> None:
    browser = cast.browser("member")
    page = browser.get("/projects/P1/cost/commitments?cost_code=nothing")
    assert "Nothing is committed here yet" in page.text
    parts = browser.get("/projects/P1/cost/parts?column=variance&ccy=CNY&cost_code=nothing")
    assert parts.status_code == 200
    assert total(parts.text) == 0
