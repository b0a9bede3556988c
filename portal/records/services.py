"""The verbs of records: draft, save, accept, revise, discard. They flush, never commit."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, delete, select

from portal.audit import services as audit
from portal.db import db, read_fixed, unscoped
from portal.definitions import queries as definitions
from portal.definitions.moving import moved
from portal.definitions.queries import FormInRelease
from portal.errors import N_, ChangedMeanwhile, FieldError, Forbidden, Invalid, Message, NotFound
from portal.forms.compiled import CompiledForm
from portal.forms.fieldpaths import cell_path
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.numbering import number_prefix
from portal.forms.outcome import Outcome
from portal.ids import new_id
from portal.records import (
    attachments,
    counting,
    document,
    facts,
    freezing,
    indexing,
    linking,
    locking,
    numbering,
    offering,
    scope,
    transitions,
    versions,
)
from portal.records.changes import Changed, changes_between
from portal.records.content import content_hash_of_data
from portal.records.models import Comment, Record
from portal.web.viewer import Viewer

CLOSED = N_("This project is closed; nothing new is filed in it.")
BY_STATUS = N_("That is by its status, not by your roles: whoever manages the project may open it.")
ON_ITS_PAGE = N_("Where it stands, and what you can do with it now, is on its page.")
CHANGED_ELSEWHERE = N_(
    "This record was saved elsewhere meanwhile. What you typed is still here; "
    "compare and save again."
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a draft comes from: its form, its project, and what it starts with."""

    form: str
    project_id: str | None
    data: Mapping[str, Any]


def compiled(record: Record) -> CompiledForm:
    """The compiled form of the release a record is pinned to."""
    return definitions.form_of(record.release_id, record.form).form


def start_draft(
    *,
    actor: Viewer,
    record_id: str,
    origin: Origin,
    now: datetime,
) -> Record:
    """Create a draft under the id the page was given. Raises Forbidden, NotFound.

    Opening the form writes nothing; the first save creates the draft.
    """
    current = filed_under(actor, origin.form, origin.project_id)
    if record_id and is_taken(record_id):
        raise ChangedMeanwhile(CHANGED_ELSEWHERE)
    record = Record(
        id=record_id or new_id(),
        module=current.module,
        form=origin.form,
        release_id=current.release_id,
        project_id=origin.project_id,
        requester_id=actor.person_id,
        state=transitions.DRAFT,
        data=dict(origin.data),
        revision=0,
        created_at=now,
        updated_at=now,
    )
    db.session.add(record)
    return record


def filed_under(actor: Viewer, form: str, project_id: str | None) -> FormInRelease:
    """The form a new record is made under. Raises Forbidden, NotFound."""
    current = definitions.form_in(form, project_id)
    if current is None:
        raise NotFound()
    if not definitions.may_file(actor, current, project_id):
        raise Forbidden(N_("You may not file this form in this project."))
    _project_is_open(actor, project_id)
    return current


def is_taken(record_id: str) -> bool:
    """Whether there is a record of this id, seen or not."""
    return bool(read_fixed(_taken, {"record": record_id}))


_taken = unscoped(
    select(Record.id).where(Record.id == bindparam("record")), "ids are unique, seen or not"
)


def _project_is_open(actor: Viewer, project_id: str | None) -> None:
    if project_id is None:
        return
    status = next((one.status for one in actor.project_list if one.id == project_id), None)
    if status is None:
        raise NotFound()
    if status != "active":
        raise Forbidden(CLOSED, hint=BY_STATUS)


def locked(record_id: str) -> Record:
    """A record for a command whose own checks judge who may act, locked until the end.

    Its id stays as it is, so that records naming it are written without waiting.
    """
    found = db.session.scalars(
        _locked,
        {"record": record_id},
        execution_options={"populate_existing": True},  # as of now, not as first read
    ).first()
    if found is None:
        raise NotFound()
    return found


_locked = unscoped(
    select(Record).where(Record.id == bindparam("record")).with_for_update(key_share=True),
    "judged by the command's own checks",
)


def begun(record_id: str) -> Record | None:
    """The record of this id if this very transaction begins it: it is nobody else's yet."""
    made = (one for one in db.session.new if isinstance(one, Record))
    return next((one for one in made if one.id == record_id), None)


def get(record_id: str) -> Record:
    """A record the viewer may see. Raises NotFound."""
    statement = select(Record).where(Record.id == record_id, scope.visible_now(Record))
    found = db.session.scalars(unscoped(statement, "narrowed by the condition of scope itself"))
    record = found.first()
    if record is None:
        raise NotFound()
    return record


def editable(*, actor: Viewer, record_id: str, seen_revision: int) -> Record:
    """The actor's own draft or returned record, or a register entry they may revise.

    Raises NotFound, Forbidden; Conflict when it was saved elsewhere since it was opened.
    """
    record = begun(record_id) or locked(record_id)
    if record.requester_id != actor.person_id:
        get(record_id)
    demand_edit(actor, record)
    if record.revision != seen_revision:
        raise ChangedMeanwhile(CHANGED_ELSEWHERE)
    form, data = in_current_release(record)
    if form.release_id != record.release_id:
        record.release_id, record.data = form.release_id, dict(data)
    return record


def in_current_release(record: Record) -> tuple[FormInRelease, Mapping[str, Any]]:
    """The form a record is edited under, and its data as that form wants it.

    Drafts and register entries move to the release of their place by the declared migration; what
    was sent for approval stays under the release it was sent with.
    """
    pinned = definitions.form_of(record.release_id, record.form)
    moves = record.state == transitions.DRAFT or (
        record.state == transitions.APPROVED and not pinned.has_workflow
    )
    current = definitions.form_in(record.form, record.project_id) if moves else None
    if current is None or current.release_id == record.release_id:
        return pinned, record.data
    if current.sha256 == pinned.sha256:
        return current, record.data
    version = int(pinned.expanded.get("version", 1))
    return current, moved(record.data, version, current.form.definition)


def may_edit(actor: Viewer, record: Record) -> bool:
    """Whether this person may change the whole record now: its requester, or a register's clerk."""
    if record.state in transitions.EDITABLE:
        return record.requester_id == actor.person_id
    if record.state != transitions.APPROVED or is_approved_by_chain(record):
        return False
    form = definitions.form_of(record.release_id, record.form)
    return definitions.may_file(actor, form, record.project_id)


def demand_edit(actor: Viewer, record: Record) -> None:
    """The person may change the whole record now, or hears why not. Raises Forbidden."""
    if may_edit(actor, record):
        return
    if record.state in transitions.EDITABLE:
        text = N_("This record is with its requester, who alone changes it now.")
        raise Forbidden(text, hint=ON_ITS_PAGE)
    if record.state == transitions.APPROVED and not is_approved_by_chain(record):
        raise Forbidden(N_("You may not change the entries of this register."))
    if record.state == transitions.RETIRED:
        text = N_("This entry is out of use. Take it back into use before changing it.")
        raise Forbidden(text, hint=ON_ITS_PAGE)
    raise Forbidden(N_("This record can no longer be changed here."), hint=ON_ITS_PAGE)


def is_approved_by_chain(record: Record) -> bool:
    """Whether the record's form has a workflow (a register has none)."""
    return definitions.form_of(record.release_id, record.form).workflow is not None


def save_draft(*, actor: Viewer, record: Record, data: Mapping[str, Any], now: datetime) -> Outcome:
    """Keep a draft as typed and computed. Errors do not stop it; locked fields do."""
    if record.state not in transitions.EDITABLE:
        raise Forbidden(N_("This record can no longer be changed here."), hint=ON_ITS_PAGE)
    form = compiled(record)
    locking.demand_unlocked(form, record.data, data, facts.subject_of(record), now)
    data, foreign = linking.known_links(form, record, data)
    outcome, found = facts.complete(form, data, facts.subject_of(record), now, mode="draft")
    outcome.errors.extend(foreign)
    record.data = outcome.data
    record.revision += 1
    record.updated_at = now
    _describe(record, form, outcome, found.project)
    db.session.flush()
    attachments.link(actor=actor, record=record, wanted=files_in(form, outcome.data))
    return outcome


def discard(*, actor: Viewer, record_id: str, now: datetime) -> None:
    """Throw an own draft away; a submitted record is never deleted."""
    record = get(record_id)
    if record.state != transitions.DRAFT or record.requester_id != actor.person_id:
        raise Forbidden(N_("Only your own drafts can be discarded."), hint=ON_ITS_PAGE)
    attachments.unlink(record.id)
    remarks = delete(Comment).where(Comment.record_id == record.id)
    db.session.execute(unscoped(remarks, "on the own draft"))
    db.session.execute(unscoped(delete(Record).where(Record.id == record.id), "the own draft"))


def fill_draft(*, actor: Viewer, origin: Origin, now: datetime) -> Record:
    """A draft filled in for somebody, computed as if they had typed it. Raises as `start_draft`."""
    record = start_draft(actor=actor, record_id=new_id(), origin=origin, now=now)
    db.session.flush()
    save_draft(actor=actor, record=record, data=origin.data, now=now)
    return record


def accept(
    *, record: Record, actor: Viewer, data: Mapping[str, Any] | None, now: datetime
) -> Outcome:
    """Take a draft, a returned record or a register entry as filed: all rules, number, indexes.

    Raises Invalid with every field at fault; then nothing was changed.
    """
    form = compiled(record)
    given = record.data if data is None else data
    locking.demand_unlocked(form, record.data, given, facts.subject_of(record), now)
    is_new = record.submitted_at is None
    signed = None if is_new else versions.last_revision(record.id)
    before = signed.data if signed else {}
    with db.session.no_autoflush:  # nothing here reads the record itself: it is written once, below
        outcome = evaluate_strictly(form, given, record, now)
        if record.number is None and form.definition.numbering:
            record.number = _number(form, record, now)
    if not is_new:
        freezing.demand_unfrozen(record, {**record.data, **before}, outcome.data)
    record.submitted_at = now
    take(record, form, outcome, now)
    db.session.flush()
    attachments.link(actor=actor, record=record, wanted=files_in(form, outcome.data))
    indexing.reindex(record, form.definition, is_new=is_new)
    versions.add_participants(record.id, [(record.requester_id, "requester")])
    versions.add_revision(
        record, changes_between(form.definition, before, outcome.data), "filed", actor, now
    )
    return outcome


def take(record: Record, form: CompiledForm, outcome: Outcome, now: datetime) -> None:
    """The evaluated data becomes the record's next version."""
    record.data = outcome.data
    record.revision += 1
    record.updated_at = now
    record.sha256 = content_hash_of_data(outcome.data)
    _describe(record, form, outcome, facts.project_facts(record.project_id))


def evaluate_strictly(
    form: CompiledForm,
    data: Mapping[str, Any],
    record: Record,
    now: datetime,
    step: str | None = None,
) -> Outcome:
    """Evaluate as for submission and refuse on any error."""
    subject = facts.subject_of(record, step)
    held = counting.places(form.definition, data, record)
    counting.hold(held)
    outcome, found = facts.complete(form, data, subject, now, mode="submit")
    late = counting.places(form.definition, outcome.data, record) - held
    if late:  # a link that came by evaluating: count again, with nobody beside us
        counting.hold(late)
        outcome, found = facts.complete(form, data, subject, now, mode="submit")
    errors = [*outcome.errors, *linking.foreign_links(form, record, outcome.data)]
    if not errors:
        today = facts.today_for(found.project, now)
        errors = list(offering.refused(form.definition, record, outcome.data, today=today))
    if errors:
        raise Invalid(errors=errors)
    return outcome


def _describe(
    record: Record, form: CompiledForm, outcome: Outcome, project: Mapping[str, Any] | None
) -> None:
    """The record's title, amount and currency as lists show them."""
    for name, value in described(form.definition, outcome.data, project).items():
        setattr(record, name, value)


def described(
    definition: FormDefinition, data: Mapping[str, Any], project: Mapping[str, Any] | None
) -> dict[str, Any]:
    """A record's title, amount and currency by its data, as far as its form has them."""
    found: dict[str, Any] = {}
    if definition.subject:
        stored = data.get(definition.fields[definition.subject].key)
        found["subject"] = str(stored if stored is not None else "")[:300]
    if definition.amount:
        stored = data.get(definition.amount)
        field = definition.fields[definition.amount]
        currency = str(project["currency"]) if project else None
        found["amount"] = Decimal(stored) if stored is not None else None
        found["currency"] = document.currency_of(field, data, currency)
    return found


def _number(form: CompiledForm, record: Record, now: datetime) -> str:
    return numbering.take_number(*series_of(form.definition, record, now))


def series_of(form: FormDefinition, record: Record, now: datetime) -> tuple[str, int]:
    """The series a record's number is of: prefix, and width of what follows it."""
    project = facts.project_facts(record.project_id)
    return number_prefix(
        form.numbering or "",
        today=facts.today_for(project, now),
        project=project,
        form=record.form,
    )


def files_in(form: CompiledForm, data: Mapping[str, Any]) -> dict[str, FieldDefinition]:
    """Attachment id -> the field that names it, of every file in a record's data."""
    return {
        str(key): one
        for one in form.definition.header
        if one.kind.name == "attachment"
        for key in data.get(one.key) or ()
    }


def revise_at_step(
    *, record: Record, data: Mapping[str, Any], step: str, actor: Viewer, now: datetime
) -> list[Changed]:
    """Change a record at a step of its approval; returns what changed. Raises Invalid.

    The engine judges afterwards whether this step may change these fields.
    """
    return revise(record=record, data=data, reason=f"step:{step}", actor=actor, now=now, step=step)


def revise(
    *,
    record: Record,
    data: Mapping[str, Any],
    reason: str,
    actor: Viewer,
    now: datetime,
    step: str | None = None,
) -> list[Changed]:
    """Make this the next version of a record's content, if it differs; returns what changed.

    Who may do so was judged before. Raises Invalid, also for what a rule locks at the step, and
    for what is frozen.
    """
    form = compiled(record)
    if step is not None:
        locking.demand_unlocked(form, record.data, data, facts.subject_of(record, step), now)
    outcome = evaluate_strictly(form, data, record, now, step)
    changed = changes_between(form.definition, record.data, outcome.data)
    if not changed:
        return []
    freezing.demand_unfrozen(record, record.data, outcome.data)
    take(record, form, outcome, now)
    db.session.flush()
    attachments.link(actor=actor, record=record, wanted=files_in(form, outcome.data))
    indexing.reindex(record, form.definition)
    versions.add_revision(record, changed, reason, actor, now)
    return changed


def required_at_step(*, record: Record, needed: Iterable[str]) -> None:
    """Refuse an approval while a field its step must fill is empty. Raises Invalid."""
    form = compiled(record).definition
    missing = [
        FieldError(where, "required", Message(N_("This field must be filled in at this step.")))
        for path in sorted(needed)
        if path in form.fields
        for where in _empty(form.fields[path], record.data)
    ]
    if missing:
        raise Invalid(errors=missing)


def _empty(one: FieldDefinition, data: Mapping[str, Any]) -> Iterator[str]:
    """Where a field has no value: itself, or each of its cells that is empty."""
    if one.table is None:
        if data.get(one.key) in (None, "", []):
            yield one.path
        return
    for row in data.get(one.table) or ():
        if row.get(one.key) in (None, "", []):
            yield cell_path(one.table, str(row.get("_id")), one.key)


def take_signed_version(record: Record) -> None:
    """Drop what was typed into a returned record and never sent: it ends as it was signed."""
    signed = versions.last_revision(record.id)
    if signed is None or signed.data == record.data:
        return
    record.data = dict(signed.data)
    record.revision += 1
    project = facts.project_facts(record.project_id)
    _describe(record, compiled(record), Outcome(data=record.data), project)


def note(record: Record, action: str, *, actor: Viewer, now: datetime) -> None:
    """Write the audit row of an act on a record."""
    audit.record(
        actor=actor,
        action=action,
        object_kind="record",
        object_id=record.id,
        detail={"number": record.number, "revision": record.revision, "sha256": record.sha256},
        now=now,
    )
