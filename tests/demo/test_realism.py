"""What an experienced eye looks for in the demo's tickets and changes."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import db, system_context
from portal.ledgers.models import FundsEntry, LaborEntry
from portal.projects.models import Project
from portal.records.models import Record


@pytest.fixture(autouse=True)
def reading(demo_app: Flask):  # type: ignore[no-untyped-def]
    """Everything here reads the whole demo."""
    with demo_app.app_context(), system_context("tests read the whole demo"):
        yield


def records(form: str, project: str = "") -> Sequence[Record]:
    statement = select(Record).where(Record.form == form).order_by(Record.id)
    if project:
        statement = statement.join(Project).where(Project.code == project)
    return db.session.scalars(statement).all()


def test_overtime_on_a_working_day_follows_a_full_day() -> None:
    lines = [
        (Decimal(row["worked"]) - Decimal(row["overtime"] or 0), Decimal(row["overtime"] or 0))
        for ticket in records("day_labor")
        if ticket.data["day_type"] == "normal"
        for row in ticket.data["workers"]
    ]
    assert len(lines) > 300
    assert sum(overtime > 0 for _, overtime in lines) > 20
    assert [pair for pair in lines if pair[1] > 0 and pair[0] < 8] == []


def test_work_outside_the_contract_asks_for_the_owner_where_there_is_one() -> None:
    harbor, others = records("day_labor", "HB01"), records("day_labor", "RV02")
    outside = [one for one in harbor if one.data["outside_contract"]]
    assert 20 < len(outside) < len(harbor) - 20
    assert all(one.data["owner_signature"] for one in outside)
    assert not any(one.data["owner_signature"] for one in others)


def test_a_ticket_inside_the_contract_does_not_speak_of_work_beyond_it() -> None:
    inside = [one for one in records("day_labor") if not one.data["outside_contract"]]
    assert [one.subject for one in inside if "beyond" in one.subject] == []


def test_tickets_name_approved_changes_and_changes_name_their_work() -> None:
    linked = [one.data["change"] for one in records("day_labor") if one.data.get("change")]
    changes = {one.id: one for one in records("change_request")}
    assert len(linked) >= 10
    assert {changes[key].state for key in linked} == {"approved"}
    assert sum(bool(one.data.get("wbs")) for one in changes.values()) >= 15


def test_some_workers_earn_more_from_a_day_on_and_both_rates_were_paid() -> None:
    raised = [one.id for one in records("worker") if len(one.data["rates"]) == 2]
    assert len(raised) >= 5
    paid: dict[str, set[Decimal]] = defaultdict(set)
    rates = select(LaborEntry.worker_id, LaborEntry.rate).where(
        LaborEntry.worker_id.in_(raised), LaborEntry.pay_class == "normal"
    )
    for worker, rate in db.session.execute(rates):
        paid[worker].add(rate)
    assert sum(len(found) == 2 for found in paid.values()) >= 3


def test_changes_outside_the_scope_moved_the_owners_contract() -> None:
    moved = (
        select(FundsEntry.record_id, func.sum(FundsEntry.amount))
        .where(FundsEntry.stage == "contract_change", FundsEntry.direction == "in")
        .group_by(FundsEntry.record_id)
    )
    found = {record: amount for record, amount in db.session.execute(moved) if amount}
    wanted = {
        one.id: Decimal(one.data["owner_amount"])
        for one in (*records("change_request"), *records("site_instruction"))
        if one.data["scope"] == "out" and one.state == "approved"
    }
    assert len(wanted) >= 8
    assert found == wanted
