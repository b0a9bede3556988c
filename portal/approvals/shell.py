"""The shell around the pure engine: lock, ask, decide, fold, write, apply — in one transaction."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select

from portal import limits
from portal.accounts import queries as accounts
from portal.approvals import conditions, log, people, protection
from portal.approvals.models import Approval, Task
from portal.audit import services as audit
from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.errors import (
    N_,
    ChangedMeanwhile,
    FieldError,
    Forbidden,
    Invalid,
    Message,
    NotFound,
    PortalError,
)
from portal.forms.compiled import CompiledForm
from portal.notify import services as notify
from portal.records import transitions, versions
from portal.records.models import Record
from portal.web.viewer import Viewer
from portal.workflows import commands as cmd
from portal.workflows import effects as fx
from portal.workflows import engine
from portal.workflows.facts import Answer, AskActive, AskPeople, AskTruth, Facts, Query
from portal.workflows.refusals import Refusal
from portal.workflows.state import State
from portal.workflows.tree import WorkflowDefinition, in_language

LATE = re.compile(
    "(already|ended)_.*|not_your_task|you_decided|record_changed|not_returned|not_stuck"
    "|withdraw_(decided|passed)"
)
STATUS = {
    "not_requester": Forbidden.status,
    "requester_decides": Forbidden.status,
    "no_such_task": NotFound.status,
}


@dataclass(slots=True)
class Outcome:
    """What a command led to: the record as it is now, and the events it made."""

    record: Record
    approval: Approval
    state: State
    events: list[Any] = field(default_factory=list)


class Refused(PortalError):
    """The engine's refusal, worded; `code` says which. What was asked for cannot be done (422)."""

    status = Invalid.status

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(message)
        self.code = code
        self.status = STATUS.get(code, self.status)


class Overtaken(Refused, ChangedMeanwhile):
    """What was seen is no longer so: somebody else acted first."""

    status = ChangedMeanwhile.status


def _refused(refusal: Refusal, definition: WorkflowDefinition, actor: Viewer) -> Refused:
    kind = Overtaken if LATE.fullmatch(refusal.code) else Refused
    return kind(refusal.code, worded(refusal, definition, actor))


def lock(approval_id: str) -> Approval:
    """The approval, locked until the transaction ends. Raises NotFound."""
    found = db.session.scalars(
        _locked,
        {"approval": approval_id},
        execution_options={"populate_existing": True},  # as of now, not as first read
    ).first()
    if found is None:
        raise NotFound()
    return found


_locked = unscoped(
    select(Approval).where(Approval.id == bindparam("approval")).with_for_update(),
    "the command's own checks judge who may act",
)


def definition_of(record: Record) -> WorkflowDefinition:
    """The workflow the record is pinned to. Raises NotFound for a register."""
    workflow = definitions.form_of(record.release_id, record.form).workflow
    if workflow is None:
        raise NotFound()
    return workflow


def answerer(
    record: Record, now: datetime, form: CompiledForm | None = None
) -> Callable[[Query], Answer]:
    """How the engine's questions about this record are answered from our own tables.

    By the form the record is pinned to, unless another is given.
    """
    truth = conditions.for_record(record, now, form)

    def answer(query: Query) -> Answer:
        if isinstance(query, AskPeople):
            return people.find_people(query.rule, record)
        if isinstance(query, AskTruth):
            return truth(query.expression)
        assert isinstance(query, AskActive)
        return people.is_active(query.person)

    return answer


def facts_for(record: Record, now: datetime) -> Facts:
    """The facts known before anything is asked."""
    guarded = protection.of(definitions.form_of(record.release_id, record.form))
    return Facts(at=now.isoformat(), protected=guarded.fields, reads=guarded.by_block)


def run(
    *,
    approval: Approval,
    record: Record,
    command: cmd.Command,
    actor: Viewer,
    now: datetime,
    comment: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Outcome:
    """Carry out one command. Raises Refused with a sentence; then nothing was changed."""
    _must_fit(comment)
    definition = definition_of(record)
    state = State.from_json(approval.folded) if approval.folded else None
    known, answer = facts_for(record, now), answerer(record, now)
    facts = engine.gather(definition, state, command, known, answer)
    decided = engine.decide(definition, state, command, facts)
    if isinstance(decided, Refusal):
        raise _refused(decided, definition, actor)
    if not decided:
        assert state is not None
        return Outcome(record, approval, state)
    previous = log.last_hash(approval)
    applied: list[fx.Effect] = []
    for event in decided:
        state = engine.evolve(state, event)
        previous = log.append(
            approval=approval,
            record=record,
            event=event,
            actor=actor,
            comment=comment if event is decided[0] else "",
            now=now,
            previous=previous,
        )
        applied += engine.effects(definition, event, state)
    assert state is not None
    tasks = _Tasks(approval, none_yet=not approval.folded)
    approval.folded, approval.state = state.to_json(), state.status
    approval.ended_at = now if state.status == "ended" else None
    apply(applied, tasks=tasks, record=record, state=state, actor=actor, now=now, comment=comment)
    audit.record(
        actor=actor,
        action=f"approval.{command.kind}",
        object_kind="record",
        object_id=record.id,
        detail={
            "number": record.number,
            "revision": record.revision,
            "sha256": record.sha256,
            "events": [event.kind for event in decided],
            "head": previous,
            **(detail or {}),
        },
        now=now,
    )
    return Outcome(record, approval, state, list(decided))


def _must_fit(comment: str) -> None:
    if len(comment) > limits.COMMENT_LENGTH:
        message = Message(N_("At most %(most)s characters."), {"most": limits.COMMENT_LENGTH})
        raise Invalid(errors=[FieldError("comment", "too_long", message)])


def apply(
    effects: list[fx.Effect],
    *,
    tasks: "_Tasks",
    record: Record,
    state: State,
    actor: Viewer,
    now: datetime,
    comment: str = "",
) -> None:
    """Turn effects into rows: tasks, the record's state (and so its postings), notices."""
    parts: list[tuple[str, str]] = []
    for effect in effects:
        if isinstance(effect, fx.OpenTask):
            tasks.open(effect, state, now)
            parts.append((effect.person, "asked"))
        elif isinstance(effect, fx.CloseTask):
            tasks.close(effect, now)
        elif isinstance(effect, fx.RecordState):
            transitions.set_state(
                record=record, state=effect.state, actor=actor, now=now, comment=comment
            )
        elif isinstance(effect, fx.CopyTo):
            parts.append((effect.person, "copied"))
            notify.tell(effect.person, "copied", record=record, actor=actor, now=now)
        elif isinstance(effect, fx.Notify):
            step = effect.step or ""
            notify.tell(effect.person, effect.about, record=record, actor=actor, now=now, step=step)
        elif isinstance(effect, fx.Stuck):
            for operator in accounts.holders_of_role("operator", kind="system"):
                notify.tell(operator, "stuck_operator", record=record, actor=actor, now=now)
    versions.add_participants(record.id, parts)


class _Tasks:
    """The tasks of an approval as of now, read when first asked for; closed and opened here."""

    def __init__(self, approval: Approval, *, none_yet: bool) -> None:
        self.approval, self._none_yet = approval, none_yet

    @cached_property
    def all(self) -> list[Task]:
        """Every task there is or was; an approval that just begins has none."""
        if self._none_yet:
            return []
        given, fresh = {"approval": self.approval.id}, {"populate_existing": True}
        with db.session.no_autoflush:  # no task waits to be written yet, only the log
            return list(db.session.scalars(_tasks_of, given, execution_options=fresh))

    def open(self, effect: fx.OpenTask, state: State, now: datetime) -> None:
        """A seat becomes a task; one given back to a person reopens theirs."""
        epoch = state.epoch(effect.epoch)
        seat = epoch.live_seat(effect.person) if epoch else None
        why = {"reasons": [reason.to_json() for reason in seat.reasons]} if seat else {}
        for known in self.all:
            if (known.epoch, known.person_id) == (effect.epoch, effect.person):
                known.state, known.closed_at, known.why = "open", None, why
                break
        else:
            made = Task(
                approval_id=self.approval.id,
                record_id=self.approval.record_id,
                step=effect.step,
                epoch=effect.epoch,
                person_id=effect.person,
                why=why,
                state="open",
                opened_at=now,
            )
            db.session.add(made)
            self.all.append(made)

    def close(self, effect: fx.CloseTask, now: datetime) -> None:
        """The tasks of a visit are over, or one person's of it."""
        for one in self.all:
            if (
                one.epoch == effect.epoch
                and one.state == "open"
                and effect.person in (None, one.person_id)
            ):
                one.state, one.closed_at = "closed", now


_tasks_of = unscoped(
    select(Task).where(Task.approval_id == bindparam("approval")), "the engine moves every seat"
)


def worded(refusal: Refusal, definition: WorkflowDefinition, actor: Viewer) -> Message:
    """A refusal with people and steps by name and moments in the reader's zone."""
    from portal.web.filters import moment

    args = dict(refusal.args)
    for key in ("person",):
        if isinstance(args.get(key), str):
            args[key] = accounts.person_name([args[key]]).get(args[key], args[key])
    if isinstance(args.get("step"), str) and args["step"] in definition:
        title = getattr(definition.block(args["step"]), "title", args["step"])
        args["step"] = in_language(title, actor.language) or args["step"]
    if isinstance(args.get("at"), str):
        args["at"] = moment(datetime.fromisoformat(args["at"]))
    return Message(refusal.message.id, args)


__all__ = ["Outcome", "Overtaken", "Refused", "answerer", "definition_of", "lock", "run"]
