"""Entries of a register from a spreadsheet: checked row by row, brought in whole or not at all."""

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.records.models import Record, RecordRevision
from portal.spreadsheets.carrying import packed, unpacked
from portal.spreadsheets.comma_text import read_csv
from portal.spreadsheets.layout import laid_out
from tests.approvals.test_pages import token
from tests.builder.sheets_made import listed
from tests.stage import Stage, billing

__all__ = ["billing"]

CREWS = "Code,Name,Rate\nC7,Steel crew,90.50\nC8,Paint crew,1,200"


def sent(
    browser: FlaskClient, text: str | bytes, form: str = "crew", name: str = "l.csv", **more: str
) -> TestResponse:
    content = text.encode() if isinstance(text, str) else text
    data: dict[str, Any] = {"csrf_token": token(browser), "project": "P1", **more}
    data["file"] = (io.BytesIO(content), name)
    return browser.post(f"/forms/{form}/import", data=data)


def brought(browser: FlaskClient, page: TestResponse, form: str = "crew") -> TestResponse:
    carried = re.search(r'name="carried" value="([^"]+)"', page.text)
    assert carried is not None
    data = {"csrf_token": token(browser), "project": "P1", "carried": carried[1]}
    return browser.post(f"/forms/{form}/import/now", data=data)


def crews(stage: Stage) -> dict[str, str]:
    return {
        one.data["code"]: one.data["rate"] for one in stage.rows(Record, form="crew")
        if one.state == "approved"
    }  # fmt: skip


def test_a_checked_list_is_brought_in(stage: Stage) -> None:
    browser = stage.browser("rita")
    before = crews(stage)
    page = sent(browser, 'Code,Name,Rate\nC7,Steel crew,90.50\nC8,Paint crew,"1,200"')
    assert page.status_code == 200
    assert "Steel crew" in page.text
    assert crews(stage) == before, "checking writes nothing"
    done = brought(browser, page)
    assert done.status_code == 303
    assert crews(stage) == before | {"C7": "90.50", "C8": "1200.00"}
    again = sent(browser, "编码,名称,单价\nC7,Steel crew,95\nC8,Paint crew,1200\n")
    assert "changed" in again.text
    assert brought(browser, again).status_code == 303
    assert crews(stage)["C7"] == "95.00"
    assert stage.problems() == {}


def test_what_is_as_it_is_makes_no_version(stage: Stage) -> None:
    browser = stage.browser("rita")
    text = "Code,Name,Rate\nC7,Steel crew,90.50\nC9,Other,10\n"
    brought(browser, sent(browser, "Code,Name,Rate\nC7,Steel crew,90.50\n"))
    page = sent(browser, text)
    brought(browser, page)
    [seven] = [one for one in stage.rows(Record, form="crew") if one.data["code"] == "C7"]
    assert len(stage.rows(RecordRevision, record_id=seven.id)) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Code,Name,Rate\nC7,A,TBD\n", "Rate"),
        ("Code,Name,Rate\nC7,A,90\nC8,B,-\n", "Rate"),
        ("Code,Name,Rate\nC7,A,90\nC7,B,80\n", "Row 2"),
        ("Code,Name,Rate\nC7,,90\n", "Name"),
        ("Code,Rate\nC7,90\n", "Name"),
    ],
)
def test_a_row_that_is_wrong_is_named_and_nothing_is_written(
    stage: Stage, text: str, why: str
) -> None:
    browser = stage.browser("rita")
    before = crews(stage)
    page = sent(browser, text)
    assert (page.status_code, why in page.text) == (200, True)
    assert 'name="carried"' not in page.text
    assert crews(stage) == before


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "l.csv"), (b"PK\x03\x04 broken", "l.xlsx"), (b"x,y\n1,2\n", "l.csv"), (b"\0" * 9, "a")],
)
def test_a_file_that_fits_nowhere_is_said_to(stage: Stage, content: bytes, name: str) -> None:
    page = sent(stage.browser("rita"), content, name=name)
    assert page.status_code == 422
    assert "The file could not be used" in page.text


def test_a_workbook_is_read_as_people_see_it(stage: Stage) -> None:
    browser = stage.browser("rita")
    content = listed([["Code", "Name", "Rate"], ["C7", "Steel crew", 90.5]])
    page = sent(browser, content, name="crews.xlsx")
    assert brought(browser, page).status_code == 303
    assert crews(stage)["C7"] == "90.50"


def test_only_whoever_may_file_brings_a_list_and_no_chain_is_passed_by(stage: Stage) -> None:
    assert stage.browser("olga").get("/forms/crew/import?project=P1").status_code == 200
    assert sent(stage.browser("olga"), CREWS).status_code == 422, "not in a project of others"
    assert stage.browser("eve").get("/forms/crew/import").status_code == 404
    assert stage.browser("rita").get("/forms/purchase/import").status_code == 404
    assert stage.browser("rita").get("/forms/cost_code/import").status_code == 404


def test_a_carried_sheet_that_was_changed_is_refused(stage: Stage) -> None:
    browser = stage.browser("rita")
    data = {"csrf_token": token(browser), "project": "P1", "carried": "x.y"}
    answer = browser.post("/forms/crew/import/now", data=data)
    assert (answer.status_code, "once more" in answer.text) == (422, True)


def test_a_layout_is_carried_whole() -> None:
    layout = laid_out(read_csv(b"Code,Name\n1,A\n2,\n,B\n"))
    back = unpacked(packed(layout))
    assert (back.titles, back.body, back.header_row) == (
        layout.titles,
        layout.body,
        layout.header_row,
    )


def test_links_are_written_as_code_number_or_name(stage: Stage) -> None:
    browser = stage.browser("rita")
    code = stage.record(stage.entries["cost_code"])
    text = f"Title,Cost code,Amount\nA,{code.data['code']},100\nB,{code.data['name']},50\n"
    assert brought(browser, sent(browser, text, form="allotment"), "allotment").status_code == 303
    linked = {one.data["cost_code"] for one in stage.rows(Record, form="allotment")}
    assert linked == {code.id}
    wrong = sent(browser, "Title,Cost code,Amount\nA,nowhere,100\n", form="allotment")
    assert "nowhere" in wrong.text
    assert 'name="carried"' not in wrong.text


def test_lines_of_one_entry_stand_below_each_other(billing: Stage) -> None:
    browser = billing.browser("rita")
    text = "Name,Item,Price\nA,Nails,2\n,Boards,30\nB,Paint,5\nB,Brush,1\n"
    assert brought(browser, sent(browser, text, form="tariff"), "tariff").status_code == 303
    found = {
        one.data["name"]: [(row["item"], row["price"]) for row in one.data["lines"]]
        for one in billing.rows(Record, form="tariff")
    }
    assert found == {
        "A": [("Nails", "2.00"), ("Boards", "30.00")],
        "B": [("Paint", "5.00"), ("Brush", "1.00")],
    }


def test_a_refused_row_is_named_by_its_number_in_the_sheet(billing: Stage) -> None:
    text = "Name,Item,Price\nA,Nails,2\n,,\n,Boards,x\nTotal,,\nB,Paint,5\nB,,7\n"
    page = sent(billing.browser("rita"), text, form="tariff")
    refused = re.findall(
        r'<td class="num">(\d+)</td><td>(\w+)</td><td class="fit">.*?refused', page.text
    )
    assert list(refused) == [("2", "A"), ("6", "B")]
