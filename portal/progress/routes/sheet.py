"""The page of the progress center and its spreadsheet."""

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.ledgers.pages import around, download, project_for_figures
from portal.progress.places import places
from portal.progress.plan import milestones_by_plan
from portal.progress.queries import MilestoneSheet, milestone_sheet
from portal.progress.routes.area import area
from portal.progress.timeline import drawings
from portal.reports.workbook import Column as SheetColumn
from portal.reports.workbook import workbook_bytes
from portal.web.access import signed_in
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.page("/projects/<code>/progress", access=signed_in)
def sheet(code: str) -> str:
    """Milestones planned, forecast and reached."""
    project = project_for_figures(code)
    found = milestone_sheet(project, clock.now())
    return render_template(
        "progress/sheet.html",
        **around(project),
        places=places(project),
        by_plan=milestones_by_plan(project),
        sheet=found,
        timelines=drawings(found.rows, found.today),
    )


@area.page("/projects/<code>/progress.xlsx", access=signed_in)
def export(code: str) -> Response | BaseResponse:
    """The milestones as a spreadsheet."""
    project = project_for_figures(code)
    columns = [
        SheetColumn(_("Milestone"), width=36),
        SheetColumn(_("Planned"), "date"),
        SheetColumn(_("Days moved"), "number"),
        SheetColumn(_("Plan as moved"), "date"),
        SheetColumn(_("Forecast"), "date"),
        SheetColumn(_("Reached"), "date"),
        SheetColumn(_("Days late (below zero: early)"), "number"),
    ]
    found = milestone_sheet(project, clock.now())
    title = _("Milestones %(project)s", project=project.code)
    language = current_viewer().language
    content = workbook_bytes(title, columns, _rows(found), language=language)
    return download(f"{project.code}-progress", content)


def _rows(found: MilestoneSheet) -> Iterator[list[Any]]:
    for row in found.rows:
        yield [
            row.milestone.label,
            row.planned.on,
            row.shift.value,
            row.due,
            row.forecast.on,
            row.actual.on,
            row.late,
        ]
