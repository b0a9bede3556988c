"""A list as a spreadsheet: its columns and cells; the file is made by a higher room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from portal.records import list_catalog, lists
from portal.records.list_catalog import ListField
from portal.records.list_page import ListPage
from portal.records.standing import standing_word
from portal.web.words import gettext as _

Kind = Literal["text", "number", "money", "date", "datetime"]


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of the spreadsheet."""

    label: str
    kind: Kind = "text"
    width: float = 16
    scale: int = 2


class Exporter(Protocol):
    """Writes a spreadsheet: title, columns, rows, and the language its days read in."""

    def __call__(
        self,
        title: str,
        columns: Sequence[Any],
        rows: Iterable[Sequence[Any]],
        /,
        *,
        language: str,
    ) -> bytes: ...


_exporter: list[Exporter] = []


def register_exporter(exporter: Exporter) -> None:
    """Say how a spreadsheet is written. Called once, from wiring."""
    _exporter[:] = [exporter]


def workbook(page: ListPage, rows: list[lists.Row]) -> bytes:
    """The rows of a list as a spreadsheet, numbers as numbers."""
    page.read_names(rows)
    return _exporter[0](
        page.form.title.in_language(page.viewer.language),
        _columns(page),
        (_cells(page, row) for row in rows),
        language=page.viewer.language,
    )


def _columns(page: ListPage) -> list[SheetColumn]:
    made = [SheetColumn(_("Number"), width=20), SheetColumn(_("Title"), width=36)]
    if page.has_projects:
        made.append(SheetColumn(_("Project"), width=10))
    made += [_column(one) for one in page.catalog.columns]
    made.append(SheetColumn(_("State"), width=12))
    if page.has_amount:
        made += [SheetColumn(_("Amount"), "money"), SheetColumn(_("Currency"), width=9)]
    return [*made, SheetColumn(_("Requester")), SheetColumn(_("Filed"), "datetime", 18)]


def _column(one: ListField) -> SheetColumn:
    if one.index == "date":
        return SheetColumn(one.label, "date", 12)
    if one.is_number:
        return SheetColumn(one.label, "money", 16, int(one.field.options.get("scale", 0)))
    return SheetColumn(one.label, width=20)


def _cells(page: ListPage, row: lists.Row) -> list[Any]:
    cells: list[Any] = [row.number, row.subject]
    if page.has_projects:
        cells.append(page.project_code(row))
    cells += [_cell(page, row, one) for one in page.catalog.columns]
    cells.append(standing_word(row.state, page.form.key))
    if page.has_amount:
        cells += [row.amount, row.currency]
    return [*cells, page.people.get(row.requester_id, ""), _local(row.submitted_at, page)]


def _cell(page: ListPage, row: lists.Row, one: ListField) -> Any:
    value = row.values.get(one.path)
    if one.is_number or one.index == "date":
        return value
    return list_catalog.text_of(one, value, page.reader)


def _local(at: datetime | None, page: ListPage) -> datetime | None:
    return None if at is None else at.astimezone(ZoneInfo(page.viewer.zone))
