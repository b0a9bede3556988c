"""Tables of figures on paper."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from portal.reports.figures import figures_pdf
from portal.reports.sheet import Column, Section, SheetTable
from tests.reports.conftest import PLAIN


def section(name: str, rows: int) -> Section:
    columns = (Column("Figure"), Column("CNY", "right"))
    cells = tuple((f"{name} {at}.", f"{at}.00") for at in range(rows))
    return Section(name, (SheetTable("", columns, cells),))


@pytest.mark.parametrize("before", range(12, 26, 2))
def test_a_short_table_is_never_torn_apart(before: int) -> None:
    sheet = replace(PLAIN, sections=(section("Months", before), section("Key", 6)))
    read = PdfReader(BytesIO(figures_pdf(sheet))).pages
    pages = [page.extract_text() for page in read]
    (whole,) = [page for page in pages if "Key 0." in page]
    assert all(f"Key {at}." in whole for at in range(6))
