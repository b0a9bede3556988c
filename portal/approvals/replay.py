"""Replay: which way a stored record would go through a chain that nobody works under yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.approvals import shell
from portal.forms.compiled import CompiledForm
from portal.records.models import Record
from portal.workflows import preview
from portal.workflows.facts import Facts
from portal.workflows.tree import Text, WorkflowDefinition


@dataclass(frozen=True, slots=True)
class Stop:
    """One step on the way of a record: who is asked there. `held`: the record would stop here."""

    step: str
    title: Text
    people: tuple[str, ...]
    held: bool = False


def way(
    record: Record,
    data: Mapping[str, Any],
    form: CompiledForm,
    workflow: WorkflowDefinition | None,
    now: datetime,
) -> tuple[Stop, ...]:
    """The steps a record holding `data` under `form` would take if it were sent now."""
    if workflow is None:
        return ()
    stand_in = Record(
        id=record.id,
        form=record.form,
        module=record.module,
        release_id=record.release_id,
        project_id=record.project_id,
        requester_id=record.requester_id,
        state="draft",
        number=record.number,
        data=dict(data),
        revision=record.revision,
    )
    entries = preview.expected_chain(
        workflow,
        requester=record.requester_id,
        version=record.revision,
        facts=Facts(at=now.isoformat()),
        answer=shell.answerer(stand_in, now, form),
    )
    return tuple(
        Stop(
            entry.step,
            entry.title,
            tuple(sorted({one.person for one in entry.people})),
            held=entry.status == "held",
        )
        for entry in entries
        if entry.status != "skipped"
    )
