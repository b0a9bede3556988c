"""Files that are odd, dirty or meant to harm, through the page: told by row, nothing written."""

import re
from datetime import date

import pytest

from portal import limits
from portal.errors import Invalid
from portal.progress.exchange.mspdi_in import read_mspdi
from portal.progress.exchange.sheet import decoded, read_sheet
from portal.records.models import Record
from tests.progress.planning import Planning
from tests.progress.test_exchange import BOMB, bring_in, link, mspdi, task, text
from tests.progress.test_proposed_progress import element

GOOD = task(90, "A task in order")


def told(planning: Planning, content: bytes, do: str = "import") -> list[str]:
    """What the page says is wrong, line by line; nothing may have been written."""
    page = bring_in(planning.browser("sam"), content, do)
    assert page.status_code == 422, text(page.text)
    assert "Nothing was brought in" in page.text
    assert planning.rows(Record) == []
    alert = re.search(r'role="alert">(.*?)</section>', page.text, re.S)
    assert alert
    return [text(one).strip() for one in re.findall(r"<li>(.*?)</li>", alert[1], re.S)]


@pytest.mark.parametrize("do", ["check", "import"])
def test_work_that_began_after_the_data_date_or_today_is_refused_by_row(
    planning: Planning, do: str
) -> None:
    content = mspdi(
        GOOD
        + task(1, "Ahead", element("10", "2026-03-11"))
        + task(2, "Done ahead", element("100", "2026-03-09", "2026-03-12"))
        + task(3, "In time", element("10", "2026-03-10")),
        "<StatusDate>2026-03-10T17:00:00</StatusDate>",
    )
    until = "lies after 10 Mar 2026, up to which the file tells what happened."
    assert told(planning, content, do) == [
        f"Row 1: Its actual start 11 Mar 2026 {until}",
        f"Row 2: Its actual finish 12 Mar 2026 {until}",
    ]
    for head in ("", "<StatusDate>2999-12-31T17:00:00</StatusDate>"):
        ahead = mspdi(task(1, "Some day", element("10", "2999-03-13")), head)
        (line,) = told(planning, ahead, do)
        assert line.startswith("Row 1: Its actual start 13 Mar 2999 lies after ")


HOSTILE = (
    (mspdi(GOOD + task(1, "A") + task(1, "B")), ["Row 1: The number (UID) 1 stands twice"]),
    (
        mspdi(GOOD + "<Task><UID>1</UID><ID>1</ID><Name>Nothing else</Name></Task>"),
        ["Row 1: “” is no duration."],
    ),
    (mspdi(GOOD + task(1, "A", "<Milestone>perhaps</Milestone>")),
     ["Row 1: “perhaps” is no flag (1 or 0)."]),
    (mspdi(GOOD + task(1, "A", "<Summary>2</Summary>")),
     ["Row 1: “2” is no flag (1 or 0)."]),
    (mspdi(GOOD + task(1, "A", "<OutlineLevel>-1</OutlineLevel>")),
     ["Row 1: “-1” is no outline level."]),
    (mspdi(GOOD + task(1, "A"), "<MinutesPerDay>8 h</MinutesPerDay>"),
     ["“8 h” is no number of minutes a day has."]),
    (mspdi(GOOD + task(1, "A") + task(2, "B", link(1, "9", 0), link(1, "1", 0))),
     ["Row 2: “9” is no link."]),
    (mspdi(GOOD + task(1, "A", link(2, "1", 0)) + task(2, "B", link(1, "1", 0))),
     [""]),
    (mspdi(GOOD + task(1, "A", hours=0).replace("PT0H", "PT-8H")), ["Row 1: “PT-8H0M0S” is no duration."]),
    (BOMB.encode(), ["The file declares a document type or entities, which are refused."]),
    (BOMB.encode("utf-16"), ["The file declares a document type or entities, which are refused."]),
    (mspdi(GOOD)[:-30], ["This is no XML file: line 1, column"]),
    (mspdi(GOOD).replace(b"microsoft.com", b"example.com"), ["not of Microsoft Project"]),
    (b"<APIBusinessObjects><Project/></APIBusinessObjects>", ["This XML file is no plan"]),
    (b"\xff\xfe" + "code\tname\n1".encode("utf-16-le") + b"\x00", ["none of UTF-8, UTF-16"]),
    (b"code,name\n1,\xff\xff\n", ["none of UTF-8, UTF-16 and GB 18030"]),
    (b"code,name,duration,Duration\n1,A,3,4\n", ["The column duration stands twice."]),
    (b"code,name,duration\n90,Good,1\n1,A\n", ["Row 3: The row has 2 cells, the first line 3"]),
    (b"code,name,duration\n90,Good,1\n1,A, north,3\n", ["Row 3: The row has 4 cells", "Row 3: “north” is no duration"]),
    (b"code,name,duration\n90,Good,1\n#REF!,A,1\n1,#n/a,1\n",
     ["Row 3: “#REF!” in the column code", "Row 4: “#n/a” in the column name"]),
    (b"code,name,type,duration\n90,Good,,1\n1,M,milestone,TBD\n", ["Row 3: “TBD” is no duration"]),
    (b"code,name,duration\n90,Good,1\n1,A,\"1\n", ["The file is no CSV"]),
)  # fmt: skip


@pytest.mark.parametrize("at", range(len(HOSTILE)))
def test_each_oddity_is_told_at_its_row_and_nothing_is_half_written(
    planning: Planning, at: int
) -> None:
    content, wanted = HOSTILE[at]
    said = told(planning, content)
    assert len(said) == len(wanted), said
    for line, part in zip(said, wanted, strict=True):
        assert part in line


def test_members_of_a_circle_are_named_in_either_format(planning: Planning) -> None:
    circle = mspdi(GOOD + task(1, "A", link(2, "1", 0)) + task(2, "B", link(1, "1", 0)))
    for content in (circle, b"code,name,duration,predecessors\n1,A,1,2\n2,B,1,1\n"):
        (line,) = told(planning, content)
        assert re.search(r"\b1 → 2 → 1|\b2 → 1 → 2", line)


def notes(content: bytes) -> dict[str, list[str]]:
    found = read_mspdi(content, {}, {})
    assert found.errors == []
    kept: dict[str, list[str]] = {}
    for one in found.notes:
        kept.setdefault(one.row, []).append(str(one.message))
    return kept


def test_what_is_taken_otherwise_than_it_stands_is_told_by_row() -> None:
    said = notes(
        mspdi(
            task(1, "n" * 200)
            + task(2, "A", f"<WBS>{'w' * 31}</WBS>")
            + task(3, "B", "<WBS>2</WBS>")
            + task(4, "C", "<OutlineLevel>4</OutlineLevel><CalendarUID>77</CalendarUID>")
            + task(5, "D", link(1, "1", 4800, 8), link(2, "1", 10, 19)).replace(
                "PT8H0M0S", "PT8H0M20S"
            )
            + task(6, "E").replace("PT8H0M0S", "PT0H7M0S")
            + task(7, "F", "<Milestone>true</Milestone>")
            + task(8, "G", "<WBS>2</WBS>")
        )
    )
    assert said.pop("1") == ["Its name is longer than 160 characters and is cut."]
    assert said.pop("T2") == [
        f"Its WBS code “{'w' * 31}” is too long or stands above already; it is T2 here."
    ], "2 is the code of another one"
    assert said.pop("8") == ["Its WBS code “2” is too long or stands above already; it is 8 here."]
    assert [one.split(" ", 2)[1] for one in said.pop("4")] == ["outline", "calendar"]
    assert said.pop("5") == [
        "“PT8H0M20S” is rounded to whole minutes.",
        "A lag in elapsed time is taken as working time.",
        "A lag in percent of the duration is left out.",
    ]
    assert said.pop("6") == ["Its duration of 7 minutes is rounded to 0.12 h."]
    assert said.pop("7") == ["It is a milestone that lasts 480 minutes: they are left out."]
    assert said == {}


def test_days_that_hundredths_do_not_tell_are_taken_in_hours() -> None:
    found = read_mspdi(mspdi(task(1, "A").replace("PT8H0M0S", "PT7H30M0S")), {}, {})
    assert found.wanted[0].changes["duration"] == "7.50"
    assert found.wanted[0].changes["duration_unit"] == "h"
    assert found.notes == []


def test_a_column_nobody_reads_is_told_and_those_that_only_go_out_are_not() -> None:
    found = read_sheet("code,name,start,done,Owner\n1,A,2026-03-02,50,Wu\n", {})
    assert [(one.row, str(one.message)) for one in found.notes] == [
        ("1", "The column “Owner” is not read.")
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_encodings_of_spreadsheets_are_read(planning: Planning, encoding: str) -> None:
    sheet = "编号\t名称\t工期\n1\t桩基\t5\n"
    assert decoded(sheet.encode(encoding)) == sheet
    assert bring_in(planning.browser("sam"), sheet.encode(encoding)).status_code == 303
    with planning.planned() as plan:
        assert [row.task.name for row in plan.rows] == ["桩基"]


def test_a_file_beyond_the_limit_is_refused_whole_not_cut(
    planning: Planning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UPLOAD_BYTES", 200)
    lines = "".join(f"{at},Task,1\n" for at in range(40))
    page = bring_in(planning.browser("sam"), f"code,name,duration\n{lines}".encode())
    assert page.status_code == 413
    assert planning.rows(Record) == []


def test_the_float_of_our_own_file_is_never_kept_as_that_of_another_program(
    planning: Planning,
) -> None:
    planning.add("A", "10")
    planning.add("B", "4")
    planning.update(date(2026, 3, 3), {"task": "A", "started_on": "2026-03-02", "percent": "10.00"})
    browser = planning.browser("sam")
    ours = browser.get("/projects/P1/progress/schedule.xml").data
    assert b"<TotalSlack>" in ours
    again = read_mspdi(ours, {}, {}, today=date(2026, 3, 3))
    assert again.errors == []
    assert all("imported_slack" not in one.changes for one in again.wanted)
    rewritten = re.sub(rb"<!--.*?-->", b"", ours)  # as another program writes it anew
    assert any("imported_slack" in one.changes for one in read_mspdi(rewritten, {}, {}).wanted)
    with pytest.raises(Invalid):
        read_mspdi(ours[:-20], {}, {})
