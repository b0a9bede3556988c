"""Plans out and in: MSPDI of strangers, dirty CSV, iCalendar; checked first, all or none."""

import contextlib
import re
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from portal.errors import Invalid
from portal.progress.exchange.mspdi_in import read_mspdi
from portal.progress.exchange.sheet import read_sheet
from portal.progress.exchange.xml_tree import read_xml
from portal.progress.links import Said
from portal.schedule.network import LinkType
from tests.progress.planning import Planning
from tests.progress.test_plan import cpm_1

PAGE = "/projects/P1/progress/exchange"
OUT = "/projects/P1/progress/schedule"


def text(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page)))


def bring_in(
    browser: FlaskClient, content: bytes, do: str = "import", name: str = "x"
) -> TestResponse:
    page = browser.get(PAGE).text
    found = dict(re.findall(r'name="(csrf_token|request_key)"[^>]*value="([^"]+)"', page))
    file = (BytesIO(content), name)
    return browser.post(PAGE, data={**found, "do": do, "file": file})


def dates(planning: Planning) -> dict[str, tuple[date, date, bool]]:
    with planning.planned() as plan:
        return {r.task.code: (r.starts_on, r.ends_on, r.is_critical) for r in plan.rows}


def emptied(planning: Planning) -> None:
    """The project without its tasks, as if they had never been filed."""
    with planning.system(writing=True):
        from portal.db import db
        from portal.records.models import Record

        for record in db.session.scalars(db.select(Record).filter_by(form="task")):
            record.state = "void"
            record.data = {**record.data, "code": f"gone {record.data['code']}"}
        db.session.execute(db.text("DELETE FROM unique_value"))


@pytest.mark.parametrize("kind", ["xml", "csv"])
def test_a_plan_goes_out_and_comes_in_as_it_was(planning: Planning, kind: str) -> None:
    planning.add("1", type="summary", name="Works & more")
    planning.add("1.1", "4", parent="1", budget="1200.50")
    planning.add(
        "1.2", "2.5", "1.1 SS+1", parent="1", constraint="start_from", constraint_on="2026-03-05"
    )
    planning.add("1.3", "3", "1.1 FF-1", "1.2", deadline="2026-03-20")
    planning.add("M", "", "1.3", type="milestone")
    before = dates(planning)
    browser = planning.browser("sam")
    content = browser.get(f"{OUT}.{kind}").data
    emptied(planning)
    assert dates(planning) == {}
    answer = bring_in(browser, content)
    assert answer.status_code == 303, text(answer.text)
    assert dates(planning) == before


def test_a_check_keeps_nothing_and_says_what_would_move(planning: Planning) -> None:
    planning.add("A", "5")
    planning.add("B", "5", "A")
    browser = planning.browser("sam")
    content = b"code,name,duration,predecessors\nA,Longer,8 d,\nC,New,1 d,B\n"
    page = bring_in(browser, content, "check")
    assert page.status_code == 200
    said = text(page.text)
    assert "nothing is kept yet" in said
    assert "C New" in said
    with planning.planned() as plan:
        assert sorted(row.task.code for row in plan.rows) == ["A", "B"]
    kept = re.search(r'<textarea name="kept"[^>]*>(.*?)</textarea>', page.text, re.S)
    assert kept
    found = dict(re.findall(r'name="(csrf_token|request_key)"[^>]*value="([^"]+)"', page.text))
    done = browser.post(PAGE, data={**found, "kept": unescape(kept[1]), "do": "import"})
    assert done.status_code == 303
    with planning.planned() as plan:
        assert sorted(row.task.code for row in plan.rows) == ["A", "B", "C"]
        assert plan.finish == date(2026, 3, 19)


DIRTY = """编号;任务名称;工期;前置任务;限制日期;预算
1;Good;5;;;1,200.00
2;Bad number;TBD;1;;n/a
3;Bad date;3 d;1 FS+2d;待定;
;No code;3;;;
1;Twice;3;;;
4;Bad link;2;Q;;
"""


def test_a_dirty_file_is_refused_row_by_row_and_nothing_is_written(planning: Planning) -> None:
    browser = planning.browser("sam")
    page = bring_in(browser, DIRTY.encode("gb18030"))
    assert page.status_code == 422
    said = text(page.text)
    assert "Row 3: “TBD” is no duration" in said
    assert "Row 3: “n/a” in the column budget is no amount." in said
    assert "Row 4: “待定” in the column constraint_on is no date." in said
    assert "Row 5: There is no code." in said
    assert "Row 6: The code “1” stands in line 2 already." in said
    assert "Row 7: There is no task “Q” in this plan." in said
    assert dates(planning) == {}


def test_what_the_form_refuses_is_said_by_row_too(planning: Planning) -> None:
    content = b"code,name,type,duration\nA,No work,task,0\nB,Fine,task,1\nC,,task,2\n"
    page = bring_in(planning.browser("sam"), content)
    assert page.status_code == 422
    said = text(page.text)
    assert "Row 2: A task takes longer than nothing" in said
    assert "Row 4: " in said
    assert dates(planning) == {}


HEAD = '<?xml version="1.0"?><Project xmlns="http://schemas.microsoft.com/project">'


def mspdi(tasks: str, head: str = "") -> bytes:
    return f"{HEAD}{head}<Tasks>{tasks}</Tasks></Project>".encode()


def task(uid: int, name: str, *more: str, hours: int = 8) -> str:
    return (
        f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>{name}</Name>"
        f"<Duration>PT{hours}H0M0S</Duration>{''.join(more)}</Task>"
    )


def link(uid: int, kind: str, lag: int, form: int = 7) -> str:
    return (
        f"<PredecessorLink><PredecessorUID>{uid}</PredecessorUID><Type>{kind}</Type>"
        f"<LinkLag>{lag}</LinkLag><LagFormat>{form}</LagFormat></PredecessorLink>"
    )


def test_link_types_lags_and_slack_of_the_format_are_read_as_it_means_them() -> None:
    found = read_mspdi(
        mspdi(
            task(0, "The project")
            + task(1, "A")
            + task(2, "B", link(1, "3", 4800), "<TotalSlack>9600</TotalSlack>")
            + task(3, "C", link(1, "0", -2400), link(2, "1", 0, 19), link(9, "1", 0))
        ),
        {},
        {},
    )
    assert found.errors == []
    assert [one.code for one in found.wanted] == ["1", "2", "3"]
    assert found.wanted[1].links == [Said("1", LinkType.SS, 1, "d")]
    assert found.wanted[1].changes["imported_slack"] == "2.00"
    assert found.wanted[2].links == [
        Said("1", LinkType.FF, round(-0.5, 2), "d"), Said("2", LinkType.FS, 0, "d"),
    ]  # fmt: skip
    notes = {one.message.id for one in found.notes}
    assert len(notes) == 2


def test_files_with_elements_missing_or_odd_come_in_as_far_as_they_say(planning: Planning) -> None:
    odd = mspdi(
        "<Task><UID>7</UID><Duration>PT0H0M0S</Duration></Task>"
        "<Task><Name>No uid</Name><Duration>P2DT4H</Duration><OutlineLevel>x</OutlineLevel></Task>"
        "<Task><UID>8</UID><Name>Top</Name><OutlineLevel>1</OutlineLevel></Task>"
        "<Task><UID>9</UID><Name>Below</Name><OutlineLevel>4</OutlineLevel><Duration>PT16H0M0S</Duration>"
        "<ConstraintType>4</ConstraintType><ConstraintDate>NA</ConstraintDate><Deadline>NA</Deadline>"
        "<CalendarUID>3</CalendarUID></Task>",
        "<Calendars><Calendar><UID>3</UID><Name>Night shift</Name></Calendar></Calendars>",
    )
    answer = bring_in(planning.browser("sam"), odd)
    assert answer.status_code == 303, text(answer.text)
    with planning.planned() as plan:
        kinds = {row.task.name: (row.task.type, row.depth) for row in plan.rows}
    assert kinds["Top"] == ("summary", 0)
    assert kinds["Below"] == ("task", 1)
    assert kinds["T1"] == ("milestone", 0)


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]><Project><Tasks/></Project>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><Project><Tasks/></Project>',
        b"<Project><Tasks>",
        b"<Project/>",
        b"<html></html>",
        b"<a>" * 60,
        b"\xff\xfe<\x00P",
    ],
)
def test_hostile_or_broken_xml_is_refused_with_a_reason(planning: Planning, content: bytes) -> None:
    page = bring_in(planning.browser("sam"), content)
    assert page.status_code == 422
    assert "Nothing was brought in" in page.text


@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_the_reader(content: bytes) -> None:
    for start in (b"", b"<", mspdi(task(1, "A"))[:-40]):
        with contextlib.suppress(Invalid):
            read_mspdi(start + content, {}, {})
        with contextlib.suppress(Invalid):
            read_sheet((start + content).decode("latin-1"), {})


def test_names_of_namespaces_do_not_matter() -> None:
    assert read_xml(b'<p:Project xmlns:p="x"><p:Tasks/></p:Project>').find("Tasks") is not None


def test_milestones_and_tasks_go_into_calendars(planning: Planning) -> None:
    planning.add("A", "5", name="Piles, berth 1; north 桩基" + "长" * 40)
    planning.add("M", "", "A", type="milestone")
    browser = planning.browser("rita")
    few, every = (browser.get(f"{OUT}.ics{more}").data for more in ("", "?all=1"))
    assert few.count(b"BEGIN:VEVENT") == 1
    assert b"DTSTART;VALUE=DATE:20260306\r\nDTEND;VALUE=DATE:20260307" in few
    assert every.count(b"BEGIN:VEVENT") == 2
    assert b"DTSTART;VALUE=DATE:20260302\r\nDTEND;VALUE=DATE:20260307" in every
    assert all(len(line) <= 75 for line in every.split(b"\r\n"))
    unfolded = every.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:A Piles\\, berth 1\\; north 桩基长" in unfolded


def test_who_may_not_plan_brings_nothing_in_and_strangers_take_nothing_out(
    planning: Planning,
) -> None:
    cpm_1(planning)
    rita = planning.browser("rita")
    assert "Bring a plan in" not in rita.get(PAGE).text
    found = dict(re.findall(r'name="(csrf_token)"[^>]*value="([^"]+)"', rita.get("/").text))
    assert (
        rita.post(PAGE, data={**found, "do": "import", "kept": "code,name\nZ,Z"}).status_code == 403
    )
    for login in ("olga", "eve"):
        for address in (PAGE, f"{OUT}.xml", f"{OUT}.csv", f"{OUT}.ics"):
            assert planning.browser(login).get(address).status_code == 404
