"""The approval sheet: which signatures still count, what they mean, and why a step was skipped."""

from typing import Any

from portal.printing.services import record_sheet
from portal.records.views import record_page
from portal.reports.sheet import Decision, RecordSheet
from tests.stage import Stage


def printed(stage: Stage, record_id: str, login: str = "rita") -> RecordSheet:
    with stage.looking(login) as viewer, stage.app.test_request_context():
        return record_sheet(record_page(stage.record(record_id), viewer), viewer, stage.now())


def signatures(stage: Stage, record_id: str) -> list[tuple[str, str, str]]:
    """Who decided what, and why it no longer counts."""
    found: tuple[Decision, ...] = printed(stage, record_id).decisions
    return [(one.name, one.decision, one.removed) for one in found]


def with_quantity(stage: Stage, record_id: str, qty: str) -> dict[str, Any]:
    data = stage.record(record_id).data
    return {**data, "lines": [{**data["lines"][0], "qty": qty}]}


def test_signatures_removed_by_a_change_are_printed_as_removed(stage: Stage) -> None:
    record_id = stage.filed()
    stage.approve(record_id, "carl")
    stage.decide("edit", "mark", record_id, data=with_quantity(stage, record_id, "12"))
    stage.approve(record_id, "chloe")
    assert signatures(stage, record_id) == [
        ("Carl", "approved", "removed on 2 Mar 2026: Mark changed values"),
        ("Chloe", "approved", ""),
    ]


def test_signatures_before_a_return_are_printed_as_removed_those_given_anew_are_not(
    stage: Stage,
) -> None:
    record_id = stage.filed(stage.large())
    stage.approve(record_id, "carl", "beth")
    stage.decide("send_back", "bob", record_id, to="check", comment="measure again")
    stage.approve(record_id, "carl")
    gone = "removed on 2 Mar 2026: Bob returned it"
    assert signatures(stage, record_id) == [
        ("Carl", "approved", gone),
        ("Beth", "approved", gone),
        ("Bob", "returned", ""),
        ("Carl", "approved", ""),
    ]


def test_what_an_approval_means_stands_beside_approvals_alone(billing: Stage) -> None:
    record_id = billing.draft("rita", {"title": "Monday", "hours": 8, "is_own": True}, "ticket")
    billing.submit(record_id)
    billing.decide("send_back", "beth", record_id, to="start", comment="which pit?")
    billing.submit(record_id)
    billing.approve(record_id, "bob")
    returned, approved = printed(billing, record_id).decisions
    assert (returned.meaning, returned.comment, returned.is_reason) == ("", "which pit?", True)
    assert (approved.meaning, approved.is_reason) == ("The work was ordered and done.", False)


def test_a_change_that_goes_to_the_requester_is_no_return_by_hand(billing: Stage) -> None:
    record_id = billing.draft("rita", {"title": "Monday", "hours": 8, "is_own": True}, "ticket")
    billing.submit(record_id)
    data = {**billing.record(record_id).data, "hours": 6}
    billing.decide("edit", "beth", record_id, data=data)
    assert printed(billing, record_id).decisions == ()


def test_a_skipped_step_is_printed_with_the_condition(billing: Stage) -> None:
    record_id = billing.filed()
    billing.approve(record_id, "carl")
    told = {step.title: (step.status, step.why) for step in printed(billing, record_id).chain}
    assert told["Board"] == (
        "Skipped", "Only needed if Total is at least 1,000.",
    )  # fmt: skip
    own = billing.draft("rita", {"title": "Monday", "hours": 8, "is_own": True}, "ticket")
    billing.submit(own)
    told = {step.title: (step.status, step.why) for step in printed(billing, own).chain}
    assert told["Crew leader"] == ("Skipped", "Signed by sending it: I lead the crew is yes.")
