"""Signatures fall when a signed ticket changes; what is approved is amended by voiding it."""

from datetime import date

from portal.approvals.models import ApprovalEvent
from portal.ledgers.models import LaborEntry
from portal.records.models import Record
from tests.labor.yard import Yard


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
