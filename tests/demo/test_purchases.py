"""Purchasing and site documents of the demo: every turn of the chain is there to be seen."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portal.costs import control
from portal.costs.columns import COMMITMENTS, REQUESTS, sheet_in_force
from portal.costs.commitments import registers
from portal.db import db, system_context
from portal.ledgers.services import preview
from portal.projects.models import Project
from portal.projects.queries import project_brief
from portal.records.models import Record


@pytest.fixture(autouse=True)
def reading(demo_app: Flask):  # type: ignore[no-untyped-def]
    """Everything here reads the whole demo."""
    with demo_app.app_context(), system_context("tests read the whole demo"):
        yield


def records(form: str) -> Sequence[Record]:
    chosen = select(Record).where(Record.form == form).order_by(Record.number)
    return db.session.scalars(chosen).all()


def harbor() -> str:
    return db.session.scalars(select(Project.id).where(Project.code == "HB01")).one()


def test_orders_are_half_received_beyond_their_request_and_closed_short() -> None:
    brief = project_brief(harbor())
    assert brief is not None
    (found,) = registers(COMMITMENTS, brief, {})
    orders = [row for row in found.rows if row.owner and row.owner.form == "purchase_order"]
    opened = {row.owner.data["purpose"].split(" ")[0]: row.figures for row in orders if row.owner}
    assert 0 < opened["Road"]["contract_open"].value < opened["Road"]["contract_value"].value
    assert opened["Edge"]["contract_changes"].value < 0
    assert opened["Edge"]["contract_open"].value == 0
    over = [row for one in records("purchase_order") for row in one.data["lines"]]
    assert [row["over_reason"] for row in over if Decimal(row["over_qty"]) > 0]


def test_a_request_is_open_and_one_would_go_beyond_its_budget() -> None:
    brief = project_brief(harbor())
    assert brief is not None
    (found,) = registers(REQUESTS, brief, {})
    assert found.total[REQUESTS.open.key].value == Decimal("84000.00")
    (waiting,) = [one for one in records("purchase_request") if one.state == "submitted"]
    lines = [one.attributes for one in preview(waiting, "approved", waiting.updated_at)]
    (reach,) = control.reaches(sheet_in_force(), harbor(), lines, are_posted=False)
    assert (reach.action, reach.is_beyond) == ("stop", True)


def test_one_site_instruction_is_signed_and_one_waits_for_the_owner() -> None:
    assert [one.state for one in records("site_instruction")] == ["approved", "submitted"]
    assert {one.state for one in records("machine_hire")} == {"approved"}
    assert [one.state for one in records("project_opening")] == ["approved", "submitted"]
    assert {one.state for one in records("order_payment")} == {"approved"}
