"""What changes in the cost center: freezing a sheet."""

from datetime import datetime

from portal.audit.services import record
from portal.costs.snapshots import KIND, frozen
from portal.errors import N_, Conflict, Forbidden
from portal.ledgers.models import Snapshot
from portal.ledgers.snapshots import keep
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
