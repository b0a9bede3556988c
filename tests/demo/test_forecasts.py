"""Budget transfers, forecasts and frozen sheets of the demo, as the cost center shows them."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.costs.columns import sheet_in_force
from portal.costs.margin import incomes
from portal.costs.queries import code_values
from portal.db import db, system_context
from portal.demo.forecasts import FORECASTS, TRANSFERS
from portal.demo.history import FROZEN_DAYS_AGO
from portal.ledgers.models import CostEntry, Snapshot
from portal.projects.models import Project
from portal.projects.queries import project_brief
from portal.records.models import Record


@pytest.fixture(autouse=True)
def reading(demo_app: Flask):  # type: ignore[no-untyped-def]
    """Everything here reads the whole demo."""
    with demo_app.app_context(), system_context("tests read the whole demo"):
        yield


def test_transfers_leave_the_budget_and_forecasts_stand_in_the_sheet() -> None:
    sheet = sheet_in_force()
    for project in db.session.scalars(select(Project)):
        codes = code_values(sheet, [project.id])[project.id, project.currency]
        moved = [values["transfers"] for values in codes.values()]
        assert sum(moved) == 0
        sent = sum((Decimal(amount) for *_, amount in TRANSFERS[project.code].lines), Decimal(0))
        assert sum(one for one in moved if one > 0) == sent
        named = {
            record.data["code"]: record.id
            for record in db.session.scalars(select(Record).where(Record.form == "cost_code"))
        }
        for code, amount, _reason in FORECASTS[project.code]:
            assert codes[named[code]]["to_complete"] == Decimal(amount), (project.code, code)
        assert any(values["variance"] != 0 for values in codes.values())


def test_the_margin_is_reckoned_from_contracts_without_tax() -> None:
    for project in db.session.scalars(select(Project)):
        brief = project_brief(project.id)
        assert brief is not None
        figure, untaxed = incomes(brief)[project.currency]
        contracts = db.session.scalars(
            select(Record).where(Record.form == "contract", Record.project_id == project.id)
        )
        signed = [one.data for one in contracts if one.data["direction"] == "income"]
        changes = db.session.scalars(
            select(Record).where(
                Record.form.in_(("change_request", "site_instruction")),
                Record.project_id == project.id,
                Record.state == "approved",
            )
        )
        extra = [Decimal(one.data.get("owner_amount") or 0) for one in changes]
        assert signed
        assert untaxed == 0
        tax = 1 + Decimal(signed[0]["tax_percent"]) / 100
        net = sum((Decimal(one["amount_net"]) for one in signed), Decimal(0))
        added = sum((round(one / tax, 2) for one in extra), Decimal(0))
        assert abs(figure.value - net - added) < 1


def test_months_were_closed_and_the_sheets_of_then_are_kept() -> None:
    closed = Snapshot.kind == "cost_sheet"
    count = select(Snapshot.project_id, func.count()).where(closed).group_by(Snapshot.project_id)
    assert {times for _, times in db.session.execute(count)} == {len(FROZEN_DAYS_AGO)}
    kept = db.session.scalars(select(Snapshot).where(closed).order_by(Snapshot.taken_at)).first()
    assert kept is not None
    assert kept.body["sheets"][0]["rows"]
    now = select(func.sum(CostEntry.amount)).where(
        CostEntry.project_id == kept.project_id, CostEntry.bucket == "actual"
    )
    then = Decimal(kept.body["sheets"][0]["total"]["actual"])
    assert 0 < then < Decimal(db.session.scalar(now) or 0)
