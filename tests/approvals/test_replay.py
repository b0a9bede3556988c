"""The log is the truth: folded anew it gives what is stored, and what is tampered with is named."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Table, delete, select, update

from portal.approvals.models import Approval, ApprovalEvent, Task
from portal.db import db
from portal.errors import PortalError
from portal.records.models import Record, RecordRevision
from portal.workflows import events as ev
from portal.workflows.evolve import fold
from tests.stage import Stage

ACTORS = ("rita", "carl", "chloe", "beth", "bob", "bill", "mark", "ron")


def holds(stage: Stage, record_id: str) -> None:
    """The stored state is the fold of the log, and the open tasks are its open seats."""
    for one in stage.rows(Approval, record_id=record_id):
        log = sorted(stage.rows(ApprovalEvent, approval_id=one.id), key=lambda row: row.seq)
        assert [row.seq for row in log] == list(range(1, one.seq + 1))
        folded = fold([ev.Event.from_json(row.data) for row in log])
        assert folded is not None
        assert folded.to_json() == one.folded
        assert stage.record(record_id).state == folded.record_state
        seats = {(epoch.number, seat.person) for epoch, seat in folded.open_seats()}
        tasks = stage.rows(Task, approval_id=one.id, state="open")
        assert seats == {(task.epoch, task.person_id) for task in tasks}


def random_act(stage: Stage, record_id: str, chance: random.Random) -> None:
    """Something one of the cast does, whether allowed or not."""
    record = stage.record(record_id)
    if record.state == "returned":
        data = {**record.data, "lines": [{**record.data["lines"][0], "qty": chance.choice("159")}]}
        stage.submit(record_id, data=data)
        return
    holders = sorted(stage.open_tasks(record_id) & set(ACTORS))
    if not holders:
        return
    login = chance.choice(holders)
    verb = chance.choice(
        ["approve", "approve", "approve", "edit", "transfer", "send_back", "reject"]
    )
    more: dict[str, Any] = {}
    if verb == "send_back":
        more["to"] = chance.choice(["start", "check"])
    if verb == "transfer":
        more["to"] = stage.people[chance.choice(ACTORS)]
    if verb == "edit" or (verb == "approve" and login in {"mark", "ron"}):
        qty = chance.choice(["10", "10", "4", "60"])
        line = {**record.data["lines"][0], "qty": qty}
        more["data"] = {**record.data, "lines": [line], "budget_line": chance.choice(["", "B"])}
    stage.decide(verb, login, record_id, **more)


@pytest.mark.parametrize("seed", range(8))
def test_after_every_command_the_log_folds_to_what_is_stored(stage: Stage, seed: int) -> None:
    chance = random.Random(seed)
    record_id = stage.filed(chance.choice([stage.purchase, stage.large])())
    for _ in range(9):
        before = stage.fingerprint() if chance.random() < 0.3 else None
        try:
            random_act(stage, record_id, chance)
        except PortalError:
            assert before is None or stage.fingerprint() == before, "a refusal changed something"
        holds(stage, record_id)
    assert stage.problems() == {}


Tamper = Callable[[Stage, str], None]


def table_of(model: Any) -> Table:
    table: Table = model.__table__
    return table


def behind(stage: Stage, *statements: Any) -> None:
    """Straight into the database, past everything."""
    with stage.app.app_context(), db.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)


def an_event(stage: Stage, kind: str, **values: Any) -> None:
    events = table_of(ApprovalEvent)
    behind(stage, update(events).where(events.c.kind == kind).values(**values))


def forged_vote(stage: Stage) -> None:
    [vote] = stage.rows(ApprovalEvent, kind="voted")
    an_event(stage, "voted", data={**vote.data, "person": stage.people["chloe"]})


def cut_tail(stage: Stage) -> None:
    """The last event and everything that tells of it, as an administrator could."""
    events, approvals = table_of(ApprovalEvent), table_of(Approval)
    log = sorted(stage.rows(ApprovalEvent), key=lambda row: row.seq)
    [one] = stage.rows(Approval)
    folded = fold([ev.Event.from_json(row.data) for row in log[:-1]])
    assert folded is not None
    behind(
        stage,
        delete(events).where(events.c.id == log[-1].id),
        update(approvals)
        .where(approvals.c.id == one.id)
        .values(seq=one.seq - 1, folded=folded.to_json(), state=folded.status),
    )


def another_state(stage: Stage) -> None:
    records = table_of(Record)
    behind(stage, update(records).where(records.c.form == "purchase").values(state="approved"))


def another_amount(stage: Stage) -> None:
    records = table_of(Record)
    [row] = [one for one in stage.rows(Record) if one.form == "purchase"]
    values = {"data": {**row.data, "title": "Other"}}
    behind(stage, update(records).where(records.c.id == row.id).values(**values))


def another_version(stage: Stage) -> None:
    versions = table_of(RecordRevision)
    [row] = [one for one in stage.rows(RecordRevision) if one.data.get("urgency")]
    values = {"data": {**row.data, "title": "Other"}}
    behind(stage, update(versions).where(versions.c.id == row.id).values(**values))


def another_fold(stage: Stage) -> None:
    approvals = table_of(Approval)
    [one] = stage.rows(Approval)
    behind(stage, update(approvals).values(folded={**one.folded, "returns": 3}))


def lost_task(stage: Stage) -> None:
    tasks = table_of(Task)
    behind(stage, delete(tasks).where(tasks.c.state == "open"))


def swapped_events(stage: Stage) -> None:
    events = table_of(ApprovalEvent)
    first, second = sorted(stage.rows(ApprovalEvent), key=lambda row: row.seq)[:2]
    behind(
        stage,
        update(events).where(events.c.id == first.id).values(seq=99),
        update(events).where(events.c.id == second.id).values(seq=1),
        update(events).where(events.c.id == first.id).values(seq=2),
    )


@pytest.mark.parametrize(
    ("tamper", "check", "told"),
    [
        (forged_vote, "approvals", "event 3 was changed"),
        (lambda s: an_event(s, "voted", comment="I never said so"), "approvals", "event 3 was changed"),
        (lambda s: an_event(s, "voted", record_sha256="0" * 64), "approvals", "event 3 was changed"),
        (lambda s: an_event(s, "started", actor_name="Someone"), "approvals", "event 1 was changed"),
        (swapped_events, "approvals", "event 1 was changed"),
        (lambda s: behind(s, delete(table_of(ApprovalEvent)).where(table_of(ApprovalEvent).c.seq == 2)),
         "approvals", "gaps"),
        (cut_tail, "anchors", "does not end where the audit chain says"),
        (another_fold, "approvals", "not the fold"),
        (another_state, "states", "its approval says submitted"),
        (another_amount, "records", "not what its hash says"),
        (another_version, "versions", "was changed"),
        (lost_task, "tasks", "open tasks are not its open seats"),
    ],
)  # fmt: skip
def test_the_doctor_names_what_was_tampered_with(
    stage: Stage, tamper: Callable[[Stage], None], check: str, told: str
) -> None:
    record_id = stage.filed()
    stage.approve(record_id, "carl")
    assert stage.problems() == {}
    tamper(stage)
    found = stage.problems()
    assert any(told in problem for problem in found.get(check, ())), found


def test_the_command_tells_and_fails(stage: Stage) -> None:
    from click.testing import CliRunner

    from portal.doctor import doctor

    stage.filed()
    runner = CliRunner()
    sound = runner.invoke(doctor, obj=lambda: stage.app)
    assert sound.exit_code == 0, sound.output
    another_state(stage)
    sick = runner.invoke(doctor, obj=lambda: stage.app)
    assert sick.exit_code == 1
    assert "states: 1 problems" in sick.output


@given(st.permutations(["beth", "bob", "bill"]), st.integers(0, 2))
def test_the_order_of_votes_changes_nothing(stage: Stage, order: list[str], rejecting: int) -> None:
    record_id = stage.filed(stage.large())
    stage.approve(record_id, "carl")
    with stage.system():
        assert db.session.scalar(select(Record.state).where(Record.id == record_id)) == "submitted"
    for number, login in enumerate(order):
        if login not in stage.open_tasks(record_id):
            break
        if number < rejecting and rejecting < 2:
            stage.decide("reject", login, record_id)
        else:
            stage.approve(record_id, login)
    assert stage.open_tasks(record_id) == {"mark"}
    holds(stage, record_id)
