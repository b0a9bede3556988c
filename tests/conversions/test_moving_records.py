"""Stored records move to another release by its steps, each as far as it honestly may."""

from typing import Any

from portal.approvals.models import Approval, ApprovalEvent
from portal.audit.models import AuditRow
from portal.conversions.models import ConvertedRecord
from portal.records.models import RecordIndex, RecordRevision, UniqueValue
from tests.conversions.conftest import Works, renaming


def test_drafts_move_by_the_steps_and_keep_their_version(works: Works) -> None:
    stage = works.stage
    draft = stage.draft(data=stage.purchase(code="X-1"))
    before = stage.record(draft)
    release = works.publish(renaming("code", "mark"))
    job = works.convert(release, "drafts")
    after = stage.record(draft)
    assert (after.release_id, after.data["mark"]) == (release, "X-1")
    assert "code" not in after.data
    assert (after.revision, after.updated_at) == (before.revision, before.updated_at)
    assert stage.rows(RecordRevision, record_id=draft) == []
    assert (works.job(job).state, works.job(job).done, works.job(job).kept) == ("done", 1, 0)
    assert stage.problems() == {}


def test_an_entry_of_a_register_gets_a_version_and_its_rows_anew(works: Works) -> None:
    stage, crew = works.stage, works.stage.entries["crew"]
    release = works.publish(renaming("code", "mark"), "crew")
    works.convert(release, "entries", form="crew")
    after = stage.record(crew)
    assert (after.release_id, after.data["mark"], after.revision) == (release, "C1", 3)
    last = stage.rows(RecordRevision, record_id=crew, revision=3)[0]
    assert (last.reason, last.changes, last.sha256) == ("migration", [], after.sha256)
    assert {row.field for row in stage.rows(RecordIndex, record_id=crew)} == {
        "mark", "name", "rate",
    }  # fmt: skip
    held = stage.rows(UniqueValue, record_id=crew)
    assert [(row.field, row.value) for row in held] == [("mark", "c1")]
    assert stage.problems() == {}


def test_only_what_was_chosen_moves(works: Works) -> None:
    stage = works.stage
    draft, sent = stage.draft(), stage.filed()
    release = works.publish(renaming("urgency_note", "reason_why"))
    works.convert(release, "drafts")
    assert stage.record(draft).release_id == release
    assert stage.record(sent).release_id != release


def test_a_running_approval_goes_on_with_its_signatures(works: Works) -> None:
    stage = works.stage
    sent = stage.filed(stage.large(code="X-1"))
    stage.approve(sent, "carl")
    signed = stage.record(sent).sha256
    release = works.publish(renaming("code", "mark"))
    works.convert(release, "running")
    after = stage.record(sent)
    assert (after.release_id, after.data["mark"]) == (release, "X-1")
    (approval,) = stage.rows(Approval, record_id=sent)
    assert approval.release_id == release
    events = stage.rows(ApprovalEvent, record_id=sent)
    assert "carried" in {row.kind for row in events}
    (vote,) = [row for row in events if row.kind == "voted"]
    assert vote.record_sha256 == signed
    assert stage.problems() == {}, "the signed version is kept, the chain of events whole"
    stage.approve(sent, "beth", "bob", "mark")
    assert stage.problems() == {}


def test_another_chain_leaves_a_record_where_it_is(works: Works) -> None:
    stage = works.stage
    draft, sent = stage.draft(), stage.filed()

    def retitled(raw: dict[str, Any]) -> None:
        raw["title"] = {"en": "Other chain", "zh": "另一流程"}

    release = works.publish(retitled, file="purchase.workflow.json")
    job = works.convert(release, "drafts", "running")
    assert works.outcomes(job) == {draft: "carried", sent: "chain"}
    assert stage.record(sent).release_id != release
    assert stage.problems() == {}


def test_what_a_signature_rests_on_does_not_change(works: Works) -> None:
    stage = works.stage
    sent = stage.filed()

    def doubled(raw: dict[str, Any]) -> None:
        raw["migrations"] = [
            {"from": raw["version"], "steps": [{"set": ["lines[].price", "row.price * 2"]}]}
        ]

    release = works.publish(doubled)
    job = works.convert(release, "running")
    assert works.outcomes(job) == {sent: "signed"}
    assert stage.record(sent).data["lines"][0]["price"] == "20.00"
    assert stage.problems() == {}


def test_a_value_no_step_carries_keeps_the_record_back(works: Works) -> None:
    stage = works.stage
    with_note = stage.draft(data=stage.purchase(code="X-1"))
    without = stage.draft("ron")

    def gone(raw: dict[str, Any]) -> None:
        del raw["data"]["properties"]["code"]
        for section in raw["layout"]:
            section["fields"] = [one for one in section["fields"] if one != "code"]

    release = works.publish(gone)
    job = works.convert(release, "drafts")
    assert works.outcomes(job) == {with_note: "loses", without: "carried"}
    assert stage.record(with_note).data["code"] == "X-1"

    def meant(raw: dict[str, Any]) -> None:
        raw["migrations"] = [{"from": 1, "steps": [{"drop": "code"}]}]

    job = works.convert(works.publish(meant), "drafts")
    assert works.outcomes(job) == {with_note: "carried", without: "carried"}
    assert "code" not in stage.record(with_note).data


def test_an_entry_that_would_break_a_rule_stays_and_says_which(works: Works) -> None:
    stage, crew = works.stage, works.stage.entries["crew"]

    def leader(raw: dict[str, Any]) -> None:
        raw["data"]["properties"]["leader"] = {
            "x-field": {"kind": "text", "label": {"en": "Leader", "zh": "班组长"}, "required": True}
        }
        raw["layout"][0]["fields"].append("leader")

    release = works.publish(leader, "crew")
    job = works.convert(release, "entries", form="crew")
    assert works.outcomes(job) == {crew: "breaks"}
    (row,) = stage.rows(ConvertedRecord, conversion_id=job)
    assert row.why["args"]["field"] == {"en": "Leader", "zh": "班组长"}

    def named(raw: dict[str, Any]) -> None:
        raw["migrations"] = [{"from": 1, "steps": [{"set_default": ["leader", "?"]}]}]

    works.convert(works.publish(named, "crew"), "entries", form="crew")
    assert stage.record(crew).data["leader"] == "?"
    assert stage.problems() == {}


def test_postings_that_would_differ_keep_an_approved_record_back(works: Works) -> None:
    stage = works.stage
    sent = stage.filed()
    while stage.open_tasks(sent):
        stage.approve(sent, sorted(stage.open_tasks(sent))[0])
    assert stage.record(sent).state == "approved"
    release = works.publish(renaming("urgency_note", "reason_why"))
    job = works.convert(release, "decided")
    assert works.outcomes(job) == {sent: "carried"}
    assert stage.problems() == {}

    def halved(raw: dict[str, Any]) -> None:
        for rule in raw["rules"]:
            rule["set"] = {
                key: (f"{value} / 2" if key == "amount" else value)
                for key, value in rule["set"].items()
            }

    job = works.convert(works.publish(halved, file="purchase.postings.json"), "decided")
    assert works.outcomes(job) == {sent: "posts"}
    assert stage.record(sent).release_id == release
    assert stage.problems() == {}


def test_start_and_end_stand_in_the_audit_trail(works: Works) -> None:
    stage = works.stage
    stage.draft()
    works.convert(works.publish(renaming("code", "mark")), "drafts")
    told = [row for row in stage.rows(AuditRow) if row.action.startswith("conversion.")]
    assert [row.action for row in told] == ["conversion.start", "conversion.end"]
    assert told[-1].detail["carried"] == 1
