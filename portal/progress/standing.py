"""How late the plans of projects are, for all of them at once; computed anew only where it must be.
And when they reach the milestones of the register.

What a plan is computed from has a fingerprint: how many tasks and readings there are, when the last
of them came, the calendars, the newest baseline. As long as it stays, so do the figures.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from portal import clock
from portal.db import db, unscoped
from portal.errors import Invalid
from portal.ledgers.models import CostEntry, Posting, ProgressEntry, Snapshot
from portal.progress.baselines import KIND, baselines_of
from portal.progress.decisions import DECISION, FIELD
from portal.progress.earned import earned_by
from portal.progress.plan import Plan, plan_of
from portal.progress.tasks import FORM, WHY
from portal.projects.models import Project
from portal.records.models import Record, RecordLink
from portal.web.viewer import ProjectBrief

KEPT_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan against its newest baseline: calendar days its end lies behind, SPI(t), and SPI."""

    days_late: int
    pace: Decimal | None
    spi: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """The day on which a task of the plan reaches a milestone; `is_done`: it has."""

    on: date
    is_done: bool
    task_id: str


@dataclass(frozen=True, slots=True)
class _Computed:
    """What is kept of a plan: how it stands, and its milestones by their ids."""

    standing: Standing | None
    milestones: Mapping[str, Dated]


_kept: OrderedDict[tuple[Any, ...], _Computed] = OrderedDict()


def standings(projects: Sequence[ProjectBrief], now: datetime) -> dict[str, Standing]:
    """The standing of every project that has a plan and a baseline."""
    prints = fingerprints([one.id for one in projects])
    marked = {key: mark for key, mark in prints.items() if mark[0] is not None}
    found = _computed(projects, marked, now)
    return {key: one.standing for key, one in found.items() if one.standing is not None}


def milestones_by_plan(
    projects: Sequence[ProjectBrief], now: datetime
) -> dict[str, Mapping[str, Dated]]:
    """By project, when its plan reaches each milestone of the register."""
    prints = fingerprints([one.id for one in projects])
    return {key: one.milestones for key, one in _computed(projects, prints, now).items()}


def _computed(
    projects: Sequence[ProjectBrief], prints: Mapping[str, tuple[Any, ...]], now: datetime
) -> dict[str, _Computed]:
    found = {}
    for project in projects:
        mark = prints.get(project.id)
        if mark is None:
            continue
        today = clock.date_in(project.zone, now)
        key = (project.id, project.currency, mark, today)
        if key not in _kept:
            plan = plan_of(project)
            _kept[key] = _Computed(_standing(project, plan, today), _milestones(plan))
            while len(_kept) > KEPT_MOST:
                _kept.popitem(last=False)
        found[project.id] = _kept[key]
    return found


def _milestones(plan: Plan) -> Mapping[str, Dated]:
    return {
        str(row.task.data["milestone"]): Dated(row.ends_on, row.is_finished, row.task.id)
        for row in plan.work
        if row.task.data.get("milestone")
    }


def _standing(project: ProjectBrief, plan: Plan, today: date) -> Standing | None:
    baselines = baselines_of(project)
    if plan.finish is None or not baselines or not baselines[0].leaves:
        return None
    late = (plan.finish - baselines[0].ends_on).days
    try:
        earned = earned_by(project, plan, baselines[0], plan.until or today)
    except Invalid:
        return Standing(late, None)
    pace, spi = (
        one if isinstance(one, Decimal) else None for one in (earned.schedule.spi, earned.value.spi)
    )
    return Standing(late, pace, spi)


def fingerprints(ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """What the plan of each project is computed from, in a few statements; its newest baseline
    first, None without one. Projects without tasks have nothing to compute.
    """
    baseline = _grouped(
        select(Snapshot.project_id, func.max(Snapshot.taken_at), func.count())
        .where(Snapshot.project_id.in_(ids), Snapshot.kind == KIND)
        .group_by(Snapshot.project_id)
    )
    tasks = _grouped(
        select(Record.project_id, func.max(Record.updated_at), func.count())
        .where(Record.form == FORM, Record.state == "approved", Record.project_id.in_(ids))
        .group_by(Record.project_id)
    )
    kept = sorted({*baseline, *tasks})
    if not kept:
        return {}
    readings = _grouped(
        select(ProgressEntry.project_id, func.count(), func.max(ProgressEntry.posting_id))
        .where(ProgressEntry.task_id.is_not(None), ProgressEntry.project_id.in_(kept))
        .group_by(ProgressEntry.project_id)
    )
    reversals = _grouped(
        select(Posting.project_id, func.count())
        .where(Posting.reverses_id.is_not(None), Posting.project_id.in_(kept))
        .group_by(Posting.project_id)
    )
    costs = _grouped(
        select(CostEntry.project_id, func.count())
        .where(CostEntry.bucket == "actual", CostEntry.project_id.in_(kept))
        .group_by(CostEntry.project_id)
    )
    decisions = _grouped(
        select(Record.project_id, func.max(Record.decided_at), func.count())
        .join(RecordLink, RecordLink.record_id == Record.id)
        .where(
            RecordLink.form == DECISION,
            RecordLink.field == FIELD,
            Record.state == "approved",
            Record.project_id.in_(kept),
        )
        .group_by(Record.project_id)
    )
    own = _grouped(
        select(Project.id, Project.starts_on, Project.calendar).where(Project.id.in_(kept))
    )
    calendars = db.session.execute(
        unscoped(
            select(func.max(Record.updated_at), func.count()).where(Record.form == "work_calendar"),
            WHY,
        )
    ).one()
    return {
        key: (
            baseline.get(key),
            tasks.get(key),
            readings.get(key),
            reversals.get(key),
            costs.get(key),
            decisions.get(key),
            repr(own.get(key)),
            tuple(calendars),
        )
        for key in kept
    }


def _grouped(statement: Any) -> Mapping[str, tuple[Any, ...]]:
    return {row[0]: tuple(row[1:]) for row in db.session.execute(unscoped(statement, WHY))}
