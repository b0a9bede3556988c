"""Simulations of a plan: run once, kept with their seed, looked at later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.calendars.working_time import time_of
from portal.errors import N_, Conflict, Forbidden, NotFound
from portal.ledgers.models import Snapshot
from portal.ledgers.snapshots import keep, kept
from portal.progress.plan import Plan, plan_of
from portal.progress.services import may_plan
from portal.schedule.monte_carlo import Simulation, Spread, simulate
from portal.web.viewer import ProjectBrief, Viewer

KIND = "simulation"
PERCENTS = (10, 50, 80, 90)
BINS = 24
NOTHING_UNCERTAIN = N_("No task says how long it may take: fill in its uncertainty first.")
NO_PLAN = N_("There is no plan with dates to simulate yet.")


@dataclass(frozen=True, slots=True)
class TaskRisk:
    """A task in a simulation: in how many runs it was critical, how it drives the finish."""

    id: str
    code: str
    name: str
    criticality: float
    sensitivity: float | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A simulation as it was kept."""

    snapshot: Snapshot
    by: str

    @property
    def body(self) -> Mapping[str, Any]:
        return self.snapshot.body

    def day(self, percent: int) -> date:
        """The day by which so many percent of the runs were done."""
        return date.fromisoformat(self.body["days"][str(percent)])

    @property
    def planned(self) -> date:
        return date.fromisoformat(self.body["planned"])

    @property
    def tasks(self) -> Sequence[TaskRisk]:
        """Tasks that were ever critical or are uncertain, the most critical first."""
        found = [TaskRisk(**one) for one in self.body["tasks"]]
        return sorted(found, key=lambda one: (-one.criticality, -(one.sensitivity or 0), one.code))


def spreads_of(plan: Plan) -> dict[str, Spread]:
    """What the durations of a plan's tasks may come to, in minutes of their calendars."""
    found = {}
    for row in plan.work:
        task = row.task
        kind, low, high = task.data.get("spread"), task.number("shortest"), task.number("longest")
        if not kind or low is None or high is None or row.is_finished:
            continue
        calendar = plan.material.calendar(task)
        minutes = [float(calendar.minutes(one, task.unit)) for one in (low, task.duration, high)]
        found[task.id] = Spread(kind, *minutes)
    return found


def run_simulation(
    *, actor: Viewer, project: ProjectBrief, seed: int, runs: int, now: datetime
) -> Snapshot:
    """Simulate the plan as it stands and keep the outcome. Raises Forbidden, Conflict, Invalid."""
    if not may_plan(actor, project) or actor.person_id is None:
        raise Forbidden(N_("Only who plans this project simulates it."))
    plan = plan_of(project)
    if plan.network is None or not plan.rows:
        raise Conflict(NO_PLAN)
    spreads = spreads_of(plan)
    if not spreads:
        raise Conflict(NOTHING_UNCERTAIN)
    made = simulate(plan.network, spreads, seed=seed, runs=runs)
    body = _body(plan, made)
    return keep(
        project_id=project.id,
        kind=KIND,
        name=f"{runs} / {seed}",
        body=body,
        taken_by=actor.person_id,
        now=now,
    )


def _body(plan: Plan, made: Simulation) -> dict[str, Any]:
    day = plan.material.calendars[""].day
    low, high = made.spans[0], made.spans[-1]
    width = max(1, -(-(high - low + 1) // BINS))
    bins = [0] * min(BINS, (high - low) // width + 1)
    for one in made.spans:
        bins[min((one - low) // width, len(bins) - 1)] += 1
    finish = plan.schedule.finish if plan.schedule else 0
    return {
        "seed": made.seed,
        "runs": made.runs,
        "until": plan.until.isoformat() if plan.until else None,
        "planned": time_of(finish).date().isoformat(),
        "chance": f"{made.chance(finish):.4f}",
        "mean": f"{made.mean / day:.4f}",
        "deviation": f"{made.deviation / day:.4f}",
        "days": {str(p): time_of(made.percentile(p)).date().isoformat() for p in PERCENTS},
        "spans": {str(p): f"{made.span(p) / day:.2f}" for p in PERCENTS},
        "low": f"{low / day:.2f}",
        "width": f"{width / day:.4f}",
        "bins": bins,
        "tasks": [
            {
                "id": row.task.id,
                "code": row.task.code,
                "name": row.task.name,
                "criticality": round(made.criticality[row.task.id], 4),
                "sensitivity": None
                if row.task.id not in made.sensitivity
                else round(made.sensitivity[row.task.id], 4),
            }
            for row in plan.work
            if made.criticality[row.task.id] or row.task.id in made.sensitivity
        ],
    }


def simulations_of(project: ProjectBrief) -> list[Kept]:
    """The simulations of a project, newest first."""
    return [Kept(one, name) for one, name in kept(project.id, KIND)]


def simulation_of(project: ProjectBrief, key: str) -> Kept:
    """One simulation of a project. Raises NotFound."""
    found = next((one for one in simulations_of(project) if one.snapshot.id == key), None)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class CriticalPathEstimate:
    """PERT along the critical path: Σ te and √Σ σ² in working days of the project's calendar."""

    expected: Decimal
    deviation: Decimal
    tasks: int


def pert_along_critical_path(plan: Plan) -> CriticalPathEstimate | None:
    """The analytic estimate; None where nothing critical is uncertain."""
    spreads = spreads_of(plan)
    critical = [row for row in plan.work if row.is_critical and row.dates is not None]
    uncertain = [spreads[row.task.id] for row in critical if row.task.id in spreads]
    if not uncertain:
        return None
    day = plan.material.calendars[""].day
    fixed = sum(row.dates.work for row in critical if row.dates and row.task.id not in spreads)
    expected = Decimal(str(sum(one.mean for one in uncertain) + fixed)) / day
    deviation = Decimal(str(sum(one.deviation**2 for one in uncertain))).sqrt() / day
    return CriticalPathEstimate(expected, deviation, len(uncertain))
