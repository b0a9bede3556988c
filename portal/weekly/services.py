"""A weekly report that is sent keeps the figures it was sent with."""

from datetime import date

from portal.audit.services import record as audit
from portal.ledgers.snapshots import keep
from portal.projects.queries import project_brief
from portal.records.transitions import SUBMITTED, Transition
from portal.weekly.period import Period
from portal.weekly.queries import FORM, KIND, body_of


def on_transition(transition: Transition) -> None:
    """Freeze what moved in its period when a report is sent, also when it is sent again."""
    record = transition.record
    if record.form != FORM or transition.after != SUBMITTED or record.project_id is None:
        return
    project = project_brief(record.project_id)
    if project is None:
        return
    from_on, to_on = (date.fromisoformat(record.data[key]) for key in ("from_on", "to_on"))
    body = body_of(project, Period(from_on, to_on, project.zone))
    snapshot = keep(
        project_id=project.id,
        kind=KIND,
        name=record.id,
        body=body,
        taken_by=transition.actor.person_id,
        now=transition.now,
    )
    audit(
        actor=transition.actor,
        action="record.figures_frozen",
        object_kind="record",
        object_id=record.id,
        detail={"sha256": snapshot.sha256},
        now=transition.now,
    )
