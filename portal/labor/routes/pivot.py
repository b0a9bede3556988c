"""Summaries of day labor two ways at once, and the days that cannot be right."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.errors import NotFound
from portal.labor.columns import labor_days
from portal.labor.conflicts import conflicts as conflicts_of
from portal.labor.conflicts import overtime_cap
from portal.labor.pivots import MEASURES, WAYS, By, Head, Pivot, pivots
from portal.labor.places import places
from portal.labor.printing import figure_text, printed
from portal.labor.routes.area import area
from portal.ledgers.columns import Column
from portal.ledgers.pages import Figure, around, download, project_for_figures, record_url
from portal.ledgers.pay import may_see_pay
from portal.reports.sheet import Column as PrintedColumn
from portal.reports.sheet import Section, SheetTable
from portal.reports.workbook import Column as SheetColumn
from portal.reports.workbook import workbook_bytes
from portal.web.access import signed_in
from portal.web.filters import day as day_text
from portal.web.filters import month as month_text
from portal.web.filters import quantity
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _


@area.page("/projects/<code>/labor/summary", access=signed_in)
def pivot(code: str) -> str:
    """Team by cost code, project by trade, or subcontractor by month."""
    project = project_for_figures(code)
    measures = _measures(project)
    by, measure = _asked(measures)
    return render_template(
        "labor/pivot.html",
        **around(project),
        places=places(project, "labor.pivot"),
        by=by,
        measure=measure,
        ways=[(one, _titles(one)) for one in WAYS],
        measures=[(key, column.label) for key, column in measures.items()],
        title=_titles(by),
        first=_first(by),
        tables=pivots(project, by, measure),
        named=_named,
        column=measures[measure],
    )


def _measures(project: ProjectBrief) -> dict[str, Column]:
    """What may be summed for the viewer: money only for whoever may see pay."""
    sees = may_see_pay(current_viewer(), project.id)
    return {key: column for key, column in MEASURES.items() if sees or column.unit != "money"}


def _asked(measures: Mapping[str, Column]) -> tuple[By, str]:
    by = request.args.get("by", WAYS[0])
    measure = request.args.get("measure", next(iter(measures)))
    if by not in WAYS or measure not in measures:
        raise NotFound
    return by, measure


def _titles(by: By) -> str:
    return {
        "team": _("Team by cost code"),
        "trade": _("Project by trade"),
        "subcontractor": _("Subcontractor by month"),
    }[by]


def _first(by: By) -> str:
    return {"team": _("Team"), "trade": _("Project"), "subcontractor": _("Subcontractor")}[by]


def _named(head: Head, by: By, *, is_row: bool) -> str:
    """What a row or column is called."""
    if head.month is not None:
        return month_text(head.month.first)
    if head.name:
        return head.name
    if is_row:
        return _("Own teams") if by == "subcontractor" else _("Without a team")
    return _("Without a trade") if by == "trade" else _("Without a cost code")


@area.page("/projects/<code>/labor/summary.xlsx", access=signed_in)
def pivot_export(code: str) -> Response | BaseResponse:
    """The summary as a spreadsheet."""
    project = project_for_figures(code)
    by, measure = _asked(_measures(project))
    tables = pivots(project, by, measure)
    heads = list(dict.fromkeys(head for table in tables for head in table.heads))
    kind = "money" if MEASURES[measure].unit == "money" else "number"
    columns = [
        SheetColumn(_first(by), width=32),
        SheetColumn(_("Currency"), width=10),
        *(SheetColumn(_named(one, by, is_row=False), kind) for one in heads),  # type: ignore[arg-type]
        SheetColumn(_("Total"), kind),  # type: ignore[arg-type]
    ]
    content = workbook_bytes(_titles(by), columns, _rows(tables, heads, by))
    return download(f"{project.code}-labor-{by}", content)


def _rows(tables: list[Pivot], heads: list[Head], by: By) -> Iterator[list[Any]]:
    for table in tables:
        for row in table.rows:
            known = dict(zip(table.heads, row.cells, strict=True))
            cells = [_value(known.get(one)) for one in heads]
            yield [_named(row.head, by, is_row=True), table.currency, *cells, _value(row.total)]


def _value(figure: Figure | None) -> Any:
    if figure is None:
        return None
    return labor_days(figure.value) if figure.unit == "labor_days" else figure.value


@area.page("/projects/<code>/labor/summary.pdf", access=signed_in)
def pivot_printed(code: str) -> Response:
    """The summary as a PDF."""
    project = project_for_figures(code)
    by, measure = _asked(_measures(project))
    sections = [_section(one, by) for one in pivots(project, by, measure)]
    subject = str(MEASURES[measure].label)
    return printed(project, f"labor-{by}", _titles(by), subject, sections)


def _section(table: Pivot, by: By) -> Section:
    inner = (PrintedColumn(_named(one, by, is_row=False), "right") for one in table.heads)
    titles = (PrintedColumn(_first(by)), *inner, PrintedColumn(_("Total"), "right"))
    rows = tuple(
        (
            _named(row.head, by, is_row=True),
            *(figure_text(one) if one else "" for one in row.cells),
            figure_text(row.total),
        )
        for row in table.rows
    )
    total = None
    if table.total is not None:
        cells = (figure_text(one) if one else "" for one in table.totals)
        total = (_("Total"), *cells, figure_text(table.total))
    return Section(table.currency, (SheetTable("", titles, rows, total),))


@area.page("/projects/<code>/labor/conflicts", access=signed_in)
def conflicts(code: str) -> str:
    """Workers on two sites one day, over 24 hours, over the overtime cap."""
    project = project_for_figures(code)
    today = clock.date_in(project.zone, clock.now())
    return render_template(
        "labor/conflicts.html",
        **around(project),
        places=places(project, "labor.conflicts"),
        conflicts=conflicts_of(project, today),
        cap=overtime_cap(project, today),
        kinds=_kinds(),
        record_url=record_url,
    )


def _kinds() -> dict[str, str]:
    return {
        "two_sites": _("On two sites"),
        "over_day": _("More than 24 hours"),
        "over_cap": _("More overtime than allowed"),
    }


@area.page("/projects/<code>/labor/conflicts.xlsx", access=signed_in)
def conflicts_export(code: str) -> Response | BaseResponse:
    """The conflicts as a spreadsheet, a row per ticket."""
    project = project_for_figures(code)
    columns = [
        SheetColumn(_("Conflict"), width=26),
        SheetColumn(_("Day"), "date", 12),
        SheetColumn(_("Worker"), width=20),
        SheetColumn(_("Project"), width=12),
        SheetColumn(_("Ticket"), width=24),
        SheetColumn(_("Hours"), "number"),
    ]
    content = workbook_bytes(_("Conflicts"), columns, _conflict_rows(project))
    return download(f"{project.code}-labor-conflicts", content)


def _conflict_rows(project: ProjectBrief) -> Iterator[list[Any]]:
    today, kinds = clock.date_in(project.zone, clock.now()), _kinds()
    for one in conflicts_of(project, today):
        name = one.worker.label if one.worker else ""
        for where, document, hours in one.tickets:
            kind = kinds[one.clash.kind]
            yield [kind, one.clash.day, name, where.code, document.number, hours]


@area.page("/projects/<code>/labor/conflicts.pdf", access=signed_in)
def conflicts_printed(code: str) -> Response:
    """The conflicts as a PDF."""
    project = project_for_figures(code)
    words = (_("Conflict"), _("Day"), _("Worker"), _("Project"), _("Ticket"))
    titles = (*(PrintedColumn(one) for one in words), PrintedColumn(_("Hours"), "right"))
    rows = tuple(
        (row[0], day_text(row[1]), *row[2:5], quantity(row[5])) for row in _conflict_rows(project)
    )
    section = Section("", (SheetTable("", titles, rows),))
    return printed(
        project, "labor-conflicts", _("Conflicts"), _("The last twelve months"), [section]
    )
