"""Pages of the day-labor center on paper."""

from collections.abc import Sequence

from flask import Response, url_for

from portal.labor.columns import WAGES, labor_days
from portal.labor.queries import Cell, Grid
from portal.labor.wages import Figures, Wages
from portal.labor.words import pieces_text
from portal.ledgers.pages import Figure
from portal.printing.figures import figures_page
from portal.reports.sheet import Column, Section, SheetTable
from portal.web.filters import money, month, quantity
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _


def wages_pdf(project: ProjectBrief, sheets: Sequence[Wages]) -> Response:
    """Wages per team and worker."""
    sections = [_section(one) for one in sheets]
    return printed(project, "wages", _("Wages"), _("Per team and worker, to date"), sections)


def _section(sheet: Wages) -> Section:
    figures = (Column(str(one.label), "right") for one in WAGES)
    titles = (Column(_("Team")), Column(_("Worker")), *figures)
    rows: list[tuple[str, ...]] = []
    for block in sheet.teams:
        team = block.team.label if block.team else _("Without a team")
        for row in block.rows:
            name = row.worker.label if row.worker else ""
            rows.append((team, name, *_texts(row.figures)))
    total = (_("Total"), "", *_texts(sheet.total))
    return Section(sheet.currency, (SheetTable("", titles, tuple(rows), total),))


def _texts(figures: Figures) -> list[str]:
    return [figure_text(figures[one.key]) for one in WAGES]


def month_pdf(project: ProjectBrief, grid: Grid) -> Response:
    """Workers by day: hours, with what is not signed yet marked."""
    days = (Column(str(one.day), "right") for one in grid.month.days)
    ends = (_("Hours"), _("Signed days"), _("Unsigned days"))
    columns = (Column(_("Worker")), *days, *(Column(one, "right") for one in ends))
    blank = ("",) * len(grid.month.days)
    rows: list[tuple[str, ...]] = []
    for block in grid.blocks:
        for row in block.rows:
            name = row.worker.name if row.worker else ""
            rows.append((name, *map(_day_text, row.cells), *_ends(row.total)))
        team = _("Team %(name)s", name=block.team.name) if block.team else _("Without a team")
        rows.append((team, *blank, *_ends(block.total)))
    total = (_("Total"), *blank, *_ends(grid.total))
    title = _("Day labor %(month)s, in hours", month=month(grid.month.first))
    note = _("Hours with a star stand on tickets that are not signed yet.")
    section = Section("", (SheetTable("", columns, tuple(rows), total),))
    return printed(project, f"labor-{grid.month}", title, _("Workers by day"), [section], (note,))


def _day_text(cell: Cell) -> str:
    if cell.is_empty:
        return ""
    shown = [quantity(cell.hours.value)] if cell.hours.value or not cell.pieces else []
    return " ".join([*shown, pieces_text(cell.pieces)]).strip() + (
        "*" if cell.unsigned.value else ""
    )


def _ends(cell: Cell) -> tuple[str, str, str]:
    return quantity(cell.hours.value), figure_text(cell.signed), figure_text(cell.unsigned)


def figure_text(figure: Figure) -> str:
    """A figure as its page shows it."""
    if figure.unit == "labor_days":
        return quantity(labor_days(figure.value))
    return quantity(figure.value) if figure.unit == "hours" else money(figure.value)


def printed(
    project: ProjectBrief,
    page: str,
    title: str,
    subject: str,
    sections: Sequence[Section],
    notes: tuple[str, ...] = (),
) -> Response:
    """A PDF of tables of the day-labor center."""
    url = url_for("labor.sheet", code=project.code, _external=True)
    return figures_page(
        project, page=page, title=title, subject=subject, sections=sections, url=url, notes=notes
    )
