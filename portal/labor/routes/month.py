"""The page of the day-labor center and its spreadsheet."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.errors import N_, NotFound
from portal.labor.columns import labor_days
from portal.labor.places import places
from portal.labor.printing import month_pdf
from portal.labor.queries import Grid, Month, grid, latest_month, unsigned_tickets
from portal.labor.routes.area import area
from portal.labor.words import pieces_text
from portal.ledgers.pages import around, download, project_for_figures, record_url
from portal.ledgers.pay import may_see_pay
from portal.reports.workbook import Column as SheetColumn
from portal.reports.workbook import workbook_bytes
from portal.web.access import signed_in
from portal.web.filters import month
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

_MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])\Z")


@area.page("/projects/<code>/labor", access=signed_in)
def sheet(code: str) -> str:
    """Workers by day, signed and unsigned, and what is at risk."""
    project = project_for_figures(code)
    now = clock.now()
    return render_template(
        "labor/sheet.html",
        **around(project),
        places=places(project, "labor.sheet"),
        grid=grid(project, _asked_month(project)),
        unsigned=unsigned_tickets(project, now),
        record_url=record_url,
        labor_days=labor_days,
        sees_pay=may_see_pay(current_viewer(), project.id),
        pieces_text=pieces_text,
    )


@area.page("/projects/<code>/labor.xlsx", access=signed_in)
def export(code: str) -> Response | BaseResponse:
    """The month as a spreadsheet."""
    project = project_for_figures(code)
    found = grid(project, _asked_month(project))
    columns = [
        SheetColumn(_("Team"), width=20),
        SheetColumn(_("Worker"), width=20),
        *(SheetColumn(f"{day.day}", "number", width=6) for day in found.month.days),
        SheetColumn(_("Pieces"), width=18),
        SheetColumn(_("Hours"), "number"),
        SheetColumn(_("Signed labor-days"), "number"),
        SheetColumn(_("Unsigned labor-days"), "number"),
    ]
    title = _("Day labor %(month)s, in hours", month=month(found.month.first))
    name = f"{project.code}-labor-{found.month}"
    return download(name, workbook_bytes(title, columns, _rows(found)))


@area.page("/projects/<code>/labor.pdf", access=signed_in)
def printed(code: str) -> Response:
    """The month as a PDF."""
    project = project_for_figures(code)
    return month_pdf(project, grid(project, _asked_month(project)))


def _asked_month(project: ProjectBrief) -> Month:
    return read_month() or latest_month(project, clock.now())


def read_month() -> Month | None:
    """The month an address asks for, None for none. Raises NotFound."""
    asked = request.args.get("month", "")
    if not asked:
        return None
    match = _MONTH.match(asked)
    if match is None:
        raise NotFound(N_("There is no such month. Write it like 2026-03."))
    return Month(date(int(match[1]), int(match[2]), 1))


def _rows(found: Grid) -> Iterator[list[Any]]:
    for block in found.blocks:
        team = block.team.label if block.team else _("Without a team")
        for row in block.rows:
            days = [cell.hours.value or None for cell in row.cells]
            name = row.worker.label if row.worker else ""
            yield [
                team,
                name,
                *days,
                pieces_text(row.total.pieces),
                row.total.hours.value,
                labor_days(row.total.signed.value),
                labor_days(row.total.unsigned.value),
            ]
