"""What changes in the cost center: freezing a sheet, how a project's budget is controlled."""

from datetime import datetime

from portal.audit.services import record
from portal.costs.columns import sheet_in_force
from portal.costs.snapshots import KIND, frozen
from portal.db import db
from portal.errors import N_, Conflict, FieldError, Forbidden, Invalid, Message
from portal.ledgers.models import Snapshot
from portal.ledgers.snapshots import keep
from portal.projects.models import Project
from portal.web.viewer import ProjectBrief, Viewer


def may_freeze(viewer: Viewer, project: ProjectBrief) -> bool:
    """Members of the project inside the company; whoever only reads figures does not."""
    return not viewer.is_external and project.id in viewer.projects


def freeze(*, actor: Viewer, project: ProjectBrief, name: str, now: datetime) -> Snapshot:
    """Keep the sheet as it stands now under a name, for ever.

    Raises Forbidden, and Conflict while there is nothing to freeze.
    """
    if not may_freeze(actor, project) or actor.person_id is None:
        raise Forbidden(N_("Only members of the project freeze its cost sheet."))
    body = frozen(project)
    if not body["sheets"]:
        raise Conflict(N_("There is no figure to freeze yet."))
    snapshot = keep(
        project_id=project.id, kind=KIND, name=name, body=body, taken_by=actor.person_id, now=now
    )
    detail = {"name": name, "snapshot": snapshot.id, "sha256": snapshot.sha256}
    record(
        actor=actor,
        action="project.cost_freeze",
        object_kind="project",
        object_id=project.id,
        detail=detail,
        now=now,
    )
    return snapshot


def may_choose_basis(viewer: Viewer) -> bool:
    """Who may pass a stop may also say what is held to the budget; a project's manager may not."""
    control = sheet_in_force().control
    if control is None or not control.choices:
        return False
    return viewer.has_system_role("people_admin") or control.exception in viewer.roles


def choose_basis(*, actor: Viewer, project: ProjectBrief, column: str, now: datetime) -> None:
    """Let a project go by another column of what is available; "" as the company does.

    Raises Forbidden, and Invalid for a column that cannot be chosen.
    """
    control = sheet_in_force().control
    if control is None or not may_choose_basis(actor):
        raise Forbidden(N_("Only who may pass a stop of the budget chooses this."))
    if column and column not in control.choices:
        text = Message(N_("Choose one of the columns offered."))
        raise Invalid(errors=[FieldError("column", "unknown", text)])
    row = db.session.get_one(Project, project.id)
    before, row.budget_basis = row.budget_basis or "", column or None
    db.session.flush()
    if before != column:
        record(
            actor=actor,
            action="project.edit",
            object_kind="project",
            object_id=project.id,
            detail={"budget_basis": [before, column]},
            now=now,
        )
