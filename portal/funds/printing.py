"""Tables of the funds center on paper and in spreadsheets."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.errors import N_, NotFound
from portal.funds.tables import Block, Cell, Head, Table
from portal.ledgers.pages import download
from portal.printing.figures import figures_page
from portal.reports.sheet import Column as PrintedColumn
from portal.reports.sheet import Section, SheetTable
from portal.reports.workbook import Column, Kind, Value, workbook_bytes
from portal.web.filters import day, money
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

_KINDS: dict[str, Kind] = {"text": "text", "money": "money", "day": "date", "number": "number"}


def blocks_pdf(
    project: ProjectBrief, blocks: Sequence[Block], *, page: str, title: str, endpoint: str
) -> Response:
    """Every table of a page, currency by currency."""
    sections = [
        Section(f"{table.title} · {table.currency}", (_printed(table),))
        for block in blocks
        for table in block.tables
        if table.rows
    ]
    url = url_for(endpoint, code=project.code, _external=True)
    subject = _("Funds, including tax")
    return figures_page(
        project, page=page, title=title, subject=subject, sections=sections, url=url
    )


def _printed(table: Table) -> SheetTable:
    heads = tuple(
        PrintedColumn(head.label, "right" if head.is_number else "left") for head in table.heads
    )
    rows = tuple(tuple(map(_text, row)) for row in table.rows)
    total = tuple(map(_text, table.total)) if table.total else None
    return SheetTable("", heads, rows, total)


def _text(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, Decimal):
        return money(value)
    if isinstance(value, date):
        return day(value)
    text = "" if value is None else str(value)
    return f"{text} · {cell.sub}" if cell.sub and text else text or cell.sub


def table_workbook(project: ProjectBrief, blocks: Sequence[Block], key: str) -> BaseResponse:
    """The tables of one key as a spreadsheet, one currency after the other. Raises NotFound."""
    tables = [one for block in blocks for one in block.tables if one.key == key]
    if not tables:
        raise NotFound(N_("There is no such table."))
    heads = tables[0].heads
    columns = [Column(_("Currency"), width=10)]
    for head in heads:
        columns.append(Column(head.label, _KINDS[head.kind], width=_width(head)))
        if head.kind == "text":
            columns.append(Column(_("%(column)s, more", column=head.label), width=24))
    content = workbook_bytes(
        f"{tables[0].title} {project.code}",
        columns,
        _rows(tables),
        language=current_viewer().language,
    )
    return download(f"{project.code}-funds-{key}", content)


def _width(head: Head) -> float:
    return {"text": 30, "money": 16, "day": 12, "number": 12}[head.kind]


def _rows(tables: Sequence[Table]) -> Iterator[list[Value]]:
    for table in tables:
        for row in (*table.rows, *([table.total] if table.total else [])):
            cells: list[Value] = [table.currency]
            for head, cell in zip(table.heads, row, strict=True):
                cells.append(cell.value if cell.value != "" else None)
                if head.kind == "text":
                    cells.append(cell.sub or None)
            yield cells
