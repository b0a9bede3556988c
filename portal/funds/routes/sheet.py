"""The page of the funds center and its spreadsheet."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from portal.funds.columns import ALL_COLUMNS, COLUMNS, LOOSE, PAID
from portal.funds.ledger_tables import ledger_tables
from portal.funds.outlook import outlooks
from portal.funds.plan_tables import stats_of
from portal.funds.printing import blocks_pdf
from portal.funds.queries import FundsSheet, funds_sheets, told_to
from portal.funds.routes.area import area
from portal.funds.routes.frame import funds_page
from portal.funds.tables import Block
from portal.ledgers.pages import download, project_for_figures
from portal.reports.workbook import Column as SheetColumn
from portal.reports.workbook import workbook_bytes
from portal.web.access import signed_in
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _


def _sheets(project: ProjectBrief, *, every: bool) -> list[FundsSheet]:
    return told_to(current_viewer(), project, funds_sheets(project, every=every))


def _asks_every() -> bool:
    return request.args.get("columns") == "all"


@area.page("/projects/<code>/funds", access=signed_in)
def sheet(code: str) -> str:
    """Per contract: certified, advance, retention, paid, due; invoices with `columns=all`."""
    project, every = project_for_figures(code), _asks_every()
    sheets = _sheets(project, every=every)
    blocks = [Block(one.currency, stats_of(one)) for one in outlooks(project)]
    return funds_page(
        "funds/sheet.html",
        project,
        "funds.sheet",
        sheets=sheets,
        columns=(*(ALL_COLUMNS if every else COLUMNS), LOOSE),
        every=every,
        blocks=blocks,
    )


@area.page("/projects/<code>/funds.xlsx", access=signed_in)
def export(code: str) -> Response | BaseResponse:
    """The contract ledger as a spreadsheet."""
    project = project_for_figures(code)
    columns = [
        SheetColumn(_("Direction"), width=14),
        SheetColumn(_("Contract"), width=32),
        SheetColumn(_("Party"), width=28),
        SheetColumn(_("Currency"), width=10),
        *(SheetColumn(str(column.label), "money") for column in ALL_COLUMNS),
    ]
    title = _("Funds %(project)s", project=project.code)
    return download(
        f"{project.code}-funds", workbook_bytes(title, columns, _rows(_sheets(project, every=True)))
    )


def _rows(sheets: Sequence[FundsSheet]) -> Iterator[list[Any]]:
    for one in sheets:
        direction = _("We pay") if one.direction == "out" else _("We receive")
        for row in one.rows:
            contract = row.contract.label if row.contract else ""
            party = row.party.name if row.party else ""
            if row.is_private:
                party = _("Wages are private")
            figures = [row.figures[column.key] for column in ALL_COLUMNS]
            values = ["–" if one.is_private else one.value for one in figures]
            yield [direction, contract, party, one.currency, *values]
        total = [one.total[column.key].value for column in ALL_COLUMNS]
        yield [direction, _("Total"), "", one.currency, *total]
        if one.loose is not None:
            apart = [one.loose.value if column is PAID else None for column in ALL_COLUMNS]
            yield [direction, str(one.loose.label), "", one.currency, *apart]


@area.page("/projects/<code>/funds.pdf", access=signed_in)
def printed(code: str) -> Response:
    """The contract ledger on paper."""
    project = project_for_figures(code)
    blocks = [
        *(Block(one.currency, stats_of(one)) for one in outlooks(project)),
        *(
            Block(one.currency, (), ledger_tables(one))
            for one in _sheets(project, every=_asks_every())
        ),
    ]
    return blocks_pdf(
        project, blocks, page="funds", title=_("Contract ledger"), endpoint="funds.sheet"
    )
