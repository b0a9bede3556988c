"""The plan of a project as a Gantt drawing with its table."""

from datetime import date

from flask import Response, render_template, request

from portal import clock
from portal.calendars.working_time import time_of
from portal.errors import N_, NotFound
from portal.ledgers.pages import around, project_for_figures, record_url
from portal.progress.axis import axis_texts
from portal.progress.baselines import Baseline, baseline_of, baselines_of
from portal.progress.chart import plan_pdf
from portal.progress.gantt import FIT, ZOOMS, draw
from portal.progress.places import places
from portal.progress.plan import NEAR, plan_of
from portal.progress.points import point_of, points_of
from portal.progress.routes.area import area
from portal.progress.routes.lines import lines_of
from portal.progress.routes.rows import bar_shapes, line_rows, mark_words
from portal.progress.routes.view import PlanView
from portal.progress.services import may_plan
from portal.progress.shown import head_of
from portal.progress.task_page import task_page
from portal.progress.working import OWN
from portal.web.access import signed_in
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

NO_DAY = N_("There is no plan as of this day: write it as 2026-03-31.")


def asked_day(name: str = "until") -> date | None:
    """A day of the address. Raises NotFound for one that is none."""
    text = request.args.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(NO_DAY) from None


def asked_baseline(project: ProjectBrief) -> Baseline | None:
    """The baseline an address asks for, else the newest; None while there is none."""
    key = request.args.get("baseline", "")
    if key == "none":
        return None
    if key:
        return baseline_of(project, key)
    found = baselines_of(project)
    return found[0] if found else None


@area.page("/projects/<code>/progress/schedule", access=signed_in)
def schedule(code: str) -> str:
    """Bars, critical path, float and baseline; and the same as a table."""
    project = project_for_figures(code)
    plan = plan_of(project, until=asked_day())
    today = clock.date_in(project.zone, clock.now())
    view = PlanView(plan)
    baseline = asked_baseline(project)
    points = points_of(project, plan, asked_day() or today)
    zoom = view.zoom
    gantt = None
    if plan.rows:
        old = baseline.bars if baseline else {}
        own = plan.material.calendars[OWN].time.said
        gantt = draw(plan, view.rows, zoom=zoom, today=today, old=old, own=own, marks=points.marks)
    return render_template(
        "progress/schedule.html",
        **around(project),
        places=places(project),
        plan=plan,
        head=head_of(plan),
        may_plan=may_plan(current_viewer(), project),
        view=view,
        gantt=gantt,
        axis=axis_texts(gantt) if gantt else (),
        lines=line_rows(
            lines_of(project, plan, view, baseline, points.marks), compared=baseline is not None
        ),
        bars=bar_shapes(gantt.bars) if gantt else None,
        points=points.due,
        mark_words=mark_words(),
        zooms=[FIT, *ZOOMS],
        zoom_words=zoom_words(),
        near=NEAR,
        baseline=baseline,
        baseline_end=time_of(baseline.finish).date() if baseline else None,
        baselines=baselines_of(project),
        record_url=record_url,
    )


@area.page("/projects/<code>/progress/schedule.pdf", access=signed_in)
def schedule_pdf(code: str) -> Response:
    """The same rows on paper."""
    project = project_for_figures(code)
    plan = plan_of(project, until=asked_day())
    view = PlanView(plan)
    today = clock.date_in(project.zone, clock.now())
    return plan_pdf(project, plan, view.rows, asked_baseline(project), today, title_of(view))


def title_of(view: PlanView) -> str:
    """What the rows that are shown are called."""
    return _("Roadmap") if view.show == "milestones" else _("Schedule")


def zoom_words() -> dict[str, str]:
    """What the zooms are called."""
    return {
        FIT: _("Whole plan"),
        "day": _("By day"),
        "week": _("By week"),
        "month": _("By month"),
        "quarter": _("By quarter"),
    }


def link_words() -> dict[str, str]:
    """What the link types are called."""
    return {
        "FS": _("finish to start"),
        "SS": _("start to start"),
        "FF": _("finish to finish"),
        "SF": _("start to finish"),
    }


@area.page("/projects/<code>/progress/tasks/<task_id>", access=signed_in)
def task(code: str, task_id: str) -> str:
    """A task with the reasons for its dates, and the readings behind its progress."""
    project = project_for_figures(code)
    plan = plan_of(project)
    found = task_page(project, plan, task_id)
    today = clock.date_in(project.zone, clock.now())
    return render_template(
        "progress/task.html",
        **around(project),
        plan=plan,
        found=found,
        point=point_of(project, plan, found.row, today),
        waits_for=points_of(project, plan, today).before(task_id),
        calendar=plan.material.calendar(found.row.task),
        link_words=link_words(),
        record_url=record_url,
    )
