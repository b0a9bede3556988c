"""Registers: approved at once, changed by new versions, posted anew with each."""

import pytest
from sqlalchemy import select

from portal.approvals import services as approvals
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.ledgers.models import CostEntry, Posting
from portal.records.models import RecordRevision
from tests.stage import Stage


def revise(stage: Stage, login: str, record_id: str, **changed: str) -> None:
    record = stage.record(record_id)
    with stage.acting(login) as viewer:
        approvals.submit(
            actor=viewer, record_id=record_id, seen_revision=record.revision,
            data={**record.data, **changed}, now=stage.now(),
        )  # fmt: skip


def test_an_entry_is_changed_by_a_new_version_that_says_what_changed(stage: Stage) -> None:
    revise(stage, "ron", stage.entries["crew"], name="Rebar crew")
    entry = stage.record(stage.entries["crew"])
    assert (entry.subject, entry.number, entry.state) == ("Rebar crew", "CREW-P1-001", "approved")
    first, second = sorted(
        stage.rows(RecordRevision, record_id=entry.id), key=lambda row: row.revision
    )
    assert {change["path"] for change in first.changes} == {"code", "name", "rate"}
    [change] = second.changes
    assert (change["path"], change["before"], change["after"]) == (
        "name", "Formwork crew", "Rebar crew",
    )  # fmt: skip
    assert stage.problems() == {}


def test_an_entry_without_a_number_tells_only_what_changed_too(stage: Stage) -> None:
    revise(stage, "cleo", stage.entries["cost_code"], name="Earthworks")
    rows = sorted(
        stage.rows(RecordRevision, record_id=stage.entries["cost_code"]), key=lambda r: r.revision
    )
    assert [change["path"] for change in rows[-1].changes] == ["name"]


def test_who_may_not_file_a_register_may_not_change_its_entries(stage: Stage) -> None:
    with pytest.raises(Forbidden):
        revise(stage, "rita", stage.entries["cost_code"], name="Mine")
    with pytest.raises(NotFound):
        revise(stage, "olga", stage.entries["crew"], name="Ours")
    with pytest.raises(NotFound):
        revise(stage, "eve", stage.entries["crew"], name="Theirs")


def test_two_clerks_do_not_overwrite_each_other(stage: Stage) -> None:
    revise(stage, "rita", stage.entries["crew"], name="First")
    with pytest.raises(Conflict), stage.acting("ron") as ron:
        approvals.submit(
            actor=ron, record_id=stage.entries["crew"], seen_revision=2, data={}, now=stage.now()
        )
    assert stage.record(stage.entries["crew"]).subject == "First"


def test_a_unique_code_is_freed_when_it_is_given_up(stage: Stage) -> None:
    second = stage.entry("ron", "crew", "P1", code="C2", name="Second", rate="1")
    with pytest.raises(Invalid):
        revise(stage, "ron", second, code="C1")
    revise(stage, "rita", stage.entries["crew"], code="C9")
    revise(stage, "ron", second, code="C1")
    assert stage.record(second).data["code"] == "C1"


def test_a_revised_entry_is_posted_anew_and_its_former_figures_are_taken_back(
    stage: Stage,
) -> None:
    record_id = stage.entry(
        "rita", "allotment", "P1", title="Start", cost_code=stage.entries["cost_code"], amount="100"
    )
    revise(stage, "rita", record_id, amount="140")
    revise(stage, "rita", record_id, title="Start of works")
    with stage.system():
        amounts = db.session.execute(
            select(Posting.transition_seq, CostEntry.amount)
            .join(CostEntry, CostEntry.posting_id == Posting.id)
            .where(Posting.record_id == record_id)
            .order_by(Posting.transition_seq, CostEntry.amount)
        ).all()
    assert [(seq, int(amount)) for seq, amount in amounts] == [
        (1, 100), (2, -100), (2, 140), (3, -140), (3, 140),
    ]  # fmt: skip
    assert stage.problems() == {}
