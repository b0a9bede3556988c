"""The rows of the table beside the drawing, worded once per row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from flask import url_for

from portal import dates
from portal.progress.baselines import Baseline
from portal.progress.plan import Plan, PlanRow
from portal.progress.working import Calendar
from portal.web.filters import quantity
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

TENTH = Decimal("0.1")


class View(Protocol):
    """What a page shows of a plan."""

    rows: Any

    def is_closed(self, row: Any) -> bool:
        """Whether a summary is shown closed."""

    def toggle(self, row: Any) -> str:
        """The page with a summary opened or closed."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row in words."""

    id: str
    code: str
    name: str
    url: str
    depth: int
    tone: str
    is_summary: bool
    is_closed: bool
    toggle: str
    duration: str
    start: str
    finish: str
    late: str
    is_late: bool
    slack: str
    is_tight: bool
    done: str
    mark: str = ""


def lines_of(
    project: ProjectBrief,
    plan: Plan,
    view: View,
    baseline: Baseline | None,
    marks: Mapping[str, str],
) -> list[Line]:
    """The rows of the page. Days late are working days of the task's calendar; `marks` say which
    decision points are due, and what they block.
    """
    day, words = _days(current_viewer().language), {"d": _("%(num)s d"), "h": _("%(num)s h")}
    address = url_for("progress.task", code=project.code, task_id="-").rpartition("-")[0]
    return [
        _line(plan, row, view, baseline, day, words, address, marks.get(row.task.id, ""))
        for row in view.rows
    ]


def _days(language: str) -> Callable[[date], str]:
    known: dict[date, str] = {}

    def text(on: date) -> str:
        if on not in known:
            known[on] = dates.day_text(on, language)
        return known[on]

    return text


def _line(
    plan: Plan,
    row: PlanRow,
    view: View,
    baseline: Baseline | None,
    day: Callable[[date], str],
    words: Mapping[str, str],
    address: str,
    mark: str,
) -> Line:
    task = row.task
    calendar = plan.material.calendar(task)
    late = late_days(row, baseline, calendar)
    slack = row.total_float
    is_open = row.dates is not None and not row.is_finished
    return Line(
        task.id,
        task.code,
        task.name,
        address + task.id,
        min(row.depth, 6),
        "done" if row.is_finished else "critical" if row.is_critical else "free",
        task.is_summary,
        view.is_closed(row),
        view.toggle(row) if row.has_below else "",
        duration_text(row, calendar, words),
        day(row.starts_on),
        day(row.ends_on),
        "" if late is None else f"{_rounded(late):+f}" if _rounded(late) else "0",
        late is not None and late > 0,
        "" if slack is None else quantity(slack, places=1),
        is_open and slack is not None and slack < 0,
        "" if task.is_moment and not row.done else quantity(row.done * 100, "%", places=0),
        mark,
    )


def late_days(row: PlanRow, baseline: Baseline | None, calendar: Calendar) -> Decimal | None:
    """Working days its finish stands behind (or ahead of, below zero) the baseline."""
    before = baseline.tasks.get(row.task.id) if baseline else None
    if before is None:
        return None
    time = calendar.time
    return calendar.days(time.worked(row.finish) - time.worked(before.finish))


def duration_text(row: PlanRow, calendar: Calendar, words: Mapping[str, str]) -> str:
    """The planned duration as it was written; of a summary the working days it spans. `words` say
    days (d) and hours (h).
    """
    task = row.task
    if task.is_moment:
        return "–"
    if task.is_summary:
        time = calendar.time
        span = calendar.days(time.worked(row.finish) - time.worked(row.start))
        return words["d"] % {"num": quantity(span, places=1)}
    return words["h" if task.unit == "h" else "d"] % {"num": quantity(task.duration)}


def _rounded(value: Decimal) -> Decimal:
    short = value.quantize(TENTH, ROUND_HALF_UP)
    return short.to_integral_value() if short == short.to_integral_value() else short
