"""What a draft is made of: contracts with where they stand, the schedule, milestones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.costs.by_wbs import elements_below
from portal.dates import read_day
from portal.db import db, unscoped
from portal.drafting.spread import Job
from portal.funds.columns import ADVANCE_PAID, COLUMNS
from portal.funds.money import Direction
from portal.ledgers.naming import Named, register_entries
from portal.ledgers.queries import sums
from portal.progress.plan import Plan, PlanRow, plan_of
from portal.projects.models import Project
from portal.web.viewer import ProjectBrief

CONTRACT = "contract"
NOTHING = Decimal(0)
WHY = "a plan ends with its project"


@dataclass(frozen=True, slots=True)
class Source:
    """A contract with its figures in the project's currency; `direction` as the ledger has it."""

    contract: Named
    direction: Direction
    figures: Mapping[str, Decimal]

    @property
    def data(self) -> Mapping[str, Any]:
        return self.contract.data

    @property
    def left(self) -> Decimal:
        """What is neither certified nor in approval."""
        of = self.figures
        return max(NOTHING, of["current"] - of["certified"] - of["claimed"])

    @property
    def awaits_advance(self) -> Decimal:
        """The advance that was agreed and not paid yet."""
        if self.data.get("advance_rule") in (None, "none") or self.figures[ADVANCE_PAID.key]:
            return NOTHING
        return Decimal(self.data.get("advance_amount") or 0)


def sources(project: ProjectBrief) -> list[Source]:
    """The contracts of a project by number."""
    where = {"ccy": (project.currency,)}
    found = {
        (one.by[0], one.by[1]): one.values
        for one in sums(COLUMNS, ("contract_id", "direction"), [project.id], where)
    }
    made = []
    for one in register_entries(CONTRACT, project.id):
        direction: Direction = "in" if one.data.get("direction") == "income" else "out"
        figures = found.get((one.id, direction))
        if figures is not None:
            made.append(Source(one, direction, figures))
    return sorted(made, key=lambda source: source.contract.label)


@dataclass(frozen=True, slots=True)
class Timing:
    """The schedule of a project: its plan, the day by which it ends without one."""

    project: ProjectBrief
    plan: Plan
    ends_on: date | None

    def jobs(self, contract: Named) -> tuple[list[Job], bool]:
        """The tasks by which a contract is planned, and whether these are its own.

        Its own are those of the elements its lines name; without any, all of the project.
        """
        elements = {
            below
            for row in contract.data.get("lines") or ()
            if row.get("wbs")
            for below in elements_below(self.project, str(row["wbs"]))
        }
        own = [row for row in self._work() if row.task.data.get("wbs") in elements]
        return _jobs(own or self._work()), bool(own)

    def _work(self) -> list[PlanRow]:
        return [row for row in self.plan.work if not row.task.is_moment and row.done < 1]

    def reached_on(self, milestone: Named | None) -> date | None:
        """The day on which a milestone is reached, by the schedule or as the register has it."""
        if milestone is None:
            return None
        for row in self.plan.work:
            if row.task.data.get("milestone") == milestone.id:
                return row.ends_on
        said = milestone.data
        known = said.get("actual_on") or said.get("forecast_on") or said.get("planned_on")
        return read_day(known)


def timing(project: ProjectBrief) -> Timing:
    """The schedule as it stands."""
    statement = select(Project.ends_on).where(Project.id == project.id)
    ends_on = db.session.execute(unscoped(statement, WHY)).scalar_one()
    return Timing(project, plan_of(project), ends_on)


def _jobs(rows: Sequence[PlanRow]) -> list[Job]:
    """Weighted by budget where any task has one, else by duration."""
    priced = any(row.budget for row in rows)
    return [
        Job(row.starts_on, row.ends_on, weight * (1 - row.done))
        for row in rows
        for weight in [row.budget if priced else Decimal(max(row.finish - row.start, 1))]
        if weight
    ]
