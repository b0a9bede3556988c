"""What a contract is worth: as signed, what approved changes did to it, and what is certified."""

import pytest
from flask import Flask

from portal.db import db
from portal.funds.queries import funds_sheets
from portal.projects.queries import brief_of
from tests.ledgers.fixtures import Cast
from tests.ledgers.reading import figures, total
from tests.ledgers.site import Site


@pytest.fixture
def site(app: Flask) -> Site:
    with app.app_context():
        yield Site(app)
        db.session.rollback()


def test_changes_move_the_current_amount_and_never_the_one_signed(site: Site) -> None:
    contract = site.entry("contract", "M-1", "Main works")
    site.funds(contract, "in", contract="1000", certified="330")
    site.funds(contract, "in", contract_change="150")
    taken = site.funds(contract, "in", contract_change="-50")
    (sheet,) = funds_sheets(brief_of(site.world.project))
    values = {key: figure.value for key, figure in sheet.rows[0].figures.items()}
    assert (values["original"], values["changed"], values["current"]) == (1000, 100, 1100)
    assert sheet.share == sheet.rows[0].share
    assert round(float(sheet.share or 0), 2) == 0.3
    site.world.move(taken, "void")
    (sheet,) = funds_sheets(brief_of(site.world.project))
    assert sheet.total["current"].value == 1150
    assert sheet.total["due"].value == 330, "an amount agreed is not yet money due"


def test_a_contract_without_an_amount_has_no_share(site: Site) -> None:
    contract = site.entry("contract", "M-1", "Main works")
    site.funds(contract, certified="330")
    (sheet,) = funds_sheets(brief_of(site.world.project))
    assert sheet.share is None


def test_what_is_invoiced_and_its_gap_to_the_money_are_columns_to_choose(cast: Cast) -> None:
    with cast.site.app.app_context():
        contract = cast.site.entry("contract", "M-9", "Second main contract")
        cast.site.funds(contract, "in", certified="400.00", invoiced="300.00", cash="330.00")
        cast.site.funds(contract, "in", "USD", invoiced="50.00")
        db.session.commit()
    browser = cast.browser("member")
    page = "/projects/P1/funds"
    plain, every = browser.get(page).text, browser.get(f"{page}?columns=all").text
    assert "Invoice gap" not in plain
    assert f'href="{page}?columns=all"' in plain
    for key, amount in (("invoiced", 300), ("invoice_gap", -30)):
        assert f"column={key}" not in plain
        row = (f"column={key}&", f"contract={contract}", "direction=in", "ccy=CNY")
        (found,) = {
            (address, value)
            for address, value in figures(every)
            if all(part in address for part in row)
        }
        assert (found[1], total(browser.get(found[0]).text)) == (amount, amount)
    assert browser.get(f"{page}.pdf?columns=all").data.startswith(b"%PDF")


def test_the_page_shows_original_changes_and_current_and_each_leads_to_its_entries(
    cast: Cast,
) -> None:
    with cast.site.app.app_context():
        contract = cast.site.entry("contract", "M-9", "Second main contract")
        cast.site.funds(contract, "in", contract="2000000.00", contract_change="125000.00")
        db.session.commit()
    browser = cast.browser("member")
    page = browser.get("/projects/P1/funds").text
    found = {
        key: (address, value)
        for address, value in figures(page)
        for key in ("original", "changed", "current")
        if f"column={key}&" in address and f"contract={contract}" in address
    }
    assert {key: int(value) for key, (_, value) in found.items()} == {
        "original": 2_000_000,
        "changed": 125_000,
        "current": 2_125_000,
    }
    for address, value in found.values():
        assert total(browser.get(address).text) == value
