"""Baselines: the plan as it was frozen, with its own tree, calendars, dates and value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from portal.calendars.working_time import Week, WorkingTime, time_of, week, working_time
from portal.errors import NotFound
from portal.ledgers.models import Snapshot
from portal.ledgers.snapshots import kept
from portal.progress.gantt import Old
from portal.progress.plan import Plan
from portal.progress.working import Calendar
from portal.web.viewer import ProjectBrief

KIND = "baseline"
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Frozen:
    """A task of a baseline. Its value comes evenly over the working time of its calendar."""

    id: str
    code: str
    name: str
    type: str
    depth: int
    start: int
    finish: int
    minutes: int
    budget: Decimal
    time: WorkingTime
    links: tuple[tuple[str, str, int], ...]

    @property
    def starts_on(self) -> date:
        return time_of(self.start).date()

    @property
    def ends_on(self) -> date:
        return time_of(self.finish).date()

    @property
    def is_summary(self) -> bool:
        return self.type == "summary"

    def planned(self, moment: int) -> Decimal:
        """The value planned by a moment, unrounded."""
        if not self.budget or self.is_summary:
            return Decimal(0)
        whole = self.time.worked(self.finish) - self.time.worked(self.start)
        if moment >= self.finish:
            return self.budget
        if moment <= self.start or not whole:
            return Decimal(0)
        return self.budget * (self.time.worked(moment) - self.time.worked(self.start)) / whole


class Baseline:
    """A frozen plan."""

    def __init__(self, snapshot: Snapshot, by: str = "") -> None:
        self.snapshot, self.by = snapshot, by

    @property
    def id(self) -> str:
        return self.snapshot.id

    @property
    def name(self) -> str:
        return self.snapshot.name

    @property
    def taken_at(self) -> datetime:
        return self.snapshot.taken_at

    @cached_property
    def tasks(self) -> Mapping[str, Frozen]:
        """Its tasks by record id, in tree order."""
        body: Json = self.snapshot.body
        times = {key: working_time(_week(said)) for key, said in body["calendars"].items()}
        return {one["id"]: _frozen(one, times) for one in body["tasks"]}

    @cached_property
    def bars(self) -> Mapping[str, Old]:
        """Where every task stood."""
        return {key: Old(one.start, one.finish) for key, one in self.tasks.items()}

    @cached_property
    def budget(self) -> Decimal:
        """The budget at completion: what all its tasks are worth."""
        return sum((one.budget for one in self.leaves), Decimal(0))

    @cached_property
    def leaves(self) -> list[Frozen]:
        """Its tasks without the summaries."""
        return [one for one in self.tasks.values() if not one.is_summary]

    @property
    def start(self) -> int:
        return min((one.start for one in self.leaves), default=0)

    @property
    def finish(self) -> int:
        return max((one.finish for one in self.leaves), default=0)

    @property
    def starts_on(self) -> date:
        return time_of(self.start).date()

    @property
    def ends_on(self) -> date:
        return time_of(self.finish).date()

    def planned(self, moment: int) -> Decimal:
        """The value planned by a moment."""
        return sum((one.planned(moment) for one in self.leaves), Decimal(0))


def baselines_of(project: ProjectBrief) -> list[Baseline]:
    """The baselines of a project, newest first."""
    return [Baseline(one, name) for one, name in kept(project.id, KIND)]


def baseline_of(project: ProjectBrief, key: str) -> Baseline:
    """One baseline of a project. Raises NotFound."""
    found = next((one for one in baselines_of(project) if one.id == key), None)
    if found is None:
        raise NotFound
    return found


def frozen_plan(plan: Plan) -> dict[str, Any]:
    """The plan as it stands, in plain JSON: its calendars, and its tasks in tree order."""
    used = {row.task.calendar for row in plan.rows}
    calendars = plan.material.calendars
    return {
        "until": plan.until.isoformat() if plan.until else None,
        "calendars": {key: _said(calendars[key]) for key in sorted(used)},
        "tasks": [
            {
                "id": row.task.id,
                "code": row.task.code,
                "name": row.task.name,
                "type": row.task.type,
                "depth": row.depth,
                "calendar": row.task.calendar,
                "start": row.start,
                "finish": row.finish,
                "minutes": plan.material.minutes(row.task),
                "budget": f"{row.task.budget:.2f}",
                "links": [
                    [
                        one.task,
                        one.type.value,
                        calendars[row.task.calendar].minutes(one.lag, one.unit),
                    ]
                    for one in row.task.links
                ],
            }
            for row in plan.rows
        ],
    }


def _said(calendar: Calendar) -> dict[str, Any]:
    said = calendar.time.said
    return {
        "name": calendar.name,
        "days": [[list(shift) for shift in one] for one in said.days],
        "exceptions": [
            [on.isoformat(), [list(shift) for shift in shifts]] for on, shifts in said.exceptions
        ],
    }


def _week(said: Json) -> Week:
    days = [tuple((a, b) for a, b in one) for one in said["days"]]
    different = {
        date.fromisoformat(on): tuple((a, b) for a, b in shifts)
        for on, shifts in said["exceptions"]
    }
    return week(days, different)


def _frozen(one: Json, times: Mapping[str, WorkingTime]) -> Frozen:
    return Frozen(
        one["id"],
        one["code"],
        one["name"],
        one["type"],
        one["depth"],
        one["start"],
        one["finish"],
        one["minutes"],
        Decimal(one["budget"]),
        times[one["calendar"]],
        tuple((a, b, c) for a, b, c in one["links"]),
    )
