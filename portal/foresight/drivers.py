"""The tasks that will hold the end: by the latest simulation, or by float and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.progress.baselines import Baseline, baselines_of
from portal.progress.hindsight import CutOff
from portal.progress.plan import Plan, PlanRow
from portal.progress.risk import Kept, simulations_of
from portal.schedule.past_error import PastError, past_error
from portal.web.viewer import ProjectBrief

MOST = 8


@dataclass(frozen=True, slots=True)
class Driver:
    """A task that may hold the end. `criticality` and `sensitivity` are of the simulation, None
    without one; `left` and `late` (against the baseline) are working days of its calendar.
    """

    row: PlanRow
    criticality: Decimal | None
    sensitivity: Decimal | None
    left: Decimal
    late: Decimal | None

    @property
    def weight(self) -> Decimal:
        """Criticality × sensitivity."""
        if self.criticality is None or self.sensitivity is None:
            return Decimal(0)
        return self.criticality * max(self.sensitivity, Decimal(0))


@dataclass(frozen=True, slots=True)
class Drivers:
    """The tasks, from what they were found, and how late such tasks came in so far."""

    rows: Sequence[Driver]
    simulation: Kept | None
    baseline: Baseline | None
    critical: PastError | None
    others: PastError | None


def drivers_of(project: ProjectBrief, plan: Plan, cuts: Sequence[CutOff]) -> Drivers:
    """The open tasks that weigh most on the end."""
    simulations, baselines = simulations_of(project), baselines_of(project)
    kept = simulations[0] if simulations else None
    baseline = baselines[0] if baselines else None
    open_rows = [row for row in plan.work if not row.is_finished and not row.task.is_moment]
    if kept is None:
        rows = [_driver(plan, row, baseline) for row in open_rows if row.is_critical or row.is_near]
        rows.sort(key=_by_float)
    else:
        known = {one.id: one for one in kept.tasks if one.criticality > 0}
        rows = [
            _driver(plan, row, baseline, known[row.task.id].criticality,
                    known[row.task.id].sensitivity)
            for row in open_rows
            if row.task.id in known
        ]  # fmt: skip
        rows.sort(key=_by_simulation)
    finished = [one for cut in cuts for one in cut.tasks]
    return Drivers(
        rows[:MOST],
        kept,
        baseline,
        past_error([one.off for one in finished if one.was_critical]),
        past_error([one.off for one in finished if not one.was_critical]),
    )


def _by_float(one: Driver) -> tuple[Decimal, Decimal, Decimal, str]:
    slack = one.row.total_float
    return (
        Decimal(0) if slack is None else slack,
        -one.left,
        -(one.late or Decimal(0)),
        one.row.task.code,
    )


def _by_simulation(one: Driver) -> tuple[Decimal, Decimal, Decimal, str]:
    return -one.weight, -(one.criticality or Decimal(0)), -one.left, one.row.task.code


def _driver(
    plan: Plan,
    row: PlanRow,
    baseline: Baseline | None,
    criticality: float | None = None,
    sensitivity: float | None = None,
) -> Driver:
    calendar = plan.material.calendar(row.task)
    frozen = baseline.tasks.get(row.task.id) if baseline else None
    late = None
    if frozen is not None:
        time = calendar.time
        late = calendar.days(time.worked(row.finish) - time.worked(frozen.finish))
    return Driver(
        row,
        None if criticality is None else Decimal(str(criticality)),
        None if sensitivity is None else Decimal(str(sensitivity)),
        calendar.days(row.dates.work) if row.dates else Decimal(0),
        late,
    )
