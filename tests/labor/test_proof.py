"""From the last signature back: one ticket moves all four centers, and voiding it returns them."""

from datetime import date
from decimal import Decimal

import pytest

from portal.approvals.models import ApprovalEvent
from portal.audit.models import AuditRow
from portal.errors import Invalid
from portal.ledgers.models import CostEntry, FundsEntry, LaborEntry, ProgressEntry
from portal.records.models import Record
from tests.labor.yard import Yard

EXPORTS = (
    "cost.xlsx",
    "funds.xlsx",
    "labor.xlsx?month=2026-03",
    "labor/summary.xlsx?by=team",
    "labor/wages.xlsx",
    "labor/ledger.xlsx?month=2026-03",
    "progress.xlsx",
    "progress/schedule.csv",
    "progress/earned.xlsx",
)
LEDGERS = (CostEntry, FundsEntry, LaborEntry)


def exports(yard: Yard) -> dict[str, bytes]:
    browser = yard.browser("mark")
    found = {}
    for one in EXPORTS:
        answer = browser.get(f"/projects/Y1/{one}")
        assert answer.status_code == 200, one
        found[one] = answer.data
    return found


@pytest.fixture
def week(yard: Yard) -> Yard:
    """Forty signed hours, the last ticket with a quantity reading, accrued at 240."""
    task = {
        "code": "1.1",
        "name": "Clear the yard",
        "type": "task",
        "duration": "10.00",
        "duration_unit": "d",
        "measure": "quantity",
        "planned_qty": "500.00",
        "unit": "m2",
    }
    yard.ids["task"] = yard.entry("mark", "task", "Y1", **task)
    for day in range(2, 6):
        yard.ticket(date(2026, 3, day))
    yard.ticket(date(2026, 3, 6), task=yard.ids["task"], installed="200.00")
    yard.run()
    return yard


def one_more(yard: Yard) -> str:
    """A ticket of six hours in the same week; the run is taken back and made again."""
    extra = yard.ticket(
        date(2026, 3, 7), hours={"anna": "6.00"}, task=yard.ids["task"], installed="260.00"
    )
    (run,) = yard.runs("approved")
    yard.void(run.id, "cora")
    yard.run()
    return extra


def test_a_signature_moves_all_four_centers_and_taking_it_back_returns_them(week: Yard) -> None:
    prior, before = exports(week), week.figures()
    assert before["accrued"] == before["cost"] == before["certified"] == 240
    rows = {model: len(week.rows(model)) for model in (*LEDGERS, ProgressEntry)}
    extra = one_more(week)
    after, moved = exports(week), week.figures()
    assert (moved["hours"], moved["accrued"], moved["certified"]) == (46, 294, 294)
    # without milestones and a baseline these tables have no line for it
    unmoved = {one for one in EXPORTS if after[one] == prior[one]}
    assert unmoved == {"progress.xlsx", "progress/earned.xlsx"}
    week.void(extra)
    assert week.figures() == before
    assert exports(week) == prior, "byte for byte"
    for model in LEDGERS:
        assert len(week.rows(model)) > rows[model], "nothing is deleted"
    assert len(week.rows(ProgressEntry)) > rows[ProgressEntry]
    for measure in ("hours", "amount"):
        assert sum(getattr(one, measure) for one in week.rows(LaborEntry, record_id=extra)) == 0
    votes = [one for one in week.rows(ApprovalEvent, record_id=extra) if one.kind == "voted"]
    assert [one.data["step"] for one in votes] == ["foreman", "site_manager", "labor_officer"]
    assert all(len(one.record_sha256) == 64 for one in votes)
    assert [one.object_id for one in week.rows(AuditRow, action="record.void")][-1] == extra
    assert week.problems() == {}


def test_after_the_payment_the_ticket_stays_and_the_payment_is_named(week: Yard) -> None:
    extra = one_more(week)
    (run,) = week.runs("approved")
    payment = week.payment(run.id)
    with pytest.raises(Invalid) as refused:
        week.void(extra)
    assert refused.value.message.args["number"] == week.record(payment).number
    page = week.browser("lara").get(f"/records/{extra}/void").text
    assert str(week.record(payment).number) in page
    assert week.figures()["accrued"] == Decimal(294)


def test_an_edit_of_hours_on_a_signed_ticket_removes_all_signatures(yard: Yard) -> None:
    ticket = yard.ticket(date(2026, 3, 2), signed=False)
    yard.decide("approve", "fred", ticket)
    data = yard.record(ticket).data
    rows = [{**row, "hours": "7.00"} for row in data["workers"]]
    yard.decide("edit", "sam", ticket, data={**data, "workers": rows})
    assert yard.open_tasks(ticket) == {"fred"}
    removed = [one for one in yard.rows(ApprovalEvent, record_id=ticket) if one.kind == "restarted"]
    assert [one["step"] for event in removed for one in event.data["removed"]] == ["foreman"]
    assert yard.figures()["hours"] == 0
    standing = sum(one.hours for one in yard.rows(LaborEntry, signed=False))
    assert standing == 7
    page = yard.browser("lara").get(f"/records/{ticket}").text
    assert "the signatures of Fred are removed" in page


def test_a_signed_ticket_is_amended_by_voiding_and_filing_again(yard: Yard) -> None:
    ticket = yard.ticket(date(2026, 3, 2))
    yard.void(ticket)
    again = yard.ticket(date(2026, 3, 2), hours={"anna": "7.00"})
    assert yard.figures()["hours"] == 7
    first, second = yard.record(ticket), yard.record(again)
    assert (first.state, second.state) == ("void", "approved")
    assert first.number != second.number
    assert len(yard.rows(Record, form="day_labor")) == 2
