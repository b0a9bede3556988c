"""Pages of the cost center on paper."""

from collections.abc import Mapping, Sequence

from flask import Response, url_for

from portal.costs.by_month import MonthTable
from portal.costs.columns import Book
from portal.costs.commitments import Register
from portal.costs.overrun import overrun_words
from portal.costs.queries import CostSheet
from portal.costs.sheet import Sheet
from portal.ledgers.columns import Column
from portal.ledgers.pages import Figure
from portal.printing.figures import figures_page
from portal.reports.sheet import Column as PrintedColumn
from portal.reports.sheet import Section, SheetTable
from portal.web.filters import money, month, quantity
from portal.web.viewer import ProjectBrief
from portal.web.words import gettext as _

INDENT = "\u2003"  # as wide as a letter, and never the end of a line


Rows = Sequence[tuple[Sequence[str], Mapping[str, Figure]]]
"""What names a row, and its figures."""


def sheet_pdf(project: ProjectBrief, sheet: Sheet, sheets: Sequence[CostSheet]) -> Response:
    """The cost sheet with the columns of its page."""
    sections = []
    for one in sheets:
        rows = [((INDENT * row.node.depth + row.node.code.label,), row.figures) for row in one.rows]
        sections.append(_section(one, (_("Cost code"),), sheet.shown(), rows))
    subject = " · ".join(filter(None, (_("Cost, excluding tax"), overrun_words(sheet))))
    return _printed(project, "cost", _("Cost sheet"), subject, sections)


def register_pdf(
    book: Book, project: ProjectBrief, found: Sequence[Register], words: str
) -> Response:
    """A register of what is open."""
    sections = []
    for one in found:
        rows = [
            (
                (
                    row.owner.label if row.owner else str(book.nobody),
                    row.code.label if row.code else "",
                ),
                row.figures,
            )
            for row in one.rows
        ]
        sections.append(_section(one, (str(book.owner), _("Cost code")), book.columns, rows))
    return _printed(project, book.key, str(book.title), words, sections)


def months_pdf(
    project: ProjectBrief,
    columns: Sequence[Column],
    tables: Sequence[MonthTable],
    words: str,
    note: str,
) -> Response:
    """The budget month by month; `note` stands below it."""
    titles = [PrintedColumn(_("Until the end of"))]
    titles += [PrintedColumn(str(each.label), "right") for each in columns]
    sections = []
    for one in tables:
        rows = tuple(
            (
                _("At any time") if row.is_any else month(row.month),
                *(_text(row.figures[each.key]) for each in columns),
            )
            for row in one.rows
        )
        sections.append(Section(one.currency, (SheetTable("", tuple(titles), rows),)))
    title, place = _("Budget by month"), "costs.months"
    return _printed(project, "months", title, words, sections, endpoint=place, notes=[note])


def _section(
    one: CostSheet | Register, heads: Sequence[str], columns: Sequence[Column], rows: Rows
) -> Section:
    """The table of one currency: `heads` name the rows, then come their figures and the total."""
    titles = [PrintedColumn(str(head)) for head in heads]
    titles += [PrintedColumn(str(each.label), "right") for each in columns]
    made = [(*names, *(_text(figures[each.key]) for each in columns)) for names, figures in rows]
    blank = [""] * (len(heads) - 1)
    total = (_("Total"), *blank, *(_text(one.total[each.key]) for each in columns))
    return Section(one.currency, (SheetTable("", tuple(titles), tuple(made), total),))


def _text(figure: Figure) -> str:
    if not figure.is_defined:
        return "–"
    if figure.unit == "percent":
        return quantity(figure.value, "%", places=1)
    return money(figure.value)


def _printed(
    project: ProjectBrief,
    page: str,
    title: str,
    subject: str,
    sections: Sequence[Section],
    *,
    endpoint: str = "costs.sheet",
    notes: Sequence[str] = (),
) -> Response:
    url = url_for(endpoint, code=project.code, _external=True)
    return figures_page(
        project, page=page, title=title, subject=subject, sections=sections, url=url, notes=notes
    )
