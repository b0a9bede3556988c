"""Spreadsheets: the only module that writes XLSX and CSV. Numbers stay numbers, text stays text."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any, Literal

from portal.dates import sheet_day
from portal.spreadsheets.formula_guard import plain_text

Kind = Literal["text", "number", "money", "date", "datetime"]
Value = str | int | Decimal | date | datetime | None

_DIGITS = 15  # what a spreadsheet's floating point number holds exactly
_TEXT_MOST = 32_767  # characters a cell may hold
_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_EPOCH = date(1900, 3, 1)  # before it, Excel's calendar is wrong or absent
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed stamp: equal content gives equal bytes
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True, "valign": "top", "num_format": "@"},
    "number": {"valign": "top", "num_format": "General"},
    "money": {"valign": "top"},
    "date": {"valign": "top", "align": "left"},
    "datetime": {"valign": "top", "align": "left"},
}
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, what stands in it, its width in characters, the decimals of money."""

    label: str
    kind: Kind = "text"
    width: float = 16
    scale: int = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: its name, its columns, what stands in them."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


def workbook_bytes(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    *,
    language: str = "en",
) -> bytes:
    """An XLSX file with one sheet. Amounts are Decimal or int; moments in the reader's own zone.

    Days stay days and read as pages write them in `language`.

    A number of more than 15 digits, a date before March 1900 and any other value that does not suit
    its column are written as text, so that nothing is rounded.
    """
    return sheets_bytes(title, [Sheet(title, columns, rows)], language=language)


def sheets_bytes(title: str, sheets: Sequence[Sheet], *, language: str = "en") -> bytes:
    """An XLSX file with these sheets, as `workbook_bytes`; names that repeat are numbered."""
    import xlsxwriter  # heavy, and most workers never write a sheet

    target = BytesIO()
    book = xlsxwriter.Workbook(target, _OPTIONS)
    book.set_properties({"title": plain_text(title), "created": _MADE})
    taken: set[str] = set()
    for one in sheets:
        _sheet(book, _free(_sheet_name(one.title), taken), one, language)
    book.close()
    return target.getvalue()


def _sheet(book: Any, name: str, one: Sheet, language: str) -> None:
    sheet, columns = book.add_worksheet(name), one.columns
    formats = [book.add_format(_format(column, language)) for column in columns]
    as_text = book.add_format(_FORMATS["text"])
    _header(book, sheet, columns)
    last = 0
    for last, row in enumerate(one.rows, start=1):
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write(sheet, (last, place), column.kind, value, (formats[place], as_text))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(columns) - 1)


def _free(name: str, taken: set[str]) -> str:
    """The name, or the first numbered one that no sheet before has; case makes no difference."""
    made, at = name, 1
    while made.lower() in taken:
        at += 1
        made = f"{_cut(name, 27)} {at}"
    taken.add(made.lower())
    return made


def csv_bytes(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> bytes:
    """A CSV file in UTF-8 with byte order mark, every cell quoted, protected like the XLSX."""
    target = StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([plain_text(column.label) for column in columns])
    for row in rows:
        writer.writerow([_csv_text(value) for _, value in zip(columns, row, strict=True)])
    return target.getvalue().encode("utf-8-sig")


def _header(book: Any, sheet: Any, columns: Sequence[Column]) -> None:
    shape = {"bold": True, "bg_color": "#E8ECF2", "bottom": 1, "text_wrap": True, "valign": "top"}
    left, right = book.add_format(shape), book.add_format({**shape, "align": "right"})
    for place, column in enumerate(columns):
        look = right if column.kind in ("number", "money") else left
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, _cell_text(column.label), look)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _format(column: Column, language: str) -> dict[str, Any]:
    look = dict(_FORMATS[column.kind])
    if column.kind in ("date", "datetime"):
        time = " hh:mm" if column.kind == "datetime" else ""
        look["num_format"] = sheet_day(language) + time
    if column.kind == "money":
        amount = "#,##0" + ("." + "0" * column.scale if column.scale else "")
        look["num_format"] = f"{amount};[Red]-{amount}"
    return look


def _write(
    sheet: Any, place: tuple[int, int], kind: Kind, value: Value, formats: tuple[Any, Any]
) -> None:
    own, as_text = formats
    if value is None or value == "":
        sheet.write_blank(*place, None, own)
    elif isinstance(value, date) and kind in ("date", "datetime") and _in_calendar(value):
        moment = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        sheet.write_datetime(*place, moment, own)
    elif isinstance(value, int | Decimal) and kind in ("number", "money") and _is_exact(value):
        sheet.write_number(*place, value, own)
    else:
        sheet.write_string(*place, _cell_text(_as_text(value)), as_text)


def _in_calendar(value: date) -> bool:
    day = value.date() if isinstance(value, datetime) else value
    return day >= _EPOCH


def _is_exact(value: int | Decimal) -> bool:
    """Whether floating point keeps every digit."""
    number = Decimal(value)
    return number.is_finite() and len(number.normalize().as_tuple().digits) <= _DIGITS


def _as_text(value: Value) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return str(value)


def _cell_text(text: str) -> str:
    clean = plain_text(text)
    return clean if _units(clean) <= _TEXT_MOST else _cut(clean, _TEXT_MOST - 1) + "…"


def _units(text: str) -> int:
    """The length as spreadsheets count it."""
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, most: int) -> str:
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def _csv_text(value: Value) -> str:
    if value is None:
        return ""
    return plain_text(value) if isinstance(value, str) else _as_text(value)


def _sheet_name(title: str) -> str:
    """What a spreadsheet accepts as a sheet's name: 31 characters without its special signs."""
    name = _cut(" ".join(_SHEET_NAME.sub(" ", plain_text(title)).split()), 31).strip(" '")
    return name if name and name.lower() != "history" else "Sheet1"
