"""The pages of the cost center and their spreadsheets."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from flask import Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from portal.costs.columns import sheet_in_force
from portal.costs.commitments import COLUMNS as REGISTER_COLUMNS
from portal.costs.commitments import Register, registers
from portal.costs.parts import Chosen, parts_of
from portal.costs.printing import register_pdf, sheet_pdf
from portal.costs.queries import CostSheet, cost_sheets, subtree
from portal.costs.routes.area import area
from portal.ledgers.columns import Column
from portal.ledgers.naming import names_asked_for
from portal.ledgers.pages import Figure, around, download, project_for_figures, record_url
from portal.reports.workbook import Column as SheetColumn
from portal.reports.workbook import workbook_bytes
from portal.web.access import signed_in
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _


@area.page("/projects/<code>/cost", access=signed_in)
def sheet(code: str) -> str:
    """The cost sheet: per cost code budget, commitments, actual cost, forecast."""
    project = project_for_figures(code)
    every = request.args.get("columns") == "all"
    definition = sheet_in_force()
    return render_template(
        "costs/sheet.html",
        sheets=cost_sheets(project),
        columns=definition.shown(every=every),
        every=every,
        has_more=len(definition.shown(every=True)) > len(definition.shown()),
        definition=definition,
        **around(project),
    )


@area.page("/projects/<code>/cost.xlsx", access=signed_in)
def export(code: str) -> Response | BaseResponse:
    """The sheet as a spreadsheet, with all its columns."""
    project = project_for_figures(code)
    columns = sheet_in_force().shown(every=True)
    rows = _rows(cost_sheets(project), columns)
    title = _("Cost %(project)s", project=project.code)
    return download(
        f"{project.code}-cost", workbook_bytes(title, [*_head(), *_kinds(columns)], rows)
    )


@area.page("/projects/<code>/cost.pdf", access=signed_in)
def printed(code: str) -> Response:
    """The sheet as a PDF."""
    project = project_for_figures(code)
    return sheet_pdf(project, sheet_in_force(), cost_sheets(project))


@area.page("/projects/<code>/cost/parts", access=signed_in)
def parts(code: str) -> str:
    """What a figure is made of that is no plain sum of entries."""
    project = project_for_figures(code)
    chosen = _chosen(project)
    found = parts_of(project, request.args.get("column", ""), request.args.get("ccy", ""), chosen)
    return render_template(
        "costs/parts.html",
        found=found,
        words=chosen.words,
        record_url=record_url,
        **around(project),
    )


@area.page("/projects/<code>/cost/commitments", access=signed_in)
def commitments(code: str) -> str:
    """The register of commitments: what of each contract is still open."""
    project = project_for_figures(code)
    where, choice, words = _narrowed(project)
    return render_template(
        "costs/commitments.html",
        registers=registers(project, where, choice),
        columns=REGISTER_COLUMNS,
        words=words,
        record_url=record_url,
        **around(project),
    )


@area.page("/projects/<code>/cost/commitments.xlsx", access=signed_in)
def commitments_export(code: str) -> Response | BaseResponse:
    """The register of commitments as a spreadsheet."""
    project = project_for_figures(code)
    where, _choice, _words = _narrowed(project)
    columns = [
        SheetColumn(_("Contract"), width=36),
        SheetColumn(_("Cost code"), width=32),
        SheetColumn(_("Currency"), width=10),
        *_kinds(REGISTER_COLUMNS),
    ]
    title = _("Commitments %(project)s", project=project.code)
    rows = _register_rows(registers(project, where))
    return download(f"{project.code}-commitments", workbook_bytes(title, columns, rows))


@area.page("/projects/<code>/cost/commitments.pdf", access=signed_in)
def commitments_printed(code: str) -> Response:
    """The register of commitments as a PDF."""
    project = project_for_figures(code)
    where, choice, words = _narrowed(project)
    return register_pdf(project, registers(project, where, choice), words)


def _chosen(project: ProjectBrief) -> Chosen:
    """The cost codes an address asks for."""
    for key in ("under", "cost_code"):
        if asked := request.args.get(key):
            named = names_asked_for(project.id, {asked})
            label = named[asked].label if asked in named else "?"
            if key == "cost_code":
                return Chosen({asked}, {key: asked}, label)
            words = _("%(code)s and below", code=label)
            return Chosen(subtree(project, asked), {key: asked}, words)
    return Chosen()


Narrowed = tuple[Mapping[str, Collection[Any]], Mapping[str, Any], str]


def _narrowed(project: ProjectBrief) -> Narrowed:
    """(conditions on entries, the choice they stand for, the same in words) of an address."""
    chosen = _chosen(project)
    where: dict[str, Collection[Any]] = {}
    choice: dict[str, Any] = dict(chosen.choice)
    if chosen.codes is not None:
        where["cost_code_id"] = chosen.codes
    if contract := request.args.get("contract"):
        choice["contract"] = None if contract == "none" else contract
        where["contract_id"] = (choice["contract"],)
    if currency := request.args.get("ccy"):
        where["ccy"] = (currency,)
    return where, choice, chosen.words


def _head() -> list[SheetColumn]:
    return [
        SheetColumn(_("Code"), width=14),
        SheetColumn(_("Cost code"), width=32),
        SheetColumn(_("Currency"), width=10),
    ]


def _kinds(columns: Sequence[Column]) -> list[SheetColumn]:
    return [
        SheetColumn(f"{one.label} %", "number")
        if one.unit == "percent"
        else SheetColumn(str(one.label), "money")
        for one in columns
    ]


def _cells(figures: Mapping[str, Figure], columns: Sequence[Column]) -> list[Any]:
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
            yield [named.code, name, one.currency, *_cells(row.figures, columns)]
        yield ["", _("Total"), one.currency, *_cells(one.total, columns)]


def _register_rows(found: Sequence[Register]) -> Iterator[list[Any]]:
    for one in found:
        for row in one.rows:
            contract = row.contract.label if row.contract else _("No contract")
            code = row.code.label if row.code else ""
            yield [contract, code, one.currency, *_cells(row.figures, REGISTER_COLUMNS)]
        yield [_("Total"), "", one.currency, *_cells(one.total, REGISTER_COLUMNS)]
