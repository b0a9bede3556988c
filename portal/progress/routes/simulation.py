"""Simulations of a plan: run, kept with their seed, looked at."""

from datetime import date
from decimal import Decimal
from secrets import randbelow

from flask import render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.calendars.working_time import time_of
from portal.errors import Invalid
from portal.ledgers.pages import around, project_for_figures
from portal.printing.tables import FORMAT, TakenAlong
from portal.progress.charted import runs_chart
from portal.progress.inputs import SimulationForm
from portal.progress.places import places
from portal.progress.plan import Plan, plan_of
from portal.progress.risk import (
    PERCENTS,
    Kept,
    pert_along_critical_path,
    run_simulation,
    simulation_of,
    simulations_of,
)
from portal.progress.routes.area import area
from portal.progress.routes.schedule import asked_baseline, asked_day
from portal.progress.services import may_plan
from portal.progress.tables import simulation_tables
from portal.web.access import signed_in
from portal.web.answers import see_other
from portal.web.filters import moment
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _


@area.page("/projects/<code>/progress/simulation", access=signed_in)
def simulation(code: str) -> str:
    """The newest simulation, and the form to run another one."""
    project = project_for_figures(code)
    found = simulations_of(project)
    form = SimulationForm(seed=randbelow(10**6), runs=1000, correlation=Decimal(0))
    return _page(project, found[0] if found else None, form)


@area.page("/projects/<code>/progress/simulation/<simulation_id>", access=signed_in)
def one_simulation(code: str, simulation_id: str) -> str:
    """A simulation as it was kept."""
    project = project_for_figures(code)
    one = simulation_of(project, simulation_id)
    form = SimulationForm(
        seed=one.body["seed"], runs=one.body["runs"], correlation=one.correlation, among=one.among
    )
    return _page(project, one, form)


@area.page(f"/projects/<code>/progress/simulation/<simulation_id>.{FORMAT}", access=signed_in)
def simulation_file(code: str, simulation_id: str, kind: str) -> BaseResponse:
    """A simulation to take along, with what PERT says of the same plan."""
    project = project_for_figures(code)
    one, plan = simulation_of(project, simulation_id), plan_of(project)
    url = url_for(
        "progress.one_simulation", code=project.code, simulation_id=simulation_id, _external=True
    )
    subject = f"{moment(one.snapshot.taken_at)} · {one.by}"
    estimate = pert_along_critical_path(plan, _due(project, plan))
    tables = simulation_tables(one, estimate)
    title = _("Simulation")
    return TakenAlong(project, "simulation", title, subject, tables, url).answer(kind)


@area.action("/projects/<code>/progress/simulation", access=signed_in)
def simulate_plan(code: str) -> BaseResponse | tuple[str, int]:
    """Simulate the plan as it stands."""
    project = project_for_figures(code)
    form = SimulationForm.sent()
    if not form.validate():
        return _page(project, None, form), 422
    try:
        made = run_simulation(
            actor=current_viewer(), project=project, seed=int(form.seed.data),
            runs=int(form.runs.data), now=clock.now(),
            correlation=round(form.correlation.data or Decimal(0), 2), among=form.among.data,
        )  # fmt: skip
    except Invalid as refused:
        form.show(refused)
        return _page(project, None, form), 422
    back = url_for("progress.one_simulation", code=project.code, simulation_id=made.id)
    return see_other(back, _("The plan was simulated %(runs)s times.", runs=form.runs.data))


def _due(project: ProjectBrief, plan: Plan) -> date | None:
    """The day whose chance is asked for, else the end of the newest baseline, else of the plan."""
    asked = asked_day("due")
    if asked is not None:
        return asked
    baseline = asked_baseline(project)
    return time_of(baseline.finish).date() if baseline else plan.finish


def _page(project: ProjectBrief, kept: Kept | None, form: SimulationForm) -> str:
    plan = plan_of(project)
    most = max(kept.body["bins"]) if kept else 1
    return render_template(
        "progress/simulation.html",
        **around(project),
        places=places(project),
        kept=kept,
        percents=PERCENTS,
        most=most,
        chart=runs_chart(kept.bins) if kept else None,
        pert=pert_along_critical_path(plan, _due(project, plan)),
        others=simulations_of(project)[:12],
        form=form if may_plan(current_viewer(), project) else None,
    )
