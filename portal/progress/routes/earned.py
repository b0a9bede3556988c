"""Earned value and earned schedule: the figures, their curve, and the tasks they are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.errors import Invalid
from portal.ledgers.pages import around, download, project_for_figures
from portal.progress.baselines import Baseline, baselines_of
from portal.progress.charted import curve_chart
from portal.progress.curve import draw_curve
from portal.progress.earned import Earned, earned_by
from portal.progress.earned_rows import cost_rows, time_rows
from portal.progress.places import places
from portal.progress.plan import Plan, plan_of
from portal.progress.printing import earned_pdf
from portal.progress.routes.area import area
from portal.progress.routes.schedule import asked_baseline, asked_day
from portal.reports.workbook import Column as SheetColumn
from portal.reports.workbook import workbook_bytes
from portal.web.access import signed_in
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an address asks for: None where there is nothing to reckon with, `refusal` says why."""

    plan: Plan
    baseline: Baseline | None
    found: Earned | None
    refusal: Any = None


def _asked(project: ProjectBrief) -> _Asked:
    until = asked_day()
    plan = plan_of(project, until=until)
    baseline = asked_baseline(project)
    if baseline is None or not baseline.leaves:
        return _Asked(plan, baseline, None)
    on: date = until or plan.until or clock.date_in(project.zone, clock.now())
    length = request.args.get("period", "")
    try:
        found = earned_by(
            project, plan, baseline, on,
            "week" if length == "week" else "month" if length == "month" else None,
        )  # fmt: skip
    except Invalid as refused:
        return _Asked(plan, baseline, None, refused.message)
    return _Asked(plan, baseline, found)


def _args(**changes: Any) -> dict[str, Any]:
    """The choices of this address, to go on with."""
    kept = {key: request.args.get(key) for key in ("baseline", "until", "period")}
    return {key: value for key, value in {**kept, **changes}.items() if value}


@area.page("/projects/<code>/progress/earned", access=signed_in)
def earned(code: str) -> str:
    """What was planned, earned and spent, and what follows."""
    project = project_for_figures(code)
    asked = _asked(project)
    found = asked.found
    drawn = draw_curve(found) if found else None
    words = {"planned": _("Planned (PV)"), "earned": _("Earned (EV)"), "spent": _("Spent (AC)")}

    def ways_on(day: date) -> dict[str, str]:
        return _ways_on(project, day)

    return render_template(
        "progress/earned.html",
        **around(project),
        places=places(project),
        asked=asked,
        found=found,
        cost=cost_rows(found) if found else (),
        time=time_rows(found) if found else (),
        curve=drawn,
        curve_words=words,
        chart=curve_chart(found, drawn, words, ways_on) if found and drawn else None,
        ways=_ways(project, found) if found else {},
        ways_on=ways_on,
        period_word=_("weeks") if found and found.periods.length == "week" else _("months"),
        baselines=baselines_of(project),
        args=_args,
    )


def _ways(project: ProjectBrief, found: Earned) -> dict[str, str]:
    """Where the plain figures lead: to the tasks, or to the entries they are made of."""
    tasks = url_for("progress.earned_parts", code=project.code, **_args())
    return {"pv": tasks, "ev": tasks, "bac": tasks, "ac": _ways_on(project, found.on)["spent"]}


def _ways_on(project: ProjectBrief, day: date) -> dict[str, str]:
    """Where what stood at the end of a day leads: its tasks as of then, the cost until then."""
    until = day.isoformat()
    return {
        "tasks": url_for("progress.earned_parts", code=project.code, **_args(until=until)),
        "spent": url_for(
            "portfolio.entries", code=project.code, ledger="progress", column="spent",
            ccy=project.currency, until=until,
        ),
    }  # fmt: skip


@area.page("/projects/<code>/progress/earned/tasks", access=signed_in)
def earned_parts(code: str) -> str:
    """Planned and earned value task by task; they add up to the figures."""
    project = project_for_figures(code)
    asked = _asked(project)
    return render_template(
        "progress/earned_parts.html", **around(project), places=places(project),
        found=asked.found, args=_args,
    )  # fmt: skip


@area.page("/projects/<code>/progress/earned.xlsx", access=signed_in)
def earned_export(code: str) -> Response | BaseResponse:
    """The value of every task as a spreadsheet."""
    project = project_for_figures(code)
    found = _asked(project).found
    columns = [
        SheetColumn(_("Code"), width=12),
        SheetColumn(_("Task"), width=40),
        SheetColumn(_("Value"), "money"),
        SheetColumn(_("Planned value (PV)"), "money"),
        SheetColumn(_("Done %"), "number"),
        SheetColumn(_("Earned value (EV)"), "money"),
        SheetColumn(_("Schedule variance (SV)"), "money"),
    ]
    title = _("Earned value %(project)s", project=project.code)
    content = workbook_bytes(title, columns, _rows(found), language=current_viewer().language)
    return download(f"{project.code}-earned-value", content)


def _rows(found: Earned | None) -> Iterator[list[Any]]:
    for one in found.parts if found else ():
        yield [
            one.task.code, one.task.name, one.task.budget, round(one.planned, 2),
            round(one.done * 100, 2), round(one.earned, 2), round(one.variance, 2),
        ]  # fmt: skip
    if found:
        value = found.value
        yield ["", _("Total"), value.bac, round(value.pv, 2), None, round(value.ev, 2),
               round(value.schedule_variance, 2)]  # fmt: skip


@area.page("/projects/<code>/progress/earned.pdf", access=signed_in)
def earned_printed(code: str) -> Response:
    """The figures and the curve's table as a PDF."""
    project = project_for_figures(code)
    return earned_pdf(project, _asked(project).found)
