"""Money that comes in without a contract settles none: totals foot, and it stands by itself."""

import re
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from python_calamine import load_workbook

from portal.clock import now
from portal.db import db, system_context
from portal.funds.columns import LOOSE
from portal.funds.figures import paid_and_due, take
from portal.funds.ledger_tables import ledger_tables
from portal.funds.queries import FundsSheet, funds_sheets
from portal.projects.queries import brief_of
from tests.ledgers.fixtures import Cast, make_cast
from tests.ledgers.reading import total

WHY = "tests read a whole project"


@pytest.fixture
def cast(app: Any) -> Cast:
    """A contract that pays us 330 of 400, and 1000 from head office."""
    made = make_cast(app, furnished=False)
    with app.app_context():
        contract = made.site.entry("contract", "M-1", "Main works")
        made.site.funds(contract, "in", contract="1000", certified="400", cash="330")
        made.site.funds(None, "in", cash="1000")
        db.session.commit()
    return made


def sheet_in(cast: Cast) -> FundsSheet:
    (found,) = funds_sheets(brief_of(cast.site.world.project))
    return found


def test_net_due_less_received_is_to_receive_and_the_rest_stands_apart(cast: Cast) -> None:
    with cast.site.app.app_context(), system_context(WHY):
        sheet = sheet_in(cast)
        told = {key: figure.value for key, figure in sheet.total.items()}
        assert (told["net_due"], told["paid"], told["due"]) == (400, 330, 70)
        assert sheet.loose is not None
        assert sheet.loose.value == 1000
        assert [row.contract.name for row in sheet.rows if row.contract] == ["Main works"]
        assert len(sheet.rows) == 1, "what settles no contract is no row of contracts"
        for row in (sheet.rows[0].figures, sheet.total):
            assert row["net_due"].value - row["paid"].value == row["due"].value


def test_what_was_collected_counts_no_money_of_head_office(cast: Cast) -> None:
    with cast.site.app.app_context(), system_context(WHY):
        brief = brief_of(cast.site.world.project)
        (found,) = paid_and_due([brief.id])
        assert found.values[LOOSE.key] == 1000
        (share,) = [one.value for key, one in take([brief], now()) if key == "funds.collected"]
        assert share == Decimal("82.5")


@pytest.mark.parametrize("page", ["/projects/P1", "/projects/P1/funds", "/portfolio"])
def test_pages_tell_it_on_a_line_of_its_own_that_leads_to_it(cast: Cast, page: str) -> None:
    browser = cast.browser("member")
    text = browser.get(page).text
    (address,) = set(re.findall(r'href="([^"]+column=loose[^"]*)"', text))
    assert total(browser.get(address.replace("&amp;", "&")).text) == 1000
    shown = re.sub(r"<[^>]+>", " ", text)
    assert "1,000.00" in shown
    assert "330.00" in shown
    assert "ithout a contract" in shown


def test_paper_and_workbooks_tell_it_too(cast: Cast) -> None:
    with cast.site.app.test_request_context(), system_context(WHY):
        _worth, money = ledger_tables(sheet_in(cast))
        assert "1,000.00 CNY" in money.note
    browser = cast.browser("member")
    rows = _rows(browser.get("/projects/P1/funds.xlsx").data)
    paid = rows[0].index("Paid")
    assert [(row[1], row[paid]) for row in rows[-2:]] == [
        ("Total", 330), ("Received without a contract", 1000),
    ]  # fmt: skip
    rows = _rows(browser.get("/portfolio.xlsx").data)
    first = dict(zip(rows[0], rows[1], strict=True))
    received = [value for title, value in first.items() if title.endswith("(we receive)")]
    assert (*received, first["Received without a contract"]) == (330, 70, 1000)


def _rows(content: bytes) -> list[list[Any]]:
    return load_workbook(BytesIO(content)).get_sheet_by_index(0).to_python()
