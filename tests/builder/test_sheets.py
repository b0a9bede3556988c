"""What is read from a spreadsheet: kinds of columns, layouts, and what is refused."""

import io
import json
import re
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.builder.sheets.columns import guess
from portal.builder.sheets.fields import Wanted
from portal.builder.sheets.making import Plan, module_files
from portal.builder.sheets.proposal import Proposal, proposal, proposed_keys, unpacked
from portal.builder.starters import Blank
from portal.definitions.checking import Known, check_module
from portal.errors import Invalid
from portal.forms.texts import Text
from portal.spreadsheets.cells import Cell
from portal.spreadsheets.comma_text import read_csv
from portal.spreadsheets.formats import number_format
from portal.spreadsheets.workbook import read_workbook
from tests.builder.sheets_made import book, listed, purchase

DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
WORDS = st.text("abcdefghijk 材料名称", min_size=1, max_size=30).filter(lambda one: one.strip())


def of(content: bytes, row: int | None = None) -> Proposal:
    return proposal(read_workbook(content), row)


def kinds(found: Proposal) -> dict[str, str]:
    return {one.title: one.guess.kind for one in found.columns}


def made(found: Proposal, *, has_step: bool = True, scope: str = "project") -> dict[str, str]:
    """The files of a module made of a proposal as it is."""
    keys = proposed_keys(found.columns)
    fields = tuple(
        Wanted(
            one, one.guess.kind, keys[one.name], Text(one.title or "x", ""),
            one.guess.is_required, one.has_total,
        )
        for one in found.columns
    )  # fmt: skip
    blank = Blank("bought", Text("Bought", "采购"), "money", "BO")
    return module_files(found, Plan(blank, fields, has_step, scope))


def values(kind: str) -> st.SearchStrategy[list[Any]]:
    """Columns of one kind with 8 rows."""
    one: st.SearchStrategy[Any] = {
        "date": DAYS,
        "day_text": DAYS.map(lambda day: f"{day.year}/{day.month}/{day.day}"),
        "day_zh": DAYS.map(lambda day: f"{day.year}年{day.month}月{day.day}日"),
        "number": st.integers(-(10**9), 10**9),
        "money": st.decimals(0, 10**8, places=2),
        "money_text": st.decimals(0, 10**8, places=2).map(lambda one: f"¥ {one:,.2f}"),
        "percent": st.decimals(0, 1, places=4),
        "yes_no": st.booleans(),
        "yes_no_zh": st.sampled_from(["是", "否"]),
        "choice": st.sampled_from(["钢材 A", "水泥 B"]),
    }[kind]
    found = st.lists(one, min_size=8, max_size=8)
    if kind == "choice":
        found = found.filter(lambda some: len(set(some)) == 2)
    if kind == "number":
        found = found.filter(lambda some: some != list(range(1, 9)))
    return found


MEANT = {
    "day_text": "date", "day_zh": "date", "money_text": "money", "yes_no_zh": "yes_no",
}  # fmt: skip
FORMATS = {"date": "yyyy-mm-dd", "money": '"¥"#,##0.00', "percent": "0.00%"}
ALL = ["date", "day_text", "day_zh", "number", "money", "money_text", "percent", "yes_no",
       "yes_no_zh", "choice"]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(data=st.data(), chosen=st.lists(st.sampled_from(ALL), min_size=2, max_size=6))
def test_the_kind_of_every_column_is_found(data: Any, chosen: list[str]) -> None:
    columns = [data.draw(values(kind)) for kind in chosen]
    titles = [f"列 {letter}" for letter, _ in zip("ABCDEF", chosen, strict=False)]
    rows = [titles, *(list(row) for row in zip(*columns, strict=True))]
    found = of(listed(rows, [FORMATS.get(kind, "") for kind in chosen]))
    assert found.rows == 8
    assert not found.has_table
    assert [one.guess.kind for one in found.columns] == [MEANT.get(one, one) for one in chosen]
    assert all(
        one.guess.confidence == "sure" or one.guess.kind == "choice" for one in found.columns
    )
    assert all(one.guess.is_required for one in found.columns)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.none(), DAYS, st.integers(-99, 10**7), WORDS, st.booleans()),
                 min_size=3, max_size=3),
        min_size=1, max_size=9,
    ),
    st.booleans(),
    st.sampled_from(["project", "company"]),
)  # fmt: skip
def test_whatever_a_sheet_holds_the_module_passes_every_check(
    rows: list[list[Any]], has_step: bool, scope: str
) -> None:
    found = of(listed([["Name", "材料", "Value"], *rows], ["", "", "yyyy-mm-dd"]), 1)
    report = check_module(made(found, has_step=has_step, scope=scope), known=Known())
    assert not report.errors, [str(one.message) for one in report.errors]


def test_labels_above_a_table_become_fields_and_its_totals_a_sum() -> None:
    found = of(purchase())
    assert (found.title, found.header_row, found.rows) == ("材料采购单", 4, 5)
    assert found.has_table
    assert kinds(found) == {
        "供应商": "text", "日期": "date", "序号": "number", "材料名称": "text", "数量": "number",
        "单价": "money", "金额": "money", "税率": "percent", "到货日期": "date",
    }  # fmt: skip
    by_title = {one.title: one for one in found.columns}
    assert by_title["序号"].guess.is_numbering
    assert [one.title for one in found.columns if one.has_total] == ["金额"]
    assert [one.title for one in found.columns if not one.in_table] == ["供应商", "日期"]
    cells = [by_title[title].cells[0] for title in ("数量", "金额", "税率", "到货日期")]
    assert [one.text for one in cells if one] == ["10.5", "12605.25", "13", "2026-03-01"]
    files = made(found)
    form = json.loads(files["bought.form.json"])
    assert form["computed"] == {"total_amount": "sum(lines, row, row.field_7)"}
    assert form["data"]["properties"]["lines"]["x-field"]["totals"] == {"field_7": "sum"}
    case = json.loads(files["bought.cases.json"])["cases"][0]
    assert case["given"]["lines"][0]["field_7"] == "12605.25"
    assert case["expect"] == {"total_amount": "41417.25"}
    assert not check_module(files, known=Known()).errors


def test_a_proposal_comes_back_from_a_page_as_it_was() -> None:
    found = of(purchase())
    assert unpacked(json.loads(json.dumps(found.packed()))) == found


@pytest.mark.parametrize(
    ("texts", "kind", "sure"),
    [
        (["1,200.00", "1.2万", "¥ 30"], "money", "sure"),
        (["1,200", "3 400", "12.5"], "number", "sure"),
        (["5%", "12.5 %", "0%"], "percent", "sure"),
        (["2026/3/1", "2026年3月1日", "2026-03-01 08:00"], "date", "sure"),
        (["2026-03-01"] * 8 + ["tbd", "?"], "date", "unsure"),
        (["2026-03-01"] * 5 + ["tbd", "?", "x y"], "text", "sure"),
        (["0012", "0340", "0007"], "text", "sure"),
        (["13912345678", "13812345678", "13712345678"], "text", "sure"),
        (["a" * 90, "b"], "longtext", "likely"),
        (["steel", "steel", "wood"] * 4, "choice", "sure"),
        (["20260301", "20260302", "20260304"], "number", "sure"),
    ],
)
def test_texts_are_understood_as_people_write_them(texts: list[str], kind: str, sure: str) -> None:
    found = guess("Column", [Cell("text", text) for text in texts])
    assert (found.kind, found.confidence) == (kind, sure)


def test_evidence_counts_the_rows_and_a_gap_makes_a_field_optional() -> None:
    cells = [Cell("text", "2026-03-01")] * 48 + [Cell("text", "soon"), None]
    found = guess("Day", cells)
    assert str(found.evidence) == "a date in 48 of 49 rows"
    assert (found.confidence, found.is_required) == ("likely", False)


def test_a_title_that_names_money_makes_numbers_money() -> None:
    cells = [Cell("number", "12"), Cell("number", "13.5"), Cell("number", "9")]
    assert guess("合同金额", cells).kind == guess("Unit price", cells).kind == "money"
    assert guess("合同编号", [Cell("number", "12"), Cell("number", "77")]).kind == "text"


def test_two_rows_of_titles_are_joined() -> None:
    def write(_workbook: Any, sheet: Any) -> None:
        sheet.merge_range("A1:A2", "Item")
        sheet.merge_range("B1:C1", "Quantity")
        sheet.merge_range("D1:D2", "Note")
        sheet.write_row("B2", ["planned", "done"])
        for at in range(2, 6):
            sheet.write_row(at, 0, [f"part {at}", at, at * 1.5, "x"])

    found = of(book(write), 1)
    assert [one.title for one in found.columns] == [
        "Item", "Quantity planned", "Quantity done", "Note",
    ]  # fmt: skip
    assert found.rows == 4


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("yyyy-mm-dd", (True, False, False, None)),
        ('yyyy"年"m"月"d"日"', (True, False, False, None)),
        ("[$-409]d-mmm-yy", (True, False, False, None)),
        ("0.00%", (False, True, False, 2)),
        ("[$¥-804]#,##0.00", (False, False, True, 2)),
        ('_ "¥"* #,##0_ ', (False, False, True, 0)),
        ('#,##0.00"元"', (False, False, True, 2)),
        ("[Red]#,##0.0", (False, False, False, 1)),
        ("General", (False, False, False, None)),
        ("0.00E+00", (False, False, False, None)),
    ],
)
def test_number_formats_say_what_a_number_is(code: str, meant: tuple[Any, ...]) -> None:
    found = number_format(code)
    assert (found.is_date, found.is_percent, found.is_money, found.decimals) == meant


def test_a_csv_file_is_read_like_a_sheet() -> None:
    text = "日期;金额\r\n2026/3/1;1,200.00\r\n2026/3/2;30\r\n2026/3/5;7.5\r\n合计;1,237.50\r\n"
    for content in (text.encode("gb18030"), text.encode("utf-8-sig"), text.encode("utf-16")):
        found = proposal(read_csv(content))
        assert kinds(found) == {"日期": "date", "金额": "money"}
        assert found.rows == 3


def refusal(content: bytes, row: int | None = None) -> str:
    with pytest.raises(Invalid) as refused:
        of(content, row)
    return str(refused.value)


def rezipped(content: bytes, **changes: bytes) -> bytes:
    """A workbook with some of its parts replaced, by the ends of their names."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            known = next((key for key in changes if f"{key}.xml" in name), None)
            new.writestr(name, changes[known] if known else old.read(name))
    return out.getvalue()


def test_what_is_no_sheet_is_refused_with_the_reason() -> None:
    good = listed([["a", "b"], [1, 2]])
    assert "no Excel file" in refusal(b"%PDF-1.7 and so on")
    assert "old Excel format" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert "password" in refusal(locked)
    assert "larger than" in refusal(b"PK\x03\x04" + b"\0" * 3_000_001)
    assert "damaged" in refusal(good[: len(good) // 2])
    assert "damaged" in refusal(rezipped(good, sheet1=b"<worksheet><sheetData>&x;"))
    bomb = b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]><worksheet>&a;</worksheet>"
    assert "damaged" in refusal(rezipped(good, sheet1=bomb))
    assert "unpacks to far more" in refusal(rezipped(good, sheet1=b" " * 30_000_000))
    assert "empty" in refusal(listed([]))
    assert "more than 60 columns" in refusal(listed([[f"c{at}" for at in range(61)]]))
    assert "No row of titles" in refusal(listed([[1, 2, 3], [4, 5, 6]]))
    assert "Row 9 is empty" in refusal(good, 9)
    with pytest.raises(Invalid, match="There is no sheet “Other”. The file has: Sheet1."):
        read_workbook(good, "Other")


def test_a_cell_far_away_costs_nothing() -> None:
    far = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    assert "rows" in refusal(rezipped(listed([["a"]]), sheet1=far))


def test_a_zipped_document_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "no Excel file" in refusal(out.getvalue())


def test_numbers_are_what_excel_shows() -> None:
    found = of(listed([["a", "b"], [0.1 + 0.2, 1 / 3], [2.5, 2.0]], ["", "0.00"]))
    texts = [[cell.text for cell in one.cells if cell] for one in found.columns]
    assert texts == [["0.3", "2.5"], ["0.33", "2.00"]]
    assert Decimal(texts[0][0]) + Decimal("0.2") == Decimal("0.5")


def test_days_of_a_workbook_from_a_mac_begin_in_1904() -> None:
    good = listed([["day", "x"], [date(2026, 3, 1), "a"]], ["yyyy-mm-dd"])
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        workbook = archive.read("xl/workbook.xml")
    mac = rezipped(
        good, **{"xl/workbook": workbook.replace(b"<workbookPr", b'<workbookPr date1904="1"')}
    )
    cell = of(mac).columns[0].cells[0]
    assert cell is not None
    assert cell.text == (date(2026, 3, 1) + timedelta(days=1462)).isoformat()


def test_a_column_of_one_text_and_a_title_of_one_letter_read_as_people_write_them() -> None:
    found = of(listed([["方量(m³)", "备注"], [12, "夜间"], [13, ""], [15, ""]]))
    assert str(found.columns[1].guess.evidence) == "one text only"
    assert proposed_keys(found.columns)[found.columns[0].name] == "field_1"


def test_the_amount_of_a_record_is_never_the_price_of_one_unit() -> None:
    rows = [["浇筑部位", "单价", "金额"], ["3轴承台", 480, 14640], ["4轴承台", 500, 14000]]
    form = json.loads(made(of(listed(rows)))["bought.form.json"])
    label = form["data"]["properties"][form["amount"]]["x-field"]["label"]
    assert label == "金额"


@given(st.data())
def test_a_workbook_changed_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(purchase())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read_or_refused(bytes(content[: data.draw(st.integers(1, len(content)))]))


ODD = (b"", b"x", b"-1", b"9" * 5000, b"1e999999", b"nan", b"99999999999", b"&#0;", "²".encode())


@given(st.data())
def test_a_workbook_of_odd_values_is_read_or_refused(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(purchase())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    changed = data.draw(st.sampled_from([name for name in parts if not name.endswith("/")]))
    spots = list(re.finditer(rb'(?<=")[^"<>]*(?=")|(?<=>)[^<>]+(?=<)', parts[changed]))
    spot = data.draw(st.sampled_from(spots))
    text = parts[changed]
    parts[changed] = text[: spot.start()] + data.draw(st.sampled_from(ODD)) + text[spot.end() :]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    read_or_refused(made.getvalue())


def read_or_refused(content: bytes) -> None:
    """Anything but a sheet or a reason is a fault."""
    try:
        read_workbook(content)
    except Invalid:
        return


@pytest.mark.parametrize("written", [b"9" * 5000, "²".encode(), b"-1"])
def test_a_place_no_list_has_is_an_empty_cell(written: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(listed([["Name"], ["Sand"]]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(rb"<v>1</v>", b"<v>" + written + b"</v>", parts[sheet])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert [cell.text for cell in read_workbook(made.getvalue()).cells.values()] == ["Name"]
