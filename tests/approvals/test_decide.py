"""Deciding: the chain is walked, what was seen is what is signed, refusals change nothing."""

from typing import Any

import pytest

from portal.approvals import services as approvals
from portal.approvals.models import ApprovalEvent, Task
from portal.approvals.services import Seen
from portal.approvals.shell import Refused
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.ledgers.models import CostEntry
from portal.notify.models import Notice
from portal.records.models import RecordParticipant
from tests.stage import Stage


def standing(stage: Stage) -> dict[str, int]:
    """Amounts by bucket, reversals counted."""
    found: dict[str, int] = {}
    for entry in stage.rows(CostEntry):
        found[entry.bucket] = found.get(entry.bucket, 0) + int(entry.amount)
    return {bucket: amount for bucket, amount in found.items() if amount}


def told(stage: Stage, login: str) -> list[str]:
    return [row.kind for row in stage.rows(Notice, person_id=stage.people[login])]


def test_a_small_purchase_is_checked_signed_and_posted(stage: Stage) -> None:
    record_id = stage.filed()
    assert standing(stage) == {"commit_pending": 200}
    stage.approve(record_id, "carl")
    assert stage.open_tasks(record_id) == {"mark"}
    stage.approve(record_id, "mark")
    assert stage.record(record_id).state == "approved"
    assert standing(stage) == {"commit": 200}
    assert stage.open_tasks(record_id) == set()
    assert told(stage, "rita")[-1] == "approved"
    parts = {
        (row.person_id, row.part) for row in stage.rows(RecordParticipant, record_id=record_id)
    }
    assert (stage.people["fin"], "copied") in parts
    assert stage.problems() == {}


def test_a_large_purchase_needs_two_of_the_board(stage: Stage) -> None:
    record_id = stage.filed(stage.large())
    stage.approve(record_id, "carl", "beth")
    assert stage.open_tasks(record_id) == {"bob", "bill", "eve"}
    stage.approve(record_id, "bob")
    assert stage.open_tasks(record_id) == {"mark"}
    stage.approve(record_id, "mark")
    assert standing(stage) == {"commit": 2000}


def test_a_rejection_ends_it_and_leaves_no_figure(stage: Stage) -> None:
    record_id = stage.filed()
    stage.decide("reject", "carl", record_id, comment="too dear")
    assert stage.record(record_id).state == "rejected"
    assert standing(stage) == {}
    assert stage.open_tasks(record_id) == set()
    assert stage.problems() == {}


def test_a_vote_that_cannot_be_won_any_more_rejects(stage: Stage) -> None:
    record_id = stage.filed(stage.large())
    stage.approve(record_id, "carl")
    for login in ("beth", "bob"):
        stage.decide("reject", login, record_id)
        assert stage.record(record_id).state == "submitted"
    stage.decide("reject", "bill", record_id)
    assert stage.record(record_id).state == "rejected"


@pytest.mark.parametrize("verb", ["reject", "send_back"])
def test_a_reason_is_needed(stage: Stage, verb: str) -> None:
    record_id = stage.filed()
    more = {"to": "start"} if verb == "send_back" else {}
    with pytest.raises(Refused) as refused:
        stage.decide(verb, "carl", record_id, comment="  ", **more)
    assert refused.value.code == "comment_required"
    assert stage.record(record_id).state == "submitted"


def test_a_reason_longer_than_the_log_keeps_is_refused_not_cut(stage: Stage) -> None:
    record_id = stage.filed()
    with pytest.raises(Invalid):
        stage.decide("reject", "carl", record_id, comment="x" * 4_001)
    stage.decide("reject", "carl", record_id, comment="x" * 4_000)


@pytest.mark.parametrize("login", ["rita", "chloe", "mark", "olga", "audrey", "oskar"])
def test_a_task_is_decided_by_its_holder_alone(stage: Stage, login: str) -> None:
    record_id = stage.filed()
    task_id, seen = stage.task("carl", record_id)
    with pytest.raises(NotFound), stage.acting(login) as viewer:
        approvals.approve(actor=viewer, task_id=task_id, seen=seen, now=stage.now())
    assert stage.open_tasks(record_id) == {"carl", "chloe"}


def test_who_lost_their_seat_to_another_is_told_who_decided(stage: Stage) -> None:
    record_id = stage.filed()
    task_id, seen = stage.task("chloe", record_id)
    stage.approve(record_id, "carl")
    with pytest.raises(Refused) as refused, stage.acting("chloe") as chloe:
        approvals.approve(actor=chloe, task_id=task_id, seen=seen, now=stage.now())
    assert (refused.value.code, refused.value.status) == ("already_approved", 409)
    assert refused.value.message.args["person"] == "Carl"


@pytest.mark.parametrize("wrong", [Seen(1, 1), Seen(1, 99), Seen(9, 2), Seen(0, 2)])
def test_a_decision_on_something_else_than_what_is_there_is_refused(
    stage: Stage, wrong: Seen
) -> None:
    record_id = stage.filed()
    task_id, _ = stage.task("carl", record_id)
    with pytest.raises((Conflict, Refused)) as refused, stage.acting("carl") as carl:
        approvals.approve(actor=carl, task_id=task_id, seen=wrong, now=stage.now())
    assert refused.value.status in {404, 409}
    assert [row.kind for row in stage.rows(ApprovalEvent)] == ["started", "entered"]


def test_a_returned_request_goes_back_to_its_requester_and_is_sent_again(stage: Stage) -> None:
    record_id = stage.filed(stage.large())
    number = stage.record(record_id).number
    stage.approve(record_id, "carl", "beth")
    stage.decide("send_back", "bob", record_id, to="start", comment="split it")
    assert stage.record(record_id).state == "returned"
    assert standing(stage) == {}
    assert stage.open_tasks(record_id) == set()
    line = {**stage.record(record_id).data["lines"][0], "qty": "7"}
    stage.submit(record_id, data={**stage.record(record_id).data, "lines": [line]})
    again = stage.record(record_id)
    assert (again.state, again.number, again.data["total"]) == ("submitted", number, "1400.00")
    assert standing(stage) == {"commit_pending": 1400}
    assert stage.open_tasks(record_id) == {"carl", "chloe"}
    stage.approve(record_id, "carl", "beth", "bob", "mark")
    assert standing(stage) == {"commit": 1400}
    assert stage.problems() == {}


def test_what_changed_since_it_was_returned_is_kept_although_drafts_were_saved(
    stage: Stage,
) -> None:
    from portal.records import services as records
    from portal.records.models import RecordRevision

    record_id = stage.filed()
    stage.decide("send_back", "carl", record_id, to="start")
    with stage.acting("rita") as rita:
        mine = records.editable(
            actor=rita, record_id=record_id, seen_revision=stage.record(record_id).revision
        )
        records.save_draft(
            actor=rita, record=mine, data={**mine.data, "title": "Less"}, now=stage.now()
        )
    stage.submit(record_id)
    newest = max(stage.rows(RecordRevision, record_id=record_id), key=lambda row: row.revision)
    assert [(c["path"], c["after"]) for c in newest.changes] == [("title", "Less")]


def test_it_is_returned_as_often_as_the_workflow_says(stage: Stage) -> None:
    record_id = stage.filed()
    for _ in range(2):
        stage.decide("send_back", "carl", record_id, to="start")
        stage.submit(record_id)
    with pytest.raises(Refused) as refused:
        stage.decide("send_back", "carl", record_id, to="start")
    assert refused.value.code == "too_many_returns"


def test_a_step_returns_only_where_the_workflow_says(stage: Stage) -> None:
    record_id = stage.filed()
    for to in ("sign", "check", "nowhere", ""):
        with pytest.raises(Refused):
            stage.decide("send_back", "carl", record_id, to=to)


def withdraw(stage: Stage, record_id: str, login: str = "rita") -> None:
    with stage.acting(login) as viewer:
        approvals.withdraw(actor=viewer, record_id=record_id, comment="", now=stage.now())


def test_its_requester_withdraws_it(stage: Stage) -> None:
    record_id = stage.filed()
    with pytest.raises(Refused) as refused:
        withdraw(stage, record_id, "ron")
    assert refused.value.status == Forbidden.status
    withdraw(stage, record_id)
    assert stage.record(record_id).state == "withdrawn"
    assert (standing(stage), stage.open_tasks(record_id)) == ({}, set())
    with pytest.raises(Conflict):
        withdraw(stage, record_id)
    assert stage.problems() == {}


def test_a_returned_record_that_is_withdrawn_ends_as_it_was_signed(stage: Stage) -> None:
    from portal.records import services as records

    record_id = stage.filed()
    signed = stage.record(record_id)
    stage.decide("send_back", "carl", record_id, to="start")
    with stage.acting("rita") as rita:
        mine = records.editable(actor=rita, record_id=record_id, seen_revision=signed.revision)
        half = {**mine.data, "title": "half typed", "lines": []}
        records.save_draft(actor=rita, record=mine, data=half, now=stage.now())
    withdraw(stage, record_id)
    ended = stage.record(record_id)
    assert (ended.data, ended.subject, ended.sha256) == (signed.data, signed.subject, signed.sha256)
    assert stage.problems() == {}


def test_a_seat_is_handed_over_to_who_fulfills_the_rule(stage: Stage) -> None:
    record_id = stage.filed()
    for login, code in {
        "ron": "outside_rule", "rita": "transfer_to_requester", "chloe": "has_seat",
        "carl": "has_seat",
    }.items():  # fmt: skip
        with pytest.raises(Refused) as refused:
            stage.decide("transfer", "carl", record_id, to=stage.people[login])
        assert refused.value.code == code
    stage.approve(record_id, "carl")
    stage.decide("transfer", "mark", record_id, to=stage.people["ron"])
    assert stage.open_tasks(record_id) == {"ron"}
    assert told(stage, "ron") == ["transferred"]
    stage.decide(
        "approve", "ron", record_id, data={**stage.record(record_id).data, "budget_line": "B"}
    )
    assert stage.record(record_id).state == "approved"
    assert stage.problems() == {}


@pytest.mark.parametrize("to", ["", "nobody-there", "00000000-0000-7000-8000-000000000000"])
def test_a_seat_is_not_handed_to_nobody(stage: Stage, to: str) -> None:
    record_id = stage.filed()
    stage.approve(record_id, "carl")
    with pytest.raises(Refused):
        stage.decide("transfer", "mark", record_id, to=to)
    assert stage.open_tasks(record_id) == {"mark"}


def test_nobody_decides_in_both_steps_of_a_distinct_pair_also_by_transfer(stage: Stage) -> None:
    record_id = stage.filed()
    stage.approve(record_id, "carl")
    with pytest.raises(Refused) as refused:
        stage.decide("transfer", "mark", record_id, to=stage.people["carl"])
    assert refused.value.code == "distinct"


def test_the_requester_gets_no_seat_in_their_own_request(stage: Stage) -> None:
    record_id = stage.filed(login="carl")
    assert stage.open_tasks(record_id) == {"chloe"}
    own = stage.filed(login="mark")
    stage.approve(own, "carl")
    assert stage.open_tasks(own) == set()
    assert stage.rows(Task, record_id=own, person_id=stage.people["mark"]) == []


def test_a_decision_whose_figures_cannot_be_posted_is_refused_as_a_whole(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.ledgers import services as ledgers

    record_id = stage.filed()
    stage.approve(record_id, "carl")

    def refuses(*_: Any, **__: Any) -> None:
        raise Invalid("the ledger is closed")

    with monkeypatch.context() as broken:
        broken.setattr(ledgers, "_post", refuses)
        with pytest.raises(Invalid):
            stage.approve(record_id, "mark")
    assert stage.record(record_id).state == "submitted"
    assert stage.open_tasks(record_id) == {"mark"}
    assert standing(stage) == {"commit_pending": 200}
    assert stage.problems() == {}
    stage.approve(record_id, "mark")
    assert standing(stage) == {"commit": 200}


@pytest.mark.parametrize("end", ["approved", "rejected", "withdrawn"])
def test_nothing_happens_to_what_has_ended(stage: Stage, end: str) -> None:
    record_id = stage.filed()
    task_id, seen = stage.task("chloe", record_id)
    if end == "approved":
        stage.approve(record_id, "carl", "mark")
    elif end == "rejected":
        stage.decide("reject", "carl", record_id)
    else:
        withdraw(stage, record_id)
    events = len(stage.rows(ApprovalEvent))
    common = {"task_id": task_id, "seen": seen}
    for act, args in (
        (approvals.approve, common),
        (approvals.reject, {**common, "comment": "no"}),
        (approvals.send_back, {**common, "to": "start", "comment": "no"}),
        (approvals.transfer, {**common, "to": stage.people["ron"], "comment": "no"}),
        (approvals.edit, {**common, "data": {**stage.record(record_id).data, "site_note": "x"}}),
    ):
        with pytest.raises(Conflict), stage.acting("chloe") as chloe:
            act(actor=chloe, now=stage.now(), **args)  # type: ignore[operator]
    assert (len(stage.rows(ApprovalEvent)), stage.record(record_id).state) == (events, end)
    assert stage.problems() == {}
