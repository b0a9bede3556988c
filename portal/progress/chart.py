"""The plan as rows and bars on paper."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from flask import Response

from portal.calendars.working_time import DAY, start_of, time_of
from portal.progress.baselines import Baseline
from portal.progress.plan import Plan, PlanRow
from portal.progress.printing import sheet_of
from portal.reports.sheet import BarChart, BarLine, Tone
from portal.web import downloads
from portal.web.filters import day, month, quantity
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _

DATA_DATE, TODAY = "#9a5b00", "#1f5fae"
TICKS_MOST = 12


def plan_pdf(
    project: ProjectBrief,
    plan: Plan,
    rows: Sequence[PlanRow],
    baseline: Baseline | None,
    today: date,
    title: str,
) -> Response:
    """These rows of a plan as a PDF."""
    from portal.reports.bars import bars_pdf  # heavy, and most workers never print

    old = baseline.bars if baseline else {}
    edges = [row.start for row in rows] + [row.finish for row in rows]
    edges += [one.start for one in old.values()] + [one.finish for one in old.values()]
    first = time_of(min(edges, default=start_of(today))).date() - timedelta(days=2)
    last = time_of(max(edges, default=start_of(today))).date() + timedelta(days=4)
    zero = start_of(first)

    def at(moment: int) -> float:
        return (moment - zero) / DAY

    lines = []
    for row in rows:
        stood = old.get(row.task.id)
        lines.append(
            BarLine(
                (
                    row.task.label,
                    day(row.starts_on),
                    day(row.ends_on),
                    "" if row.total_float is None else quantity(row.total_float, places=1),
                ),
                row.depth,
                _kind(row),
                _tone(row),
                at(row.start),
                at(row.finish),
                float(row.done),
                at(row.dates.late_finish_at) if row.dates and (row.total_float or 0) > 0 else 0,
                (at(stood.start), at(stood.finish)) if stood else None,
            )
        )
    marks = [(at(start_of(today)), TODAY)] if first <= today <= last else []
    if plan.until:
        marks.append((at(start_of(plan.until + timedelta(days=1))), DATA_DATE))
    columns = [(_("Task"), 210.0), (_("Starts"), 56.0), (_("Finish"), 56.0), (_("Float"), 34.0)]
    chart = BarChart(columns, lines, float((last - first).days), _ticks(first, last), marks)
    subject = _("Data date %(day)s", day=day(plan.until)) if plan.until else ""
    if baseline:
        subject = " · ".join(one for one in (subject, baseline.name) if one)
    shown = [[line.cells for line in lines]]
    notes = (_("Red: critical. Amber: little float. Green: done. Grey below a bar: the baseline."),)
    sheet = sheet_of(project, title, subject, shown, notes)
    name = f"{project.code}-schedule.pdf"
    return downloads.download(bars_pdf(sheet, chart), downloads.PDF, name, in_place=True)


def _kind(row: PlanRow) -> Literal["task", "summary", "moment"]:
    return "summary" if row.task.is_summary else "moment" if row.task.is_moment else "task"


def _tone(row: PlanRow) -> Tone:
    if row.task.is_summary:
        return "neutral"
    if row.is_finished:
        return "good"
    return "bad" if row.is_critical else "warning" if row.is_near else "waiting"


def _ticks(first: date, last: date) -> list[tuple[float, str]]:
    """The first days of months, or of every few of them."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = max(1, -(-months // TICKS_MOST))
    found = []
    for number in range(1, months + 1, step):
        at = first.month - 1 + number
        on = date(first.year + at // 12, at % 12 + 1, 1)
        found.append((float((on - first).days), month(on)))
    return found
