"""One task: its dates and why, what it waits for and what waits for it, and its readings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from portal.calendars.working_time import time_of
from portal.db import db
from portal.errors import N_, NotFound
from portal.ledgers.models import Posting, ProgressEntry
from portal.ledgers.naming import Document, documents_of
from portal.ledgers.standing import undoing
from portal.progress.plan import Plan, PlanRow
from portal.schedule.network import Link
from portal.web.viewer import ProjectBrief

NO_TASK = N_("There is no such task in the plan of this project.")


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A task linked with this one; `lag` in working days; `drives`: it holds the start back."""

    row: PlanRow
    link: Link
    lag: Decimal
    drives: bool


@dataclass(frozen=True, slots=True)
class TaskReading:
    """A reading of the task; `counts`: the latest that stands."""

    entry: ProgressEntry
    document: Document
    taken_back: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Everything the page of a task shows."""

    row: PlanRow
    before: Sequence[Neighbor]
    after: Sequence[Neighbor]
    readings: Sequence[TaskReading]
    late_start: Any
    late_finish: Any


def task_page(project: ProjectBrief, plan: Plan, task_id: str) -> TaskPage:
    """A task of the plan. Raises NotFound; a plan that cannot be dated has no such page."""
    rows = plan.by_id
    row = rows.get(task_id)
    if row is None:
        raise NotFound(NO_TASK)
    links = [] if plan.network is None else plan.network.links
    before = [
        _neighbor(plan, rows, one, one.predecessor) for one in links if one.successor == task_id
    ]
    after = [
        _neighbor(plan, rows, one, one.successor) for one in links if one.predecessor == task_id
    ]
    dates = row.dates
    return TaskPage(
        row,
        before,
        after,
        task_readings(project, task_id),
        time_of(dates.late_start_at).date() if dates and dates.total_float is not None else None,
        time_of(dates.late_finish_at).date() if dates and dates.total_float is not None else None,
    )


def _neighbor(plan: Plan, rows: Mapping[str, PlanRow], link: Link, other: str) -> Neighbor:
    assert plan.schedule is not None
    calendar = plan.material.calendar(plan.tasks[link.successor])
    drives = plan.schedule.dates[link.successor].driver is link
    return Neighbor(rows[other], link, calendar.days(link.lag), drives)


def task_readings(project: ProjectBrief, task_id: str) -> list[TaskReading]:
    """The readings of a task, oldest first, taken back ones included."""
    undone = undoing()
    statement = (
        select(ProgressEntry, func.coalesce(undone.c.id, Posting.reverses_id))
        .join(Posting, Posting.id == ProgressEntry.posting_id)
        .outerjoin(undone, undone.c.reverses_id == ProgressEntry.posting_id)
        .where(ProgressEntry.project_id == project.id, ProgressEntry.task_id == task_id)
        .order_by(
            ProgressEntry.as_of, Posting.posted_at, ProgressEntry.posting_id, ProgressEntry.id
        )
    )
    rows = db.session.execute(statement).all()
    standing = [entry.id for entry, undone_by in rows if undone_by is None]
    documents = documents_of({entry.record_id for entry, _ in rows})
    return [
        TaskReading(
            entry,
            documents[entry.record_id],
            undone_by is not None,
            bool(standing) and entry.id == standing[-1],
        )
        for entry, undone_by in rows
    ]
