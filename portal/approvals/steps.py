"""What a step means to its holder's page: title, rights, where it may be returned or handed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from portal.accounts import queries as accounts
from portal.approvals import people, queries
from portal.approvals.models import Approval, Task
from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.definitions.queries import FormInRelease
from portal.forms.access import FieldAccess, StepFields, field_access
from portal.records.models import Record, RecordRevision
from portal.web.viewer import Viewer
from portal.web.words import gettext as _
from portal.workflows.blocks import Step
from portal.workflows.people import Reason
from portal.workflows.tree import START, in_language

DECIDING = frozenset({"voted", "returned", "restarted"})


def step_of(record: Record, step_id: str) -> Step | None:
    """The step's definition in the release the record is pinned to."""
    workflow = definitions.form_of(record.release_id, record.form).workflow
    block = workflow.block(step_id) if workflow and step_id in workflow else None
    return block if isinstance(block, Step) else None


def title_of(release_id: str, form: str, step_id: str, language: str) -> str:
    """A step's title."""
    workflow = definitions.form_of(release_id, form).workflow
    if workflow is None or step_id not in workflow:
        return step_id
    return in_language(getattr(workflow.block(step_id), "title", step_id), language) or step_id


def reasons_of(task: Task) -> Sequence[Reason]:
    """Why the task's holder was asked."""
    return [Reason.from_json(one) for one in task.why.get("reasons", ())]


def last_decided_data(record: Record, events: Sequence[Any]) -> Mapping[str, Any] | None:
    """What the record was when somebody last decided on it, if it changed since."""
    decided = [one.record_revision for one in events if one.kind in DECIDING]
    earlier = next((one for one in reversed(decided[-2:]) if one < record.revision), None)
    return None if earlier is None else data_of_version(record, earlier)


def data_of_version(record: Record, revision: int) -> Mapping[str, Any] | None:
    """What the record was at an earlier version, if it was filed or changed at a step with it."""
    if revision >= record.revision:
        return None
    statement = select(RecordRevision.data).where(
        RecordRevision.record_id == record.id, RecordRevision.revision == revision
    )
    found = db.session.execute(unscoped(statement, "of a record the caller sees")).first()
    return found[0] if found else None


def return_targets(record: Record, step_id: str, language: str) -> list[tuple[str, str]]:
    """Where this step may send the record back to: (id, title)."""
    step = step_of(record, step_id)
    if step is None:
        return []
    return [
        (
            target,
            _("the requester")
            if target == START
            else title_of(record.release_id, record.form, target, language),
        )
        for target in step.returns
    ]


def transfer_targets(record: Record, task: Task, viewer: Viewer) -> list[tuple[str, str]]:
    """Who this seat may be handed to: (person id, name); the engine judges again."""
    step = step_of(record, task.step)
    if step is None or step.transfer is None:
        return []
    barred = {viewer.person_id, record.requester_id}
    if step.transfer == "any":
        found = [(p.id, p.name) for p in accounts.active_people() if not p.external]
        return [one for one in found if one[0] not in barred]
    ids = [c.person for c in people.find_people(step.who, record) if c.person not in barred]
    names = accounts.person_name(ids)
    return [(one, names.get(one, one)) for one in ids]


def may_edit_fields(record: Record, step_id: str) -> bool:
    """Whether this step may change anything in the record."""
    step = step_of(record, step_id)
    return step is not None and bool(step.fields.edit)


def step_fields(step: Step) -> StepFields:
    """The step's rights as the forms package takes them."""
    return StepFields(
        *(frozenset(getattr(step.fields, part)) for part in ("edit", "hide", "require"))
    )


def rights(record: Record, form: FormInRelease, viewer: Viewer) -> FieldAccess | None:
    """Field rights of somebody who holds or held a seat: what its step lets edit and hides."""
    if form.workflow is None or record.state == "draft":
        return None
    seats = queries.own_seats(viewer, record.id)
    if not seats:
        return None
    held = [
        (row.state, step_fields(block))
        for row in seats
        if row.step in form.workflow and isinstance(block := form.workflow.block(row.step), Step)
    ]
    now = next((fields for state, fields in held if state == "open"), None)
    return field_access(
        form.form.definition,
        state=record.state,
        is_requester=record.requester_id == viewer.person_id,
        step=now,
        hidden=[fields for _state, fields in held] if now is None else [],
    )


def stalled_epoch(approval: Approval) -> int:
    """The number of the visit that waits for an operator, 0 when a block without seats does."""
    state = queries.state_of(approval)
    return next((one.number for one in state.open_epochs() if one.stalled), 0)
