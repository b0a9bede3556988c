"""The money of the demo: a gap ahead, an owner who is late, invoices that do not match."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, system_context
from portal.funds.matching import exceptions
from portal.funds.open_items import standing
from portal.funds.outlook import Outlook, outlooks
from portal.funds.queries import funds_sheets
from portal.funds.reading import Book, read_book
from portal.funds.retention import retentions
from portal.ledgers.naming import names_of
from portal.projects.models import Project
from portal.projects.queries import brief_of
from portal.records.models import Record
from portal.web.viewer import ProjectBrief

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(autouse=True)
def reading(demo_app: Flask) -> Iterator[None]:
    """Everything here reads the whole demo."""
    with demo_app.app_context(), system_context("tests read the whole demo"):
        yield


def project(code: str) -> ProjectBrief:
    return brief_of(db.session.scalars(select(Project).where(Project.code == code)).one())


def outlook(code: str) -> Outlook:
    (one,) = outlooks(project(code))
    return one


def book(code: str) -> Book:
    return read_book(project(code))


def test_the_harbor_runs_short_of_cash_on_a_day_ahead() -> None:
    found = outlook("HB01").projection
    assert found.cash > 0
    assert found.lowest.balance < -1_000_000
    assert found.today < found.lowest.on < found.today + timedelta(days=100)
    assert found.peak_need == -found.lowest.balance
    assert outlook("RV02").projection.peak_need == 0


def test_its_owner_is_late_and_retention_is_due() -> None:
    entries = book("HB01").of("CNY")
    today = book("HB01").today
    late = [one for one in standing(entries).open if one.key.direction == "in" and one.due < today]
    assert late
    held = retentions(entries, standing(entries).items)
    assert any(one.is_overdue(today) for one in held if one.direction == "out")


def test_some_invoices_do_not_match() -> None:
    entries = book("HB01").of("CNY")
    contracts = names_of({one.key.contract for one in entries if one.key.contract})
    sides = {key: one.data.get("party") for key, one in contracts.items()}
    why = {one.why for one in exceptions(entries, sides, {})}
    assert {"above_certified", "not_invoiced", "other_invoicer"} <= why
    assert "other_payee" not in why


@pytest.mark.parametrize("code", ["HB01", "RV02", "JB03"])
def test_open_items_are_what_the_contract_ledger_says_is_due(code: str) -> None:
    money = book(code)
    for sheet in funds_sheets(project(code)):
        found = standing(money.of(sheet.currency))
        is_open = sum(i.open for i in found.open if i.key.direction == sheet.direction)
        over = sum(b.amount for b in found.beyond if b.direction == sheet.direction)
        loose = sum(
            (one.figures["due"].value for one in sheet.rows if one.contract is None), start=0
        )
        contracts = sum(
            i.open
            for i in found.open
            if i.key.direction == sheet.direction and i.key.contract is None
        )
        assert is_open - contracts - over == sheet.total["due"].value - loose


def test_plans_were_signed_for_months_past_and_to_come() -> None:
    plans = select(Record).where(Record.form == "funds_plan", Record.state == "approved")
    months = {one.data["month"][:7] for one in db.session.scalars(plans)}
    assert len(months) >= 4
    share = outlook("HB01").accuracy.share
    assert share is not None
    assert share > 0
