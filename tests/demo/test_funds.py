"""The money of the demo: a gap ahead, an owner who is late, invoices that do not match."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, system_context
from portal.funds.checks import other_side
from portal.funds.matching import exceptions, matches
from portal.funds.open_items import standing
from portal.funds.outlook import Outlook, outlooks
from portal.funds.queries import funds_sheets
from portal.funds.reading import Book, read_book
from portal.funds.retention import retentions
from portal.ledgers.models import CostEntry
from portal.ledgers.naming import names_of
from portal.projects.models import Project
from portal.projects.queries import brief_of
from portal.records.models import Record
from portal.web.viewer import ProjectBrief


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


def test_an_order_matches_another_is_invoiced_before_it_came_and_a_third_not_yet() -> None:
    entries = book("HB01").of("CNY")
    contracts = names_of({one.key.contract for one in entries if one.key.contract})
    orders = {key for key, one in contracts.items() if one.form == "purchase_order"}
    flows = [one for one in matches(entries) if one.contract in orders]
    apart = sorted(one.invoiced - one.certified for one in flows)
    assert [gap == 0 for gap in apart] == [False, True, False]
    assert apart[0] < 0 < apart[2]
    sides = {key: other_side(contracts[key]) for key in orders}
    why = [one.why for one in exceptions(entries, sides, {}) if one.contract in orders]
    assert sorted(why) == ["above_certified", "not_invoiced"]


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


def test_changes_are_certified_beside_the_lines_and_an_advance_waits_for_its_threshold() -> None:
    payments = select(Record).where(Record.form == "payment", Record.state == "approved")
    found = list(db.session.scalars(payments))
    billed = [one for one in found if Decimal(one.data.get("changes_this") or 0) > 0]
    assert billed
    for one in billed:
        data = one.data
        assert Decimal(data["total_this"]) == Decimal(data["work_this"]) + Decimal(
            data["changes_this"]
        )
    rules = {one.data["advance_rule"] for one in found}
    assert {"proportional", "linear", "threshold"} <= rules
    waiting = [one for one in found if one.data["advance_rule"] == "threshold"]
    assert all(Decimal(one.data["advance_recovery"]) == 0 for one in waiting)


def test_contracts_say_when_retention_is_released_and_nodes_name_milestones() -> None:
    contracts = select(Record).where(Record.form == "contract", Record.state == "approved")
    data = [one.data for one in db.session.scalars(contracts)]
    assert any(one.get("release_plan") for one in data)
    nodes = [row for one in data for row in one.get("payment_nodes") or ()]
    assert nodes
    assert all(row["milestone"] for row in nodes)


def test_what_certificates_cost_is_their_gross_to_date_without_tax() -> None:
    """Every certified line of every contract, against the cost that stands posted of it."""
    gross: dict[tuple[str, str], Decimal] = {}
    rates: dict[tuple[str, str], Decimal] = {}
    filed = select(Record).where(Record.form == "payment", Record.state == "approved")
    for one in db.session.scalars(filed):
        for row in one.data["lines"]:
            key = (one.data["contract"], row["item"])
            gross[key] = gross.get(key, Decimal(0)) + Decimal(row["this_amount"])
            rates[key] = 1 + Decimal(one.data["tax_percent"]) / 100
    cost: dict[tuple[str, str], Decimal] = {}
    posted = select(CostEntry).where(CostEntry.bucket == "actual", CostEntry.contract_line != "")
    for entry in db.session.scalars(posted):
        key = (str(entry.contract_id), str(entry.contract_line))
        cost[key] = cost.get(key, Decimal(0)) + entry.amount
    assert len(gross) > 30
    assert {key: cost.get(key, Decimal(0)) for key in gross} == {
        key: (amount / rates[key]).quantize(Decimal("0.01"), ROUND_HALF_UP)
        for key, amount in gross.items()
    }
