"""What is foreseen for a project, from what, and how far such forecasts were off so far."""

from collections.abc import Sequence

from flask import render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.errors import NotFound
from portal.ledgers.pages import around, project_for_figures, record_url
from portal.printing.tables import FORMAT, TakenAlong
from portal.progress.foreseen import foreseen_of, unit_words
from portal.progress.foreseen_tables import foreseen_tables
from portal.progress.hindsight import CutOff
from portal.progress.places import places
from portal.progress.routes.area import area
from portal.progress.routes.schedule import NO_DAY, asked_day
from portal.web.access import signed_in
from portal.web.filters import day
from portal.web.viewer import current_viewer
from portal.web.words import gettext as _


@area.page("/projects/<code>/progress/forecast", access=signed_in)
def forecast(code: str) -> str:
    """The forecasts with their inputs and past errors; `on`: the tasks behind a cut-off's error."""
    project = project_for_figures(code)
    found = foreseen_of(current_viewer(), project)
    return render_template(
        "progress/forecast.html",
        **around(project),
        places=places(project),
        found=found,
        record_url=record_url,
        chosen=_chosen(found.cuts),
        unit_words=unit_words(),
    )


@area.page(f"/projects/<code>/progress/forecast.{FORMAT}", access=signed_in)
def forecast_file(code: str, kind: str) -> BaseResponse:
    """The tables of the page to take along."""
    project = project_for_figures(code)
    found = foreseen_of(current_viewer(), project)
    subject = _("What happened is known up to %(day)s.", day=day(found.last))
    subject = f"{project.currency} · {subject}"
    url = url_for("progress.forecast", code=project.code, _external=True)
    tables = foreseen_tables(found)
    return TakenAlong(project, "forecast", _("Forecast"), subject, tables, url).answer(kind)


def _chosen(cuts: Sequence[CutOff]) -> CutOff | None:
    """The cut-off the address asks for. Raises NotFound where there is none."""
    on = asked_day("on")
    if on is None:
        return None
    found = next((one for one in cuts if one.on == on), None)
    if found is None:
        raise NotFound(NO_DAY)
    return found
