"""Decision points as pages tell them: taken by which decision, due, and what is kept waiting."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from portal.definitions import queries as definitions
from portal.progress.decisions import DECISION, FIELD, Decision
from portal.progress.plan import Plan, PlanRow
from portal.progress.waiting import Waiting, due, undecided, waiting
from portal.web.viewer import ProjectBrief, current_viewer


@dataclass(frozen=True, slots=True)
class Point:
    """A decision point. `decisions` took it; while there is none `file_url` begins one (empty for
    whoever may not). `keeps` are the tasks that may not begin, or end, before it is taken.
    """

    row: PlanRow
    is_due: bool
    decisions: Sequence[Decision]
    keeps: Sequence[PlanRow]
    file_url: str

    @property
    def is_taken(self) -> bool:
        return self.row.is_finished


@dataclass(frozen=True, slots=True)
class Points:
    """All decision points of a plan that are not taken, and what waits for them."""

    open: Sequence[Point]
    held: dict[str, Waiting]

    @property
    def due(self) -> list[Point]:
        return [one for one in self.open if one.is_due]

    @property
    def marks(self) -> dict[str, str]:
        """By task: `due` of a point that is due, `blocked` of what may not begin before one is
        taken.
        """
        late = {one.row.task.id for one in self.due}
        blocked = {key for key, one in self.held.items() if one.to_begin & late}
        return dict.fromkeys(blocked, "blocked") | dict.fromkeys(late, "due")

    def before(self, key: str) -> list[Point]:
        """The points a task waits for."""
        waits = self.held.get(key, Waiting()).to_end
        return [one for one in self.open if one.row.task.id in waits]


def points_of(project: ProjectBrief, plan: Plan, today: date) -> Points:
    """The decision points nobody took, as of a day."""
    rows = undecided(plan)
    late = {row.task.id for row in due(plan, today)}
    held = waiting(plan, rows)
    made = [
        Point(row, row.task.id in late, (), _kept(plan, row, held), file_url(project, row))
        for row in rows
    ]
    return Points(made, held)


def point_of(project: ProjectBrief, plan: Plan, row: PlanRow, today: date) -> Point | None:
    """One row as a decision point; None for anything else."""
    if row.task.type != "decision":
        return None
    taken = [one for one in plan.material.decisions if one.point == row.task.id]
    if row.is_finished:
        return Point(row, is_due=False, decisions=taken, keeps=(), file_url="")
    open_points = points_of(project, plan, today).open
    return next(one for one in open_points if one.row.task.id == row.task.id)


def _kept(plan: Plan, point: PlanRow, held: dict[str, Waiting]) -> list[PlanRow]:
    keys: Collection[str] = {key for key, one in held.items() if point.task.id in one.to_end}
    return [row for row in plan.work if row.task.id in keys]


def file_url(project: ProjectBrief, point: PlanRow) -> str:
    """Where the decision of a point is filed, begun with what is known; empty for who may not."""
    form = definitions.form_in(DECISION, project.id)
    if form is None or FIELD not in form.form.definition.fields:
        return ""
    if not definitions.may_file(current_viewer(), form, project.id):
        return ""
    given: dict[str, Any] = {"question": point.task.name, FIELD: point.task.id}
    return url_for("records.new", form_key=DECISION, project=project.code, **given)
