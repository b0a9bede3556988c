"""Submitting: every rule judged, all or nothing, numbered without gaps."""

from typing import Any

import pytest
from sqlalchemy import select

from portal.approvals.models import Approval, ApprovalEvent, Task
from portal.audit.models import AuditRow
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.ledgers.models import CostEntry
from portal.records import indexing
from portal.records.models import NumberSeries, Record, RecordIndex, RecordLink, RecordRevision
from tests.stage import LINE, Stage


def test_a_submitted_record_is_numbered_kept_indexed_and_asked_for(stage: Stage) -> None:
    record_id = stage.filed(stage.purchase(crew=stage.entries["crew"]))
    record = stage.record(record_id)
    assert (record.state, record.number) == ("submitted", "PU-P1-2026-0001")
    assert (str(record.amount), record.currency) == ("200.0000", "CNY")
    assert record.data["crew_rate"] == "80.00"
    assert stage.open_tasks(record_id) == {"carl", "chloe"}
    [kept] = stage.rows(RecordRevision, record_id=record_id)
    assert (kept.revision, kept.sha256) == (record.revision, record.sha256)
    links = {(row.field, row.target_id) for row in stage.rows(RecordLink, record_id=record_id)}
    assert links == {
        ("crew", stage.entries["crew"]),
        ("lines[].cost_code", stage.entries["cost_code"]),
    }
    listed = {row.field for row in stage.rows(RecordIndex, record_id=record_id)}
    assert listed == {"title", "urgency", "total", "crew"}
    assert stage.problems() == {}


def faults(stage: Stage, **more: Any) -> set[tuple[str, str]]:
    record_id = stage.draft()
    data = {**stage.record(record_id).data, **more}
    with pytest.raises(Invalid) as refused:
        stage.submit(record_id, data=data)
    record = stage.record(record_id)
    assert (record.state, record.number, record.revision) == ("draft", None, 1)
    assert stage.rows(Approval) == stage.rows(Task) == stage.rows(ApprovalEvent) == []
    assert stage.rows(NumberSeries, prefix="PU-P1-2026-") == []
    assert stage.problems() == {}
    return {(error.path, error.code) for error in refused.value.errors}


def test_every_field_at_fault_is_named_and_nothing_happens(stage: Stage) -> None:
    bad = [{"_id": "r1", "item": "", "qty": "1", "price": "1", "cost_code": None}]
    assert {path for path, _ in faults(stage, title="", urgency="high", lines=bad)} == {
        "title",
        "urgency_note",
        "lines[r1].item",
        "lines[r1].cost_code",
    }


def test_rules_of_the_form_hold_at_submit(stage: Stage) -> None:
    free = [{**LINE, "price": "0", "cost_code": stage.entries["cost_code"]}]
    assert ("lines", "not_free") in faults(stage, lines=free)


def test_an_unknown_field_is_refused(stage: Stage) -> None:
    record_id = stage.draft()
    data = {**stage.record(record_id).data, "approved_by": "rita"}
    with pytest.raises(Invalid):
        stage.submit(record_id, data=data)


def test_more_money_than_a_ledger_holds_is_refused_as_a_fault_of_its_field(stage: Stage) -> None:
    line = {**LINE, "qty": "99999999999999", "price": "99999999999"}
    line["cost_code"] = stage.entries["cost_code"]
    assert faults(stage, lines=[line])


@pytest.mark.parametrize("which", ["other project", "other form", "draft", "nothing"])
def test_a_link_leads_to_an_approved_record_of_its_form_at_home(stage: Stage, which: str) -> None:
    target = {
        "other project": lambda: stage.entry("olga", "crew", "P2", code="Z", name="Z", rate="1"),
        "other form": lambda: stage.entries["cost_code"],
        "draft": lambda: stage.draft("rita", {"code": "D"}, "crew"),
        "nothing": lambda: "00000000-0000-7000-8000-000000000000",
    }[which]()
    assert ("crew", "foreign_record") in faults(stage, crew=target)


def test_only_its_requester_submits_a_draft(stage: Stage) -> None:
    record_id = stage.draft()
    for login in ("ron", "mark", "audrey"):
        with pytest.raises(NotFound):
            stage.submit(record_id, login)


def test_a_draft_saved_elsewhere_meanwhile_is_not_submitted(stage: Stage) -> None:
    record_id = stage.draft()
    with pytest.raises(Conflict):
        stage.submit(record_id, seen_revision=7)
    assert stage.record(record_id).state == "draft"


def test_a_record_is_submitted_once(stage: Stage) -> None:
    record_id = stage.filed()
    with pytest.raises(Forbidden):
        stage.submit(record_id)
    assert len(stage.rows(Approval, record_id=record_id)) == 1


def test_numbers_have_no_gap_although_submits_failed_in_between(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = []
    for turn in range(4):
        record_id = stage.draft()
        if turn % 2:
            with monkeypatch.context() as broken:
                broken.setattr(indexing, "reindex", _fails)
                with pytest.raises(RuntimeError):
                    stage.submit(record_id)
            assert stage.record(record_id).number is None
        stage.submit(record_id)
        numbers.append(stage.record(record_id).number)
    assert numbers == [f"PU-P1-2026-000{n}" for n in range(1, 5)]


def _fails(*_: Any, **__: Any) -> None:
    raise RuntimeError("after the number was taken")


def test_a_failed_submit_leaves_no_audit_row_behind_for_the_next_one(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.approvals import shell

    record_id = stage.draft()
    before = len(stage.rows(AuditRow))
    with monkeypatch.context() as broken:
        broken.setattr(shell.notify, "tell", _fails)
        with pytest.raises(RuntimeError):
            stage.submit(record_id)
    assert len(stage.rows(AuditRow)) == before
    stage.submit(record_id)
    assert [row.action for row in stage.rows(AuditRow)[before:]] == ["approval.start"]


def test_a_unique_value_is_taken_once_per_project_whatever_its_case(stage: Stage) -> None:
    first = stage.draft(data=stage.purchase(code="AB-1"))
    second = stage.draft("ron", stage.purchase(code="ab-1 "))
    stage.submit(first)
    with pytest.raises(Invalid) as refused:
        stage.submit(second, "ron")
    assert [(e.path, e.code) for e in refused.value.errors] == [("code", "unique")]
    assert stage.record(second).number is None
    elsewhere = stage.draft("olga", stage.purchase(code="AB-1"), project="P2")
    stage.submit(elsewhere, "olga")
    assert stage.record(elsewhere).number == "PU-P2-2026-0001"
    assert stage.problems() == {}


def test_pending_figures_follow_a_submit_once(stage: Stage) -> None:
    record_id = stage.filed()
    entries = stage.rows(CostEntry)
    assert [(e.bucket, str(e.amount)) for e in entries] == [("commit_pending", "200.0000")]
    with stage.system():
        assert db.session.scalar(select(Record.transition_seq).filter_by(id=record_id)) == 1


def test_a_register_entry_is_approved_at_once_and_posts_or_asks_nothing(stage: Stage) -> None:
    entry = stage.record(stage.entries["crew"])
    assert (entry.state, entry.number) == ("approved", "CREW-P1-001")
    assert stage.rows(Task) == []
