"""What is next, what is doubtful, how milestones moved, what resources are asked for."""

from datetime import date, timedelta

from flask import render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.ledgers.pages import around, project_for_figures, record_url
from portal.printing.tables import FORMAT, TakenAlong
from portal.progress.ahead import ahead
from portal.progress.charted import load_chart
from portal.progress.loads import loads_of
from portal.progress.places import places
from portal.progress.plan import NEAR, Plan, plan_of
from portal.progress.points import Points, points_of
from portal.progress.quality import checks_of, float_bands, other_floats, question_of, tight_rows
from portal.progress.routes.area import area
from portal.progress.tables import ahead_table, load_tables, quality_tables, trend_table
from portal.progress.trend import trends_of
from portal.web.access import signed_in
from portal.web.filters import day
from portal.web.inputs import whole
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _

WEEKS = (2, 4)
MOST_WEEKS = 26


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


@area.page(f"/projects/<code>/progress/lookahead.{FORMAT}", access=signed_in)
def lookahead_file(code: str, kind: str) -> BaseResponse:
    """The same to take along to the site meeting."""
    project = project_for_figures(code)
    plan = plan_of(project)
    first, last = _span(project, plan)
    table = ahead_table(ahead(plan, first, last, _points(project, plan).marks), first, last)
    url = url_for("progress.lookahead", code=project.code, weeks=_weeks(), _external=True)
    return TakenAlong(project, "look-ahead", _("Look-ahead"), "", [table], url).answer(kind)


@area.page("/projects/<code>/progress/checks", access=signed_in)
def quality(code: str) -> str:
    """What makes the dates of the plan doubtful; and which tasks have little float."""
    project = project_for_figures(code)
    plan, today = plan_of(project), clock.date_in(project.zone, clock.now())
    return render_template(
        "progress/quality.html", **around(project), places=places(project), plan=plan,
        points=_points(project, plan).due, bands=float_bands(plan),
        checks=[(one, question_of(one)) for one in checks_of(plan, today)],
        differing=other_floats(plan),
        tight=tight_rows(plan), near=NEAR,
    )  # fmt: skip


@area.page(f"/projects/<code>/progress/checks.{FORMAT}", access=signed_in)
def quality_file(code: str, kind: str) -> BaseResponse:
    """The checks to take along."""
    project = project_for_figures(code)
    plan, today = plan_of(project), clock.date_in(project.zone, clock.now())
    url = url_for("progress.quality", code=project.code, _external=True)
    tables = quality_tables(plan, today)
    return TakenAlong(project, "checks", _("Checks"), _as_of(plan), tables, url).answer(kind)


@area.page("/projects/<code>/progress/trend", access=signed_in)
def trend(code: str) -> str:
    """Which date each milestone of the plan had at each report."""
    project = project_for_figures(code)
    plan = plan_of(project)
    return render_template(
        "progress/trend.html", **around(project), places=places(project), plan=plan,
        found=trends_of(project, plan),
    )  # fmt: skip


@area.page(f"/projects/<code>/progress/trend.{FORMAT}", access=signed_in)
def trend_file(code: str, kind: str) -> BaseResponse:
    """The trend to take along."""
    project = project_for_figures(code)
    plan = plan_of(project)
    url = url_for("progress.trend", code=project.code, _external=True)
    tables = [trend_table(trends_of(project, plan))]
    return TakenAlong(project, "trend", _("Milestone trend"), "", tables, url).answer(kind)


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


@area.page(f"/projects/<code>/progress/resources.{FORMAT}", access=signed_in)
def resources_file(code: str, kind: str) -> BaseResponse:
    """The loads to take along."""
    project = project_for_figures(code)
    plan = plan_of(project)
    url = url_for("progress.resources", code=project.code, _external=True)
    tables = load_tables(loads_of(plan))
    return TakenAlong(project, "resources", _("Resources"), _as_of(plan), tables, url).answer(kind)


def _as_of(plan: Plan) -> str:
    return _("Data date %(day)s", day=day(plan.until)) if plan.until else ""
