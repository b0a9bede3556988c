"""The milestones of a project: planned, forecast, reached, moved by changes, late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.ledgers.keeping import Kept
from portal.ledgers.models import ProgressEntry
from portal.ledgers.naming import Named, names_of, register_entries
from portal.ledgers.pages import Center, Figure, Way
from portal.ledgers.standing import undoing
from portal.progress.columns import SHIFT
from portal.progress.standing import Dated, milestones_by_plan
from portal.web.viewer import ProjectBrief

READINGS = ("planned", "forecast", "actual")


@dataclass(frozen=True, slots=True)
class Reading:
    """The date a milestone has by its latest standing reading, and the way to it."""

    on: date | None
    way: Way


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A milestone. Days are calendar days; `late` is None while there is no date to be late by.

    `by_plan`: when the plan reaches it; it stands in where nobody recorded a forecast.
    """

    milestone: Named
    planned: Reading
    forecast: Reading
    actual: Reading
    shift: Figure
    due: date | None
    late: int | None
    late_way: Way
    by_plan: Dated | None = None

    @property
    def is_by_plan(self) -> bool:
        """Whether the plan says when it will be reached, as nobody else did."""
        return self.by_plan is not None and not (self.actual.on or self.forecast.on)

    @property
    def expected(self) -> date | None:
        """When it was, or will be, reached as far as anybody said, else by the plan."""
        planned = self.by_plan.on if self.by_plan else None
        return self.actual.on or self.forecast.on or planned or self.due

    @property
    def is_reached(self) -> bool:
        return self.actual.on is not None

    @property
    def is_late(self) -> bool:
        return bool(self.late and self.late > 0)


@dataclass(frozen=True, slots=True)
class MilestoneSheet:
    """All milestones by their due date."""

    rows: Sequence[MilestoneRow]
    today: date

    @property
    def reached(self) -> int:
        return sum(row.is_reached for row in self.rows)

    @property
    def late(self) -> int:
        """How many are still open and late; what is reached can no longer be caught up."""
        return sum(row.is_late and not row.is_reached for row in self.rows)

    @property
    def reached_late(self) -> int:
        return sum(row.is_late and row.is_reached for row in self.rows)

    @property
    def final(self) -> MilestoneRow | None:
        """The last milestone by its due date: its shift is what changes did to the end."""
        return next((row for row in reversed(self.rows) if row.due), None)

    @property
    def next(self) -> MilestoneRow | None:
        return next((row for row in self.rows if not row.is_reached and row.expected), None)


Dates = Mapping[str, date]


def late_days(dates: Dates, shift: int, today: date, by_plan: Dated | None = None) -> int | None:
    """Days behind (or, negative, ahead of) the planned date as approved changes have moved it.

    Measured at the actual date, else at the forecast or today, whichever is later; without a
    forecast at the day `by_plan`. None without a planned date; never ahead before it is reached,
    forecast or dated by the plan.
    """
    if "planned" not in dates:
        return None
    due = dates["planned"] + timedelta(days=shift)
    if "actual" in dates:
        return (dates["actual"] - due).days
    if by_plan is not None and "forecast" not in dates:
        return ((by_plan.on if by_plan.is_done else max(by_plan.on, today)) - due).days
    expected = max(dates.get("forecast", today), today)
    return max(0, (expected - due).days) if "forecast" not in dates else (expected - due).days


def milestone_sheet(project: ProjectBrief, now: datetime) -> MilestoneSheet:
    """The sheet as of now."""
    today = clock.date_in(project.zone, now)
    dates, shifts = readings_of([project.id]).get(project.id, ({}, {}))
    known = {one.id: one for one in register_entries("milestone", project.id)}
    known.update(names_of({*dates, *shifts} - known.keys()))
    center = Center("progress", project)
    planned = milestones_by_plan([project], now).get(project.id, {}) if known else {}
    rows = [
        _row(center, one, dates.get(one.id, {}), shifts.get(one.id, 0), today, planned.get(one.id))
        for one in known.values()
        if one.id in dates or one.id in shifts
    ]
    rows.sort(key=lambda row: (row.due or date.max, row.milestone.label))
    return MilestoneSheet(rows, today)


@dataclass(frozen=True, slots=True)
class Brief:
    """How many milestones a project has, has reached, is late with, and has reached late."""

    count: int
    reached: int
    late: int
    reached_late: int


def briefs(projects: Sequence[ProjectBrief], now: datetime) -> dict[str, Brief]:
    """The milestones of several projects in numbers, in one statement; by their recorded dates.

    To date the plans of all projects would cost more than the page that shows the numbers.
    """
    found = readings_of([project.id for project in projects])
    made = {}
    for project in projects:
        dates, shifts = found.get(project.id, ({}, {}))
        today = clock.date_in(project.zone, now)
        late = [
            "actual" in one
            for key, one in dates.items()
            if (late_days(one, shifts.get(key, 0), today) or 0) > 0
        ]
        made[project.id] = Brief(
            len(dates.keys() | shifts.keys()),
            sum("actual" in one for one in dates.values()),
            late.count(False),
            late.count(True),
        )
    return made


Found = tuple[dict[str, dict[str, date]], dict[str, int]]


_kept: Kept[Found] = Kept()


def readings_of(projects: Sequence[str]) -> dict[str, Found]:
    """Per project: for each milestone the latest standing dates, and the sum of its shifts."""
    if len(projects) < 2:
        return _readings(projects)

    def compute(missing: list[str]) -> dict[str, Found]:
        nothing: dict[str, Found] = {one: ({}, {}) for one in missing}
        return nothing | _readings(missing)

    return _kept.of(projects, "", compute)


def _readings(projects: Sequence[str]) -> dict[str, Found]:
    undone = undoing()
    statement = (
        select(ProgressEntry, undone.c.id)
        .outerjoin(undone, undone.c.reverses_id == ProgressEntry.posting_id)
        .where(ProgressEntry.project_id.in_(projects), ProgressEntry.milestone_id.is_not(None))
        .order_by(ProgressEntry.as_of, ProgressEntry.posting_id, ProgressEntry.id)
    )
    found: dict[str, Found] = {}
    for entry, undone_by in db.session.execute(statement):
        dates, shifts = found.setdefault(entry.project_id, ({}, {}))
        if entry.reading == "shift":
            shifts[entry.milestone_id] = shifts.get(entry.milestone_id, 0) + (entry.days or 0)
        elif undone_by is None and entry.on_date is not None:
            dates.setdefault(entry.milestone_id, {})[entry.reading] = entry.on_date
    return found


def _row(
    center: Center,
    milestone: Named,
    dates: Dates,
    shift: int,
    today: date,
    by_plan: Dated | None,
) -> MilestoneRow:
    planned, forecast, actual = (
        Reading(dates.get(one), center.way(one, milestone=milestone.id)) for one in READINGS
    )
    due = planned.on + timedelta(days=shift) if planned.on else None
    return MilestoneRow(
        milestone,
        planned,
        forecast,
        actual,
        center.figure(SHIFT, {SHIFT.key: Decimal(shift)}, milestone=milestone.id),
        due,
        late_days(dates, shift, today, by_plan),
        center.way("readings", milestone=milestone.id),
        by_plan,
    )
