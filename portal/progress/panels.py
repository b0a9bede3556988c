"""What the plan makes of a task, on the page of its record; and what its last change moved."""

from datetime import timedelta

from flask import url_for

from portal import clock
from portal.progress.plan import plan_of
from portal.progress.points import point_of, points_of
from portal.progress.tasks import FORM
from portal.projects.queries import project_brief
from portal.records.routes.area import Panel
from portal.records.transitions import APPROVED
from portal.records.views import RecordPage
from portal.web.viewer import Viewer


def of_record(page: RecordPage, viewer: Viewer) -> list[Panel]:
    """The dates of a task; nothing for people from outside, and for other forms."""
    record = page.record
    if record.form != FORM or record.state != APPROVED or record.project_id is None:
        return []
    sees = viewer.sees_all_projects or record.project_id in viewer.projects
    project = project_brief(record.project_id) if sees and not viewer.is_external else None
    if project is None:
        return []
    plan = plan_of(project)
    since = (record.updated_at - timedelta(microseconds=1)).isoformat()
    row, today = plan.by_id.get(record.id), clock.date_in(project.zone, clock.now())
    context = {
        "row": row,
        "point": point_of(project, plan, row, today) if row else None,
        "waits_for": points_of(project, plan, today).before(record.id),
        "plan": plan,
        "task_url": url_for("progress.task", code=project.code, task_id=record.id),
        "schedule_url": url_for("progress.schedule", code=project.code) + f"#{record.id}",
        "moved_url": url_for("progress.moved", code=project.code, since=since),
    }
    return [Panel("progress/_in_plan.html", "side", context)]
