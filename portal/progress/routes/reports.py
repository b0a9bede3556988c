"""What is next, what is doubtful, how milestones moved, what resources are asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts.queries import person_name
from portal.ledgers.pages import around, download, project_for_figures, record_url
from portal.progress.charted import load_chart
from portal.progress.loads import loads_of
from portal.progress.places import places
from portal.progress.plan import NEAR, Plan, PlanRow, plan_of
from portal.progress.points import Points, points_of
from portal.progress.quality import checks_of, float_bands, other_floats, question_of
from portal.progress.routes.area import area
from portal.progress.trend import trends_of
from portal.reports.workbook import Column, workbook_bytes
from portal.web.access import signed_in
from portal.web.inputs import whole
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

WEEKS = (2, 4)
MOST_WEEKS = 26


@dataclass(frozen=True, slots=True)
class Next:
    """A task of the look-ahead: what happens with it, and who does it."""

    row: PlanRow
    what: str
    responsible: str
    waits_for: list[str]
    mark: str = ""


def _weeks() -> int:
    asked = whole(request.args.get("weeks", "")) or WEEKS[0]
    return min(asked, MOST_WEEKS)


def _span(project: ProjectBrief, plan: Plan) -> tuple[date, date]:
    """From the day after the data date, or today, so many weeks on."""
    today = clock.date_in(project.zone, clock.now())
    first = max(today, plan.until + timedelta(days=1)) if plan.until else today
    return first, first + timedelta(days=7 * _weeks() - 1)


def _points(project: ProjectBrief, plan: Plan) -> Points:
    return points_of(project, plan, clock.date_in(project.zone, clock.now()))


def ahead(
    plan: Plan, first: date, last: date, marks: Mapping[str, str] | None = None
) -> list[Next]:
    """The tasks that are open in a span of days, by their start. `marks`: what of decisions is due
    or blocked.
    """
    marks = marks or {}
    rows = plan.by_id
    open_rows = [
        row
        for row in plan.work
        if not row.is_finished and row.starts_on <= last and row.ends_on >= first
    ]
    people = person_name(str(row.task.data.get("responsible") or "") for row in open_rows)
    found = []
    for row in open_rows:
        waits = [
            rows[one.task].task.label
            for one in row.task.links
            if not row.is_started and one.task in rows and not rows[one.task].is_finished
        ]
        person = people.get(str(row.task.data.get("responsible") or ""), "")
        mark = marks.get(row.task.id, "")
        found.append(Next(row, _what(row, first, last), person, waits, mark))
    return sorted(found, key=lambda one: (one.row.start, one.row.task.code))


def _what(row: PlanRow, first: date, last: date) -> str:
    begins, ends = not row.is_started, row.ends_on <= last
    if row.task.type == "decision":
        return _("is decided")
    if row.task.is_moment:
        return _("is reached")
    if begins and ends:
        return _("begins and ends")
    return _("begins") if begins else _("ends") if ends else _("goes on")


@area.page("/projects/<code>/progress/lookahead", access=signed_in)
def lookahead(code: str) -> str:
    """What is to be done in the next weeks."""
    project = project_for_figures(code)
    plan = plan_of(project)
    first, last = _span(project, plan)
    points = _points(project, plan)
    return render_template(
        "progress/lookahead.html", **around(project), places=places(project), plan=plan,
        points=points.due, rows=ahead(plan, first, last, points.marks), first=first, last=last,
        weeks=_weeks(), choices=WEEKS,
    )  # fmt: skip


@area.page("/projects/<code>/progress/lookahead.xlsx", access=signed_in)
def lookahead_export(code: str) -> Response | BaseResponse:
    """The same as a spreadsheet for the site meeting."""
    project = project_for_figures(code)
    plan = plan_of(project)
    first, last = _span(project, plan)
    columns = [
        Column(_("Code"), width=10),
        Column(_("Task"), width=40),
        Column(_("In these weeks"), width=18),
        Column(_("Responsible"), width=20),
        Column(_("Starts"), "date"),
        Column(_("Finish"), "date"),
        Column(_("Float"), "number"),
        Column(_("Waits for"), width=40),
    ]
    language = current_viewer().language
    title = _("Look-ahead %(project)s", project=project.code)
    rows = _ahead_rows(ahead(plan, first, last))
    return download(
        f"{project.code}-look-ahead", workbook_bytes(title, columns, rows, language=language)
    )


def _ahead_rows(found: list[Next]) -> Iterator[list[Any]]:
    for one in found:
        slack = one.row.total_float
        yield [
            one.row.task.code, one.row.task.name, one.what, one.responsible, one.row.starts_on,
            one.row.ends_on, None if slack is None else round(slack, 1), ", ".join(one.waits_for),
        ]  # fmt: skip


@area.page("/projects/<code>/progress/checks", access=signed_in)
def quality(code: str) -> str:
    """What makes the dates of the plan doubtful; and which tasks have little float."""
    project = project_for_figures(code)
    plan, today = plan_of(project), clock.date_in(project.zone, clock.now())
    tight = sorted(
        (row for row in plan.work if row.is_critical or row.is_near),
        key=lambda row: (row.total_float or 0, row.start),
    )
    return render_template(
        "progress/quality.html", **around(project), places=places(project), plan=plan,
        points=_points(project, plan).due, bands=float_bands(plan),
        checks=[(one, question_of(one)) for one in checks_of(plan, today)],
        differing=other_floats(plan),
        tight=tight, near=NEAR,
    )  # fmt: skip


@area.page("/projects/<code>/progress/trend", access=signed_in)
def trend(code: str) -> str:
    """Which date each milestone of the plan had at each report."""
    project = project_for_figures(code)
    plan = plan_of(project)
    return render_template(
        "progress/trend.html", **around(project), places=places(project), plan=plan,
        found=trends_of(project, plan),
    )  # fmt: skip


@area.page("/projects/<code>/progress/resources", access=signed_in)
def resources(code: str) -> str:
    """What resources are asked for by week, and where more than there is."""
    project = project_for_figures(code)
    plan = plan_of(project)
    loads = loads_of(plan)
    return render_template(
        "progress/resources.html", **around(project), places=places(project), plan=plan,
        loads=loads, charts=[load_chart(one) for one in loads], record_url=record_url,
    )  # fmt: skip
