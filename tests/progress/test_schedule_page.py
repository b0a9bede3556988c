"""The page of the plan: table and bars, levels and zoom, and who may not see it."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from markupsafe import escape
from pypdf import PdfReader
from python_calamine import load_workbook

from portal.approvals import voiding
from portal.progress.figures import take
from portal.progress.gantt import ZOOMS, Old, draw
from portal.progress.moved import difference
from portal.progress.plan import plan_of
from tests.progress.planning import STARTS, Planning
from tests.progress.test_plan import cpm_1

PAGE = "/projects/P1/progress/schedule"


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))


def test_table_and_bars_show_the_critical_path_without_inline_style(planning: Planning) -> None:
    cpm_1(planning)
    page = planning.browser("rita").get(PAGE)
    assert page.status_code == 200
    assert "style=" not in page.text
    assert "<script>" not in page.text
    critical = re.findall(
        r'<tr id="[^"]+" class="is-critical">.*?class="code">(\w)<', page.text, re.S
    )
    assert critical == ["A", "C", "F", "I"]
    assert page.text.count('class="bar-task is-critical"') == 4
    assert 'class="link drives"' in page.text
    only = planning.browser("rita").get(f"{PAGE}?show=critical").text
    assert re.findall(r'class="code">(\w)<', only) == [
        "A",
        "C",
        "E",
        "F",
        "G",
        "I",
    ]  # a day of float


def test_levels_close_and_open_and_zoom_by_address(planning: Planning) -> None:
    planning.add("1", type="summary")
    planning.add("1.1", "4", parent="1")
    planning.add("2", type="summary")
    planning.add("2.1", "4", "1.1", parent="2")
    browser = planning.browser("rita")

    def codes(query: str) -> list[str]:
        return re.findall(r'class="code">([\d.]+)<', browser.get(PAGE + query).text)

    assert codes("") == ["1", "1.1", "2", "2.1"]
    assert codes("?level=1") == ["1", "2"]
    assert codes("?closed=1") == ["1", "2", "2.1"]
    wide = re.search(r'viewBox="0 0 (\d+)', browser.get(f"{PAGE}?zoom=day").text)
    narrow = re.search(r'viewBox="0 0 (\d+)', browser.get(f"{PAGE}?zoom=quarter").text)
    assert wide
    assert narrow
    assert int(wide[1]) > int(narrow[1])


def test_names_are_escaped_in_row_and_bar_and_long_ones_cut_beside_the_bar(
    planning: Planning,
) -> None:
    name = "<b onclick=\"x\">Piles & 'caps'</b> of the north berth"
    planning.add("1&", type="summary", name="Works <1>")
    planning.add("A<", "5", parent="1&", name=name)
    planning.add("M", "", "A<", type="milestone", name="[Handover:0]")
    page = planning.browser("rita").get(PAGE).text
    assert "<b " not in page
    assert f'title="{escape(name)}"' in page
    assert f"<title>A&lt; {escape(name)}</title>" in page
    assert f">{escape(name[:33])}…</text>" in page
    assert page.count(">[Handover:0]</text>") == 1
    wide = float(re.search(r'<svg viewBox="0 0 (\d+)', page.partition('id="_gantt"')[2])[1])  # type: ignore[index]
    begins = [float(one) for one in re.findall(r'class="bar-text" x="([\d.]+)"', page)]
    assert wide >= max(begins) + 5.8 * 34, "the drawing has room for the longest name"
    assert 'aria-label="Open or close 1&amp;"' in page


def test_bars_are_drawn_as_long_as_their_work_their_float_and_their_baseline(
    planning: Planning,
) -> None:
    planning.add("A", "10")
    planning.add("B", "4")
    planning.add("M", "", "A", "B", type="milestone")
    planning.update(date(2026, 3, 3), {"task": "A", "started_on": "2026-03-02", "percent": "50.00"})
    with planning.planned() as plan:
        old = {row.task.id: Old(row.start, row.finish) for row in plan.rows}
        drawn = draw(plan, plan.rows, zoom="day", today=STARTS, old=old)
    long, short, moment = drawn.bars
    day = ZOOMS["day"]
    assert long.shape == f"M{long.x} {long.y + 8}h{long.width}v10h-{long.width}z"
    assert long.done == pytest.approx(long.width / 2, abs=0.1)
    assert long.done_shape == f"M{long.x} {long.y + 11}h{long.done}v4h-{long.done}z"
    assert long.float_shape == ""
    assert short.float_shape.startswith(f"M{round(short.end, 1)} ")
    assert short.late == pytest.approx(long.end, abs=0.2)
    assert long.old_shape.startswith(f"M{long.old[0]} " if long.old else "?")
    assert moment.shape.endswith("l7 7l-7 7l-7 -7z")
    assert moment.old_shape
    assert moment.done_shape == moment.float_shape == ""
    assert long.width == pytest.approx(8.375 * day, abs=0.1), "two days, and five after March 3"


def test_a_task_has_its_dates_its_neighbors_and_its_readings(planning: Planning) -> None:
    planning.add("A", "5", name="Piles <1>")
    planning.add("B", "5", "A SS+2")
    number = planning.record(
        planning.update(
            date(2026, 3, 4), {"task": "A", "started_on": "2026-03-02", "percent": "40.00"}
        )
    ).number
    taken = planning.update(date(2026, 3, 5), {"task": "A", "percent": "45.00"})
    page = planning.browser("rita").get(f"/projects/P1/progress/tasks/{planning.tasks['A']}").text
    assert "Piles &lt;1&gt;" in page
    assert "start to start" in page
    assert str(number) in page
    assert "45 %" in text(page)
    assert planning.record(taken).state == "approved"


@pytest.mark.parametrize("who", ["olga", "eve"])
def test_who_does_not_see_the_figures_sees_no_plan(planning: Planning, who: str) -> None:
    planning.add("A", "5")
    browser = planning.browser(who)
    assert browser.get(PAGE).status_code == 404
    assert browser.get(f"/projects/P1/progress/tasks/{planning.tasks['A']}").status_code == 404


def test_what_an_address_asks_for_in_vain_is_said(planning: Planning) -> None:
    browser = planning.browser("rita")
    assert "This project has no plan yet" in browser.get(PAGE).text
    planning.add("A", "5")
    assert browser.get(f"{PAGE}?until=yesterday").status_code == 404
    assert browser.get(f"{PAGE}?baseline=none-such").status_code == 404
    assert browser.get("/projects/P1/progress/tasks/none-such").status_code == 404
    assert browser.get(f"{PAGE}?level=x&zoom=x&closed=,,").status_code == 200


def test_the_plan_is_printed_whole_or_as_a_roadmap_of_milestones(planning: Planning) -> None:
    planning.add("1", type="summary", name="Works 工程")
    for at in range(70):
        planning.add(f"1.{at}", "2", *([f"1.{at - 1}"] if at else []), parent="1")
    planning.add("M", "", "1.69", type="milestone", name="Handover 移交")
    browser = planning.browser("rita")
    whole, roadmap = (
        browser.get(f"/projects/P1/progress/schedule.pdf{more}")
        for more in ("", "?show=milestones")
    )
    assert whole.data[:5] == roadmap.data[:5] == b"%PDF-"
    assert (
        len(PdfReader(BytesIO(whole.data)).pages),
        len(PdfReader(BytesIO(roadmap.data)).pages),
    ) == (3, 1)
    told = PdfReader(BytesIO(roadmap.data)).pages[0].extract_text()
    assert "Handover" in told
    assert "1.69" not in told
    page = browser.get(f"{PAGE}?show=milestones").text
    assert re.findall(r'class="code">([\w.]+)<', page) == ["M"]
    assert planning.browser("olga").get("/projects/P1/progress/schedule.pdf").status_code == 404


def test_the_record_of_a_task_says_what_the_plan_makes_of_it(planning: Planning) -> None:
    planning.add("A", "5")
    planning.add("B", "5", "A")
    planning.revise("A", duration="8.00")
    page = planning.browser("rita").get(f"/records/{planning.tasks['A']}").text
    moved = re.search(r'href="([^"]+)">What its last change moved', page)
    assert moved
    assert "In the plan" in page
    told = text(planning.browser("rita").get(moved[1].replace("&amp;", "&")).text)
    assert "B Task B 9 Mar 2026 – 13 Mar 2026 12 Mar 2026 – 18 Mar 2026 +3" in told


def test_a_milestone_without_a_forecast_is_as_late_as_the_plan_says(planning: Planning) -> None:
    facts = {"code": "M1", "name": "Piles done", "responsible": planning.people["mark"]}
    key = planning.entry("mark", "milestone", "P1", **facts, planned_on="2099-03-05")
    planning.add("A", "5", constraint="start_from", constraint_on="2099-03-02")  # a Monday
    planning.add("M", "", "A", type="milestone", milestone=key)
    browser = planning.browser("rita")
    page = text(browser.get("/projects/P1/progress").text)
    assert "Piles done 5 Mar 2099" in page
    assert "6 Mar 2099 – 1 by the plan Late" in page, "the day of the plan, not reached, late"
    assert "Milestones late 1" in page
    overview = text(browser.get("/projects/P1").text)
    assert "Piles done 5 Mar 2099 6 Mar 2099 by the plan 1 day late" in overview
    (sheet,) = [
        load_workbook(BytesIO(browser.get("/projects/P1/progress.xlsx").data)).get_sheet_by_index(0)
    ]
    assert sheet.to_python()[-1][-3:] == [date(2099, 3, 6), "", 1]

    def measured() -> list[tuple[str, Decimal]]:
        with planning.looking("rita"):
            return [(key, one.value) for key, one in take([planning.brief()], planning.now())]

    assert measured() == [("progress.days_late", 1)]
    planning.revise("A", duration="6.00")
    assert measured() == [("progress.days_late", 4)], "over a weekend"
    record = planning.record(key)
    planning.submit(record.id, "mark", data={**record.data, "forecast_on": "2099-03-05"})
    assert measured() == [("progress.days_late", 0)], "who says a forecast is believed"
    page = text(browser.get("/projects/P1/progress").text)
    assert "by the plan" not in page
    assert "On plan" in page


def test_a_void_task_is_gone_from_the_plan_and_named_as_gone(planning: Planning) -> None:
    planning.add("A", "5")
    planning.add("B", "5")
    then = planning.now()
    record = planning.record(planning.tasks["B"])
    with planning.acting("mark") as viewer:
        voiding.void(
            actor=viewer, record_id=record.id, seen_revision=record.revision,
            reason="Entered twice", now=planning.now(),
        )  # fmt: skip
    with planning.planned() as plan:
        assert [row.task.code for row in plan.rows] == ["A"]
        found = difference(plan_of(planning.brief(), known_at=then), plan)
    assert [(one.task.code, one.kind) for one in found.rows] == [("B", "deleted")]
