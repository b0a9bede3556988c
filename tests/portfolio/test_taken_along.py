"""Pages taken along: the same figures in the workbook and on paper, for whoever sees the page."""

import re
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from portal.portfolio.export import on_paper
from portal.printing.tables import Head, Table
from tests.progress.conftest import planning
from tests.progress.planning import Planning

__all__ = ["planning"]

BASE = "/projects/P1"


@pytest.fixture
def planned(planning: Planning) -> Planning:
    """A plan with two reports, a milestone that slipped, a crane asked for twice."""
    crane = planning.entry(
        "sam", "resource", "P1", code="R1", name="Crane", kind="machine", capacity="1.00"
    )
    one = [{"_id": "r1", "resource": crane, "units": "1.00"}]
    planning.add("A", "10", resources=one)
    planning.add("B", "10", resources=one, spread="triangular", shortest="8.00", longest="15.00")
    planning.add("M", "", "A", type="milestone")
    planning.update(date(2026, 3, 4), {"task": "A", "started_on": "2026-03-02", "percent": "30.00"})
    planning.update(date(2026, 3, 11), {"task": "A", "percent": "40.00"})
    return planning


def book(content: bytes) -> dict[str, list[list[object]]]:
    opened = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: opened.get_sheet_by_name(name).to_python() for name in opened.sheet_names}


def simulated(planned: Planning) -> str:
    browser = planned.browser("sam")
    page = browser.get(f"{BASE}/progress/simulation").text
    found = dict(re.findall(r'name="(csrf_token|request_key)"[^>]*value="([^"]+)"', page))
    asked = {"runs": "100", "seed": "7", "correlation": "", "among": "all"}
    return str(browser.post(f"{BASE}/progress/simulation", data={**found, **asked}).location)


def files(page: str) -> list[str]:
    found = re.findall(r'href="([^"]+\.(?:xlsx|pdf)[^"]*)"', page)
    return sorted({unescape(one) for one in found})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_page_leads_to_its_workbook_and_its_print(planned: Planning, language: str) -> None:
    if language == "zh":
        planned.speaks_chinese("rita")
    pages = [
        f"{BASE}/progress/checks", f"{BASE}/progress/trend",
        f"{BASE}/progress/resources", simulated(planned), f"{BASE}/health", f"{BASE}/weekly",
        f"{BASE}/progress/moved?since=2020-01-01T00:00:00",
    ]  # fmt: skip
    browser = planned.browser("rita")
    for page in pages:
        found = files(browser.get(page).text)
        assert [one.partition("?")[0][-4:] for one in found] == [".pdf", "xlsx"], page
        for address in found:
            answer = browser.get(address)
            assert answer.status_code == 200, address
            if "xlsx" in address:
                assert book(answer.data)
            else:
                assert answer.data.startswith(b"%PDF")
            for outsider in ("olga", "eve"):
                assert planned.browser(outsider).get(address).status_code == 404, address


def test_the_workbooks_tell_what_the_pages_tell(planned: Planning) -> None:
    browser = planned.browser("rita")
    (sheet,) = book(browser.get(f"{BASE}/progress/trend.xlsx").data).values()
    assert sheet[0][1:3] == ["4 Mar 2026", "11 Mar 2026"]
    assert [str(one)[:10] for one in sheet[1][1:3]] == ["2026-03-13", "2026-03-19"]
    assert sheet[1][3] == 6.0
    loads = book(browser.get(f"{BASE}/progress/resources.xlsx").data)
    over = loads["Over-allocated"][1]
    assert (over[0], over[3], over[4]) == ("R1 Crane", 2.0, 1.0)
    checks = book(browser.get(f"{BASE}/progress/checks.xlsx").data)
    page = unescape(browser.get(f"{BASE}/progress/checks").text)
    assert len(checks["Checks"]) > 10
    assert all(str(row[0]) in page for row in checks["Checks"][1:])
    ends = book(browser.get(simulated(planned) + ".xlsx").data)["Simulation"]
    assert [row[0] for row in ends[1:]] == ["P10", "P50", "P80", "P90"]
    assert ends[1][1] <= ends[4][1]


def test_choices_of_an_address_are_kept_and_what_is_none_is_left_out(planned: Planning) -> None:
    """What somebody adds to an address neither breaks the page nor leads its links elsewhere."""
    browser = planned.browser("rita")
    odd = "&_scheme=javascript&_external=1&endpoint=x&_anchor=y&code=P9&kind=exe"
    page = browser.get(f"{BASE}/progress/schedule?zoom=week{odd}")
    assert page.status_code == 200
    assert "javascript:" not in page.text
    assert "/projects/P9" not in page.text
    entries = f"{BASE}/entries?ledger=cost&column=committed&ccy=USD{odd}"
    answer = browser.get(entries)
    assert answer.status_code in {200, 404}
    assert "javascript:" not in answer.text


def test_the_portfolio_on_paper_is_two_tables_with_every_column_once() -> None:
    heads = [Head(f"h{at}") for at in range(12)]
    table = Table("all", "all", heads, [list(range(12)), list(range(12, 24))])
    first, second = on_paper(table, 3)
    assert [one.label for one in first.heads] == [f"h{at}" for at in range(8)]
    assert [one.label for one in second.heads] == ["h0", "h4", "h8", "h9", "h10", "h11"]
    assert list(second.rows[1]) == [12, 16, 20, 21, 22, 23]
