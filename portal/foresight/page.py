"""Everything the page of bottlenecks shows: gathered once for page, spreadsheet and print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal import clock
from portal.foresight.capacity import Capacity, capacities
from portal.foresight.crews import Crews, crews_of
from portal.foresight.drivers import Drivers, drivers_of
from portal.foresight.materials import (
    Site,
    keeps_stock,
    may_read_stock,
    may_request,
    site_of,
)
from portal.foresight.steps import StepWaits, steps_of
from portal.progress.hindsight import hindsight_of
from portal.progress.loads import loads_of
from portal.progress.plan import Plan, plan_of
from portal.web.viewer import ProjectBrief, Viewer


@dataclass(frozen=True, slots=True)
class Foresight:
    """What will hold a project up. `site` is None for who may not read what stock is made of;
    `keeps_stock`: whether there is any to read.
    """

    now: datetime
    today: date
    plan: Plan
    drivers: Drivers
    steps: Sequence[StepWaits]
    capacities: Sequence[Capacity]
    crews: Crews | None
    site: Site | None
    may_request: bool
    keeps_stock: bool

    @property
    def short(self) -> Sequence[Capacity]:
        """The resources that do not suffice, the first one first."""
        return [one for one in self.capacities if one.over]

    @property
    def slow(self) -> Sequence[StepWaits]:
        """The steps at which something waits longer than usual."""
        return [one for one in self.steps if one.waits.is_longer_than_usual]


def foresight_of(viewer: Viewer, project: ProjectBrief) -> Foresight:
    """What will hold a project up, as far as a viewer may see it."""
    now = clock.now()
    today = clock.date_in(project.zone, now)
    plan = plan_of(project)
    cuts = hindsight_of(project, plan) if plan.rows else []
    return Foresight(
        now,
        today,
        plan,
        drivers_of(project, plan, cuts),
        steps_of(project, now),
        capacities(project, plan, cuts, today) if plan.rows else [],
        crews_of(project, plan, loads_of(plan), today) if plan.rows else None,
        site_of(project, today) if may_read_stock(viewer, project.id) else None,
        may_request(viewer, project),
        keeps_stock(project.id),
    )
