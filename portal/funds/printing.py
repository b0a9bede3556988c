"""Tables of the funds center on paper and in spreadsheets."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.currencies.telling import lacks
from portal.errors import N_, NotFound
from portal.funds.converted import InOne, in_one
from portal.funds.drawing import Curve
from portal.funds.tables import Block, Cell, Head, Table
from portal.ledgers.pages import download
from portal.printing.figures import figures_page
from portal.reports.sheet import Column as PrintedColumn
from portal.reports.sheet import Section, SheetTable, StepChart
from portal.reports.workbook import Column, Kind, Value, workbook_bytes
from portal.web.filters import day, money, month, short_money
from portal.web.viewer import ProjectBrief, current_viewer
from portal.web.words import gettext as _

_KINDS: dict[str, Kind] = {"text": "text", "money": "money", "day": "date", "number": "number"}


def blocks_pdf(
    project: ProjectBrief | None,
    blocks: Sequence[Block],
    *,
    page: str,
    title: str,
    endpoint: str,
    url: str = "",
    curves: Mapping[str, Curve] | None = None,
) -> Response:
    """Figures, curve and tables of a page, currency by currency; `url`, or that of the endpoint.

    What adds up stands before them in the company's currency, as on the page.
    """
    drawn, one = curves or {}, in_one(blocks, clock.now())
    sections = [made for block in blocks for made in _sections(block, drawn.get(block.currency))]
    if one is not None:
        sections = [_together(one), *sections]
    of = {"code": project.code} if project else {}
    url = url or url_for(endpoint, _external=True, **of)
    subject = _("Funds, including tax")
    return figures_page(
        project,
        page=page,
        title=title,
        subject=subject,
        sections=sections,
        url=url,
        together=one is not None or len({block.currency for block in blocks}) < 2,
    )


def _together(one: InOne) -> Section:
    heads = (PrintedColumn(_("Figure"), "left"), PrintedColumn(one.currency, "right"))
    rows = tuple(
        (label, money(figure.value))
        if figure.value is not None
        else (f"{label} · {lacks(figure.missing)}", "–")
        for label, figure in one.figures
    )
    title = _("In %(currency)s", currency=one.currency)
    if one.several:
        title = f"{title} · {_('All currencies together')}"
    return Section(title, (SheetTable("", heads, rows, None, one.sentence),))


def _sections(block: Block, curve: Curve | None) -> Iterator[Section]:
    figures = [one for one in block.stats if one.value is not None and one.unit != "%"]
    if figures:
        heads = (PrintedColumn(_("Figure"), "left"), PrintedColumn(block.currency, "right"))
        rows = tuple((" · ".join(filter(None, (o.label, o.hint))), money(o.value)) for o in figures)
        yield Section(
            f"{_('Key figures')} · {block.currency}", (SheetTable("", heads, rows, None),)
        )
    if curve is not None:
        yield Section(f"{_('When is the cash lowest?')} · {block.currency}", (_chart(curve),))
    for table in block.tables:
        if table.rows:
            yield Section(f"{table.title} · {table.currency}", (_printed(table),))


def _printed(table: Table) -> SheetTable:
    heads = tuple(
        PrintedColumn(head.label, "right" if head.is_number else "left") for head in table.heads
    )
    rows = tuple(tuple(map(_text, row)) for row in table.rows)
    total = tuple(map(_text, table.total)) if table.total else None
    return SheetTable("", heads, rows, total, table.note)


def _chart(curve: Curve) -> StepChart:
    """The curve of the page, drawn for paper."""
    lowest = f"{short_money(curve.low_balance)}, {day(curve.low_on)}"
    legend = _(
        "Solid: what moved. Dashed: what is expected. The dot: lowest %(amount)s on %(day)s.",
        amount=money(curve.low_balance),
        day=day(curve.low_on),
    )
    return StepChart(
        width=curve.width,
        height=curve.height,
        left=curve.room.left,
        right=curve.room.right,
        levels=tuple((one.y, short_money(one.amount)) for one in curve.levels),
        ticks=tuple((one.x, month(one.on)) for one in curve.ticks),
        zero=curve.zero,
        past=tuple(curve.past_places),
        ahead=tuple(curve.future_places),
        today=(curve.today, _("Today")),
        low=(curve.low, lowest),
        legend=legend,
    )


def _text(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, Decimal):
        return money(value)
    if isinstance(value, date):
        return day(value)
    text = "" if value is None else str(value)
    return f"{text} · {cell.sub}" if cell.sub and text else text or cell.sub


def table_workbook(project: ProjectBrief | None, blocks: Sequence[Block], key: str) -> BaseResponse:
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
        f"{tables[0].title} {project.code}" if project else tables[0].title,
        columns,
        _rows(tables),
        language=current_viewer().language,
    )
    return download(f"{project.code}-funds-{key}" if project else f"funds-{key}", content)


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
