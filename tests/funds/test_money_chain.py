"""PAY-1 as it is filed, signed and paid; and money that would move twice, too early or too much."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal.approvals import services as approvals
from portal.approvals import voiding
from portal.db import db
from portal.errors import Invalid, PortalError
from portal.funds.columns import COLUMNS
from portal.funds.queries import funds_sheets
from portal.ledgers.models import FundsEntry
from portal.projects import services as projects
from portal.projects.models import Project
from portal.projects.queries import brief_of
from tests.approvals.racing import Act, together
from tests.conftest import Lending
from tests.funds.certificates import claim
from tests.house import House, house

__all__ = ["house"]
SIGNERS = ("sam", "carla", "dora")  # above a million


@pytest.fixture
def works(house: House, lending: Lending) -> House:
    """The house with the contract of PAY-1, in units of 10,000."""
    return lending.once(_house_of_pay_1, house)


def _house_of_pay_1(house: House) -> House:
    line = {"_id": "c1", "item": "1", "description": "Works", "unit": "m", "qty": "5000"}
    line |= {"unit_price": "10000.00", "cost_code": house.entries["cost_code"]}
    agreed = {
        "code": "PAY-1", "name": "Works", "direction": "expense", "signed_on": "2026-03-01",
        "party": house.entries["supplier"], "tax_percent": "0.00", "payment_days": 30,
        "lines": [line], "advance_rule": "linear", "advance_amount": "5000000.00",
        "advance_paid_on": "2026-03-01", "start_percent": "20.00", "end_percent": "70.00",
        "retention_percent": "10.00", "retention_cap_percent": "5.00",
        "material_percent": "90.00", "material_parts": 3,
        "release_plan": [
            {"upon": "handover", "due_on": "2027-06-30", "share": "60.00"},
            {"upon": "defects_period", "due_on": "2029-06-30", "share": "40.00"},
        ],
    }  # fmt: skip
    house.entries["pay_1"] = house.entry("bea", "contract", "P1", **agreed)
    _member(house, "cass")
    return house


def change_of(house: House, amount: str) -> str:
    line = {"_id": "l1", "cost_code": house.entries["cost_code"], "description": "More"}
    line |= {"qty": "1", "unit": "lot", "unit_price": amount}
    risk = {"probability_before": 3, "impact_before": 3, "probability_after": 1, "impact_after": 2}
    data = {"title": "More", "reason": "site", "affected_scope": "Berth", "description": "Rock"}
    data |= {"scope": "in", "contract": house.entries["pay_1"], "lines": [line], **risk}
    made = house.file("quin", "change_request", **data)
    house.pass_on(made, "pete", "cass", "fay")
    return house.pass_on(made, *house.open_tasks(made))  # the sponsor, of a large one


def application(house: House, work: str, **more: Any) -> str:
    day = house.now().date().isoformat()
    data = {"contract": house.entries["pay_1"], "period_to": day, "invoice_date": day}
    data |= {"invoice_no": f"F-{day}", "lines": [{"_id": "c1", "this_qty": work}], **more}
    return house.file("bea", "payment", **data)


def certified(house: House, work: str, **more: Any) -> str:
    return house.pass_on(application(house, work, **more), *SIGNERS)


def addition(house: House, kind: str, amount: str, of: str = "") -> dict[str, Any]:
    row = claim(amount) if kind == "claim" else {"kind": kind, "description": "More"}
    row |= {"_id": f"{kind}{amount}", "amount": amount, "cost_code": house.entries["cost_code"]}
    return row | ({"change": of} if of else {})


def four_months(house: House) -> list[str]:
    made = [certified(house, "500", materials_delivered="3000000.00")]
    house.now.at += timedelta(days=30)
    rows = [
        addition(house, "change", "1000000.00", change_of(house, "1000000.00")),
        addition(house, "claim", "100000.00"),
    ]
    made.append(certified(house, "1500", additions=rows))
    house.now.at += timedelta(days=30)
    rows = [addition(house, "change", "2000000.00", change_of(house, "2000000.00"))]
    made.append(certified(house, "2000", additions=rows))
    house.now.at += timedelta(days=30)
    made.append(certified(house, "1000"))
    return made


def sheet(house: House) -> dict[str, Decimal]:
    with house.system():
        project = db.session.get_one(Project, house.projects["P1"])
        own = house.entries["pay_1"]
        rows = [row for one in funds_sheets(brief_of(project)) for row in one.rows]
        found = next(row for row in rows if row.contract and row.contract.id == own)
        return {one.key: found.figures[one.key].value / 10000 for one in COLUMNS}


def void(house: House, record_id: str, login: str = "fay") -> None:
    seen = house.record(record_id).revision
    with house.acting(login) as viewer:
        voiding.void(
            actor=viewer, record_id=record_id, seen_revision=seen, reason="x", now=house.now()
        )


def cash(house: House, **where: Any) -> Decimal:
    return sum((one.amount for one in house.rows(FundsEntry, stage="cash", **where)), Decimal(0))


def voucher(house: House, of: str, **more: Any) -> str:
    number = f"V-{len(house.rows(FundsEntry, stage='cash'))}-{more.get('partial_amount')}"
    data = {"application": of, "voucher_no": number, "paid_on": house.now().date().isoformat()}
    data["method"] = "cash"
    return house.file("cass", "payment_voucher", **{**data, **more})


def test_pay_1_filed_signed_and_paid(works: House) -> None:
    made = four_months(works)
    net = [Decimal(works.record(one).data["net_due"]) / 10000 for one in made]
    assert net == [720, 1140, 1790, 910]
    found = sheet(works)
    keys = ("original", "changed", "certified", "advance_paid", "advance_open", "retention")
    assert [found[key] for key in keys] == [5000, 300, 5310, 770, 0, 250]
    assert found["net_due"] == sum(net) + 500
    for one in made:
        voucher(works, one)
    assert sheet(works)["due"] == 0
    assert works.problems() == {}


def test_open_advance_and_retention_at_each_step(works: House) -> None:
    certified(works, "500", materials_delivered="3000000.00")
    found = sheet(works)
    assert (found["advance_open"], found["retention"], found["net_due"]) == (770, 50, 1220)
    works.now.at += timedelta(days=30)
    certified(works, "1600")  # 2,100 to date, as in the second month
    found = sheet(works)
    assert (found["advance_open"], found["retention"]) == (770 - 220 - 90, 210)


def test_number_two_is_not_voided_while_three_exists_and_both_restore_what_was(
    works: House,
) -> None:
    first = certified(works, "500")
    prior = sheet(works)
    works.now.at += timedelta(days=30)
    second = certified(works, "1500")
    works.now.at += timedelta(days=30)
    third = application(works, "2000")  # in approval is enough
    with pytest.raises(Invalid) as refused:
        void(works, second)
    told = [str(one.message) for one in refused.value.errors]
    assert any(str(works.record(third).number) in text for text in told)
    works.pass_on(third, *SIGNERS)
    with pytest.raises(Invalid):
        void(works, second)
    void(works, third)
    void(works, second)
    assert sheet(works) == prior
    assert works.record(first).state == "approved"
    assert works.problems() == {}


def test_a_paid_certificate_is_voided_after_its_voucher(works: House) -> None:
    first = certified(works, "500")
    paid = voucher(works, first)
    with pytest.raises(Invalid) as refused:
        void(works, first)
    assert str(works.record(paid).number) in str(refused.value.errors[0].message)
    void(works, paid)
    void(works, first)
    assert sheet(works)["due"] == 0


def test_a_change_may_be_voided_until_it_is_certified(works: House) -> None:
    changed, other = change_of(works, "1000000.00"), change_of(works, "500000.00")
    works.now.at += timedelta(hours=1)
    first = certified(works, "500", additions=[addition(works, "change", "1000000.00", changed)])
    assert works.record(first).data["changes_approved"] == "1500000.00"
    with pytest.raises(Invalid) as refused:
        void(works, changed, "carla")
    assert str(works.record(first).number) in str(refused.value.errors[0].message)
    void(works, other, "carla")  # the certificate only said how it stood
    works.now.at += timedelta(days=30)
    second = certified(works, "300")
    assert works.record(second).data["changes_approved"] == "1000000.00"


def test_nothing_is_paid_before_it_is_certified(works: House) -> None:
    waiting = application(works, "500")
    with pytest.raises(PortalError):
        voucher(works, waiting)
    works.pass_on(waiting, *SIGNERS)
    voucher(works, waiting)
    assert cash(works, settles_id=waiting) == 4_500_000


@pytest.mark.parametrize("amount", ["-1.00", "0.00", "4500000.01", "99999999999.00"])
def test_amounts_that_cannot_be_are_refused(works: House, amount: str) -> None:
    first = certified(works, "500")
    with pytest.raises(Invalid):
        voucher(works, first, partial_amount=amount)
    assert cash(works, settles_id=first) == 0


def test_two_vouchers_at_once_do_not_both_pay(works: House) -> None:
    """On both databases: each alone is within what is left, together they are not."""
    first = certified(works, "500")
    day = works.now().date().isoformat()
    drafts = [
        works.draft(
            "cass",
            {"application": first, "voucher_no": number, "paid_on": day, "method": "cash"}
            | {"partial_amount": "3000000.00"},
            "payment_voucher",
        )
        for number in ("A", "B")
    ]
    done = together(works, *(_sending(works, one) for one in drafts))
    assert sorted(one.won for one in done) == [False, True]
    assert cash(works, settles_id=first) == 3_000_000


def _sending(house: House, record_id: str, login: str = "cass") -> Act:
    seen = house.record(record_id).revision

    def act(place: Any) -> None:
        with place.acting(login) as viewer:
            approvals.submit(actor=viewer, record_id=record_id, seen_revision=seen, now=house.now())

    return act


def test_retention_falls_due_as_the_contract_says(works: House) -> None:
    certified(works, "3000")  # holds the cap, 250
    own = works.entries["pay_1"]

    def release(due: str, **more: Any) -> str:
        data = {"contract": own, "due_on": due, "reason": "handover", "defects_open": False}
        made = works.file("bea", "retention_release", **{**data, **more})
        return works.pass_on(made, "sam", "carla", "max")

    with pytest.raises(Invalid) as early:
        release("2027-06-29")
    assert [one.path for one in early.value.errors] == ["due_on"]
    first = release("2027-06-30")
    assert works.record(first).data["amount"] == "1500000.00"
    works.now.at += timedelta(hours=1)
    second = release("2029-06-30")
    assert works.record(second).data["amount"] == "1000000.00"
    assert sheet(works)["retention"] == 0


def test_two_applications_and_two_invoices_at_once_do_not_both_pass(works: House) -> None:
    day, own = works.now().date().isoformat(), works.entries["pay_1"]
    measured = {"contract": own, "period_to": day, "invoice_date": day}
    applied = [
        works.draft(
            "bea",
            {**measured, "invoice_no": number, "lines": [{"_id": "c1", "this_qty": "100"}]},
            "payment",
        )
        for number in ("A", "B")
    ]
    row = {"_id": "i1", "number": "3100-1", "issued_on": day, "total": "100.00"}
    party = works.entries["supplier"]
    bill = {"contract": own, "party": party, "received_on": day, "numbers_match": True}
    _member(works, "fay")
    invoices = [
        works.draft("fay", {**bill, "invoices": [row]}, "supplier_invoice") for _ in range(2)
    ]
    for login, drafts in (("bea", applied), ("fay", invoices)):
        done = together(works, *(_sending(works, one, login) for one in drafts))
        assert sorted(one.won for one in done) == [False, True]
    assert len(works.rows(FundsEntry, stage="invoiced")) == 1
    assert len(works.rows(FundsEntry, stage="claim")) == 1


def test_a_certificate_of_another_project_is_not_paid_here(works: House) -> None:
    """Amounts are in the currency of their project: what another one owes is out of reach."""
    first = certified(works, "500")
    with works.system(writing=True):
        projects.add_member(
            actor=None, project_id=works.projects["P2"], person_id=works.people["cass"],
            role="member", now=works.now(),
        )  # fmt: skip
    day = works.now().date().isoformat()
    data = {"application": first, "voucher_no": "X", "paid_on": day, "method": "cash"}
    with pytest.raises(Invalid) as refused:
        works.submit(works.draft("cass", data, "payment_voucher", "P2"), "cass")
    assert "foreign_record" in {one.code for one in refused.value.errors}
    assert cash(works, settles_id=first) == 0


def _member(house: House, login: str) -> None:
    with house.system(writing=True):
        projects.add_member(
            actor=None, project_id=house.projects["P1"], person_id=house.people[login],
            role="member", now=house.now(),
        )  # fmt: skip
