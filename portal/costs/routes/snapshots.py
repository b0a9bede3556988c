"""Frozen cost sheets: the list of them, one of them, and what moved since."""

from collections.abc import Iterator
from typing import Any

from flask import Response, json, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.costs.inputs import FreezeForm
from portal.costs.routes.area import area
from portal.costs.services import freeze, may_freeze
from portal.costs.snapshots import Json, differences, frozen, rows_of, snapshots, the_snapshot
from portal.ledgers.pages import around, download, project_for_figures
from portal.reports.workbook import Column, workbook_bytes
from portal.web import downloads
from portal.web.access import signed_in
from portal.web.answers import see_other
from portal.web.filters import text_in
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


@area.page("/projects/<code>/cost/snapshots/<snapshot_id>.xlsx", access=signed_in)
def frozen_export(code: str, snapshot_id: str) -> Response | BaseResponse:
    """A frozen sheet as a spreadsheet."""
    project = project_for_figures(code)
    one = the_snapshot(project, snapshot_id)
    columns = [
        Column(_("Code"), width=14),
        Column(_("Cost code"), width=32),
        Column(_("Currency"), width=10),
        *(Column(_title(each), "money") for each in one.body["columns"]),
    ]
    name = f"{project.code}-cost-{one.name}"
    return download(name, workbook_bytes(one.name, columns, _cells(one.body)))


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
    earlier = the_snapshot(project, request.args.get("from", ""))
    asked = request.args.get("to", NOW)
    later = None if asked == NOW else the_snapshot(project, asked)
    if later is not None and later.taken_at < earlier.taken_at:
        earlier, later = later, earlier
    after = later.body if later is not None else frozen(project)
    others = [one.snapshot for one in snapshots(project) if one.snapshot.id != earlier.id]
    return render_template(
        "costs/difference.html",
        earlier=earlier,
        later=later,
        others=others,
        found=differences(earlier.body, after),
        **around(project),
    )


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


def _title(column: Json) -> str:
    label = text_in(column["label"])
    return f"{label} %" if column["unit"] == "percent" else label


def _cells(body: Json) -> Iterator[list[Any]]:
    keys = [one["id"] for one in body["columns"]]
    for currency, row in rows_of(body):
        amounts = [row["values"].get(key) for key in keys]
        name = "  " * row["depth"] + (row["name"] if row["code"] else str(_("Total")))
        yield [row["code"], name, currency, *amounts]
