"""The pages of the cost center and their spreadsheets."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from portal.costs.by_wbs import WbsSheet, has_elements, plain_columns, wbs_sheets
from portal.costs.charted import budget_chart
from portal.costs.columns import sheet_in_force
from portal.costs.overrun import overrun_words
from portal.costs.parts import Chosen, parts_of
from portal.costs.printing import sheet_pdf
from portal.costs.queries import CostSheet, cost_sheets, subtree
from portal.costs.routes.area import area
from portal.ledgers.columns import Column
from portal.ledgers.naming import names_asked_for
from portal.ledgers.pages import Figure, around, download, project_for_figures, record_url
from portal.reports.workbook import Column as SheetColumn
from portal.reports.workbook import csv_bytes, workbook_bytes
from portal.web import downloads
from portal.web.access import signed_in
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _


@area.page("/projects/<code>/cost", access=signed_in)
def sheet(code: str) -> str:
    """The cost sheet: per cost code budget, commitments, actual cost, forecast."""
    project = project_for_figures(code)
    every = request.args.get("columns") == "all"
    definition = sheet_in_force()
    has_wbs = has_elements(project)
    if has_wbs and request.args.get("rows") == "wbs":
        return render_template(
            "costs/by_wbs.html",
            sheets=wbs_sheets(project, every=every),
            columns=plain_columns(definition, every=every),
            every=every,
            **around(project),
        )
    sheets = cost_sheets(project)
    return render_template(
        "costs/sheet.html",
        sheets=sheets,
        charts={one.currency: budget_chart(one, definition) for one in sheets if one.nearest},
        columns=definition.shown(every=every),
        every=every,
        has_wbs=has_wbs,
        has_more=len(definition.shown(every=True)) > len(definition.shown()),
        definition=definition,
        overrun=overrun_words(definition),
        **around(project),
    )


@area.page("/projects/<code>/cost.xlsx", access=signed_in)
def export(code: str) -> Response | BaseResponse:
    """The sheet as a spreadsheet, with all its columns."""
    project = project_for_figures(code)
    title = _("Cost %(project)s", project=project.code)
    if request.args.get("rows") == "wbs":
        columns = plain_columns(sheet_in_force(), every=True)
        rows = _wbs_rows(wbs_sheets(project, every=True), columns)
        heads = [SheetColumn(_("Code"), width=14), SheetColumn(_("WBS element"), width=32)]
        heads += [SheetColumn(_("Currency"), width=10), *kinds(columns)]
        return download(f"{project.code}-cost-wbs", workbook_bytes(title, heads, rows))
    columns = sheet_in_force().shown(every=True)
    rows = _rows(cost_sheets(project), columns)
    return download(
        f"{project.code}-cost", workbook_bytes(title, [*_head(), *kinds(columns)], rows)
    )


@area.page("/projects/<code>/cost.csv", access=signed_in)
def export_csv(code: str) -> BaseResponse:
    """The sheet as comma separated values, with all its columns."""
    project = project_for_figures(code)
    columns = sheet_in_force().shown(every=True)
    rows = _rows(cost_sheets(project), columns)
    content = csv_bytes([*_head(), *kinds(columns)], rows)
    return downloads.download(content, "text/csv; charset=utf-8", f"{project.code}-cost.csv")


@area.page("/projects/<code>/cost.pdf", access=signed_in)
def printed(code: str) -> Response:
    """The sheet as a PDF."""
    project = project_for_figures(code)
    return sheet_pdf(project, sheet_in_force(), cost_sheets(project))


@area.page("/projects/<code>/cost/parts", access=signed_in)
def parts(code: str) -> str:
    """What a figure is made of that is no plain sum of entries."""
    project = project_for_figures(code)
    chosen = chosen_codes(project)
    found = parts_of(project, request.args.get("column", ""), request.args.get("ccy", ""), chosen)
    return render_template(
        "costs/parts.html",
        found=found,
        words=chosen.words,
        record_url=record_url,
        **around(project),
    )


def chosen_codes(project: ProjectBrief) -> Chosen:
    """The cost codes an address asks for, in all pages of the center."""
    for key in ("under", "cost_code"):
        if asked := request.args.get(key):
            named = names_asked_for(project.id, {asked})
            label = named[asked].label if asked in named else "?"
            if key == "cost_code":
                return Chosen({asked}, {key: asked}, label)
            words = _("%(code)s and below", code=label)
            return Chosen(subtree(project, asked), {key: asked}, words)
    return Chosen()


def _head() -> list[SheetColumn]:
    return [
        SheetColumn(_("Code"), width=14),
        SheetColumn(_("Cost code"), width=32),
        SheetColumn(_("Currency"), width=10),
    ]


def kinds(columns: Sequence[Column]) -> list[SheetColumn]:
    """The heads of columns of figures in a spreadsheet."""
    return [
        SheetColumn(f"{one.label} %", "number")
        if one.unit == "percent"
        else SheetColumn(str(one.label), "money")
        for one in columns
    ]


def cells(figures: Mapping[str, Figure], columns: Sequence[Column]) -> list[Any]:
    """Figures as cells of a spreadsheet."""
    shown = [figures[one.key] for one in columns]
    return [
        None if not one.is_defined else round(one.value, 2) if one.unit == "percent" else one.value
        for one in shown
    ]


def _rows(sheets: Sequence[CostSheet], columns: Sequence[Column]) -> Iterator[list[Any]]:
    for one in sheets:
        for row in one.rows:
            named = row.node.code
            name = "  " * row.node.depth + named.name
            yield [named.code, name, one.currency, *cells(row.figures, columns)]
        yield ["", _("Total"), one.currency, *cells(one.total, columns)]


def _wbs_rows(sheets: Sequence[WbsSheet], columns: Sequence[Column]) -> Iterator[list[Any]]:
    for one in sheets:
        for row in one.rows:
            named = row.node.code if row.node else None
            name = "  " * row.node.depth + row.node.code.name if row.node else _("No element")
            code = named.code if named else ""
            yield [code, name, one.currency, *cells(row.figures, columns)]
        yield ["", _("Total"), one.currency, *cells(one.total, columns)]
