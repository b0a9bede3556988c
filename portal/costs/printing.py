"""Pages of the cost center on paper."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import Response, url_for

from portal import clock
from portal.accounts.models import Company
from portal.costs.commitments import COLUMNS as REGISTER_COLUMNS
from portal.costs.commitments import Register
from portal.costs.queries import CostSheet
from portal.costs.sheet import Sheet
from portal.db import db
from portal.forms.canonical import content_hash
from portal.ledgers.columns import Column
from portal.ledgers.pages import Figure
from portal.reports.figures import figures_pdf
from portal.reports.sheet import Column as PrintedColumn
from portal.reports.sheet import RecordSheet, Section, SheetTable
from portal.web import downloads
from portal.web.filters import moment, money, quantity
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

INDENT = "\u2003"  # as wide as a letter, and never the end of a line


def sheet_pdf(project: ProjectBrief, sheet: Sheet, sheets: Sequence[CostSheet]) -> Response:
    """The cost sheet with the columns of its page."""
    columns = sheet.shown()
    sections = tuple(
        Section(
            one.currency,
            (
                _table(
                    (_("Cost code"),),
                    columns,
                    [
                        ((INDENT * row.node.depth + _named(row.node.code),), row.figures)
                        for row in one.rows
                    ],
                    (_("Total"),),
                    one.total,
                ),
            ),
        )
        for one in sheets
    )
    title = _("Cost sheet")
    return _printed(project, "cost", title, _("Cost, excluding tax"), sections)


def register_pdf(project: ProjectBrief, found: Sequence[Register], words: str) -> Response:
    """The register of commitments."""
    sections = tuple(
        Section(
            one.currency,
            (
                _table(
                    (_("Contract"), _("Cost code")),
                    REGISTER_COLUMNS,
                    [
                        (
                            (
                                row.contract.label if row.contract else _("No contract"),
                                row.code.label if row.code else "",
                            ),
                            row.figures,
                        )
                        for row in one.rows
                    ],
                    (_("Total"), ""),
                    one.total,
                ),
            ),
        )
        for one in found
    )
    return _printed(project, "commitments", _("Commitments"), words, sections)


def _named(code: Any) -> str:
    return code.name if code.code in ("", code.name) else f"{code.code} {code.name}"


def _table(
    heads: Sequence[str],
    columns: Sequence[Column],
    rows: Sequence[tuple[Sequence[str], Mapping[str, Figure]]],
    total_heads: Sequence[str],
    total: Mapping[str, Figure],
) -> SheetTable:
    numbers = tuple(PrintedColumn(str(one.label), "right") for one in columns)
    made = [(*names, *(_text(figures[one.key]) for one in columns)) for names, figures in rows]
    summed = (*total_heads, *(_text(total[one.key]) for one in columns))
    titles = tuple(PrintedColumn(str(head)) for head in heads)
    return SheetTable("", (*titles, *numbers), tuple(made), summed)


def _text(figure: Figure) -> str:
    if not figure.is_defined:
        return "–"
    if figure.unit == "percent":
        return quantity(figure.value, "%", places=1)
    return money(Decimal(figure.value))


def _printed(
    project: ProjectBrief, page: str, title: str, subject: str, sections: tuple[Section, ...]
) -> Response:
    """The PDF; its code is a hash of the figures, the same for equal ones."""
    viewer, company = current_viewer(), db.session.get(Company, 1)
    shown = [[table.rows, table.totals] for one in sections for table in one.tables]
    sheet = RecordSheet(
        language=viewer.language,
        company=company.name if company else "",
        title=f"{project.name} · {title}",
        number=project.code,
        subject=subject,
        project=project.name,
        state=title,
        requester="",
        submitted="",
        printed_by=viewer.name,
        printed_at=moment(clock.now()),
        url=url_for("costs.sheet", code=project.code, _external=True),
        verification=content_hash({"figures": shown})[:24],
        sections=sections,
        notes=(_("Currencies are never added together."),) if len(sections) > 1 else (),
    )
    name = f"{project.code}-{page}.pdf"
    return downloads.download(figures_pdf(sheet), downloads.PDF, name, in_place=True)
