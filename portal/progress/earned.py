"""Earned value and earned schedule of a project: what was planned, earned and spent by a date."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from portal.calendars.working_time import start_of
from portal.db import db
from portal.ledgers.models import CostEntry
from portal.progress.baselines import Baseline, Frozen
from portal.progress.columns import SPENT
from portal.progress.decisions import decisions_of, reached_by
from portal.progress.network import share_done
from portal.progress.periods import Length, Periods
from portal.progress.plan import Plan
from portal.progress.readings import Progress, by_day, standing_readings
from portal.progress.tasks import Task
from portal.schedule.earned_value import EarnedSchedule, EarnedValue, earned_schedule
from portal.schedule.undefined import Undefined
from portal.web.viewer import ProjectBrief

LONG = 200  # days: longer plans are counted in months


@dataclass(frozen=True, slots=True)
class Part:
    """What a task of the baseline contributes by the date."""

    task: Frozen
    planned: Decimal
    done: Decimal
    earned: Decimal
    is_gone: bool

    @property
    def variance(self) -> Decimal:
        return self.earned - self.planned


@dataclass(frozen=True, slots=True)
class Point:
    """The three curves at the end of a period; what is not known yet is None."""

    number: int
    on: date
    planned: Decimal
    earned: Decimal | None
    spent: Decimal | None


@dataclass(frozen=True, slots=True)
class Earned:
    """Everything the page of earned value tells. Money is in the project's currency."""

    baseline: Baseline
    on: date
    parts: Sequence[Part]
    value: EarnedValue
    periods: Periods
    count: int
    schedule: EarnedSchedule
    curve: Sequence[Point]
    beside: Decimal
    other_currencies: Sequence[str]
    ended: date | None = None  # when all of it was done

    @property
    def planned_finish(self) -> date:
        return self.baseline.ends_on

    @property
    def forecast_finish(self) -> date | None:
        """The first day of the plan and IEAC(t) periods; the day it ended once all is done."""
        if self.ended is not None:
            return self.ended
        duration = self.schedule.duration
        if isinstance(duration, Undefined) or duration > self.count * 50:
            return None
        return self.periods.at(duration)


def earned_by(
    project: ProjectBrief, plan: Plan, baseline: Baseline, on: date, length: Length | None = None
) -> Earned:
    """The figures by the end of a day, against a baseline. Raises Invalid where the planned value
    cannot be reckoned with.
    """
    end = start_of(on + timedelta(days=1))
    parts = [_part(plan, one, end) for one in baseline.leaves]
    spent = _spent(project)
    value = EarnedValue(
        sum((one.planned for one in parts), Decimal(0)),
        sum((one.earned for one in parts), Decimal(0)),
        sum((amount for day, amount in spent.items() if day <= on), Decimal(0)),
        baseline.budget,
    )
    periods = periods_of(baseline, length)
    planned = planned_by(baseline, periods)
    ended = _ended(plan, baseline, value, on)
    known = {one.id for one in baseline.leaves}
    beside = sum((row.budget for row in plan.work if row.task.id not in known), Decimal(0))
    return Earned(
        baseline,
        on,
        parts,
        value,
        periods,
        len(planned) - 1,
        schedule_of(value, periods, planned, baseline.ends_on, ended or on),
        _curve(project, plan, baseline, periods, planned, on, spent),
        beside,
        _other_currencies(project),
        ended,
    )


def periods_of(baseline: Baseline, length: Length | None = None) -> Periods:
    """The periods in which a baseline is counted: long plans in months unless asked otherwise."""
    days = (baseline.ends_on - baseline.starts_on).days
    usual: Length = "month" if days > LONG else "week"
    return Periods(baseline.starts_on, length or usual, _days_worked(baseline))


def planned_by(baseline: Baseline, periods: Periods) -> list[Decimal]:
    """The value planned by the end of each period; nothing before the first."""
    count = max(1, periods.count(baseline.ends_on))
    ends = [start_of(periods.day(number)) for number in range(1, count + 1)]
    return [Decimal(0), *(baseline.planned(end) for end in ends)]


def schedule_of(
    value: EarnedValue, periods: Periods, planned: Sequence[Decimal], last: date, on: date
) -> EarnedSchedule:
    """The earned schedule by the whole periods, the day it is counted on, and the planned end."""
    passed, whole = periods.passed(on), periods.passed(last)
    steps = {Decimal(at): worth for at, worth in enumerate(planned) if at < whole}
    if passed < whole:
        steps.setdefault(passed, value.pv)
    steps[whole] = value.bac
    ends = sorted(steps)
    return earned_schedule([steps[at] for at in ends], value.ev, passed, ends)


def _days_worked(baseline: Baseline) -> Callable[[date], bool]:
    """Days on which some calendar of the plan works; its last day is one of them."""
    last = baseline.ends_on
    weeks = {id(one.time): one.time.said for one in baseline.leaves}.values()
    return lambda day: day == last or any(one.on(day) for one in weeks)


def _ended(plan: Plan, baseline: Baseline, value: EarnedValue, on: date) -> date | None:
    """When all that was planned was done: time stops counting there."""
    rows = plan.by_id
    done = [rows.get(one.id) for one in baseline.leaves]
    if value.ev < value.bac or not all(row is not None and row.is_finished for row in done):
        return None
    return min(on, max((row.ends_on for row in done if row is not None), default=on))


def _part(plan: Plan, frozen: Frozen, end: int) -> Part:
    task = plan.tasks.get(frozen.id)
    done = share_done(task, plan.material.progress.get(task.id)) if task else Decimal(0)
    return Part(frozen, frozen.planned(end), done, frozen.budget * done, task is None)


def _spent(project: ProjectBrief) -> dict[date, Decimal]:
    """Actual cost by the day from which it counts."""
    statement = (
        select(CostEntry.effective_on, SPENT.sum(CostEntry))
        .where(
            CostEntry.project_id == project.id,
            CostEntry.ccy == project.currency,
            SPENT.condition(CostEntry),
        )
        .group_by(CostEntry.effective_on)
        .order_by(CostEntry.effective_on)
    )
    return {day: Decimal(amount or 0) for day, amount in db.session.execute(statement)}


def _other_currencies(project: ProjectBrief) -> list[str]:
    """Currencies in which money was spent as well; they are not in the figures."""
    statement = (
        select(CostEntry.ccy)
        .where(
            CostEntry.project_id == project.id,
            CostEntry.ccy != project.currency,
            CostEntry.bucket == "actual",
        )
        .group_by(CostEntry.ccy)
        .having(func.sum(CostEntry.amount) != 0)
        .order_by(CostEntry.ccy)
    )
    return list(db.session.scalars(statement))


def _curve(
    project: ProjectBrief,
    plan: Plan,
    baseline: Baseline,
    periods: Periods,
    planned: Sequence[Decimal],
    on: date,
    spent: Mapping[date, Decimal],
) -> list[Point]:
    """The curves from the start until the plan, or what is known, ends."""
    budgets = {one.id: one.budget for one in baseline.leaves}
    ends = [periods.first - timedelta(days=1), *periods.ends(len(planned) - 1)]
    known = [day for day in ends if day < on]
    history = _history(project, plan.tasks, budgets, [*known, on])
    points = []
    for number, day in enumerate(ends):
        is_past = day <= on
        points.append(
            Point(
                number,
                day,
                planned[number],
                history.get(day) if is_past else None,
                sum((a for d, a in spent.items() if d <= day), Decimal(0)) if is_past else None,
            )
        )
    if on not in ends and on > ends[0]:
        end = start_of(on + timedelta(days=1))
        paid = sum((amount for day, amount in spent.items() if day <= on), Decimal(0))
        points.append(Point(-1, on, baseline.planned(end), history[on], paid))
    return sorted(points, key=lambda one: one.on)


def _history(
    project: ProjectBrief,
    tasks: Mapping[str, Task],
    budgets: Mapping[str, Decimal],
    days: Sequence[date],
) -> dict[date, Decimal]:
    """The earned value at the end of each of these days, by the readings that stand now."""
    readings = by_day(
        standing_readings(project.id, max(days)), reached_by(decisions_of(project.id, max(days)))
    )
    progress: dict[str, Progress] = {}
    found, at = {}, 0
    for day in sorted(days):
        while at < len(readings) and readings[at].as_of <= day:
            entry = readings[at]
            progress.setdefault(entry.task_id, Progress(entry.as_of)).take(entry)
            at += 1
        found[day] = sum(
            (
                budget * share_done(tasks[key], progress[key])
                for key, budget in budgets.items()
                if key in progress and key in tasks
            ),
            Decimal(0),
        )
    return found
