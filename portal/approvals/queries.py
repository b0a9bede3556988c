"""Reading approvals: the inbox, a task with what its holder needs, the chain of a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select

from portal import limits
from portal.accounts.models import Person
from portal.approvals import shell
from portal.approvals.models import Approval, ApprovalEvent, Task
from portal.db import db, read_fixed, remembered, unscoped
from portal.errors import NotFound
from portal.records.models import Record
from portal.records.transitions import APPROVED
from portal.web.viewer import Viewer
from portal.workflows import preview
from portal.workflows.commands import Approve
from portal.workflows.preview import Entry
from portal.workflows.state import State

OPERATORS = "operators free stuck approvals of every project"
HELD = "whoever holds the record was allowed to see it"
OWN = "a person's own seats: each gives the right to see its record"


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What the inbox is narrowed to; empty members narrow nothing."""

    form: str = ""
    project_id: str = ""
    text: str = ""


_mine = (Task.person_id == bindparam("person"), Task.state == "open")
_inbox = (
    select(
        Task.id.label("task_id"),
        Task.step,
        Task.epoch,
        Task.opened_at,
        Record.id.label("record_id"),
        Record.release_id,
        Record.form,
        Record.number,
        Record.subject,
        Record.amount,
        Record.currency,
        Record.project_id,
        Record.revision,
        Person.name.label("requester"),
    )
    .join(Record, Record.id == Task.record_id)
    .join(Person, Person.id == Record.requester_id)
    .where(*_mine)
    .order_by(Task.opened_at, Task.id)
    .offset(bindparam("offset"))
    .limit(bindparam("limit"))
)
_whole_inbox = unscoped(_inbox, OWN)  # made once: a statement's cache key is kept with it
WAITING = (
    select(func.count())
    .select_from(select(Task.id).where(*_mine).limit(bindparam("most")).subquery())
    .scalar_subquery()
)
_whole_count = unscoped(select(WAITING), OWN)


def _narrowed(chosen: InboxFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.form:
        conditions.append(Record.form == chosen.form)
    if chosen.project_id:
        conditions.append(Record.project_id == chosen.project_id)
    if chosen.text:
        found = Record.subject.icontains(chosen.text, autoescape=True)
        conditions.append(found | Record.number.icontains(chosen.text, autoescape=True))
    return conditions


def inbox(
    viewer: Viewer, chosen: InboxFilter | None = None, *, offset: int = 0, limit: int = 50
) -> Sequence[Any]:
    """The tasks waiting for a person, longest waiting first, with what the list shows."""
    narrowed = _narrowed(chosen or InboxFilter())
    statement = unscoped(_inbox.where(*narrowed), OWN) if narrowed else _whole_inbox
    return read_fixed(statement, {"person": viewer.person_id, "offset": offset, "limit": limit})


def inbox_count(viewer: Viewer, chosen: InboxFilter | None = None, *, most: int = 1_000) -> int:
    """How many tasks wait, counted up to `most`."""
    narrowed = _narrowed(chosen or InboxFilter())
    statement = _whole_count
    if narrowed:
        inner = select(Task.id).join(Record, Record.id == Task.record_id).where(*_mine, *narrowed)
        capped = inner.limit(bindparam("most")).subquery()
        statement = unscoped(select(func.count()).select_from(capped), OWN)
    return int(read_fixed(statement, {"person": viewer.person_id, "most": most})[0][0])


def inbox_forms(viewer: Viewer) -> Sequence[str]:
    """The keys of the forms among what waits longest for a person: what their filter offers."""
    given = {"person": viewer.person_id, "most": limits.INBOX_LOOKED_AT}
    return [row.form for row in read_fixed(_inbox_forms, given)]


_oldest = (
    select(Task.record_id)
    .where(*_mine)
    .order_by(Task.opened_at, Task.id)
    .limit(bindparam("most"))
    .subquery()
)
_inbox_forms = unscoped(
    select(Record.form).join(_oldest, _oldest.c.record_id == Record.id).distinct(), OWN
)


def own_task(viewer: Viewer, task_id: str) -> Task:
    """A seat of the viewer's own, open or closed. Raises NotFound."""
    given = {"task": task_id, "person": viewer.person_id}
    found = db.session.scalars(_own_task, given).first()
    if found is None:
        raise NotFound()
    return found


_own_task = unscoped(
    select(Task).where(Task.id == bindparam("task"), Task.person_id == bindparam("person")), OWN
)


def next_task(viewer: Viewer, after: datetime, task_id: str) -> str | None:
    """The id of the task that waits longest after this one, else the first of all."""
    waiting = [Task.person_id == viewer.person_id, Task.state == "open", Task.id != task_id]
    statement = select(Task.id).where(*waiting).order_by(Task.opened_at, Task.id).limit(1)
    later = statement.where((Task.opened_at > after) | (Task.opened_at == after))
    for one in (later, statement):
        found = db.session.execute(unscoped(one, OWN)).scalar_one_or_none()
        if found:
            return found
    return None


_newest = unscoped(
    select(Approval)
    .where(Approval.record_id == bindparam("record"))
    .order_by(Approval.opened_at.desc(), Approval.id.desc()),
    HELD,
)
_events = unscoped(
    select(
        ApprovalEvent.approval_id,
        ApprovalEvent.kind,
        ApprovalEvent.data,
        ApprovalEvent.actor_id,
        ApprovalEvent.actor_name,
        ApprovalEvent.record_revision,
        ApprovalEvent.record_sha256,
        ApprovalEvent.comment,
        ApprovalEvent.at,
    )
    .where(ApprovalEvent.record_id == bindparam("record"))
    .order_by(ApprovalEvent.at, ApprovalEvent.approval_id, ApprovalEvent.seq),
    HELD,
)


def approval_of(record: Record) -> Approval | None:
    """The newest approval of a record the viewer was allowed to see."""
    return db.session.scalars(_newest, {"record": record.id}).first()


def open_task_of(viewer: Viewer, record_id: str) -> Task | None:
    """The viewer's open task on a record, if any."""
    given = {"record": record_id, "person": viewer.person_id}
    return db.session.scalars(_open_task, given).first()


def own_seats(viewer: Viewer, record_id: str) -> Sequence[Any]:
    """The viewer's seats on a record, open and closed: id, step and state, the oldest first."""
    known = remembered(Task)
    key = (viewer.person_id, record_id)
    if key not in known:
        known[key] = read_fixed(_own_seats, {"record": record_id, "person": viewer.person_id})
    found: Sequence[Any] = known[key]
    return found


_of_person = (Task.record_id == bindparam("record"), Task.person_id == bindparam("person"))
_open_task = unscoped(
    select(Task).where(*_of_person, Task.state == "open").order_by(Task.opened_at), OWN
)
_own_seats = unscoped(
    select(Task.id, Task.step, Task.state).where(*_of_person).order_by(Task.opened_at), OWN
)


def events_of(record: Record) -> Sequence[Any]:
    """Everything that happened in the approvals of a record the viewer may see, oldest first."""
    return read_fixed(_events, {"record": record.id})


def state_of(approval: Approval) -> State:
    """The folded state of an approval."""
    return State.from_json(approval.folded)


def holders(record_ids: Sequence[str]) -> Mapping[str, list[str]]:
    """Names of those who have each of these records now."""
    return {key: [name for _step, name in held] for key, held in seats(record_ids).items()}


def seats(record_ids: Sequence[str]) -> Mapping[str, list[tuple[str, str]]]:
    """(step, name of the person asked) of every open seat on each of these records."""
    statement = (
        select(Task.record_id, Task.step, Person.name)
        .join(Person, Person.id == Task.person_id)
        .where(Task.record_id.in_(list(record_ids)), Task.state == "open")
        .order_by(Task.opened_at, Person.name)
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for row in db.session.execute(unscoped(statement, "of records the caller may see")):
        found.setdefault(row.record_id, []).append((row.step, row.name))
    return found


def expected_chain(record: Record, now: datetime) -> tuple[Entry, ...]:
    """Who will be asked if this record is sent now: the engine's own preview."""
    return preview.expected_chain(
        shell.definition_of(record),
        requester=record.requester_id,
        version=record.revision,
        facts=shell.facts_for(record, now),
        answer=shell.answerer(record, now),
    )


def remaining_chain(record: Record, approval: Approval, now: datetime) -> tuple[Entry, ...]:
    """Done, now and next of an approval."""
    return preview.remaining_chain(
        shell.definition_of(record),
        state_of(approval),
        facts=shell.facts_for(record, now),
        answer=shell.answerer(record, now),
    )


def is_last_approval(record: Record, approval: Approval, task: Task, now: datetime) -> bool:
    """Whether the record is approved once this seat approves it as it is: nobody is asked after."""
    command = Approve(person=task.person_id, epoch=task.epoch, version=record.revision)
    outcome = preview.outcome_after(
        shell.definition_of(record),
        state_of(approval),
        command,
        facts=shell.facts_for(record, now),
        answer=shell.answerer(record, now),
    )
    return outcome == APPROVED


def newest_approval(record_id: str) -> Approval | None:
    """The newest approval of a record, whoever asks: for operators' pages."""
    statement = (
        select(Approval)
        .where(Approval.record_id == record_id)
        .order_by(Approval.opened_at.desc(), Approval.id.desc())
    )
    return db.session.scalars(unscoped(statement, OPERATORS)).first()


def stuck_approvals() -> Sequence[Any]:
    """Approvals that wait for an operator, the longest first: number and form, not content."""
    statement = (
        select(
            Approval.id,
            Record.id.label("record_id"),
            Record.number,
            Record.form,
            Approval.opened_at,
        )
        .join(Record, Record.id == Approval.record_id)
        .where(Approval.state == "stuck")
        .order_by(Approval.opened_at, Approval.id)
    )
    return db.session.execute(unscoped(statement, OPERATORS)).all()


def stuck_record(record_id: str) -> Record:
    """The record of a stuck approval. Raises NotFound."""
    statement = (
        select(Record)
        .join(Approval, Approval.record_id == Record.id)
        .where(Record.id == record_id, Approval.state == "stuck")
    )
    found = db.session.scalars(unscoped(statement, OPERATORS)).first()
    if found is None:
        raise NotFound()
    return found


def open_tasks_of(person_id: str) -> int:
    """How many seats wait for a person: what somebody leaving would leave behind."""
    statement = select(func.count()).where(Task.person_id == person_id, Task.state == "open")
    return int(db.session.execute(unscoped(statement, OPERATORS)).scalar_one())
