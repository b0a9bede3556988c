"""The plan as a drawing in a file of its own: parsed as another program would, in both languages."""

import re
from datetime import date
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from portal.progress.chart import DATA_DATE, TODAY
from portal.progress.exchange.xml_tree import printable
from portal.progress.picture import fit, length
from portal.reports.look import TONES
from tests.conftest import Lending
from tests.progress.planning import Planning
from tests.progress.test_earned import freeze_as

FILE = "/projects/P1/progress/schedule.svg"
SVG = "{http://www.w3.org/2000/svg}"


def picture(browser: FlaskClient, query: str = "") -> ET.Element:
    answer = browser.get(FILE + query)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "P1-schedule.svg" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return ET.fromstring(answer.data)


def words(root: ET.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def group(root: ET.Element, name: str) -> ET.Element:
    return next(one for one in root.iter() if one.get("class") == name)


def bars(root: ET.Element) -> dict[str, tuple[set[str], set[str]]]:
    """By title: the classes of a bar, and the shapes it is drawn with."""
    found = {}
    for one in group(root, "drawing").iter(f"{SVG}g"):
        shapes = {str(each.get("class")) for each in one.iter(f"{SVG}path")}
        found[str(one.findtext(f"{SVG}title"))] = (set(str(one.get("class")).split()), shapes)
    return found


@pytest.fixture
def drawn(planning: Planning, lending: Lending) -> Planning:
    """A plan with everything a drawing shows, today within it."""
    return lending.once(_everything_drawn, planning)


def _everything_drawn(planning: Planning) -> Planning:
    planning.add("1", type="summary", name="Works <1> & more")
    planning.add("A", "10", parent="1", name="Piles 桩基")
    planning.add("B", "3", parent="1", name='"Yard"')
    planning.add("M", "", "A", "B", type="milestone", name="Handover")
    freeze_as(planning.browser("sam"), "Contract plan")
    planning.update(date(2026, 3, 5), {"task": "A", "started_on": "2026-03-03", "percent": "20.00"})
    return planning


def test_the_file_holds_table_bars_float_baseline_and_lines_of_today_and_data_date(
    drawn: Planning,
) -> None:
    root = picture(drawn.browser("rita"))
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title") == "Project P1 · Schedule"
    assert "Contract plan" in str(root.findtext(f"{SVG}desc"))
    shown = bars(root)
    assert list(shown) == ["1 Works <1> & more", "A Piles 桩基", 'B "Yard"', "M Handover"]
    assert shown["A Piles 桩基"] == ({"bar-task", "is-critical"}, {"shape", "done", "old"})
    assert shown['B "Yard"'][1] == {"shape", "float", "old"}
    assert {"bar-moment", "is-critical"} <= shown["M Handover"][0]
    assert "bar-summary" in shown["1 Works <1> & more"][0]
    drawing = group(root, "drawing")
    for line in ("today", "data-date", "link drives", "axis-major", "lane"):
        assert [one.get("d") for one in drawing if one.get("class") == line] != [None], line
    assert "Mar 2026" in words(root)
    table = words(group(root, "table"))
    assert table[:5] == ["Task", "Starts", "Finish", "Float", "Done"]
    assert {"A Piles 桩基", "3 Mar 2026", "20 %"} <= set(table)
    legend = words(group(root, "legend"))
    assert {"critical: no float", "baseline", "today", "milestone", "float"} <= set(legend)


def test_nothing_of_the_file_is_fetched_from_elsewhere_and_it_is_light_everywhere(
    drawn: Planning,
) -> None:
    browser = drawn.browser("rita")
    root = picture(browser)
    style = str(root.findtext(f"{SVG}style"))
    assert "font-family" in style
    for outside in ("url(", "@import", "var(", "light-dark", "prefers-color-scheme"):
        assert outside not in style
    assert root.find(f"{SVG}rect").get("class") == "paper"  # type: ignore[union-attr]
    assert ".paper { fill: #ffffff; }" in style
    raw = browser.get(FILE).text
    assert not re.findall(r"<(?:script|image|use|a|foreignObject)\b", raw)
    assert re.findall(r"(?:https?:)?//[^\s\"<]+", raw) == ["http://www.w3.org/2000/svg"]
    used = {one for each in root.iter() for one in str(each.get("class") or "").split()}
    named = set(re.findall(r"\.([a-z-]+)", style))
    assert {"shape", "float", "old", "done", "today", "idle", "axis", "link"} <= used & named


def test_both_languages_and_what_the_address_asks_for(drawn: Planning) -> None:
    drawn.speaks_chinese("rita")
    browser = drawn.browser("rita")
    root = picture(browser)
    assert root.get("lang") == "zh"
    assert root.findtext(f"{SVG}title") == "Project P1 · 进度计划"
    assert {"任务", "开始", "完成", "关键：无时差", "今天", "里程碑", "A Piles 桩基"} <= set(
        words(root)
    )
    assert not {"Task", "Float", "today", "baseline"} & set(words(root))
    assert list(bars(picture(browser, "?show=milestones"))) == ["M Handover"]
    assert list(bars(picture(browser, "?level=1"))) == ["1 Works <1> & more", "M Handover"]
    narrow, wide = (picture(browser, f"?zoom={zoom}").get("width") for zoom in ("month", "day"))
    assert float(narrow or 0) < float(wide or 0)
    bare = picture(browser, "?baseline=none")
    assert not any("old" in shapes for _, shapes in bars(bare).values())
    assert "基准计划" not in words(group(bare, "legend"))


def test_the_page_leads_to_the_file_as_it_is_shown_and_strangers_get_none(drawn: Planning) -> None:
    page = drawn.browser("rita").get("/projects/P1/progress/schedule?level=1&zoom=week").text
    assert 'href="/projects/P1/progress/schedule.svg?level=1&amp;zoom=week"' in page
    assert FILE in drawn.browser("rita").get("/projects/P1/exports").text
    for login in ("olga", "eve"):
        assert drawn.browser(login).get(FILE).status_code == 404


def test_a_project_without_a_plan_has_an_empty_drawing(planning: Planning) -> None:
    assert bars(picture(planning.browser("rita"))) == {}


def test_texts_of_the_table_are_cut_to_their_room() -> None:
    assert fit("Piles", 100) == "Piles"
    assert fit("桩" * 40, 110) == "桩" * 9 + "…"
    assert length(fit("x" * 300, 200)) <= 200
    assert fit("", 0) == ""
    assert printable("a\0b\x1bc\ufffe\nd") == "abc\nd"


def test_the_printed_plan_holds_the_bars_in_their_tones_the_baseline_and_the_lines_of_days(
    drawn: Planning,
) -> None:
    content = drawn.browser("rita").get("/projects/P1/progress/schedule.pdf").data
    page = PdfReader(BytesIO(content)).pages[0]
    assert "Piles" in page.extract_text()
    drawn_with = page.get_contents()
    assert drawn_with is not None
    marks = drawn_with.get_data().decode("latin-1")

    def fills(color: str) -> int:
        r, g, b = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
        said = " ".join(f"{one:.6f}".strip("0").rstrip(".") or "0" for one in (r, g, b))
        return marks.count(f"{said} rg") + marks.count(f"{said} RG")

    assert fills(TONES["bad"]) >= 2, "the critical task and its milestone"
    assert fills("#9aa4b1") >= 4, "the baseline below every row"
    assert fills(TODAY) == 1
    assert fills(DATA_DATE) == 1
