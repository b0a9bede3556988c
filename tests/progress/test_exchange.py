"""Plans out and in: MSPDI of strangers, dirty CSV, iCalendar; checked first, all or none."""

import contextlib
import re
from collections.abc import Callable
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
from portal.progress.exchange.xml_tree import OWN_MARK, read_xml
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


def without_mark(content: bytes) -> bytes:
    return content.replace(f"<!--{OWN_MARK}-->".encode(), b"")


def in_two_bytes(content: bytes) -> bytes:
    return content.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


@pytest.mark.parametrize("rewritten", [without_mark, in_two_bytes])
def test_our_file_written_by_another_hand_says_nothing_new(
    planning: Planning, rewritten: Callable[[bytes], bytes]
) -> None:
    planning.add("1", type="summary")
    planning.add("A", "5", parent="1")
    planning.add("B", "5", "A", parent="1")
    planning.add("C", "2", "A SS+1", parent="1")
    browser = planning.browser("sam")
    content = browser.get(f"{OUT}.xml").data
    assert rewritten(content) != content
    page = bring_in(browser, rewritten(content), "check")
    assert page.status_code == 200
    assert "Every task of the file is in the plan as it is." in text(page.text)
    bring_in(browser, rewritten(content))
    with planning.planned() as plan:
        assert {row.task.number("imported_slack") for row in plan.rows} == {None}


def test_predecessors_written_otherwise_are_the_same(planning: Planning) -> None:
    planning.add("A", "5")
    planning.add("B", "5", "A")
    own = without_mark(planning.browser("sam").get(f"{OUT}.xml").data)
    own = own.replace(b"<Name>Task B</Name>", b"<Name>Other</Name>")
    page = text(bring_in(planning.browser("sam"), own, "check").text)
    assert "predecessors changed" not in page


@pytest.mark.parametrize("code", ["=9+9", "+1", "-A", "@B", "'=C"])
def test_a_code_that_looks_a_formula_comes_back_as_itself(planning: Planning, code: str) -> None:
    planning.add(code, "5")
    planning.add("Z", "5", code)
    browser = planning.browser("sam")
    content = browser.get(f"{OUT}.csv").data
    assert f'"\'{code}"'.encode() in content, "spreadsheets still take it for text"
    assert bring_in(browser, content).status_code == 303
    assert set(dates(planning)) == {code, "Z"}


def test_a_number_without_wbs_code_never_takes_over_another_task(planning: Planning) -> None:
    planning.add("1", type="summary", name="Preparation")
    planning.add("1.1", "5", parent="1")
    browser = planning.browser("sam")
    page = bring_in(browser, mspdi(task(1, "Mobilise", hours=40)))
    assert page.status_code == 422
    assert "Row 1: It has no WBS code, and its number 1 is the code of “Preparation”" in text(
        page.text
    )
    with planning.planned() as plan:
        assert [row.task.label for row in plan.rows] == ["1 Preparation", "1.1 Task 1.1"]
    answer = bring_in(browser, mspdi(task(1, "Mobilise", "<WBS>X</WBS>", hours=40)))
    assert answer.status_code == 303
    done = text(browser.get(answer.headers["Location"]).text)
    assert "1 task was brought in." in done


def test_a_file_without_wbs_codes_comes_in_again_as_the_same_tasks(planning: Planning) -> None:
    browser = planning.browser("sam")
    for hours in (8, 40):
        assert bring_in(browser, mspdi(task(1, "A") + task(2, "B", hours=hours))).status_code == 303
    assert dates(planning)["2"][1] == date(2026, 3, 6)


def test_a_number_gives_way_to_the_wbs_code_of_another_task() -> None:
    found = read_mspdi(mspdi(task(1, "A") + task(2, "B", "<WBS>1</WBS>")), {}, {})
    assert {one.changes["name"]: one.code for one in found.wanted} == {"A": "T1", "B": "1"}


def test_what_others_stand_below_stays_a_summary(planning: Planning) -> None:
    planning.add("1", type="summary", name="Preparation")
    planning.add("1.1", "5", parent="1")
    browser = planning.browser("sam")
    page = bring_in(browser, b"code,name,type,duration\n1,Preparation,task,5\n")
    assert page.status_code == 422
    assert "Row 2: Below it stands 1.1" in text(page.text)
    moved = b"code,name,type,summary,duration\n1,Preparation,task,,5\n1.1,Piles,task,,5\n"
    assert bring_in(browser, moved).status_code == 303
    with planning.planned() as plan:
        assert {row.task.code: row.task.type for row in plan.rows} == {"1": "task", "1.1": "task"}
        assert {row.task.parent for row in plan.rows} == {""}


@pytest.mark.parametrize("kind", ["xml", "csv"])
def test_a_plan_that_comes_back_as_it_went_out_says_nothing_new(
    planning: Planning, kind: str
) -> None:
    planning.add("A", "5")
    planning.add("B", "5", "A")
    browser = planning.browser("sam")
    content = browser.get(f"{OUT}.{kind}").data
    with planning.system(writing=True):
        from portal.db import db
        from portal.records.models import Record, RecordRevision

        for record in db.session.scalars(db.select(Record).filter_by(form="task")):
            rows = record.data.get("predecessors") or []
            plain = [{k: v for k, v in row.items() if not k.startswith("lag")} for row in rows]
            record.data = {**record.data, "predecessors": plain}
        versions = db.session.query(RecordRevision).count()
    assert bring_in(browser, content).status_code == 303
    with planning.system():
        late = db.session.query(RecordRevision).order_by(RecordRevision.at).all()[versions:]
        said = [{each["path"] for each in one.changes} for one in late]
        assert said == []
        slack = {one.data.get("imported_slack") for one in db.session.scalars(db.select(Record))}
    assert slack == {None}, "the float of the file is our own"


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
        "<Task><Name>No uid</Name><Duration>P2DT4H</Duration></Task>"
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


BOMB = """<!DOCTYPE p [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><Project><Tasks><Task><Name>&c;</Name></Task></Tasks></Project>"""


@pytest.mark.parametrize(
    "content",
    [
        BOMB.encode(),
        BOMB.encode("utf-16"),
        b'<!DOCTYPE p SYSTEM "http://127.0.0.1:1/x.dtd"><Project><Tasks/></Project>',
        b'<!DOCTYPE p [<!ENTITY % e SYSTEM "file:///etc/passwd">%e;]><Project><Tasks/></Project>',
        b'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><Project>&x;</Project>',
    ],
)
def test_bombs_and_external_entities_are_refused_before_they_are_read(content: bytes) -> None:
    with pytest.raises(Invalid, match="document type or entities"):
        read_xml(content)


def test_more_elements_than_a_plan_ever_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.progress.exchange.xml_tree.ELEMENTS_MOST", 50)
    with pytest.raises(Invalid):
        read_xml(mspdi("<Task/>" * 60))


ODD = (
    ("<Duration>8 hours</Duration>", "“8 hours” is no duration"),
    ("<Duration>PT</Duration>", "“PT” is no duration"),
    ("<Duration>PT-8H0M0S</Duration>", "“PT-8H0M0S” is no duration"),
    ("<Duration>PT99999999H0M0S</Duration>", "“PT99999999H0M0S” is no duration"),
    ("<Duration>PT８H</Duration>", "“PT８H” is no duration"),
    ("<Duration/>", "“” is no duration"),
    ("<ConstraintType>99</ConstraintType>", "“99” is no constraint"),
    ("<ConstraintType>ASAP</ConstraintType>", "“ASAP” is no constraint"),
    ("<ConstraintType>4</ConstraintType><ConstraintDate>TBD</ConstraintDate>", "“TBD” is no date"),
    ("<Deadline>2026-13-01T00:00:00</Deadline>", "“2026-13-01T00:00:00” is no date"),
    ("<Deadline>1.4.2026</Deadline>", "“1.4.2026” is no date"),
    ("<TotalSlack>n/a</TotalSlack>", "“n/a” is no number"),
    ("<TotalSlack>1_000</TotalSlack>", "“1_000” is no number"),
    ("<TotalSlack>NaN</TotalSlack>", "“NaN” is no number"),
    ("<TotalSlack>1e99</TotalSlack>", "“1e99” is no number"),
    (f"<TotalSlack>{'9' * 5000}</TotalSlack>", f"“{'9' * 40}” is no number"),
)


@pytest.mark.parametrize(("element", "told"), ODD)
def test_odd_elements_are_errors_of_their_row_and_never_coerced(element: str, told: str) -> None:
    before = "" if element.startswith("<Duration") else "<Duration>PT8H0M0S</Duration>"
    found = read_mspdi(mspdi(f"<Task><UID>1</UID><ID>1</ID>{before}{element}</Task>"), {}, {})
    assert [(one.row, str(one.message)) for one in found.errors] == [("1", f"{told}.")]


def test_odd_links_levels_and_numbers_of_tasks_are_told_by_row() -> None:
    found = read_mspdi(
        mspdi(
            task(1, "A", "<OutlineLevel>²</OutlineLevel>")
            + task(2, "B", link(1, "7", 0), link(1, "x", 0))
            + task(3, "C", "<PredecessorLink><PredecessorUID>1</PredecessorUID>"
                   "<LinkLag>two days</LinkLag></PredecessorLink>")
            + task(2, "D")
            + task(5, "E", "<ConstraintType>4</ConstraintType>")
            + task(6, "F", link(6, "1", 0)),
            f"<MinutesPerDay>{'9' * 5000}</MinutesPerDay>",
        ),
        {},
        {},
    )  # fmt: skip
    errors = [(one.row, str(one.message)) for one in found.errors]
    assert ("2", "“7” is no link.") in errors
    assert ("2", "“x” is no link.") in errors
    assert ("3", "“two days” is no number.") in errors
    assert any("stands twice" in text for _row, text in errors)
    notes = {one.row: str(one.message) for one in found.notes}
    assert ("1", "“²” is no outline level.") in errors
    assert "no date" in notes["5"]
    assert ("", f"“{'9' * 40}” is no number of minutes a day has.") in errors


def test_outline_numbers_make_the_tree_where_levels_are_missing() -> None:
    numbered = [("1", "Top"), ("1.1", "Below"), ("1.2", "Also"), ("2", "Next")]
    elements = "".join(
        task(at, name, f"<OutlineNumber>{number}</OutlineNumber>")
        for at, (number, name) in enumerate(numbered, start=1)
    )
    found = read_mspdi(mspdi(elements), {}, {})
    assert [(one.code, one.parent) for one in found.wanted] == [
        ("1", ""), ("1.1", "1"), ("1.2", "1"), ("2", ""),
    ]  # fmt: skip
    assert found.wanted[0].changes["type"] == "summary"


def test_a_circle_in_a_file_is_named_and_nothing_is_written(planning: Planning) -> None:
    circle = mspdi(
        task(1, "A", link(3, "1", 0))
        + task(2, "B", link(1, "1", 0))
        + task(3, "C", link(2, "3", 0))
    )
    for content in (circle, b"code,name,duration,predecessors\n1,A,1,3\n2,B,1,1\n3,C,1,2\n"):
        page = bring_in(planning.browser("sam"), content)
        assert page.status_code == 422
        assert re.search(r"wait for each other: \d → \d → \d → \d", text(page.text))
        assert dates(planning) == {}


def test_a_task_that_waits_for_itself_is_named(planning: Planning) -> None:
    page = bring_in(planning.browser("sam"), mspdi(task(1, "A", link(1, "1", 0))))
    assert page.status_code == 422
    assert "1 → 1" in text(page.text)


PLACEHOLDERS = (
    "TBD",
    "n/a",
    "-",
    "—",
    "?",
    "待定",
    "无",
    "#REF!",
    "#N/A",
    "NULL",
    "1,2,3",
    "12,5 x",
)


@pytest.mark.parametrize("said", PLACEHOLDERS)
def test_placeholders_in_number_and_date_columns_are_told_and_never_taken(said: str) -> None:
    sheet = f"code;name;duration;constraint_on;budget\n1;A;{said};{said};{said}\n"
    found = read_sheet(sheet, {})
    assert {one.row for one in found.errors} == {"2"}
    assert len(found.errors) == 3
    assert not {"duration", "duration_unit"} & found.wanted[0].changes.keys()
    assert found.wanted[0].changes["budget"] is None


@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_the_reader(content: bytes) -> None:
    for start in (b"", b"<", mspdi(task(1, "A"))[:-40], mspdi("<Task><Duration>")[:-20]):
        with contextlib.suppress(Invalid):
            read_mspdi(start + content, {}, {})
        with contextlib.suppress(Invalid):
            read_sheet((start + content).decode("latin-1"), {})


def test_prefixes_of_names_do_not_matter_but_whose_names_they_are() -> None:
    ours = b'<p:Project xmlns:p="http://schemas.microsoft.com/project"><p:Tasks/></p:Project>'
    assert read_xml(ours).find("Tasks") is not None
    assert read_mspdi(ours, {}, {}).errors == []
    for other in (
        ours.replace(b"microsoft", b"example"),
        b'<Project xmlns="urn:x"><Tasks/></Project>',
    ):
        with pytest.raises(Invalid, match="not of Microsoft Project"):
            read_mspdi(other, {}, {})


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
