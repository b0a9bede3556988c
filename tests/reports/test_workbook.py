"""Spreadsheets: numbers stay numbers, and no text becomes a formula."""

import csv
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from portal.reports.workbook import Column, Value, csv_bytes, workbook_bytes
from portal.spreadsheets.formula_guard import is_formula_like

DANGEROUS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    '"=1',
    "'=1",
    "“=1",
    "\u3000＝1",
    "＝HYPERLINK(1)",
    "＋1",
    "－1",
    "＠x",
    "\u200b=1",
    "\ufeff=1",
    "\x00=1",
    "﹦1",
]
HARMLESS = ["", "a=1", "土方", "1,000.00", "(1)", "<b>&", "http://example.com", "a\n=1", "_x0041_"]


def read(data: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()


def one_cell(column: Column, value: Value) -> Any:
    return read(workbook_bytes("t", [column, Column("end")], [[value, "end"]]))[1][0]


def parts(data: bytes) -> str:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    data = workbook_bytes(text, [Column(text), Column("Amount", "money")], [[text, text]])
    assert not re.search(r"<f[ >]|hyperlink", parts(data))
    rows = read(data)
    assert [cell[0] for row in rows for cell in row] == ["'", "A", "'", "'"]
    assert rows[1][0].endswith(text[-1])


@pytest.mark.parametrize("text", DANGEROUS)
def test_csv_puts_an_apostrophe_before_what_looks_like_a_formula(text: str) -> None:
    data = csv_bytes([Column(text)], [[text]]).decode("utf-8-sig")
    assert [row[0][0] for row in csv.reader(StringIO(data, newline=""))] == ["'", "'"]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_is_kept_as_it_is(text: str) -> None:
    assert not is_formula_like(text)
    assert one_cell(Column("a"), text) == text
    data = csv_bytes([Column("a"), Column("b")], [[text, "b"]])
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["a", "b"], [text, "b"]]


def test_negative_amounts_are_numbers() -> None:
    data = workbook_bytes("t", [Column("Amount", "money")], [[Decimal("-1234.50")], [-7]])
    assert read(data) == [["Amount"], [-1234.5], [-7.0]]
    assert csv_bytes([Column("Amount", "money")], [[Decimal("-1234.50")]]).endswith(
        b'"-1234.50"\r\n'
    )


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**11) + 1))
def test_every_digit_of_an_amount_survives(amount: Decimal) -> None:
    cell = one_cell(Column("Amount", "money"), amount)
    if isinstance(cell, float):
        assert Decimal(format(cell, ".15g")) == amount
    else:
        assert Decimal(cell.removeprefix("'")) == amount
        assert len(amount.normalize().as_tuple().digits) > 15


def test_amounts_of_more_than_fifteen_digits_are_text() -> None:
    assert one_cell(Column("a", "money"), Decimal("123456789012345.67")) == "123456789012345.67"
    assert one_cell(Column("a", "number"), 1234567890123456) == "1234567890123456"
    assert one_cell(Column("a", "money"), Decimal("12345678901234.5")) == 12345678901234.5


def test_dates_and_moments_are_dates() -> None:
    assert one_cell(Column("d", "date"), date(2026, 3, 18)) == date(2026, 3, 18)
    moment = datetime(2026, 3, 18, 9, 42, tzinfo=UTC)
    assert one_cell(Column("d", "datetime"), moment) == datetime(2026, 3, 18, 9, 42)  # noqa: DTZ001
    assert one_cell(Column("d", "date"), date(1899, 5, 1)) == "1899-05-01"
    assert one_cell(Column("d", "date"), None) == ""


def test_the_header_is_frozen_and_can_filter() -> None:
    data = workbook_bytes("Payments", [Column("a"), Column("b")], [["x", "y"], ["z", "w"]])
    xml = parts(data)
    assert 'state="frozen"' in xml
    assert '<autoFilter ref="A1:B3"/>' in xml
    assert CalamineWorkbook.from_filelike(BytesIO(data)).sheet_names == ["Payments"]


def test_an_empty_list_is_still_a_workbook() -> None:
    assert read(workbook_bytes("Payments", [Column("a"), Column("b")], [])) == [["a", "b"]]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Payments [2026]: all/any?", "Payments 2026 all any"),
        ("=danger'", "=danger"),
        ("", "Sheet1"),
        ("History", "Sheet1"),
        ("支付" * 40, "支付" * 15 + "支"),
        ("𬭎" * 40, "𬭎" * 15),
    ],
)
def test_the_sheet_is_named_after_the_title_as_far_as_allowed(title: str, name: str) -> None:
    data = workbook_bytes(title, [Column("a")], [["x"]])
    assert CalamineWorkbook.from_filelike(BytesIO(data)).sheet_names == [name]


def test_a_text_longer_than_a_cell_ends_with_an_ellipsis() -> None:
    cell = one_cell(Column("a"), "x" * 40_000)
    assert len(cell) == 32_767
    assert cell.endswith("x…")


def test_the_same_rows_give_the_same_bytes() -> None:
    made = [workbook_bytes("t", [Column("a", "money")], [[Decimal("1.50")]]) for _ in range(2)]
    assert made[0] == made[1]


@given(st.text())
def test_any_text_can_be_written(text: str) -> None:
    data = workbook_bytes(text, [Column(text), Column("b")], [[text, "b"]])
    assert "<f>" not in parts(data)
    assert len(read(data)) == 2
    assert csv_bytes([Column(text)], [[text]])
