"""The plan typed as a grid: many tasks and links at once, tried before they are saved."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.db import db
from portal.errors import N_, Forbidden
from portal.ids import new_id
from portal.ledgers.pages import around, project_for_figures
from portal.progress.filing import RowError, as_wanted, file_tasks
from portal.progress.grid import TYPES, GridRow, fresh_rows, grid_of, typed_rows, wanted_of
from portal.progress.moved import Difference, difference
from portal.progress.places import places
from portal.progress.plan import Plan, plan_of, planned
from portal.progress.routes.area import area
from portal.progress.services import may_plan
from portal.web.access import signed_in
from portal.web.answers import see_other
from portal.web.inputs import whole
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

MAY_NOT = N_("Only who may file the tasks of this project changes its plan.")


def planned_by_viewer(code: str) -> ProjectBrief:
    """A project whose plan the viewer may change. Raises NotFound, Forbidden."""
    project = project_for_figures(code)
    if not may_plan(current_viewer(), project):
        raise Forbidden(MAY_NOT)
    return project


@area.page("/projects/<code>/progress/edit", access=signed_in)
def edit(code: str) -> BaseResponse:
    """The plan as a grid, with empty rows at its end."""
    project = planned_by_viewer(code)
    plan = plan_of(project)
    page = whole(request.args.get("page", "")) or 1
    rows, pages = grid_of(plan, request.args.get("under", ""), page)
    return _page(project, plan, [*rows, *fresh_rows()], pages=pages, page=page)


@area.ask("/projects/<code>/progress/edit/try", access=signed_in)
def try_edit(code: str) -> BaseResponse:
    """What saving would move; nothing is kept."""
    project = planned_by_viewer(code)
    before = plan_of(project)
    rows = typed_rows(before, request.form)
    wanted, errors = wanted_of(before, rows)
    tasks, unfit = as_wanted(before.tasks, wanted) if not errors else ({}, [])
    if errors or unfit:
        return _page(project, before, rows, errors=[*errors, *unfit])
    after = planned(replace(before.material, tasks=tasks, problems=[]))
    return _page(project, before, rows, found=difference(before, after))


@area.action("/projects/<code>/progress/edit", access=signed_in)
def save_edit(code: str) -> BaseResponse:
    """Save every row that changed, all or none, and say what moved."""
    project = planned_by_viewer(code)
    before = plan_of(project)
    rows = typed_rows(before, request.form)
    started = clock.now() - timedelta(microseconds=1)
    errors = _applied(project, before, rows)
    if errors:
        return _page(project, before, rows, errors=errors)
    since = started.isoformat()
    return see_other(
        url_for("progress.moved", code=project.code, since=since), _("The plan is saved.")
    )


def _applied(project: ProjectBrief, before: Plan, rows: Sequence[GridRow]) -> list[RowError]:
    """File what the rows want; the errors, if there are any."""
    wanted, errors = wanted_of(before, rows)
    if errors:
        return errors
    return file_tasks(actor=current_viewer(), project=project, wanted=wanted, now=clock.now())


def _page(
    project: ProjectBrief,
    plan: Plan,
    rows: Sequence[GridRow],
    *,
    errors: Sequence[RowError] = (),
    found: Difference | None = None,
    pages: int = 1,
    page: int = 1,
) -> BaseResponse:
    if errors:
        db.session.rollback()
    by_key = {row.key: row for row in rows}
    for one in errors:
        if one.row in by_key:
            by_key[one.row].errors.append(one.message)
    text = render_template(
        "progress/edit.html",
        **around(project),
        places=places(project),
        plan=plan,
        rows=rows,
        errors=errors,
        by_key=by_key,
        found=found,
        pages=pages,
        page=page,
        under=request.args.get("under", ""),
        request_key=request.form.get("request_key") or new_id(),
        types=[(one, type_words()[one]) for one in TYPES],
    )
    return make_response(text, 422 if errors else 200)


def type_words() -> dict[str, str]:
    """What the types of tasks are called."""
    return {
        "task": _("Task"),
        "milestone": _("Milestone"),
        "decision": _("Decision point"),
        "summary": _("Summary"),
    }
