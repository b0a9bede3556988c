"""Frozen cost sheets: the list of them, one of them, and what moved since."""

from flask import json, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.costs.inputs import FreezeForm
from portal.costs.routes.area import area
from portal.costs.services import freeze, may_freeze
from portal.costs.snapshot_tables import difference_table, frozen_table
from portal.costs.snapshots import (
    Difference,
    Json,
    differences,
    frozen,
    rows_of,
    snapshots,
    the_snapshot,
)
from portal.ledgers.models import Snapshot
from portal.ledgers.pages import around, project_for_figures
from portal.printing.tables import FORMAT, TakenAlong
from portal.web import downloads
from portal.web.access import signed_in
from portal.web.answers import see_other
from portal.web.filters import moment
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

NOW = "now"


@area.page("/projects/<code>/cost/snapshots", access=signed_in)
def frozen_sheets(code: str) -> str:
    """The frozen sheets of a project, and the form to freeze another one."""
    project = project_for_figures(code)
    month = clock.date_in(project.zone, clock.now()).isoformat()[:7]
    return _list(project, FreezeForm(name=month))


@area.action("/projects/<code>/cost/snapshots", access=signed_in)
def freeze_sheet(code: str) -> BaseResponse | tuple[str, int]:
    """Freeze the sheet as it stands."""
    project = project_for_figures(code)
    form = FreezeForm.sent()
    if not form.validate():
        return _list(project, form), 422
    made = freeze(
        actor=current_viewer(), project=project, name=str(form.name.data), now=clock.now()
    )
    back = url_for("costs.frozen_sheet", code=project.code, snapshot_id=made.id)
    return see_other(back, _("The sheet is frozen as “%(name)s”.", name=made.name))


@area.page("/projects/<code>/cost/snapshots/<snapshot_id>", access=signed_in)
def frozen_sheet(code: str, snapshot_id: str) -> str:
    """A sheet as it stood when it was frozen."""
    project = project_for_figures(code)
    one = the_snapshot(project, snapshot_id)
    return render_template(
        "costs/frozen.html", one=one, rows=_by_currency(one.body), **around(project)
    )


@area.page(f"/projects/<code>/cost/snapshots/<snapshot_id>.{FORMAT}", access=signed_in)
def frozen_file(code: str, snapshot_id: str, kind: str) -> BaseResponse:
    """A frozen sheet to take along."""
    project = project_for_figures(code)
    one = the_snapshot(project, snapshot_id)
    url = url_for("costs.frozen_sheet", code=project.code, snapshot_id=one.id, _external=True)
    subject = _("Frozen on %(when)s", when=moment(one.taken_at))
    tables = [frozen_table(one.body)]
    return TakenAlong(project, f"cost-{one.name}", one.name, subject, tables, url).answer(kind)


@area.page("/projects/<code>/cost/snapshots/<snapshot_id>.json", access=signed_in)
def frozen_json(code: str, snapshot_id: str) -> BaseResponse:
    """A frozen sheet as it is kept, with the hash of its content."""
    project = project_for_figures(code)
    one = the_snapshot(project, snapshot_id)
    kept = {"name": one.name, "taken_at": one.taken_at.isoformat(), "sha256": one.sha256}
    content = json.dumps({**kept, **one.body}, ensure_ascii=False, indent=1)
    return downloads.download(content, "application/json", f"{project.code}-cost-{one.name}.json")


@area.page("/projects/<code>/cost/difference", access=signed_in)
def difference(code: str) -> str:
    """What moved between two frozen sheets, or since one until now."""
    project = project_for_figures(code)
    earlier, later, found = _compared(project)
    return render_template(
        "costs/difference.html",
        earlier=earlier,
        later=later,
        others=[one.snapshot for one in snapshots(project) if one.snapshot.id != earlier.id],
        found=found,
        **around(project),
    )


@area.page(f"/projects/<code>/cost/difference.{FORMAT}", access=signed_in)
def difference_file(code: str, kind: str) -> BaseResponse:
    """What moved to take along."""
    project = project_for_figures(code)
    earlier, later, found = _compared(project)
    of = {"from": earlier.id, "to": later.id if later else NOW}
    url = url_for("costs.difference", code=project.code, _external=True, **of)
    title = _("What moved since “%(name)s”", name=earlier.name)
    subject = f"{moment(earlier.taken_at)} → {later.name if later else _('now')}"
    tables = [difference_table(one) for one in found]
    together = len(tables) < 2
    page = TakenAlong(project, "cost-difference", title, subject, tables, url, together)
    return page.answer(kind)


def _compared(project: ProjectBrief) -> tuple[Snapshot, Snapshot | None, list[Difference]]:
    """(the earlier sheet, the later one or None for now, what moved), as the address asks."""
    earlier = the_snapshot(project, request.args.get("from", ""))
    asked = request.args.get("to", NOW)
    later = None if asked == NOW else the_snapshot(project, asked)
    if later is not None and later.taken_at < earlier.taken_at:
        earlier, later = later, earlier
    after = later.body if later is not None else frozen(project)
    return earlier, later, differences(earlier.body, after)


def _list(project: ProjectBrief, form: FreezeForm) -> str:
    return render_template(
        "costs/snapshots.html",
        taken=snapshots(project),
        form=form if may_freeze(current_viewer(), project) else None,
        **around(project),
    )


def _by_currency(body: Json) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for currency, row in rows_of(body):
        found.setdefault(currency, []).append(row)
    return found
