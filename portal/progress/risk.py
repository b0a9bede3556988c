"""Simulations of a plan: run once, kept with their seed, looked at later."""

from collections.abc import Collection, Mapping, Sequence
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
from portal.progress.tasks import Task
from portal.progress.working import OWN
from portal.schedule.monte_carlo import Correlation, Simulation, simulate
from portal.schedule.pert import pert, score
from portal.schedule.spread import Spread
from portal.web.viewer import ProjectBrief, Viewer

KIND = "simulation"
PERCENTS = (10, 50, 80, 90)
BINS = 24
NOTHING_UNCERTAIN = N_("No task says how long it may take: fill in its uncertainty first.")
ALL, SUMMARY = "all", "summary"  # which durations go together
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
class Bin:
    """How many runs took so many working days."""

    low: Decimal
    high: Decimal
    runs: int


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
    def correlation(self) -> Decimal:
        """How far durations went together; 0: each was drawn alone."""
        return Decimal(self.body.get("correlation", "0"))

    @property
    def among(self) -> str:
        """Which durations went together: `ALL`, or those below one `SUMMARY`."""
        return str(self.body.get("among", ALL))

    @property
    def bins(self) -> Sequence[Bin]:
        """The runs by the working days they took, the shortest first."""
        low, width = Decimal(str(self.body["low"])), Decimal(str(self.body["width"]))
        return [
            Bin(low + at * width, low + (at + 1) * width, runs)
            for at, runs in enumerate(self.body["bins"])
        ]

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


def groups_of(plan: Plan, keys: Collection[str], among: str) -> dict[str, str]:
    """Which durations go together: all of them, or those of tasks below the same summary."""
    if among == ALL:
        return dict.fromkeys(keys, ALL)
    parents = {key: plan.tasks[key].parent for key in keys}
    return {key: parent for key, parent in parents.items() if parent in plan.tasks}


def run_simulation(
    *,
    actor: Viewer,
    project: ProjectBrief,
    seed: int,
    runs: int,
    now: datetime,
    correlation: Decimal = Decimal(0),
    among: str = ALL,
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
    together = Correlation(float(correlation), groups_of(plan, spreads, among))
    made = simulate(plan.network, spreads, seed=seed, runs=runs, correlation=together)
    body = {**_body(plan, made), "correlation": f"{correlation:.2f}", "among": among}
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
    """PERT along the critical path: Σ te and √Σ σ² in working days of the project's calendar, from
    the data date on; `path` are its tasks. `z` and `chance` are those of the day `due`, None where
    nothing varies.
    """

    expected: Decimal
    deviation: Decimal
    path: Sequence[Task]
    due: date | None = None
    until_due: Decimal | None = None
    z: float | None = None
    chance: float | None = None


def pert_along_critical_path(plan: Plan, due: date | None = None) -> CriticalPathEstimate | None:
    """The analytic estimate, and the chance to be done by the end of a day; None where there is
    nothing uncertain.
    """
    spreads = spreads_of(plan)
    if not spreads or plan.network is None:
        return None
    found = pert(plan.network, spreads)
    own = plan.material.calendars[OWN]
    floor = own.time.worked(plan.network.floor)
    expected = own.time.worked(found.finish) - floor
    days = (own.days(expected), Decimal(str(found.deviation)) / own.day)
    path = [plan.tasks[key] for key in found.path]
    if due is None:
        return CriticalPathEstimate(*days, path)
    left = own.time.worked(own.closes(due)) - floor
    told = score(left, expected, found.deviation)
    z, chance = told or (None, None)
    return CriticalPathEstimate(*days, path, due, own.days(left), z, chance)
