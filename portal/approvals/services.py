"""The verbs of approvals: submit, decide, transfer, withdraw, assign. They flush, never commit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select

from portal.approvals import queries, shell
from portal.approvals.models import Approval, Task
from portal.db import db, read_fixed, unscoped
from portal.definitions import queries as definitions
from portal.errors import N_, ChangedMeanwhile, Conflict, Forbidden
from portal.records import services as records
from portal.records import transitions
from portal.records.models import Record
from portal.web.viewer import Viewer
from portal.workflows import commands as cmd
from portal.workflows.blocks import Step

RUNNING = ("open", "stuck", "returned")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the person saw when they decided: the visit of the step and the record's version."""

    epoch: int
    version: int


def submit(
    *,
    actor: Viewer,
    record_id: str,
    seen_revision: int,
    data: Mapping[str, Any] | None = None,
    comment: str = "",
    now: datetime,
) -> Record:
    """File a draft, or send a returned record again: all or nothing.

    `data` is what the page last showed (stored values); None files the draft as it is saved.
    Raises Invalid with the fields at fault, Conflict when the draft was changed elsewhere.
    """
    # locked before its record, as by every other command
    returned = None if records.begun(record_id) else _running(record_id)
    record = records.editable(actor=actor, record_id=record_id, seen_revision=seen_revision)
    records.accept(record=record, actor=actor, data=data, now=now)
    if definitions.form_of(record.release_id, record.form).workflow is None:
        transitions.set_state(
            record=record, state=transitions.APPROVED, actor=actor, now=now, comment=comment
        )
        records.note(record, "record.file", actor=actor, now=now)
        return record
    if returned is not None:
        approval = returned
        command: cmd.Command = cmd.Resubmit(
            person=actor.person_id, version=record.revision, comment=comment
        )
    else:
        approval = _open(record, now)
        command = cmd.Start(person=actor.person_id, version=record.revision)
    shell.run(
        approval=approval, record=record, command=command, actor=actor, now=now, comment=comment
    )
    return record


def _open(record: Record, now: datetime) -> Approval:
    workflow = shell.definition_of(record)
    approval = Approval(
        record_id=record.id,
        release_id=record.release_id,
        workflow=workflow.workflow,
        folded={},
        opened_at=now,
    )
    db.session.add(approval)
    db.session.flush()
    return approval


def running(record_id: str) -> Approval:
    """The approval a record is in now, locked. Raises Conflict when there is none."""
    found = _running(record_id)
    if found is None:
        raise Conflict(N_("This approval is over; nothing more can be decided."))
    return found


def _running(record_id: str) -> Approval | None:
    found = read_fixed(_running_approval, {"record": record_id})
    return shell.lock(found[0][0]) if found else None


_running_approval = unscoped(
    select(Approval.id).where(
        Approval.record_id == bindparam("record"), Approval.state.in_(RUNNING)
    ),
    "the record was judged",
)


def _at_task(actor: Viewer, task_id: str) -> tuple[Task, Approval, Record]:
    """A task of the actor's own, its approval locked, its record."""
    task = queries.own_task(actor, task_id)
    approval = shell.lock(task.approval_id)
    record = records.locked(task.record_id)
    return task, approval, record


def approve(
    *,
    actor: Viewer,
    task_id: str,
    seen: Seen,
    comment: str = "",
    data: Mapping[str, Any] | None = None,
    now: datetime,
) -> shell.Outcome:
    """Approve what was seen; with `data`, edit in the same act what this step may edit."""
    task, approval, record = _at_task(actor, task_id)
    is_open = task.state == "open"  # else the engine says who closed it
    if is_open:
        _same_version(record, seen)
    changes: tuple[cmd.Change, ...] = ()
    if data is not None:
        changes = _edit(record, data, task.step, actor, now)
    if is_open:
        records.required_at_step(record=record, needed=_required(record, task.step))
    command = cmd.Approve(
        person=actor.person_id,
        epoch=seen.epoch,
        version=seen.version,
        comment=comment,
        changes=changes,
        new_version=record.revision if changes else None,
    )
    outcome = shell.run(
        approval=approval, record=record, command=command, actor=actor, now=now, comment=comment
    )
    if changes:
        _post_anew(outcome, actor, now)
    return outcome


def _required(record: Record, step: str) -> Iterable[str]:
    block = shell.definition_of(record).block(step)
    return block.fields.require if isinstance(block, Step) else ()


def edit(
    *, actor: Viewer, task_id: str, seen: Seen, data: Mapping[str, Any], now: datetime
) -> shell.Outcome:
    """Change at a step what it may edit, without deciding yet."""
    task, approval, record = _at_task(actor, task_id)
    _same_version(record, seen)
    changes = _edit(record, data, task.step, actor, now)
    command = cmd.Edit(
        person=actor.person_id,
        epoch=seen.epoch,
        version=seen.version,
        changes=changes,
        new_version=record.revision,
    )
    outcome = shell.run(approval=approval, record=record, command=command, actor=actor, now=now)
    _post_anew(outcome, actor, now)
    return outcome


def _post_anew(outcome: shell.Outcome, actor: Viewer, now: datetime) -> None:
    """What is pending follows the record: after an edit on its way it is posted anew."""
    if outcome.record.state == transitions.SUBMITTED:
        transitions.set_state(
            record=outcome.record, state=transitions.SUBMITTED, actor=actor, now=now
        )


def _same_version(record: Record, seen: Seen) -> None:
    if record.revision != seen.version:
        raise ChangedMeanwhile(
            N_(
                "The record was changed since you opened it (you saw version %(seen)s, "
                "it is now version %(current)s). Look at it again, then decide."
            ),
            seen=seen.version,
            current=record.revision,
        )


def _edit(
    record: Record, data: Mapping[str, Any], step: str, actor: Viewer, now: datetime
) -> tuple[cmd.Change, ...]:
    changed = records.revise_at_step(record=record, data=data, step=step, actor=actor, now=now)
    return tuple(
        cmd.Change(path=change.path, was_empty=change.was_empty, computed=change.computed)
        for change in changed
    )


def reject(
    *, actor: Viewer, task_id: str, seen: Seen, comment: str, now: datetime
) -> shell.Outcome:
    """Reject what was seen; a reason is needed."""
    _, approval, record = _at_task(actor, task_id)
    command = cmd.Reject(
        person=actor.person_id, epoch=seen.epoch, version=seen.version, comment=comment
    )
    return shell.run(
        approval=approval, record=record, command=command, actor=actor, now=now, comment=comment
    )


def send_back(
    *, actor: Viewer, task_id: str, seen: Seen, to: str, comment: str, now: datetime
) -> shell.Outcome:
    """Return the record to its requester or to an earlier step."""
    _, approval, record = _at_task(actor, task_id)
    command = cmd.Return(
        person=actor.person_id, epoch=seen.epoch, version=seen.version, to=to, comment=comment
    )
    return shell.run(
        approval=approval, record=record, command=command, actor=actor, now=now, comment=comment
    )


def transfer(
    *, actor: Viewer, task_id: str, seen: Seen, to: str, comment: str, now: datetime
) -> shell.Outcome:
    """Give the own seat to another person, who must pass every check themselves."""
    _, approval, record = _at_task(actor, task_id)
    command = cmd.Transfer(
        person=actor.person_id, epoch=seen.epoch, version=seen.version, to=to, comment=comment
    )
    return shell.run(
        approval=approval, record=record, command=command, actor=actor, now=now, comment=comment
    )


def withdraw(*, actor: Viewer, record_id: str, comment: str, now: datetime) -> shell.Outcome:
    """Take the own record back, as far as its workflow lets."""
    approval = running(record_id)
    record = records.locked(record_id)
    if record.state == transitions.RETURNED:
        records.take_signed_version(record)
    command = cmd.Withdraw(person=actor.person_id, comment=comment)
    return shell.run(
        approval=approval, record=record, command=command, actor=actor, now=now, comment=comment
    )


def assign(
    *, actor: Viewer, record_id: str, epoch: int, to: str, comment: str, now: datetime
) -> shell.Outcome:
    """An operator gives a stuck step somebody who passes all checks."""
    _operator(actor)
    approval, record = running(record_id), records.locked(record_id)
    command = cmd.Assign(person=actor.person_id, epoch=epoch, to=to, comment=comment)
    return shell.run(
        approval=approval, record=record, command=command, actor=actor, now=now, comment=comment
    )


def refresh(*, actor: Viewer, record_id: str, comment: str, now: datetime) -> shell.Outcome:
    """An operator lets a stuck approval look again for people and values."""
    _operator(actor)
    approval, record = running(record_id), records.locked(record_id)
    command = cmd.Refresh(person=actor.person_id, comment=comment)
    return shell.run(
        approval=approval, record=record, command=command, actor=actor, now=now, comment=comment
    )


def terminate(*, actor: Viewer, record_id: str, comment: str, now: datetime) -> shell.Outcome:
    """An operator ends an approval without judging it, with a reason."""
    _operator(actor)
    approval, record = running(record_id), records.locked(record_id)
    if record.state == transitions.RETURNED:
        records.take_signed_version(record)
    command = cmd.Terminate(person=actor.person_id, comment=comment)
    return shell.run(
        approval=approval, record=record, command=command, actor=actor, now=now, comment=comment
    )


def _operator(actor: Viewer) -> None:
    if not actor.has_system_role("operator"):
        raise Forbidden(N_("Only an operator may do this."))


def vacate(*, actor: Viewer, leaver: str, now: datetime) -> int:
    """Someone left: their open seats are vacated, and nothing waits for them as requester.

    Returns in how many approvals.
    """
    seats = select(Task.approval_id).where(Task.person_id == leaver, Task.state == "open")
    own = select(Record.id).where(Record.requester_id == leaver)
    statement = (
        select(Approval.id)
        .where(
            Approval.state.in_(RUNNING), or_(Approval.id.in_(seats), Approval.record_id.in_(own))
        )
        .order_by(Approval.id)
    )
    found = db.session.scalars(unscoped(statement, "every seat of a leaver")).all()
    for approval_id in found:
        approval = shell.lock(approval_id)
        record = records.locked(approval.record_id)
        command = cmd.Vacate(person=actor.person_id, leaver=leaver)
        shell.run(approval=approval, record=record, command=command, actor=actor, now=now)
    return len(found)
