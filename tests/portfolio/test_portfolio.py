"""The portfolio keeps currencies apart and asks the database little."""

from decimal import Decimal
from io import BytesIO

import pytest
from flask import Flask
from python_calamine import load_workbook
from sqlalchemy import event

from portal.db import db
from tests.ledgers.fixtures import Cast


def _sheet(content: bytes) -> list[list[object]]:
    return load_workbook(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_a_project_has_a_row_per_currency_and_totals_never_mix_them(cast: Cast) -> None:
    rows = _sheet(cast.browser("member").get("/portfolio.xlsx").data)
    shown = [(row[0], row[4]) for row in rows[1:]]
    assert shown[:4] == [("P1", "CNY"), ("P1", "EUR"), ("P1", "USD"), ("P2", "USD")]
    assert [one for one in shown[4:] if one[0] == "Total"] == [
        ("Total", "CNY"), ("Total", "EUR"), ("Total", "USD"),
    ]  # fmt: skip
    first = dict(zip(rows[0], rows[1], strict=True))
    assert Decimal(str(first["Left"])) == Decimal("1270000")
    page = cast.browser("member").get("/portfolio").text
    totals = [f"<td>Total {currency}</td>" for currency in ("CNY", "EUR", "USD")]
    assert [page.count(one) for one in totals] == [1, 1, 1]
    assert '<span class="row-sub">P1 · EUR</span>' in page


def test_exports_repeat_the_figures_of_the_page(cast: Cast) -> None:
    browser = cast.browser("member")
    cost = _sheet(browser.get("/projects/P1/cost.xlsx").data)
    by_code = {(row[0], row[2]): row for row in cost[1:]}
    assert dict(zip(cost[0], by_code[("02", "CNY")], strict=True))["Left"] == -90000
    assert dict(zip(cost[0], by_code[("", "EUR")], strict=True))["Left"] == -20000
    funds = _sheet(browser.get("/projects/P1/funds.xlsx").data)
    assert funds[1][1] == "K-002 Steelwork subcontract"
    first = dict(zip(funds[0], funds[1], strict=True))
    assert (first["To pay"], first["Invoice gap"]) == (205000, first["Invoiced"] - first["Paid"])
    labor = _sheet(browser.get("/projects/P1/labor.xlsx?month=2026-03").data)
    assert [row[1] for row in labor[1:]] == ["W1 Zhang San", "W2 Li Si", "W3 Wang Wu"]
    assert [row[-2:] for row in labor[1:]] == [[9, 3], [4.5, 1.5], [0, 1.25]]
    entries = browser.get("/projects/P1/entries.xlsx?ledger=cost&column=left&ccy=CNY")
    assert _sheet(entries.data)[-1][5] == 1270000


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("/projects/P1/cost", 22),
        ("/projects/P1/funds", 22),
        ("/projects/P1/labor?month=2026-03", 24),
        ("/projects/P1/progress", 22),
        ("/portfolio", 34),
        ("/projects/P1/entries?ledger=cost&column=left&ccy=CNY", 26),
    ],
)
def test_a_page_asks_a_fixed_number_of_questions(
    cast: Cast, app: Flask, page: str, most: int
) -> None:
    browser, asked = cast.browser("member"), 0

    def count(*_: object) -> None:
        nonlocal asked
        asked += 1

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        assert browser.get(page).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert asked <= most
