"""The budget month by month, the rules that control it, and by which column a project goes."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.costs import months as reckoning
from portal.costs.by_month import PLAIN, MonthTable, month_tables, shown_columns
from portal.costs.columns import sheet_in_force
from portal.costs.inputs import BasisForm
from portal.costs.printing import months_pdf
from portal.costs.reaching import Settings, settings_of
from portal.costs.routes.area import area
from portal.costs.routes.sheet import cells, chosen_codes, kinds
from portal.costs.rule_words import said, spread
from portal.costs.rules import Control
from portal.costs.services import choose_basis, may_choose_basis
from portal.costs.sheet import Sheet
from portal.ledgers.columns import Column
from portal.ledgers.pages import around, asked_month, download, project_for_figures, record_url
from portal.reports.workbook import Column as SheetColumn
from portal.reports.workbook import workbook_bytes
from portal.web.access import signed_in
from portal.web.answers import see_other
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _


@area.page("/projects/<code>/cost/months", access=signed_in)
def months(code: str) -> str:
    """How much of the budget falls until each month, and what was used of it."""
    return _page(project_for_figures(code), None)


@area.action("/projects/<code>/cost/months", access=signed_in)
def choose(code: str) -> BaseResponse | tuple[str, int]:
    """Go by another column of what is available."""
    project = project_for_figures(code)
    form = _basis(BasisForm.sent())
    if not form.validate():
        return _page(project, form), 422
    choose_basis(
        actor=current_viewer(), project=project, column=form.column.data or "", now=clock.now()
    )
    return see_other(
        url_for("costs.months", code=project.code), _("Budgets are controlled by it from now on.")
    )


@area.page("/projects/<code>/cost/months.xlsx", access=signed_in)
def months_export(code: str) -> Response | BaseResponse:
    """The months as a spreadsheet."""
    project = project_for_figures(code)
    columns = _columns(project)
    heads = [SheetColumn(_("Until the end of"), width=14), SheetColumn(_("Currency"), width=10)]
    rows = _rows(month_tables(project, chosen_codes(project)), columns)
    title = _("Budget by month %(project)s", project=project.code)
    name = f"{project.code}-budget-months"
    return download(name, workbook_bytes(title, [*heads, *kinds(columns)], rows))


@area.page("/projects/<code>/cost/months.pdf", access=signed_in)
def months_printed(code: str) -> Response:
    """The months as a PDF."""
    project = project_for_figures(code)
    chosen = chosen_codes(project)
    sheet, _control, settings = _in_force(project)
    return months_pdf(
        project,
        shown_columns(sheet, settings),
        month_tables(project, chosen),
        chosen.words,
        spread(settings),
    )


def _page(project: ProjectBrief, form: BasisForm | None) -> str:
    sheet, control, settings = _in_force(project)
    chosen, until = chosen_codes(project), asked_month("until")
    return render_template(
        "costs/months.html",
        tables=month_tables(project, chosen, until),
        columns=shown_columns(sheet, settings),
        rules=said(sheet, settings),
        spread=spread(settings),
        words=chosen.words,
        narrowed=chosen.choice,
        this_month=clock.date_in(project.zone, clock.now()).replace(day=1),
        form=form or _basis(BasisForm(column=_chosen(control, settings))),
        may_choose=may_choose_basis(current_viewer()),
        any_time=reckoning.ALWAYS,
        record_url=record_url,
        **around(project),
    )


def _in_force(project: ProjectBrief) -> tuple[Sheet, Control, Settings]:
    sheet = sheet_in_force()
    control = sheet.control or PLAIN
    return sheet, control, settings_of(control, project.id)


def _columns(project: ProjectBrief) -> tuple[Column, ...]:
    sheet, _control, settings = _in_force(project)
    return shown_columns(sheet, settings)


def _chosen(control: Control, settings: Settings) -> str:
    return "" if settings.available == control.available else settings.available


def _basis(form: BasisForm) -> BasisForm:
    sheet = sheet_in_force()
    control = sheet.control or PLAIN
    offered = [("", control.available), *((key, key) for key in control.choices)]
    return form.offer(
        (key, str(sheet.ledger_columns[column].label)) for key, column in offered if column
    )


def _rows(tables: Sequence[MonthTable], columns: Sequence[Column]) -> Iterator[list[Any]]:
    for one in tables:
        for row in one.rows:
            yield [
                _("At any time") if row.is_any else row.month.isoformat()[:7],
                one.currency,
                *cells(row.figures, columns),
            ]
