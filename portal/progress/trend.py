"""The milestone trend: which date each milestone of the plan had at each report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.db import db, unscoped
from portal.ledgers.models import ProgressEntry
from portal.progress.plan import Plan, material_of, planned
from portal.progress.tasks import WHY, Task
from portal.web.viewer import ProjectBrief

REPORTS_MOST = 12


@dataclass(frozen=True, slots=True)
class Trend:
    """A milestone: its date at each report, None before it was in the plan; when it was reached."""

    task: Task
    dates: Sequence[date | None]
    reached: date | None

    @property
    def days(self) -> int | None:
        """Calendar days it moved from the first report to the last."""
        known = [one for one in self.dates if one is not None]
        return (known[-1] - known[0]).days if len(known) > 1 else None


@dataclass(frozen=True, slots=True)
class Trends:
    """All milestones at all reports."""

    reports: Sequence[date]
    rows: Sequence[Trend]


def report_days(project: ProjectBrief) -> list[date]:
    """The days progress was reported for, the last ones."""
    statement = (
        select(ProgressEntry.as_of)
        .where(ProgressEntry.project_id == project.id, ProgressEntry.task_id.is_not(None))
        .distinct()
        .order_by(ProgressEntry.as_of.desc())
        .limit(REPORTS_MOST)
    )
    return sorted(db.session.scalars(unscoped(statement, WHY)))


def trends_of(project: ProjectBrief, now: Plan) -> Trends:
    """The trend of every milestone, by the logic of the plan as it is and the progress of then."""
    days = report_days(project)
    dated = [planned(material_of(project, until=day)).by_id for day in days]
    rows = []
    for row in now.rows:
        if not row.task.is_moment:
            continue
        known = [one[row.task.id].ends_on if row.task.id in one else None for one in dated]
        rows.append(Trend(row.task, known, row.ends_on if row.is_finished else None))
    return Trends(days, rows)
