"""The months of a project: every figure leads to its entries, currencies apart."""

import re
from decimal import Decimal

import pytest
from sqlalchemy import update

from portal.db import SYSTEM, db, set_context
from portal.ledgers.models import CostEntry
from tests.approvals.test_pages import post
from tests.ledgers.fixtures import Cast
from tests.ledgers.reading import figures, total


def test_every_figure_leads_to_entries_that_add_up_to_it(cast: Cast) -> None:
    browser = cast.browser("member")
    page = browser.get("/projects/P1/books")
    assert page.status_code == 200
    found = [pair for pair in figures(page.text) if "ledger=books" in pair[0]]
    assert len(found) > 10
    for address, value in found:
        assert total(browser.get(address).text) == value, address


def test_months_add_up_to_their_total(cast: Cast) -> None:
    page = cast.browser("member").get("/projects/P1/books").text
    sums: dict[tuple[str, str], Decimal] = {}
    totals: dict[tuple[str, str], Decimal] = {}
    for address, value in figures(page):
        column, currency = re.search(r"column=(\w+)", address), re.search(r"ccy=(\w+)", address)
        if "ledger=books" not in address or not column or not currency:
            continue
        key = (column[1], currency[1])
        into = sums if "booked=" in address else totals
        into[key] = into.get(key, Decimal(0)) + value
    assert sums == totals


def test_the_months_are_a_spreadsheet_too(cast: Cast) -> None:
    answer = cast.browser("member").get("/projects/P1/books.xlsx")
    assert (answer.status_code, answer.data[:2]) == (200, b"PK")


@pytest.mark.parametrize("page", ["books", "books.xlsx", "books/check"])
def test_who_sees_no_figures_finds_no_books(cast: Cast, page: str) -> None:
    assert cast.browser("outsider").get(f"/projects/P1/{page}").status_code == 404
    assert cast.browser("external").get(f"/projects/P1/{page}").status_code in {403, 404}


def test_the_books_of_a_project_without_entries_are_told(cast: Cast) -> None:
    page = cast.browser("member").get("/projects/P2/books")
    assert (page.status_code, "Nothing has been posted yet" in page.text) == (200, True)


@pytest.mark.parametrize("month", ["2026-13", "x", "", "2026-1"])
def test_a_month_that_is_none_has_no_entries(cast: Cast, month: str) -> None:
    address = f"/projects/P1/entries?ledger=books&column=actual&booked={month}"
    assert cast.browser("member").get(address).status_code == 404


def test_healthy_books_agree_and_a_changed_entry_is_found(cast: Cast) -> None:
    browser = cast.browser("member")
    page = browser.get("/projects/P1/books/check")
    assert (page.status_code, "Everything agrees." in page.text) == (200, True)
    whole = post(browser, "/projects/P1/books/check")
    assert (whole.status_code, "Everything agrees." in whole.text) == (200, True)
    with cast.site.app.app_context():
        set_context(db.session(), SYSTEM)
        one = db.session.query(CostEntry.id).filter(CostEntry.bucket == "actual").first()
        assert one is not None
        changed = update(CostEntry).where(CostEntry.id == one.id).values(amount=Decimal("0.01"))
        db.session.execute(changed)
        db.session.commit()
    assert "Everything agrees." in browser.get("/projects/P1/books/check").text
    whole = post(browser, "/projects/P1/books/check")
    assert "Everything agrees." not in whole.text
    assert "says" in whole.text
    other = post(browser, "/projects/P2/books/check")
    assert "Everything agrees." in other.text, "the books of another project are another matter"
