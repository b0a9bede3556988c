"""Tables of a page declared once: each a sheet of its workbook, and a section of its PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from werkzeug.wrappers import Response as BaseResponse

from portal.printing.figures import figures_page
from portal.reports.sheet import Column as PrintedColumn
from portal.reports.sheet import Section, SheetTable
from portal.reports.workbook import Column, Kind, Sheet, Value, sheets_bytes
from portal.web import downloads
from portal.web.filters import day, local, moment, money, quantity
from portal.web.viewer import ProjectBrief, current_viewer

FORMAT = "<any(xlsx, pdf):kind>"  # how the address of a page taken along ends
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


@dataclass(frozen=True, slots=True)
class TakenAlong:
    """A page as a file: `page` names the file, `url` is where the page stands; `project` None: it
    is the company's. `together`: no currency stands beside another.
    """

    project: ProjectBrief | None
    page: str
    title: str
    subject: str
    tables: Sequence[Table]
    url: str
    together: bool = True

    def answer(self, kind: str) -> BaseResponse:
        """The file: a workbook (`xlsx`) with a sheet per table, or the tables on paper (`pdf`)."""
        return self._paper() if kind == "pdf" else self._workbook()

    def _workbook(self) -> BaseResponse:
        code = self.project.code if self.project else ""
        sheets = [
            Sheet(one.name, [_column(head) for head in one.heads], map(_row, one.rows))
            for one in self.tables
        ]
        language = current_viewer().language
        content = sheets_bytes(f"{self.title} {code}".strip(), sheets, language=language)
        name = f"{code}-{self.page}" if code else self.page
        return downloads.download(content, downloads.XLSX, f"{name}.xlsx")

    def _paper(self) -> BaseResponse:
        return figures_page(
            self.project,
            page=self.page,
            title=self.title,
            subject=self.subject,
            sections=[_section(one) for one in self.tables],
            url=self.url,
            together=self.together,
        )


def _column(head: Head) -> Column:
    return Column(head.label, head.kind, head.width or _WIDTHS[head.kind])


def _row(values: Sequence[Value]) -> list[Value]:
    return [local(one) if isinstance(one, datetime) else one for one in values]


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
