"""The plan of a project as a Gantt drawing with its table."""

from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for

from portal import clock
from portal.calendars.working_time import time_of
from portal.errors import N_, NotFound
from portal.ledgers.pages import around, project_for_figures, record_url
from portal.progress.axis import axis_texts
from portal.progress.baselines import Baseline, baseline_of, baselines_of
from portal.progress.chart import plan_pdf
from portal.progress.gantt import FIT, ZOOMS, draw
from portal.progress.places import places
from portal.progress.plan import NEAR, Plan, plan_of
from portal.progress.routes.area import area
from portal.progress.routes.lines import lines_of
from portal.progress.services import may_plan
from portal.progress.shown import deepest, head_of, is_closed, moments, shown_rows, usual_level
from portal.progress.task_page import task_page
from portal.progress.working import OWN
from portal.web.access import signed_in
from portal.web.inputs import whole
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
    view = _View(plan)
    baseline = asked_baseline(project)
    zoom = view.zoom
    gantt = None
    if plan.rows:
        old = baseline.bars if baseline else {}
        own = plan.material.calendars[OWN].time.said
        gantt = draw(plan, view.rows, zoom=zoom, today=today, old=old, own=own)
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
        lines=lines_of(project, plan, view, baseline),
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
    view = _View(plan)
    today = clock.date_in(project.zone, clock.now())
    title = _("Roadmap") if view.show == "milestones" else _("Schedule")
    return plan_pdf(project, plan, view.rows, asked_baseline(project), today, title)


def zoom_words() -> dict[str, str]:
    """What the zooms are called."""
    return {
        FIT: _("Whole plan"),
        "day": _("Days"),
        "week": _("Weeks"),
        "month": _("Months"),
        "quarter": _("Quarters"),
    }


class _View:
    """What of the plan the address asks to see, and the addresses that ask for something else."""

    def __init__(self, plan: Plan) -> None:
        args = request.args
        self.deepest = deepest(plan)
        self.level = whole(args.get("level", "")) or usual_level(plan)
        self.closed = frozenset(one for one in args.get("closed", "").split(",") if one)
        self.show = args.get("show", "")
        self.critical_only = self.show == "critical"
        chosen = args.get("zoom", "")
        self.zoom = chosen if chosen in ZOOMS else FIT
        if self.show == "milestones":
            self.rows = moments(plan)
            return
        self.rows = shown_rows(
            plan, level=self.level, closed=self.closed, critical_only=self.critical_only
        )

    def is_closed(self, row: Any) -> bool:
        """Whether a summary is shown closed."""
        return is_closed(row, level=self.level, closed=self.closed)

    def address(self, endpoint: str = "progress.schedule", **changes: Any) -> str:
        """This page with some choices changed; None takes one out."""
        args = {**request.args.to_dict(), **(request.view_args or {}), **changes}
        kept = {key: value for key, value in args.items() if value not in (None, "")}
        return url_for(endpoint, **kept)

    def toggle(self, row: Any) -> str:
        """The page with a summary opened or closed. What a level hides is opened by that level."""
        code = row.task.code
        if row.depth + 1 >= self.level:
            return self.address(level=row.depth + 2, closed=None) + f"#{row.task.id}"
        chosen = self.closed - {code} if code in self.closed else self.closed | {code}
        return self.address(closed=",".join(sorted(chosen))) + f"#{row.task.id}"


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
    return render_template(
        "progress/task.html",
        **around(project),
        plan=plan,
        found=found,
        calendar=plan.material.calendar(found.row.task),
        link_words=link_words(),
        record_url=record_url,
    )
