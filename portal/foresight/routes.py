"""What will hold a project up, beside its forecasts; and what each of these figures is made of."""

from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.errors import NotFound
from portal.foresight.materials import Material, may_read_stock, may_request, site_of
from portal.foresight.page import foresight_of
from portal.foresight.steps import step_of
from portal.foresight.tables import foresight_tables, subject_of
from portal.foresight.words import TONES, verdicts
from portal.ledgers.pages import around, project_for_figures, record_url
from portal.printing.tables import FORMAT, TakenAlong
from portal.progress.places import places
from portal.web.access import signed_in
from portal.web.area import Area
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

area = Area("foresight", __name__)
PAGE = "/projects/<code>/progress/bottlenecks"


@area.page(PAGE, access=signed_in)
def bottlenecks(code: str) -> str:
    """Tasks, approvals, resources and material that will hold the project up."""
    project = project_for_figures(code)
    return _page(
        "foresight/bottlenecks.html", project, found=foresight_of(current_viewer(), project)
    )


@area.page(f"{PAGE}.{FORMAT}", access=signed_in)
def bottlenecks_file(code: str, kind: str) -> BaseResponse:
    """The tables of the page to take along; what moved a material only in the workbook."""
    project = project_for_figures(code)
    found = foresight_of(current_viewer(), project)
    url = url_for("foresight.bottlenecks", code=project.code, _external=True)
    tables = foresight_tables(found, with_moves=kind == "xlsx")
    title, subject = _("Bottlenecks"), subject_of(found)
    return TakenAlong(project, "bottlenecks", title, subject, tables, url).answer(kind)


@area.page(f"{PAGE}/step", access=signed_in)
def step(code: str) -> str:
    """The documents that waited, or wait, at one step. Raises NotFound."""
    project = project_for_figures(code)
    now = clock.now()
    found = step_of(project, request.args.get("form", ""), request.args.get("step", ""), now)
    if found is None:
        raise NotFound
    one, papers = found
    return _page("foresight/step.html", project, one=one, papers=papers, now=now)


@area.page(f"{PAGE}/stock/<material_id>", access=signed_in)
def material(code: str, material_id: str) -> str:
    """What came of a material and went, and what is on order. Raises NotFound."""
    project, viewer = project_for_figures(code), current_viewer()
    if not may_read_stock(viewer, project.id):
        raise NotFound
    site = site_of(project, clock.date_in(project.zone, clock.now()))
    one = next((one for one in site.materials if one.named.id == material_id), None)
    if one is None:
        raise NotFound
    return _page(
        "foresight/material.html", project, one=one, site=site,
        may_request=may_request(viewer, project),
    )  # fmt: skip


def _page(template: str, project: ProjectBrief, **context: Any) -> str:
    return render_template(
        template,
        **around(project),
        places=places(project),
        record_url=record_url,
        request_url=lambda one: _request_url(project, one),
        verdicts=verdicts(),
        tones=TONES,
        **context,
    )


def _request_url(project: ProjectBrief, one: Material) -> str:
    """A purchase request with what is known filled in."""
    qty = f"{one.stock.proposed():.3f}"
    purpose = _("Replenish %(material)s", material=one.named.label)
    given: dict[str, Any] = {"purpose": purpose, "lines[].material": one.named.id}
    if one.stock.runs_out is not None:
        given["needed_on"] = one.stock.runs_out.isoformat()
    given |= {"lines[].qty": qty, "lines[].cost_code": one.named.names("cost_code") or None}
    return url_for("records.new", form_key="purchase_request", project=project.code, **given)
