"""Spreadsheets written for the tests of what is read from them."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import xlsxwriter


def book(write: Callable[[Any, Any], None], name: str = "Sheet1") -> bytes:
    """The bytes of a workbook whose one sheet `write(workbook, worksheet)` fills."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    write(workbook, workbook.add_worksheet(name))
    workbook.close()
    return out.getvalue()


def listed(rows: Sequence[Sequence[Any]], formats: Sequence[str] = ()) -> bytes:
    """A workbook of these rows; `formats` are number formats by column."""

    def write(workbook: Any, sheet: Any) -> None:
        styles = [workbook.add_format({"num_format": code}) if code else None for code in formats]
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                style = styles[column] if at and column < len(styles) else None
                _put(sheet, at, column, value, style)

    return book(write)


def _put(sheet: Any, at: int, column: int, value: Any, style: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(at, column, value, style)
    elif isinstance(value, date):
        sheet.write_datetime(at, column, value, style)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(at, column, float(value), style)
    else:
        sheet.write_string(at, column, value, style)


@cache
def purchase() -> bytes:
    """A sheet as a buyer keeps it: a merged heading, labels above a table, totals beneath."""

    def write(workbook: Any, sheet: Any) -> None:
        yuan = workbook.add_format({"num_format": '"¥"#,##0.00'})
        share = workbook.add_format({"num_format": "0%"})
        day = workbook.add_format({"num_format": "yyyy/m/d"})
        sheet.merge_range("A1:G1", "材料采购单")
        sheet.write_row("A2", ["供应商：", "华东钢材", "日期：", "2026年3月1日", "", "单位：元"])
        sheet.write_row("A4", ["序号", "材料名称", "数量", "单价", "金额", "税率", "到货日期"])
        for at in range(5):
            row = 4 + at
            sheet.write_row(row, 0, [at + 1, f"钢筋 {at}", 10.5 + at])
            sheet.write_number(row, 3, 1200.5, yuan)
            sheet.write_formula(row, 4, f"=C{row + 1}*D{row + 1}", yuan, (10.5 + at) * 1200.5)
            sheet.write_number(row, 5, 0.13, share)
            sheet.write_datetime(row, 6, date(2026, 3, at + 1), day)
        sheet.write_string(9, 0, "合计")
        sheet.write_formula(9, 4, "=SUM(E5:E9)", yuan, 75031.25)
        sheet.write_string(11, 0, "制表人：张三")

    return book(write, "采购")
