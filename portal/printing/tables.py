"""Tables of a page declared once: each a sheet of its workbook, and a section of its PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from portal.printing.figures import figures_page
from portal.reports.sheet import Column as PrintedColumn
from portal.reports.sheet import Section, SheetTable
from portal.reports.workbook import Column, Kind, Sheet, Value, sheets_bytes
from portal.web import downloads
from portal.web.filters import day, moment, money, quantity
from portal.web.viewer import ProjectBrief, current_viewer

_TOGETHER = "\N{NO-BREAK SPACE}"  # a day stays on its line
_WIDTHS: dict[str, float] = {"text": 24, "number": 12, "money": 16, "date": 12, "datetime": 16}


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column and what stands under it; `width` in characters of a spreadsheet,
    `places` of numbers on paper.
    """

    label: str
    kind: Kind = "text"
    width: float = 0
    places: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page: the question it answers, a short name for its sheet, heads and rows.

    `note` stands under it on paper, where columns with nothing in them are left out.
    """

    title: str
    name: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Value]]
    note: str = ""


def rounded(value: Decimal | None, places: int = 1) -> Decimal | None:
    """A number as it stands in a table, half up; never a zero below zero."""
    exact = Decimal(1).scaleb(-places)
    return None if value is None else value.quantize(exact, ROUND_HALF_UP) + 0


def tables_workbook(
    project: ProjectBrief, page: str, title: str, tables: Sequence[Table]
) -> BaseResponse:
    """The tables as a workbook, one sheet each."""
    sheets = [Sheet(one.name, [_column(head) for head in one.heads], one.rows) for one in tables]
    content = sheets_bytes(f"{title} {project.code}", sheets, language=current_viewer().language)
    return downloads.download(content, downloads.XLSX, f"{project.code}-{page}.xlsx")


def _column(head: Head) -> Column:
    return Column(head.label, head.kind, head.width or _WIDTHS[head.kind])


def tables_pdf(
    project: ProjectBrief, page: str, title: str, subject: str, tables: Sequence[Table], *, url: str
) -> Response:
    """The tables on paper; `url` is the page they stand on."""
    sections = [_section(one) for one in tables]
    return figures_page(
        project, page=page, title=title, subject=subject, sections=sections, url=url, together=True
    )


def _section(table: Table) -> Section:
    used = [at for at in range(len(table.heads)) if not table.rows or _has_values(table, at)]
    heads = tuple(
        PrintedColumn(one.label, "right" if one.kind in ("number", "money") else "left")
        for one in (table.heads[at] for at in used)
    )
    rows = tuple(tuple(_text(table.heads[at], row[at]) for at in used) for row in table.rows)
    return Section(table.title, (SheetTable("", heads, rows, None, table.note),))


def _has_values(table: Table, at: int) -> bool:
    return any(row[at] not in (None, "") for row in table.rows)


def _text(head: Head, value: Value) -> str:
    if value is None or value == "":
        return "" if head.kind == "text" else "–"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value).replace(" ", _TOGETHER)
    if head.kind == "money" and isinstance(value, Decimal | int):
        return money(Decimal(value))
    if isinstance(value, Decimal):
        return quantity(value, places=head.places)
    return str(value)
