"""What was foreseen at each earlier report, as the plan and its readings stood then, and what came.

Nothing that became known later takes part: tasks and readings are those on file when the report
counted, the baseline is the newest one of then. Cost counts by its day.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.calendars.working_time import time_of
from portal.db import db, unscoped
from portal.errors import Invalid
from portal.ledgers.models import Posting, ProgressEntry
from portal.progress.baselines import Baseline, baselines_of
from portal.progress.earned import Earned, earned_by
from portal.progress.plan import Plan, PlanRow, plan_of
from portal.progress.standing import fingerprints
from portal.progress.tasks import WHY
from portal.progress.trend import report_days
from portal.schedule.past_error import cost_foreseen, miss_in_percent, time_foreseen
from portal.schedule.undefined import Figure, Undefined
from portal.web.viewer import ProjectBrief

KEPT_MOST = 50
FAR = 50  # times the planned duration: no date is told beyond


@dataclass(frozen=True, slots=True)
class Finished:
    """A task foreseen to finish on a day, and the day it did; `off` are working days later.

    `was_critical`: as the plan stood when it was foreseen.
    """

    row: PlanRow
    on: date
    foreseen: date
    off: Decimal
    was_critical: bool = False

    @property
    def ahead(self) -> int:
        """How many days ahead it was foreseen."""
        return (self.foreseen - self.on).days


@dataclass(frozen=True, slots=True)
class Reached:
    """When the work that is earned now was foreseen by earned schedule; `off` are days later."""

    pace: Decimal
    foreseen: date
    happened: date

    @property
    def off(self) -> Decimal:
        return Decimal((self.happened - self.foreseen).days)


@dataclass(frozen=True, slots=True)
class Paid:
    """What the work earned since was foreseen to cost, and what it did."""

    earned: Decimal
    by_trend: Figure
    spent: Decimal

    @property
    def off_trend(self) -> Decimal | None:
        return miss_in_percent(self.spent, self.by_trend)

    @property
    def off_plan(self) -> Decimal | None:
        return miss_in_percent(self.spent, self.earned)


@dataclass(frozen=True, slots=True)
class CutOff:
    """An earlier report: what was foreseen on that day, of what is known by now."""

    on: date
    known_at: datetime
    tasks: Sequence[Finished]
    end: date | None
    pace_end: date | None
    reached: Reached | None
    paid: Paid | None


_kept: OrderedDict[tuple[Any, ...], Sequence[CutOff]] = OrderedDict()


def hindsight_of(project: ProjectBrief, plan: Plan) -> Sequence[CutOff]:
    """The earlier reports, the newest first; `plan` is the one of now. Computed anew only where
    something it is computed from changed.
    """
    mark = fingerprints([project.id]).get(project.id)
    if mark is None:
        return _looked_back(project, plan)
    key = (project.id, project.currency, mark, known_until(project, plan))
    if key not in _kept:
        _kept[key] = _looked_back(project, plan)
        while len(_kept) > KEPT_MOST:
            _kept.popitem(last=False)
    return _kept[key]


def _looked_back(project: ProjectBrief, plan: Plan) -> Sequence[CutOff]:
    last = known_until(project, plan)
    moments = _moments(project)
    baselines = baselines_of(project)
    now: dict[str, Earned | None] = {}
    found = []
    for day in reversed(report_days(project)):
        if day >= last:
            continue
        at = moments[day]
        then = plan_of(project, until=day, known_at=at)
        baseline = next((one for one in baselines if one.taken_at <= at), None)
        before = _earned(project, then, baseline, day)
        after = None
        if baseline is not None and before is not None:
            if baseline.id not in now:
                now[baseline.id] = _earned(project, plan, baseline, last)
            after = now[baseline.id]
        found.append(
            CutOff(
                day,
                at,
                list(_finished(plan, then, day)),
                then.finish,
                before.forecast_finish if before else None,
                _reached(before, after) if before and after else None,
                _paid(before, after) if before and after else None,
            )
        )
    return found


def known_until(project: ProjectBrief, plan: Plan) -> date:
    """The day up to which it is known what happened: the data date, or the end if all is done."""
    if plan.finish and all(row.is_finished for row in plan.work):
        return plan.finish
    return plan.until or clock.date_in(project.zone, clock.now())


def promised(plan: Plan, baseline: Baseline, zone: str) -> list[Finished]:
    """The same for the dates of a baseline: tasks that finished after it was taken."""
    taken = clock.date_in(zone, baseline.taken_at)
    found = []
    for row in plan.work:
        frozen = baseline.tasks.get(row.task.id)
        if frozen is not None and row.is_finished and row.ends_on > taken:
            found.append(_miss(plan, row, frozen.finish, taken))
    return found


def _moments(project: ProjectBrief) -> Mapping[date, datetime]:
    """When each report counted: its last reading that came before those of a later report."""
    statement = (
        select(ProgressEntry.as_of, Posting.posted_at)
        .join(Posting, Posting.id == ProgressEntry.posting_id)
        .where(ProgressEntry.project_id == project.id, ProgressEntry.task_id.is_not(None))
        .distinct()
    )
    posted: dict[date, list[datetime]] = {}
    for day, at in db.session.execute(unscoped(statement, WHY)):
        posted.setdefault(day, []).append(at)
    found = {}
    later: datetime | None = None
    for day in sorted(posted, reverse=True):
        own = [at for at in posted[day] if later is None or at < later]
        found[day] = max(own) if own else min(posted[day])
        later = min([*posted[day], *([later] if later else [])])
    return found


def _finished(now: Plan, then: Plan, on: date) -> Iterator[Finished]:
    rows = now.by_id
    for before in then.work:
        row = rows.get(before.task.id)
        if row is not None and row.is_finished and not before.is_finished:
            yield replace(_miss(now, row, before.finish, on), was_critical=before.is_critical)


def _miss(now: Plan, row: PlanRow, foreseen: int, on: date) -> Finished:
    """Told by whole days, as finishes are reported."""
    calendar, day = now.material.calendar(row.task), time_of(foreseen).date()
    time = calendar.time
    off = time.worked(calendar.closes(row.ends_on)) - time.worked(calendar.closes(day))
    return Finished(row, on, day, calendar.days(off))


def _earned(
    project: ProjectBrief, plan: Plan, baseline: Baseline | None, on: date
) -> Earned | None:
    if baseline is None or not baseline.leaves:
        return None
    try:
        return earned_by(project, plan, baseline, on)
    except Invalid:
        return None  # its planned value cannot be reckoned with: earned value tells why


def _reached(before: Earned, after: Earned) -> Reached | None:
    pace = before.schedule.spi
    foreseen = time_foreseen(before.schedule, after.schedule.earned)
    if isinstance(pace, Undefined) or isinstance(foreseen, Undefined):
        return None
    if after.schedule.earned <= before.schedule.earned or foreseen > before.count * FAR:
        return None
    return Reached(pace, before.periods.at(foreseen), after.on)


def _paid(before: Earned, after: Earned) -> Paid | None:
    earned = after.value.ev - before.value.ev
    if earned <= 0 or not after.value.ac:
        return None
    return Paid(earned, cost_foreseen(before.value, earned), after.value.ac - before.value.ac)
