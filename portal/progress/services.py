"""What changes in the progress center beside its records: freezing a baseline."""

from datetime import datetime

from portal.audit.services import record
from portal.definitions import queries as definitions
from portal.errors import N_, Conflict, Forbidden
from portal.ledgers.models import Snapshot
from portal.ledgers.snapshots import keep
from portal.progress.baselines import KIND, frozen_plan
from portal.progress.plan import plan_of
from portal.progress.tasks import FORM
from portal.web.viewer import ProjectBrief, Viewer


def may_plan(viewer: Viewer, project: ProjectBrief) -> bool:
    """Whoever may file the tasks of a project plans it: their form says who."""
    form = definitions.form_in(FORM, project.id)
    if form is None or viewer.is_external or project.status != "active":
        return False
    return definitions.may_file(viewer, form, project.id)


def freeze_baseline(*, actor: Viewer, project: ProjectBrief, name: str, now: datetime) -> Snapshot:
    """Keep the plan as it stands now as a baseline, for ever.

    Raises Forbidden, and Conflict while there is no plan that can be dated.
    """
    if not may_plan(actor, project) or actor.person_id is None:
        raise Forbidden(N_("Only who plans this project freezes its baselines."))
    plan = plan_of(project)
    if not plan.rows:
        raise Conflict(N_("There is no plan with dates to freeze yet."))
    body = frozen_plan(plan)
    snapshot = keep(
        project_id=project.id, kind=KIND, name=name, body=body, taken_by=actor.person_id, now=now
    )
    record(
        actor=actor,
        action="project.baseline_freeze",
        object_kind="project",
        object_id=project.id,
        detail={"name": name, "snapshot": snapshot.id, "sha256": snapshot.sha256},
        now=now,
    )
    return snapshot
