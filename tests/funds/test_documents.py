"""Money is owed, invoiced, paid and received by documents; what would pay twice is refused."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db, unscoped
from portal.errors import Forbidden, Invalid
from portal.funds.outlook import outlooks
from portal.projects.models import Project
from portal.projects.queries import brief_of
from portal.records.entry import choosing, opening
from portal.records.models import Record
from tests.conftest import Lending
from tests.funds.company import CASHIER, ENGINEER, FINANCE, Firm, P, found_firm, money


@pytest.fixture
def firm(app: Flask, lending: Lending) -> Firm:
    return lending.once(found_firm, app)


def refused(call: Any, *args: Any, **kwargs: Any) -> str:
    """What filing something says that is refused."""
    with pytest.raises(Invalid) as error:
        call(*args, **kwargs)
    return " ".join([str(error.value.message), *(str(one.message) for one in error.value.errors)])


def test_a_voucher_pays_an_application_from_an_account_and_never_more_than_is_left(
    firm: Firm,
) -> None:
    with firm.at_work():
        account = firm.account("Project account", "900000.00")
        contract = firm.contract("E-1")
        application = firm.application(contract, "100.000")
        assert application.data["net_due"] == "95000.00"
        firm.wait(days=20)
        part = firm.voucher(application=application.id, account=account, partial_amount="60000.00")
        assert money("cash", settles_id=application.id, account_id=account) == 60000
        assert money("cash", category="progress", contract_id=contract.id) == 60000
        assert part.data["left_after"] == "35000.00"
        said = refused(
            firm.voucher, application=application.id, account=account, partial_amount="35000.01"
        )
        assert "more than is left" in said
    with firm.at_work():
        firm.voucher(application=application.id, account=account)
        assert "Nothing is left to pay" in refused(firm.voucher, application=application.id)
    with firm.at_work():
        assert money("cash", settles_id=application.id) == 95000


def test_retention_is_released_after_its_signatures_and_paid_as_such(firm: Firm) -> None:
    with firm.at_work():
        contract = firm.contract("E-1")
        firm.application(contract, "100.000")
        typed = {"contract": contract.id, "due_on": "2026-06-30", "reason": "handover"}
        said = refused(firm.file, ENGINEER, "retention_release", **typed, defects_open=True)
        assert "defects" in said
    with firm.at_work():
        release = firm.signed(ENGINEER, "retention_release", **typed, defects_open=False)
        assert release.data["amount"] == "5000.00"
        assert money("retention_release", contract_id=contract.id) == 5000
        firm.voucher(release=release.id)
        assert money("cash", category="retention", settles_id=release.id) == 5000
        assert "Nothing is left to pay" in refused(firm.voucher, release=release.id)
    with firm.at_work():
        again = refused(firm.file, ENGINEER, "retention_release", **typed, defects_open=False)
        assert "No retention is outstanding" in again


def test_the_owner_certifies_less_than_was_applied_for_and_pays_that(firm: Firm) -> None:
    with firm.at_work():
        account = firm.account("Project account")
        contract = firm.contract("I-1", "income")
        claim = firm.certificate(contract, "200.000", cut="180.000")
        assert claim.data["work_claimed"] == "200000.00"
        assert claim.data["net_due"] == "171000.00"  # 180,000 less 5 % retention
        assert money("certified", "in") == 180000
        assert money("claim", "in") == 0  # decided: what was pending is taken back
        firm.receipt(certificate=claim.id, account=account, part="100000.00")
        assert "more than is left" in refused(firm.receipt, certificate=claim.id, part="71000.01")
    with firm.at_work():
        firm.receipt(certificate=claim.id, account=account)
        assert money("cash", "in", settles_id=claim.id, account_id=account) == 171000
        assert "Nothing is left to receive" in refused(firm.receipt, certificate=claim.id)
    with firm.at_work():
        due = firm.signed(
            ENGINEER,
            "retention_claim",
            contract=contract.id,
            due_on="2026-07-31",
            reason="handover",
        )
        firm.receipt(retention=due.id, account=account)
        assert money("cash", "in", category="retention") == 9000


def test_the_next_certificate_counts_from_what_was_certified(firm: Firm) -> None:
    with firm.at_work():
        contract = firm.contract("I-1", "income")
        firm.certificate(contract, "200.000", cut="180.000")
        firm.wait(days=30)
        second = firm.certificate(contract, "100.000")
        assert second.data["application_no"] == 2
        assert second.data["lines"][0]["to_date_qty"] == "280.000"
        assert second.data["work_this"] == "100000.00"
        assert money("certified", "in") == 280000


def test_an_invoice_number_of_a_party_is_registered_once(firm: Firm) -> None:
    with firm.at_work():
        contract, other = firm.contract("E-1"), firm.story.ids["party:S-002"]
        row = {"number": "3100-77", "issued_on": firm.today, "total": "109000.00"}
        typed = {"contract": contract.id, "party": contract.data["party"], "invoices": [row]}
        typed |= {"received_on": firm.today, "numbers_match": True}
        firm.file(FINANCE, "supplier_invoice", **typed)
        assert money("invoiced", contract_id=contract.id) == 109000
        assert "registered already" in refused(firm.file, FINANCE, "supplier_invoice", **typed)
    with firm.at_work():
        firm.file(FINANCE, "supplier_invoice", **{**typed, "party": other})  # another's number
        assert money("invoiced", party_id=other) == 109000
        said = refused(firm.file, FINANCE, "supplier_invoice", **{**typed, "invoices": [row, row]})
        assert "twice" in said


def test_money_moves_between_accounts_and_adds_nothing(firm: Firm) -> None:
    with firm.at_work():
        bank = firm.account("Project account", "50000.00")
        typed = {"kind": "petty_cash", "bank_name": None, "number": None}
        purse = firm.account("Petty cash", **typed, holder=firm.story.ids["person:chen.li"])
        move = {"from_account": bank, "to_account": purse, "amount": "8000.00", "on": firm.today}
        firm.signed(CASHIER, "funds_transfer", purpose="Petty cash", **move)
        assert money("transfer", "out", account_id=bank) == 8000
        assert money("transfer", "in") - money("transfer", "out") == 50000
        line = {"spent_on": firm.today, "what": "Gloves", "amount": "565.00", "tax": "65.00"}
        line["cost_code"] = firm.story.ids["code:05.02"]
        paid = {"account": purse, "paid_on": firm.today}
        firm.signed("chen.li", "expense_claim", {}, paid, purpose="Gloves", lines=[line])
        assert money("cash", account_id=purse) == 565
        assert money("certified", category="overhead") == 565


def test_a_deposit_comes_back_at_most_once(firm: Firm) -> None:
    with firm.at_work():
        typed = {"kind": "performance", "purpose": "Performance deposit", "amount": "300000.00"}
        typed |= {"party": firm.story.ids["party:C-001"], "due_on": "2026-12-31"}
        paid = {"paid_on": firm.today}
        deposit = firm.signed(ENGINEER, "deposit", {}, paid, **typed)
        assert money("deposit", settles_id=deposit.id) == 300000
        back = {"deposit": deposit.id, "returned_on": firm.today}
        firm.file(CASHIER, "deposit_return", **back, bank_reference="R1", part="100000.00")
        firm.file(CASHIER, "deposit_return", **back, bank_reference="R2")
        assert money("deposit", "in") == Decimal(300000)
        assert "returned in full" in refused(
            firm.file, CASHIER, "deposit_return", **back, bank_reference="R3"
        )


def test_a_plan_is_signed_by_amount_and_posts_line_by_line(firm: Firm) -> None:
    with firm.at_work():
        contract = firm.contract("E-1")
        lines = [
            {"on": "2026-05-10", "direction": "out", "category": "progress", "amount": "1200000.00"}
            | {"contract": contract.id},
            {"on": "2026-05-20", "direction": "in", "category": "funding", "amount": "900000.00"},
        ]
        plan = firm.signed(ENGINEER, "funds_plan", title="May", month="2026-05-01", lines=lines)
        assert plan.state == "approved"
        assert money("plan", contract_id=contract.id, category="progress") == 1200000
        assert money("plan", "in", category="funding") == 900000


def test_who_may_not_file_money(firm: Firm) -> None:
    for form in ("receipt", "funds_transfer", "deposit_return", "bank_account", "funding"):
        with firm.at_work(), pytest.raises(Forbidden):
            firm.file("chen.li", form)


def test_what_is_paid_in_full_is_offered_no_more(firm: Firm) -> None:
    """Also while the voucher that takes the rest is itself at hand, it stays offered to it."""
    with firm.at_work():
        contract = firm.contract("E-1")
        first = firm.application(contract, "100.000")
        firm.wait(days=5)
        second = firm.application(contract, "50.000")
        assert offered(firm, "application") == {first.id, second.id}
        firm.voucher(application=first.id, partial_amount="94999.99")
        assert offered(firm, "application") == {first.id, second.id}  # a cent is left
        last = firm.voucher(application=first.id)
        assert offered(firm, "application") == {second.id}
        assert offered(firm, "application", last) == {first.id, second.id}


def offered(firm: Firm, field: str, voucher: Record | None = None) -> set[str]:
    """What the voucher's link offers the cashier."""
    viewer = firm.story.become(CASHIER)
    if voucher is None:
        voucher = firm.story.draft(CASHIER, "payment_voucher", P, {})
    entry = opening.saved_entry(viewer, voucher.id, None, firm.story.now)
    return {one.value for one in choosing.offered(entry, entry.definition.fields[field])}


def test_fund_1_by_documents_a_plan_then_its_certificate_then_its_payment(firm: Firm) -> None:
    """The same 95,000 planned, certified, paid: the projection never says twice as much."""

    def goes_out() -> tuple[Decimal, Decimal]:
        firm.story.become(FINANCE)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("portal.clock.now", lambda: firm.story.now)
            (one,) = outlooks(brief_of(the_project()))
        months = one.projection.months
        total = sum((m.actual_out + m.expected_out for m in months), Decimal(0))
        return total, one.projection.lines[0].remaining

    with firm.at_work():
        contract = firm.contract("E-1")
        line = {"on": "2026-04-10", "direction": "out", "category": "progress"}
        lines = [{**line, "contract": contract.id, "amount": "95000.00"}]
        firm.signed(ENGINEER, "funds_plan", title="April", month="2026-04-01", lines=lines)
        assert goes_out() == (95000, 95000)
        firm.wait(days=10)
        application = firm.application(contract, "100.000")  # due in April
        assert goes_out() == (95000, 0)
        firm.wait(days=30)
        firm.voucher(application=application.id, partial_amount="40000.00")
        assert goes_out() == (95000, 0)
        firm.voucher(application=application.id)
        assert goes_out() == (95000, 0)


def test_fund_1_by_documents_money_of_the_month_before_counts_for_the_plan(firm: Firm) -> None:
    """Planned for the first of a month, certified and paid at the end of the month before."""

    def goes_out() -> Decimal:
        firm.story.become(FINANCE)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("portal.clock.now", lambda: firm.story.now)
            (one,) = outlooks(brief_of(the_project()))
        return sum((m.actual_out + m.expected_out for m in one.projection.months), Decimal(0))

    with firm.at_work():
        contract = firm.contract("E-1")
        paid_in_advance = goes_out()
        line = {"on": "2026-06-05", "direction": "out", "category": "progress"}
        lines = [{**line, "contract": contract.id, "amount": "95000.00"}]
        firm.signed(ENGINEER, "funds_plan", title="June", month="2026-06-01", lines=lines)
        firm.wait(days=10)
        application = firm.application(contract, "100.000")  # due in April
        assert goes_out() == paid_in_advance + 95000
        firm.wait(days=30)
        firm.voucher(application=application.id)
        assert goes_out() == paid_in_advance + 95000


def the_project() -> Project:
    statement = select(Project).where(Project.code == P)
    return db.session.scalars(unscoped(statement, "tests look at their project")).one()
