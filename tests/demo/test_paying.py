"""How the demo's approved applications are paid: on time, late, in parts, or not yet."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.db import db, system_context
from portal.funds.queries import funds_sheets
from portal.projects.models import Project
from portal.projects.queries import brief_of
from portal.records.models import Attachment, Record

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(autouse=True)
def reading(demo_app: Flask) -> Iterator[None]:
    """Everything here reads the whole demo."""
    with demo_app.app_context(), system_context("tests read the whole demo"):
        yield


def approved(form: str) -> list[Record]:
    found = select(Record).where(Record.form == form, Record.state == "approved")
    return list(db.session.scalars(found))


def vouchers_by_application() -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for voucher in approved("payment_voucher"):
        found[voucher.data["application"]].append(voucher.data)
    return found


def test_applications_are_paid_on_time_late_in_parts_or_not_yet() -> None:
    paid, today = vouchers_by_application(), clock.now().date().isoformat()
    applications = {one.id: one.data for one in approved("payment")}
    assert paid.keys() <= applications.keys()
    kinds = defaultdict(int)
    for key, data in applications.items():
        total = sum(Decimal(one["amount"]) for one in paid[key])
        assert total <= Decimal(data["net_due"])
        late = any(one["paid_on"] > data["due_on"] for one in paid[key])
        in_full = total == Decimal(data["net_due"])
        kinds["late" if late else "on time" if in_full else "open"] += 1
        kinds["in parts"] += len(paid[key]) == 2
        kinds["half"] += len(paid[key]) == 1 and not in_full
        kinds["overdue"] += not in_full and data["due_on"] < today
    assert kinds["on time"] >= 30
    assert kinds["late"] >= 8
    assert min(kinds["in parts"], kinds["half"], kinds["overdue"], kinds["open"]) >= 3


def test_what_is_to_pay_differs_from_contract_to_contract_and_is_never_below_zero() -> None:
    for project in db.session.scalars(select(Project)):
        (sheet,) = (one for one in funds_sheets(brief_of(project)) if one.direction == "out")
        due = [row.figures["due"].value for row in sheet.rows]
        assert min(due) == 0, project.code
        assert max(due) > 0, project.code
        assert sheet.total["paid"].value > sheet.total["due"].value > 0, project.code


def test_some_applications_carry_their_papers_and_some_a_deduction() -> None:
    applications = approved("payment")
    assert sum(len(one.data.get("files") or []) == 2 for one in applications) >= 20
    assert sum(Decimal(one.data["deduction"]) > 0 for one in applications) >= 6
    assert all(
        one.data.get("deduction_reason")
        for one in applications
        if Decimal(one.data["deduction"]) > 0
    )
    slips = [one.data for one in approved("payment_voucher") if one.data.get("slip")]
    assert len(slips) >= 15
    files = select(Attachment.name).where(Attachment.kind == "pdf")
    names = set(db.session.scalars(files))
    assert {name.split()[0] for name in names} == {"Measurement", "Invoice", "Bank"}
