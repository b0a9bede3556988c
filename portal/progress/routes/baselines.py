"""Baselines of a project: their list, one of them, and what differs from it."""

from collections.abc import Mapping
from typing import Any

from flask import json, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.ledgers.pages import around, project_for_figures
from portal.printing.tables import FORMAT, TakenAlong
from portal.progress.baselines import Frozen, baseline_of, baselines_of
from portal.progress.compared import Compared, compared, counts, frozen_now
from portal.progress.inputs import BaselineForm
from portal.progress.places import places
from portal.progress.plan import plan_of
from portal.progress.routes.area import area
from portal.progress.services import freeze_baseline, may_plan
from portal.progress.tables import difference_table
from portal.web import downloads
from portal.web.access import signed_in
from portal.web.answers import see_other
from portal.web.filters import moment
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

NOW = "now"


@area.page("/projects/<code>/progress/baselines", access=signed_in)
def baselines(code: str) -> str:
    """The baselines, and the form to freeze another one."""
    return _list(project_for_figures(code), BaselineForm())


@area.action("/projects/<code>/progress/baselines", access=signed_in)
def freeze(code: str) -> BaseResponse | tuple[str, int]:
    """Freeze the plan as it stands."""
    project = project_for_figures(code)
    form = BaselineForm.sent()
    if not form.validate():
        return _list(project, form), 422
    made = freeze_baseline(
        actor=current_viewer(), project=project, name=str(form.name.data), now=clock.now()
    )
    back = url_for("progress.baseline", code=project.code, baseline_id=made.id)
    return see_other(back, _("The plan is frozen as “%(name)s”.", name=made.name))


def _list(project: ProjectBrief, form: BaselineForm) -> str:
    return render_template(
        "progress/baselines.html",
        **around(project),
        places=places(project),
        taken=baselines_of(project),
        form=form if may_plan(current_viewer(), project) else None,
    )


@area.page("/projects/<code>/progress/baselines/<baseline_id>", access=signed_in)
def baseline(code: str, baseline_id: str) -> str:
    """A baseline as it was frozen."""
    project = project_for_figures(code)
    one = baseline_of(project, baseline_id)
    return render_template("progress/baseline.html", **around(project), one=one)


@area.page("/projects/<code>/progress/baselines/<baseline_id>.json", access=signed_in)
def baseline_json(code: str, baseline_id: str) -> BaseResponse:
    """A baseline as it is kept, with the hash of its content."""
    project = project_for_figures(code)
    one = baseline_of(project, baseline_id).snapshot
    kept = {"name": one.name, "taken_at": one.taken_at.isoformat(), "sha256": one.sha256}
    content = json.dumps({**kept, **one.body}, ensure_ascii=False, indent=1)
    name = f"{project.code}-baseline-{one.name}.json"
    return downloads.download(content, "application/json", name)


def _asked(project: ProjectBrief) -> tuple[Any, Any, list[Compared]]:
    """(the earlier baseline, the later one or None for now, what differs)."""
    earlier = baseline_of(project, request.args.get("from", ""))
    asked = request.args.get("to", NOW)
    later = None if asked == NOW else baseline_of(project, asked)
    if later is not None and later.taken_at < earlier.taken_at:
        earlier, later = later, earlier
    after: Mapping[str, Frozen] = later.tasks if later else frozen_now(plan_of(project))
    return earlier, later, compared(earlier.tasks, after)


@area.page("/projects/<code>/progress/baseline-difference", access=signed_in)
def baseline_difference(code: str) -> str:
    """What was added, deleted and moved between two baselines, or since one until now."""
    project = project_for_figures(code)
    earlier, later, rows = _asked(project)
    return render_template(
        "progress/baseline_difference.html",
        **around(project),
        places=places(project),
        earlier=earlier,
        later=later,
        rows=rows,
        counts=counts(rows),
        others=[one for one in baselines_of(project) if one.id != earlier.id],
    )


@area.page(f"/projects/<code>/progress/baseline-difference.{FORMAT}", access=signed_in)
def baseline_difference_file(code: str, kind: str) -> BaseResponse:
    """The difference to take along."""
    project = project_for_figures(code)
    earlier, later, rows = _asked(project)
    url = url_for(
        "progress.baseline_difference", code=project.code, _external=True,
        **{"from": earlier.id, "to": later.id if later else NOW},
    )  # fmt: skip
    title = _("What moved since “%(name)s”", name=earlier.name)
    subject = f"{moment(earlier.taken_at)} → {later.name if later else _('now')}"
    tables = [difference_table(rows)]
    return TakenAlong(project, "baseline-difference", title, subject, tables, url).answer(kind)
