"""Own projects that are closed: how their end and cost came out against their first baseline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from portal.errors import Invalid
from portal.progress.baselines import Baseline, baselines_of
from portal.progress.earned import earned_by
from portal.progress.plan import plan_of
from portal.projects.queries import visible_projects
from portal.web.viewer import ProjectBrief

PROJECTS_MOST = 20


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed project: the end promised first, the end that came, and shares of what was planned
    (1: as planned). `cost` is None where no value or no cost is known.
    """

    project: ProjectBrief
    promised: date
    ended: date
    time: Decimal
    cost: Decimal | None

    @property
    def days(self) -> int:
        return (self.ended - self.promised).days


def closed_projects(apart: ProjectBrief) -> list[Closed]:
    """The closed projects the viewer may see whose plan was frozen and finished."""
    found = []
    for project in visible_projects(status="closed")[:PROJECTS_MOST]:
        one = None if project.id == apart.id else _closed(project)
        if one is not None:
            found.append(one)
    return found


def _closed(project: ProjectBrief) -> Closed | None:
    plan, baselines = plan_of(project), baselines_of(project)
    if not baselines or not baselines[-1].leaves or plan.finish is None:
        return None
    if not all(row.is_finished for row in plan.work):
        return None
    first = baselines[-1]
    try:
        value = earned_by(project, plan, first, plan.finish).value
        cost = value.ac / value.bac if value.ac and value.bac else None
    except Invalid:
        cost = None
    took = Decimal((plan.finish - first.starts_on).days + 1)
    return Closed(project, first.ends_on, plan.finish, took / planned_days(first), cost)


def planned_days(baseline: Baseline) -> Decimal:
    """Calendar days from the first to the last day of a baseline."""
    return Decimal((baseline.ends_on - baseline.starts_on).days + 1)


def median(values: Sequence[Decimal]) -> Decimal | None:
    """The middle one, or the mean of the two in the middle."""
    ordered, at = sorted(values), len(values) // 2
    if not ordered:
        return None
    return ordered[at] if len(ordered) % 2 else (ordered[at - 1] + ordered[at]) / 2


def end_by(baseline: Baseline, share: Decimal) -> date:
    """The end of a baseline whose duration becomes this share of what was planned."""
    return baseline.starts_on + timedelta(days=round(planned_days(baseline) * share) - 1)
