"""Lists of people as spreadsheets write them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.admin import people_csv
from portal.admin.people_csv import Row
from portal.errors import Invalid

LIST = "login,name,部门\nli.wei,李伟,工程部\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_of_excel_and_wps_is_read(encoding: str) -> None:
    text = people_csv.decoded(LIST.encode(encoding))
    cells = {"login": "li.wei", "name": "李伟", "department": "工程部"}
    assert people_csv.rows(text) == [Row(2, cells)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_chinese_headings_are_understood(delimiter: str) -> None:
    text = delimiter.join(["登录名", "姓名", "职务", "备注"]) + "\n"
    text += delimiter.join(["a", " 王芳 ", "经理", "x"]) + "\n\n"
    assert people_csv.rows(text) == [Row(2, {"login": "a", "name": "王芳", "title": "经理"})]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_row_is_counted_where_it_stands_in_the_file(newline: str) -> None:
    lines = ["", "login,name", "", "a,A", ",,", "   ", 'b,"B', 'on two lines"', "c,C", ""]
    found = people_csv.rows(newline.join(lines))
    assert [(one.line, one.cells["login"]) for one in found] == [(4, "a"), (7, "b"), (9, "c")]
    assert found[1].cells["name"] == "B on two lines"


def test_cells_come_without_what_no_eye_sees() -> None:
    [row] = people_csv.rows("\ufefflogin,name,title\na\u200b.b,  Ann\u202e\x07 Lee ,\x1bChief\n")
    assert row.cells == {"login": "a.b", "name": "Ann Lee", "title": "Chief"}


@pytest.mark.parametrize(
    "text", ["", "\n\n", "name,email\nx,y", "login,login,name\na,b,c", "\0\0", "{}", 'login,"na']
)
def test_an_unusable_heading_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        people_csv.rows(text)


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(Invalid, match="At most"):
        people_csv.rows("login,name\n" + "a,b\n" * 5_001)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", '"=1', " =1", "＝1", "\r=1"])
def test_no_cell_of_a_report_is_a_formula(cell: str) -> None:
    text = people_csv.written(["login", "name"], [{"login": "x", "name": cell}])
    [_, [_, name]] = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert name.startswith("'")


def test_a_list_that_was_written_is_read_as_it_was_meant() -> None:
    text = people_csv.written(["login", "name"], [{"login": "x", "name": "-Li 李"}])
    assert [one.cells["name"] for one in people_csv.rows(text)] == ["-Li 李"]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=3))
def test_whatever_is_written_reads_back_as_text(cells: list[str]) -> None:
    heading = [f"c{i}" for i in range(len(cells))]
    text = people_csv.written(heading, [dict(zip(heading, cells, strict=True))])
    table = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert all(
        cell.lstrip(" \"'\u3000")[:1] not in {*"=+@＝＋＠"} or cell[0] == "'"
        for cell in table[1]
        if cell
    )
