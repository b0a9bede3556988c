"""Progress of another program's file: proposed as a drafted update, never written by itself."""

import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from typing import Any

from portal import paths
from portal.definitions import services as definitions
from portal.ledgers.models import ProgressEntry
from portal.records.models import Record
from tests.progress.planning import Planning
from tests.progress.test_exchange import bring_in, mspdi, task, text
from tests.records.pages import open_page

STATUS = "<StatusDate>2026-03-11T17:00:00</StatusDate><MinutesPerDay>480</MinutesPerDay>"
PAGE = "/projects/P1/progress/exchange"


def element(
    percent: str = "", started: str = "", finished: str = "", remaining: str = "", slack: str = ""
) -> str:
    """What Microsoft Project writes of the progress of a task."""
    said = {
        "PercentComplete": percent,
        "ActualStart": started and f"{started}T08:00:00",
        "ActualFinish": finished and f"{finished}T17:00:00",
        "RemainingDuration": remaining,
        "TotalSlack": slack,
    }
    return "".join(f"<{tag}>{value}</{tag}>" for tag, value in said.items() if value)


FILE = mspdi(
    task(1, "Done", element("100", "2026-03-02", "2026-03-06", "PT0H0M0S"), hours=40)
    + task(2, "Going on", element("40", "2026-03-09", "", "PT24H0M0S", "4800"), hours=40)
    + task(3, "To come", element("0", slack="9600"), hours=16),
    STATUS,
)


def drafts(planning: Planning) -> list[Record]:
    return [one for one in planning.rows(Record, form="progress_update") if one.state == "draft"]


def lines(planning: Planning) -> dict[str, Mapping[str, Any]]:
    """The lines of the one draft, by the code of their task."""
    (draft,) = drafts(planning)
    codes = {one.id: one.data["code"] for one in planning.rows(Record, form="task")}
    return {
        codes[row["task"]]: {key: value for key, value in row.items() if key not in ("_id", "task")}
        for row in draft.data["lines"]
    }


def readings(planning: Planning) -> int:
    return len(planning.rows(ProgressEntry))


def test_progress_of_a_file_is_drafted_and_counts_once_it_is_signed(planning: Planning) -> None:
    browser = planning.browser("sam")
    answer = bring_in(browser, FILE)
    assert answer.status_code == 303, text(answer.text)
    (draft,) = drafts(planning)
    assert answer.headers["Location"] == f"/records/{draft.id}/edit"
    assert draft.data["as_of"] == "2026-03-11"
    assert lines(planning) == {
        "1": {"started_on": "2026-03-02", "finished_on": "2026-03-06", "percent": "100.00"},
        "2": {"started_on": "2026-03-09", "percent": "40.00", "remaining": "3.00"},
    }
    assert readings(planning) == 0
    page = open_page(browser, answer.headers["Location"])
    assert "Their progress is drafted here" in text(page.html)
    planning.now.at = planning.now.at.replace(day=12)
    planning.submit(draft.id, "sam")
    assert readings(planning) == 0
    planning.decide("approve", "mark", draft.id)
    with planning.planned() as plan:
        going_on = next(row for row in plan.work if row.task.code == "2")
        assert (going_on.starts_on, going_on.ends_on) == (date(2026, 3, 9), date(2026, 3, 16))
        assert plan.until == date(2026, 3, 11)


def test_a_check_shows_what_would_be_drafted_and_drafts_nothing(planning: Planning) -> None:
    page = bring_in(planning.browser("sam"), FILE, "check")
    said = text(page.text)
    assert "What does the file say of progress?" in said
    assert "drafted as a progress update as of 11 Mar 2026" in said
    assert "2 9 Mar 2026 – 40 % 3" in said
    assert drafts(planning) == []


def test_what_stands_already_is_not_proposed_again(planning: Planning) -> None:
    browser = planning.browser("sam")
    bring_in(browser, FILE)
    (draft,) = drafts(planning)
    planning.now.at = planning.now.at.replace(day=12)
    planning.submit(draft.id, "sam")
    planning.decide("approve", "mark", draft.id)
    revisions = {one.id: one.revision for one in planning.rows(Record, form="task")}
    answer = bring_in(browser, FILE)
    assert answer.headers["Location"].endswith("/progress/schedule")
    assert drafts(planning) == []
    assert {one.id: one.revision for one in planning.rows(Record, form="task")} == revisions
    out = browser.get("/projects/P1/progress/schedule.xml").data
    assert bring_in(browser, out).headers["Location"].endswith("/progress/schedule")
    assert drafts(planning) == []
    more = FILE.replace(b"<PercentComplete>40<", b"<PercentComplete>60<")
    bring_in(browser, more)
    assert set(lines(planning)) == {"2"}


def test_the_other_programs_float_is_kept_beside_ours(planning: Planning) -> None:
    browser = planning.browser("sam")
    bring_in(browser, FILE)
    with planning.planned() as plan:
        slack = {row.task.code: row.task.data.get("imported_slack") for row in plan.work}
        ours = {row.task.code: row.total_float for row in plan.work}
        key = next(row.task.id for row in plan.work if row.task.code == "3")
    assert slack == {"1": None, "2": "1.00", "3": "2.00"}
    assert ours["3"] == 3
    assert "the other program: 2" in text(browser.get(f"/projects/P1/progress/tasks/{key}").text)
    checks = text(browser.get("/projects/P1/progress/checks").text)
    assert "Where does the float of the other program differ?" in checks
    assert "3 To come 3 2" in checks


def notes_of(planning: Planning, content: bytes) -> str:
    page = bring_in(planning.browser("sam"), content, "check")
    assert page.status_code == 200, text(page.text)
    return text(page.text)


def test_progress_that_contradicts_itself_is_left_behind_with_its_row(planning: Planning) -> None:
    said = notes_of(
        planning,
        mspdi(
            task(1, "Half finished", element("40", "2026-03-02", "2026-03-06"))
            + task(2, "Backwards", element("100", "2026-03-06", "2026-03-02"))
            + task(3, "No finish", element("100", "2026-03-02"))
            + task(4, "No start", element("30"))
            + task(5, "Milestone", "<Milestone>1</Milestone>", element("100")),
        ),
    )
    assert "Row 1: It has an actual finish but is 40 % complete." in said
    assert "Row 2: Its actual finish lies before its actual start." in said
    assert "Row 3: It is complete without an actual finish" in said
    assert "Row 4: It has begun, but the file does not say when." in said
    assert "Row 5: It is complete without an actual finish" in said
    assert "no status date" in said
    told = re.findall(r"<tr><td>(\d)</td><td class=\"fit\">", bring_in(
        planning.browser("sam"), mspdi(task(3, "x", element("100", "2026-03-02"))), "check"
    ).text)  # fmt: skip
    assert told == ["3"]


def test_odd_progress_keeps_the_file_out_row_by_row(planning: Planning) -> None:
    page = bring_in(
        planning.browser("sam"),
        mspdi(
            task(1, "A", element("most of it"))
            + task(2, "B", element("140"))
            + task(3, "C", "<ActualStart>last Monday</ActualStart>")
            + task(4, "D", "<ActualStart>2026-02-30T08:00:00</ActualStart>")
            + task(5, "E", element("10", remaining="5 days"))
            + task(6, "F", "<ActualFinish>2026-03-02T08:00:00 or so</ActualFinish>"),
            "<StatusDate>soon</StatusDate>",
        ),
    )
    assert page.status_code == 422
    said = text(page.text)
    for row, oddity in (
        ("1", "“most of it” is no percentage"), ("2", "“140” is no percentage"),
        ("3", "“last Monday” is no date"), ("4", "“2026-02-30T08:00:00” is no date"),
        ("5", "“5 days” is no duration"), ("6", "“2026-03-02T08:00:00 or so” is no date"),
    ):  # fmt: skip
        assert f"Row {row}: {oddity}" in said
    assert "“soon” is no date" in said
    assert planning.rows(Record) == []


def test_tasks_measured_otherwise_keep_their_measure_and_points_their_decision(
    planning: Planning,
) -> None:
    planning.add("1", "5", name="Counted", measure="quantity", planned_qty="10.00", unit="m")
    planning.add("2", "", name="Decide", type="decision")
    with planning.system(writing=True):
        folder = paths.DEFINITIONS / "decisions"
        definitions.publish_folders(paths=[folder], actor=None, now=planning.now())
    content = mspdi(
        task(1, "Counted", element("50", "2026-03-02"), hours=40)
        + task(2, "Decide", "<Milestone>1</Milestone>", element("100", "", "2026-03-04"), hours=0),
        STATUS,
    )
    said = notes_of(planning, content)
    assert "Row 1: It is measured otherwise than by percent" in said
    assert "Row 2: It is a decision point" in said
    bring_in(planning.browser("sam"), content)
    assert lines(planning) == {"1": {"started_on": "2026-03-02", "unit": "m"}}
    kinds = {one.data["code"]: one.data["type"] for one in planning.rows(Record, form="task")}
    assert kinds["2"] == "decision"


def test_a_file_is_handed_on_from_check_to_import_byte_by_byte(planning: Planning) -> None:
    browser = planning.browser("sam")
    content = FILE.decode().replace("Going on", "桩基").replace(
        '<?xml version="1.0"?>', '<?xml version="1.0" encoding="utf-16"?>'
    ).encode("utf-16")  # fmt: skip
    page = bring_in(browser, content, "check").text
    kept = re.search(r'<textarea name="kept"[^>]*>(.*?)</textarea>', page, re.S)
    assert kept
    found = dict(re.findall(r'name="(csrf_token|request_key)"[^>]*value="([^"]+)"', page))
    sent = {**found, "kept": unescape(kept[1]), "do": "import"}
    assert browser.post(PAGE, data=sent).status_code == 303
    assert "桩基" in {one.data["name"] for one in planning.rows(Record, form="task")}
    broken = {"csrf_token": found["csrf_token"], "kept": "?", "do": "import"}
    assert browser.post(PAGE, data=broken).status_code == 400
