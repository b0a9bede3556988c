"""Editing at a step: only what it may, and what was signed on other values is signed anew."""

from typing import Any

import pytest
from sqlalchemy import update

from portal.approvals.models import Approval, ApprovalEvent
from portal.approvals.shell import Refused
from portal.db import db
from portal.errors import Invalid
from portal.ledgers.models import CostEntry
from portal.notify.models import Notice
from tests.stage import Stage


def changed(stage: Stage, record_id: str, **values: Any) -> dict[str, Any]:
    return {**stage.record(record_id).data, **values}


def with_quantity(stage: Stage, record_id: str, qty: str) -> dict[str, Any]:
    [line] = stage.record(record_id).data["lines"]
    return changed(stage, record_id, lines=[{**line, "qty": qty}])


def test_a_step_fills_in_what_it_may_without_touching_signatures(stage: Stage) -> None:
    record_id = stage.filed()
    stage.approve(record_id, "carl")
    before = stage.record(record_id)
    stage.decide(
        "edit", "mark", record_id, data=changed(stage, record_id, site_note="Mind the pit")
    )
    after = stage.record(record_id)
    assert (after.revision, after.data["site_note"]) == (before.revision + 1, "Mind the pit")
    assert after.sha256 != before.sha256
    assert stage.open_tasks(record_id) == {"mark"}
    assert stage.problems() == {}


@pytest.mark.parametrize("field", ["title", "urgency", "confidential", "code"])
def test_a_step_changes_nothing_else(stage: Stage, field: str) -> None:
    record_id = stage.filed(stage.purchase(confidential="for the director"))
    before = stage.record(record_id)
    value = "high" if field == "urgency" else "mine"
    note = {"urgency_note": "now"} if field == "urgency" else {}
    with pytest.raises(Refused) as refused:
        data = changed(stage, record_id, **{field: value}, **note)
        stage.decide("edit", "carl", record_id, data=data)
    assert refused.value.code == "field_not_editable"
    after = stage.record(record_id)
    assert (after.data, after.revision) == (before.data, before.revision)
    assert stage.problems() == {}


def test_changed_amounts_remove_the_signatures_and_say_whose(stage: Stage) -> None:
    record_id = stage.filed()
    stage.approve(record_id, "carl")
    stage.decide("edit", "mark", record_id, data=with_quantity(stage, record_id, "12"))
    assert stage.open_tasks(record_id) == {"carl", "chloe"}
    [event] = stage.rows(ApprovalEvent, kind="restarted")
    assert [one["person"] for one in event.data["removed"]] == [stage.people["carl"]]
    kinds = [row.kind for row in stage.rows(Notice, person_id=stage.people["carl"])]
    assert "signature_removed" in kinds
    assert stage.problems() == {}


def test_the_route_follows_the_changed_amount(stage: Stage) -> None:
    record_id = stage.filed()
    stage.approve(record_id, "carl")
    stage.decide("edit", "mark", record_id, data=with_quantity(stage, record_id, "60"))
    stage.approve(record_id, "chloe")
    assert stage.open_tasks(record_id) == {"beth", "bob", "bill", "eve"}


def test_pending_figures_follow_an_edit_and_final_ones_are_those_signed(stage: Stage) -> None:
    record_id = stage.filed()
    stage.decide("edit", "carl", record_id, data=with_quantity(stage, record_id, "11"))
    sums: dict[str, int] = {}
    for entry in stage.rows(CostEntry):
        sums[entry.bucket] = sums.get(entry.bucket, 0) + int(entry.amount)
    assert sums == {"commit_pending": 220}
    stage.approve(record_id, "carl", "mark")
    final = [int(entry.amount) for entry in stage.rows(CostEntry, bucket="commit")]
    assert final == [220]
    assert stage.problems() == {}


def test_an_edit_and_a_vote_in_one_act_bind_to_the_version_they_make(stage: Stage) -> None:
    record_id = stage.filed()
    stage.decide("approve", "carl", record_id, data=with_quantity(stage, record_id, "13"))
    [vote] = stage.rows(ApprovalEvent, kind="voted")
    record = stage.record(record_id)
    assert (vote.record_revision, vote.record_sha256) == (record.revision, record.sha256)
    assert vote.data["seen_version"] == record.revision - 1
    assert stage.open_tasks(record_id) == {"mark"}


def test_an_edit_that_breaks_a_rule_is_refused_whole(stage: Stage) -> None:
    record_id = stage.filed()
    before = stage.record(record_id)
    with pytest.raises(Invalid) as refused:
        stage.decide("edit", "carl", record_id, data=with_quantity(stage, record_id, "0"))
    assert [(e.path, e.code) for e in refused.value.errors] == [("lines", "not_free")]
    after = stage.record(record_id)
    assert (after.data, after.revision) == (before.data, before.revision)


def test_an_edit_that_changes_nothing_is_no_edit(stage: Stage) -> None:
    record_id = stage.filed()
    with pytest.raises(Refused) as refused:
        stage.decide("edit", "carl", record_id, data=changed(stage, record_id))
    assert refused.value.code == "nothing_changed"
    assert stage.record(record_id).revision == 2


def test_what_a_step_must_fill_in_is_asked_for_before_it_approves(stage: Stage) -> None:
    record_id = stage.filed()
    stage.approve(record_id, "carl")
    for value in (None, ""):
        with pytest.raises(Invalid) as refused:
            stage.decide(
                "approve", "mark", record_id, data=changed(stage, record_id, budget_line=value)
            )
        assert [(e.path, e.code) for e in refused.value.errors] == [("budget_line", "required")]
    stage.decide("reject", "mark", record_id)
    assert stage.record(record_id).state == "rejected"


def test_a_colleague_who_saw_the_former_version_looks_again(stage: Stage) -> None:
    from portal.approvals import services as approvals
    from portal.errors import Conflict

    record_id = stage.filed()
    task_id, seen = stage.task("chloe", record_id)
    stage.decide("edit", "carl", record_id, data=changed(stage, record_id, site_note="n"))
    for act, more in ((approvals.approve, {}), (approvals.reject, {"comment": "no"})):
        with pytest.raises(Conflict), stage.acting("chloe") as chloe:
            act(actor=chloe, task_id=task_id, seen=seen, now=stage.now(), **more)
    assert stage.rows(ApprovalEvent, kind="voted") == []


def test_what_a_step_hides_is_not_in_what_its_people_see(stage: Stage) -> None:
    from portal.definitions import queries as definitions
    from portal.records import services as records
    from portal.records import views

    record_id = stage.filed(stage.purchase(confidential="CANARY"))
    shown = {}
    for login in ("rita", "carl", "chloe", "ron", "audrey"):
        with stage.looking(login) as viewer:
            record = records.get(record_id)
            definitions.form_of(record.release_id, record.form)
            page = views.record_page(record, viewer)
            shown[login] = "CANARY" in repr(page.sections)
    assert shown == {"rita": True, "carl": False, "chloe": False, "ron": True, "audrey": True}


def notices(stage: Stage, login: str) -> list[str]:
    return [row.kind for row in stage.rows(Notice, person_id=stage.people[login])]


def test_the_requester_is_told_of_every_change_at_a_step(stage: Stage) -> None:
    record_id = stage.filed()
    stage.decide("edit", "carl", record_id, data=changed(stage, record_id, site_note="n"))
    assert notices(stage, "rita") == ["edited"]


def ticket(stage: Stage, *, is_own: bool) -> str:
    record_id = stage.draft("rita", {"title": "Monday", "hours": 8, "is_own": is_own}, "ticket")
    stage.submit(record_id)
    return record_id


def test_who_signed_by_sending_confirms_hours_that_others_changed(billing: Stage) -> None:
    record_id = ticket(billing, is_own=True)
    billing.decide("edit", "beth", record_id, data=changed(billing, record_id, hours=6))
    record = billing.record(record_id)
    assert (record.state, record.data["hours"]) == ("returned", 6)
    assert billing.open_tasks(record_id) == set()
    assert notices(billing, "rita") == ["edited", "to_confirm"]
    billing.submit(record_id)
    assert billing.open_tasks(record_id) == {"beth", "bob", "bill", "eve"}
    billing.approve(record_id, "bob")
    billing.decide("approve", "mark", record_id)
    assert billing.record(record_id).state == "approved"
    assert billing.problems() == {}


def test_whoever_signed_at_a_step_signs_changed_hours_there(billing: Stage) -> None:
    record_id = ticket(billing, is_own=False)
    billing.approve(record_id, "carl")
    billing.decide("edit", "beth", record_id, data=changed(billing, record_id, hours=6))
    assert billing.record(record_id).state == "submitted"
    assert billing.open_tasks(record_id) == {"carl", "chloe"}
    assert notices(billing, "rita") == ["edited"]


def test_a_state_kept_by_an_older_portal_is_still_the_fold_of_its_log(stage: Stage) -> None:
    record_id = stage.filed()
    [one] = stage.rows(Approval, record_id=record_id)
    older = {key: value for key, value in one.folded.items() if key != "unsent"}
    with stage.system(writing=True):
        db.session.execute(update(Approval).where(Approval.id == one.id).values(folded=older))
    assert stage.problems() == {}
