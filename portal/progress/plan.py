"""The plan of a project: its tasks as a tree, with the dates the network gives them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from portal import clock
from portal.calendars.working_time import time_of
from portal.db import db, unscoped
from portal.errors import Invalid
from portal.progress.decisions import decisions_of, reached_by
from portal.progress.network import Material, Problem, network_of, share_done
from portal.progress.readings import Progress, by_day, progress_of, standing_readings
from portal.progress.tasks import WHY, Task, children, in_tree_order, read_tasks
from portal.progress.working import calendars_of
from portal.projects.models import Project
from portal.schedule.critical_path import Dates, Schedule, compute
from portal.schedule.network import Network
from portal.schedule.order import Cycle
from portal.web.viewer import ProjectBrief

NEAR = 10  # percent of the whole duration: float within it is nearly none


@dataclass(slots=True)
class PlanRow:
    """A line of the plan. Moments as in portal.calendars; a summary spans what stands below it.

    `total_float` and `free_float` are working days of the task's calendar, None of what is
    finished or a summary. `done` is the share of its value that is earned.
    """

    task: Task
    depth: int
    dates: Dates | None
    start: int
    finish: int
    total_float: Decimal | None
    free_float: Decimal | None
    done: Decimal
    budget: Decimal
    is_critical: bool
    is_near: bool
    has_below: bool
    progress: Progress | None

    @property
    def starts_on(self) -> date:
        return time_of(self.start).date()

    @property
    def ends_on(self) -> date:
        return time_of(self.finish).date()

    @property
    def is_started(self) -> bool:
        return self.dates is not None and self.dates.is_started

    @property
    def is_finished(self) -> bool:
        return self.dates is not None and self.dates.is_finished


@dataclass(slots=True)
class Plan:
    """All rows in tree order. Without a `schedule` there are no dates: `problems` say why."""

    material: Material
    tree: Sequence[tuple[Task, int]]
    network: Network | None
    schedule: Schedule | None
    rows: Sequence[PlanRow]
    problems: Sequence[Problem]

    @property
    def tasks(self) -> Mapping[str, Task]:
        return self.material.tasks

    @property
    def until(self) -> date | None:
        return self.material.until

    @property
    def by_id(self) -> dict[str, PlanRow]:
        return {row.task.id: row for row in self.rows}

    @property
    def finish(self) -> date | None:
        """The day on which everything is done."""
        return time_of(self.schedule.finish).date() if self.schedule and self.rows else None

    @property
    def work(self) -> list[PlanRow]:
        """The rows that are computed: everything but summaries."""
        return [row for row in self.rows if row.dates is not None]


def plan_of(
    project: ProjectBrief,
    *,
    until: date | None = None,
    known_at: datetime | None = None,
    near: int = NEAR,
) -> Plan:
    """The plan as it stands. `until`: by what was so at that day's end, else by the latest reading;
    `known_at`: with what was on file and approved at that moment.
    """
    return planned(material_of(project, until=until, known_at=known_at), near)


def plan_with(project: ProjectBrief, tasks: Mapping[str, Task]) -> Plan:
    """The plan as it would stand with these tasks on file."""
    return planned(material_of(project, tasks=tasks))


def material_of(
    project: ProjectBrief,
    *,
    until: date | None = None,
    known_at: datetime | None = None,
    tasks: Mapping[str, Task] | None = None,
) -> Material:
    """Everything a plan is computed from, in a handful of statements; with other `tasks` than are
    on file, if given.
    """
    statement = select(Project.starts_on, Project.created_at, Project.calendar).where(
        Project.id == project.id
    )
    starts_on, created_at, own = db.session.execute(unscoped(statement, WHY)).one()
    tasks = read_tasks(project.id, known_at) if tasks is None else tasks
    readings = standing_readings(project.id, until, known_at)
    decisions = decisions_of(project.id, until, known_at)
    if until is None and readings:
        until = max(one.as_of for one in readings)
    used = {one.calendar for one in tasks.values()}
    return Material(
        tasks,
        calendars_of(own or {}, used, project.name),
        progress_of(by_day(readings, reached_by(decisions))),
        starts_on or clock.date_in(project.zone, created_at),
        until,
        decisions,
    )


def planned(material: Material, near: int = NEAR) -> Plan:
    """The plan made of this material."""
    tree = in_tree_order(material.tasks.values())
    network = network_of(material)
    try:
        schedule = compute(network)
    except Cycle as found:
        members = tuple(material.tasks[key] for key in found.members)
        text = found.message
        named = " → ".join(one.code for one in members)
        problem = Problem(members[:-1], type(text)(text.id, {"members": named}))
        return Plan(material, tree, network, None, (), [problem, *material.problems])
    except Invalid as refused:
        return Plan(material, tree, network, None, (), [Problem((), refused.message)])
    rows = _rows(material, tree, schedule, set(schedule.near_critical(near)))
    return Plan(material, tree, network, schedule, rows, material.problems)


def _rows(
    material: Material, tree: Sequence[tuple[Task, int]], schedule: Schedule, near: set[str]
) -> list[PlanRow]:
    made: dict[str, PlanRow] = {}
    for at in range(len(tree) - 1, -1, -1):
        task, depth = tree[at]
        if task.is_summary:
            below = [made[tree[i][0].id] for i in children(tree, at) if tree[i][1] == depth + 1]
            made[task.id] = _summary(material, task, depth, below, schedule.network.start)
        else:
            dates = schedule.dates[task.id]
            made[task.id] = _row(material, task, depth, dates, is_near=task.id in near)
    return [made[task.id] for task, _ in tree]


def _row(material: Material, task: Task, depth: int, dates: Dates, *, is_near: bool) -> PlanRow:
    calendar, progress = material.calendar(task), material.progress.get(task.id)
    total, free = dates.total_float, dates.free_float
    return PlanRow(
        task,
        depth,
        dates,
        dates.start,
        dates.finish,
        None if total is None else calendar.days(total),
        None if free is None else calendar.days(free),
        share_done(task, progress),
        task.budget,
        dates.is_critical,
        is_near,
        has_below=False,
        progress=progress,
    )


def _summary(
    material: Material, task: Task, depth: int, below: Sequence[PlanRow], start: int
) -> PlanRow:
    """A summary spans what stands below; its share done is weighted by budget, else by work."""
    budget = sum((row.budget for row in below), Decimal(0))
    weights = [row.budget if budget else Decimal(max(row.finish - row.start, 1)) for row in below]
    whole = sum(weights, Decimal(0))
    done = sum((row.done * weight for row, weight in zip(below, weights, strict=True)), Decimal(0))
    return PlanRow(
        task,
        depth,
        None,
        min((row.start for row in below), default=start),
        max((row.finish for row in below), default=start),
        None,
        None,
        done / whole if whole else Decimal(0),
        budget,
        any(row.is_critical and not row.is_finished for row in below),
        is_near=False,
        has_below=bool(below),
        progress=None,
    )
