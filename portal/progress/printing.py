"""Pages of the progress center on paper."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from flask import Response, url_for

from portal.printing.figures import figures_sheet, to_open
from portal.progress.earned import Earned
from portal.progress.earned_rows import Row, cost_rows, time_rows
from portal.reports.sheet import Column, RecordSheet, Section, SheetTable
from portal.schedule.undefined import Undefined
from portal.web.answers import sentence
from portal.web.filters import day, money, quantity
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _


def value_text(row: Row) -> str:
    """A figure as it is read; undefined ones with their reason."""
    if isinstance(row.value, Undefined):
        return f"– {sentence(row.value.reason)}"
    if isinstance(row.value, date):
        return day(row.value)
    if row.unit == "money":
        return money(row.value)
    return quantity(row.value, places=3 if row.unit == "ratio" else 2)


def earned_pdf(project: ProjectBrief, found: Earned | None) -> Response:
    """The figures with their formulas, and the curve as a table."""
    sections = [] if found is None else [
        _figures(_("Earned value"), cost_rows(found)),
        _figures(_("Earned schedule"), time_rows(found)),
        _curve(found),
    ]  # fmt: skip
    subject = "" if found is None else _("Data date %(day)s", day=day(found.on))
    if found is not None:
        subject += f" · {found.baseline.name} · {project.currency}"
    return printed(project, "earned-value", _("Earned value"), subject, sections)


def _figures(title: str, rows: Sequence[Row]) -> Section:
    columns = (Column(_("Figure")), Column(_("How it is reckoned")), Column(_("Value"), "right"))
    return Section(
        title,
        (SheetTable("", columns, tuple((r.label, r.formula, value_text(r)) for r in rows)),),
    )


def _curve(found: Earned) -> Section:
    columns = (
        Column(_("At the end of")),
        Column(_("Planned (PV)"), "right"),
        Column(_("Earned (EV)"), "right"),
        Column(_("Spent (AC)"), "right"),
    )
    rows = tuple(
        (day(one.on), money(one.planned), _known(one.earned), _known(one.spent))
        for one in found.curve
    )
    return Section(_("Planned, earned and spent over time"), (SheetTable("", columns, rows),))


def _known(value: Decimal | None) -> str:
    return "–" if value is None else money(value)


def printed(
    project: ProjectBrief, page: str, title: str, subject: str, sections: Sequence[Section]
) -> Response:
    """The PDF; its code is a hash of the figures, the same for equal ones."""
    shown = [[table.rows, table.totals] for one in sections for table in one.tables]
    sheet = replace(sheet_of(project, title, subject, shown), sections=tuple(sections))
    return to_open(sheet, f"{project.code}-{page}.pdf")


def sheet_of(
    project: ProjectBrief, title: str, subject: str, shown: object, notes: tuple[str, ...] = ()
) -> RecordSheet:
    """A sheet of paper without its content: who prints what; `shown` is what its code proves."""
    url = url_for("progress.schedule", code=project.code, _external=True)
    return figures_sheet(project, title=title, subject=subject, shown=shown, url=url, notes=notes)
