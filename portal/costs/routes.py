"""The page of the cost center and its spreadsheet."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, render_template
from werkzeug.wrappers import Response as BaseResponse

from portal.costs.columns import COLUMNS
from portal.costs.queries import CostSheet, cost_sheets
from portal.ledgers.pages import around, download, project_for_figures
from portal.reports.workbook import Column as SheetColumn
from portal.reports.workbook import workbook_bytes
from portal.web.access import signed_in
from portal.web.area import Area
from portal.web.words import gettext as _

area = Area("costs", __name__)


@area.page("/projects/<code>/cost", access=signed_in)
def sheet(code: str) -> str:
    """Budget, changes, commitments and actual cost per cost code."""
    project = project_for_figures(code)
    sheets = cost_sheets(project)
    return render_template("costs/sheet.html", sheets=sheets, columns=COLUMNS, **around(project))


@area.page("/projects/<code>/cost.xlsx", access=signed_in)
def export(code: str) -> Response | BaseResponse:
    """The sheet as a spreadsheet."""
    project = project_for_figures(code)
    columns = [
        SheetColumn(_("Code"), width=14),
        SheetColumn(_("Cost code"), width=32),
        SheetColumn(_("Currency"), width=10),
        *(SheetColumn(str(column.label), "money") for column in COLUMNS),
    ]
    title = _("Cost %(project)s", project=project.code)
    return download(
        f"{project.code}-cost", workbook_bytes(title, columns, _rows(cost_sheets(project)))
    )


def _rows(sheets: Sequence[CostSheet]) -> Iterator[list[Any]]:
    for one in sheets:
        for row in one.rows:
            named = row.node.code
            name = "  " * row.node.depth + named.name
            values = [row.figures[column.key].value for column in COLUMNS]
            yield [named.code, name, one.currency, *values]
        yield [
            "",
            _("Total"),
            one.currency,
            *(one.total[column.key].value for column in COLUMNS),
        ]
