"""How the demo's approved applications are paid: on time, late, in parts, or not yet."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.accounts.models import Person
from portal.accounts.sessions import viewer_of
from portal.approvals import services as approvals
from portal.db import begin_write, db, set_context, system_context
from portal.errors import Forbidden, Invalid
from portal.funds.queries import funds_sheets
from portal.ids import new_id
from portal.projects.models import Project
from portal.projects.queries import brief_of
from portal.records import services as records
from portal.records.models import Attachment, Record
from portal.web.viewer import Viewer


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


def file_voucher(application: Record, **typed: str) -> Record:
    """The cashier files a voucher as the page would."""
    cashier = person("sun.yue")
    set_context(db.session(), cashier)
    data = {
        "application": application.id,
        "paid_on": clock.now().date().isoformat(),
        "voucher_no": f"TEST-{len(typed)}-{new_id()}",
        "method": "cash",
        **typed,
    }
    origin = records.Origin("payment_voucher", application.project_id, data)
    now = clock.now()
    draft = records.start_draft(actor=cashier, record_id="", origin=origin, now=now)
    records.save_draft(actor=cashier, record=draft, data=data, now=now)
    return approvals.submit(
        actor=cashier, record_id=draft.id, seen_revision=draft.revision, now=now
    )


def person(login: str) -> Viewer:
    return viewer_of(db.session.scalars(select(Person.id).where(Person.login == login)).one())


def figures(application: Record) -> tuple[Decimal, Decimal]:
    """(paid, to pay) of the contract of an application."""
    project = db.session.get(Project, application.project_id)
    contract = application.data["contract"]
    (row,) = (
        row
        for sheet in funds_sheets(brief_of(project))
        for row in sheet.rows
        if row.contract is not None and row.contract.id == contract
    )
    return row.figures["paid"].value, row.figures["due"].value


@pytest.fixture
def unpaid() -> Iterator[Record]:
    """An approved application without a voucher; what is done to it is taken back."""
    paid = vouchers_by_application()
    key = next(one.id for one in approved("payment") if not paid[one.id])
    db.session.rollback()  # what was read, so that writing begins a transaction of its own
    begin_write()
    yield db.session.scalars(select(Record).where(Record.id == key)).one()
    db.session.rollback()


def test_vouchers_move_what_is_paid_and_to_pay_and_never_more_than_is_left(unpaid: Record) -> None:
    paid, due = figures(unpaid)
    net = Decimal(unpaid.data["net_due"])
    file_voucher(unpaid, partial_amount="1000.00")
    assert figures(unpaid) == (paid + 1000, due - 1000)
    with pytest.raises(Invalid) as refused:
        file_voucher(unpaid, partial_amount=f"{net - 1000 + Decimal('0.01')}")
    assert [(one.path, one.code) for one in refused.value.errors] == [
        ("partial_amount", "amount_within_left")
    ]
    assert file_voucher(unpaid).amount == net - 1000
    assert figures(unpaid) == (paid + net, due - net)
    with pytest.raises(Invalid) as refused:
        file_voucher(unpaid)
    assert [one.code for one in refused.value.errors] == ["something_left"]


def test_a_voucher_number_pays_once(unpaid: Record) -> None:
    file_voucher(unpaid, partial_amount="1000.00", voucher_no="V-1")
    with pytest.raises(Invalid) as refused:
        file_voucher(unpaid, partial_amount="2000.00", voucher_no="v-1")
    assert [(one.path, one.code) for one in refused.value.errors] == [("voucher_no", "unique")]


def test_who_applies_for_money_files_no_voucher(unpaid: Record) -> None:
    applicant = db.session.get(Person, unpaid.requester_id)
    assert applicant is not None
    origin = records.Origin("payment_voucher", unpaid.project_id, {})
    with pytest.raises(Forbidden):
        records.start_draft(
            actor=person(applicant.login), record_id="", origin=origin, now=clock.now()
        )
