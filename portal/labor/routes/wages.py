"""The page of wages: what is owed and paid; accruals begun and filled in again."""

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.definitions import queries as definitions
from portal.errors import Invalid, NotFound
from portal.labor.columns import WAGES, labor_days
from portal.labor.hours import Span, Waiting, waiting_teams
from portal.labor.inputs import RunForm
from portal.labor.places import places
from portal.labor.printing import wages_pdf
from portal.labor.routes.area import area
from portal.labor.runs import RULES
from portal.labor.services import begin_run, fill_again
from portal.labor.wages import Wages, run_rows
from portal.labor.wages import wages as wages_of
from portal.ledgers.naming import names_of, register_entries
from portal.ledgers.pages import (
    Figure,
    around,
    download,
    project_for_figures,
    record_url,
)
from portal.ledgers.pay import RUN, may_see_wages
from portal.reports.workbook import Column as SheetColumn
from portal.reports.workbook import workbook_bytes
from portal.web.access import signed_in
from portal.web.answers import see_other, sentence
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _


def project_for_wages(code: str) -> ProjectBrief:
    """A project whose wages the viewer may see. Raises NotFound for everybody else."""
    project = project_for_figures(code)
    if not may_see_wages(current_viewer(), project.id):
        raise NotFound
    return project


@area.page("/projects/<code>/labor/wages", access=signed_in)
def wages(code: str) -> str:
    """Per team and worker: accrued, advances, paid, unpaid, recoverable, at risk."""
    project = project_for_wages(code)
    waiting = waiting_teams(project.id)
    return _page(project, _run_form(project, waiting), waiting)


def _page(
    project: ProjectBrief, form: RunForm | None, waiting: list[Waiting], problem: str = ""
) -> str:
    return render_template(
        "labor/wages.html",
        **around(project),
        places=places(project, "labor.wages"),
        sheets=wages_of(project, clock.now()),
        columns=WAGES,
        runs=run_rows(project),
        waiting=[(one, names.get(one.team_id)) for names in [_teams(waiting)] for one in waiting],
        form=form,
        problem=problem,
        record_url=record_url,
        labor_days=labor_days,
    )


def _teams(waiting: list[Waiting]) -> Any:
    return names_of({one.team_id for one in waiting})


def _run_form(project: ProjectBrief, waiting: list[Waiting]) -> RunForm | None:
    """The form to begin an accrual, filled in for the team that waits longest; for who may."""
    known = definitions.form_in(RUN, project.id)
    if known is None or not definitions.may_file(current_viewer(), known, project.id):
        return None
    if not waiting:
        return None
    first = min(waiting, key=lambda one: (one.first, one.team_id))
    today = clock.date_in(project.zone, clock.now())
    month_end = _month_end(first.first)
    form = RunForm(
        team=first.team_id,
        first=first.first,
        last=min(first.last, month_end, today),
        rules=next((str(one.record.data.get("rules")) for one in run_rows(project)), ""),
    )
    return _with_choices(form, project, waiting)


def _month_end(day: Any) -> Any:
    from portal.labor.queries import Month

    return Month(day.replace(day=1)).last


def _with_choices(form: RunForm, project: ProjectBrief, waiting: list[Waiting]) -> RunForm:
    names = _teams(waiting)
    form.team.choices = [
        (one.team_id, names[one.team_id].label) for one in waiting if one.team_id in names
    ]
    form.rules.choices = [(one.id, one.label) for one in register_entries(RULES, project.id)]
    return form


@area.action("/projects/<code>/labor/runs", access=signed_in)
def begin(code: str) -> BaseResponse | tuple[str, int]:
    """Begin an accrual: a draft with every signed hour that no run has priced."""
    project = project_for_wages(code)
    waiting = waiting_teams(project.id)
    form = _with_choices(RunForm.sent(), project, waiting)
    if not form.validate():
        return _page(project, form, waiting), 422
    try:
        made = begin_run(
            actor=current_viewer(),
            project=project,
            team_id=str(form.team.data),
            span=Span(form.first.data, form.last.data),  # type: ignore[arg-type]  # validated
            rules_id=str(form.rules.data),
            now=clock.now(),
        )
    except Invalid as refused:
        return _page(project, form, waiting, sentence(refused.message)), 422
    return see_other(
        url_for("records.edit", record_id=made.id),
        _("The accrual is filled in. Look it over, then send it."),
    )


@area.action("/records/<record_id>/accrual/fill", access=signed_in)
def fill(record_id: str) -> BaseResponse:
    """Fill a draft accrual in again."""
    fill_again(actor=current_viewer(), record_id=record_id, now=clock.now())
    return see_other(
        url_for("records.edit", record_id=record_id),
        _("The accrual is filled in again."),
    )


@area.page("/projects/<code>/labor/wages.xlsx", access=signed_in)
def wages_export(code: str) -> Response | BaseResponse:
    """The wages as a spreadsheet."""
    project = project_for_wages(code)
    columns = [
        SheetColumn(_("Team"), width=24),
        SheetColumn(_("Worker"), width=24),
        SheetColumn(_("Currency"), width=10),
        *(
            SheetColumn(str(one.label), "number" if one.unit == "labor_days" else "money")
            for one in WAGES
        ),
    ]
    title = _("Wages %(project)s", project=project.code)
    rows = _rows(wages_of(project, clock.now()))
    return download(f"{project.code}-wages", workbook_bytes(title, columns, rows))


@area.page("/projects/<code>/labor/wages.pdf", access=signed_in)
def wages_printed(code: str) -> Response:
    """The wages as a PDF."""
    project = project_for_wages(code)
    return wages_pdf(project, wages_of(project, clock.now()))


def _rows(found: list[Wages]) -> Iterator[list[Any]]:
    for sheet in found:
        for block in sheet.teams:
            team = block.team.label if block.team else _("Without a team")
            for row in block.rows:
                name = row.worker.label if row.worker else ""
                yield [team, name, sheet.currency, *_cells(row.figures)]
        yield [_("Total"), "", sheet.currency, *_cells(sheet.total)]


def _cells(figures: Any) -> list[Any]:
    shown: list[Figure] = [figures[one.key] for one in WAGES]
    return [labor_days(one.value) if one.unit == "labor_days" else one.value for one in shown]
