"""The page of the progress center and its spreadsheet."""

from flask import render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.ledgers.pages import around, project_for_figures
from portal.printing.tables import FORMAT, TakenAlong
from portal.progress.places import places
from portal.progress.queries import milestone_sheet
from portal.progress.routes.area import area
from portal.progress.tables import milestone_table
from portal.progress.timeline import drawings
from portal.web.access import signed_in
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
        sheet=found,
        timelines=drawings(found.rows, found.today),
    )


@area.page(f"/projects/<code>/progress.{FORMAT}", access=signed_in)
def sheet_file(code: str, kind: str) -> BaseResponse:
    """The milestones to take along."""
    project = project_for_figures(code)
    tables = [milestone_table(milestone_sheet(project, clock.now()))]
    url = url_for("progress.sheet", code=project.code, _external=True)
    return TakenAlong(project, "progress", _("Milestones"), "", tables, url).answer(kind)
