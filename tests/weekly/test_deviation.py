"""The work against its plan at the start and the end of a weekly report's period."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from python_calamine import load_workbook

from portal.weekly.deviation import deviation
from portal.weekly.period import Period
from tests.conftest import Lending
from tests.progress.conftest import planning
from tests.progress.planning import Planning
from tests.progress.test_earned import text, weeks
from tests.progress.test_forecast import froze, said

__all__ = ["planning"]

PAGE = "/projects/P1/weekly?from=2026-03-06&to=2026-03-13"
WEEK = Period(date(2026, 3, 6), date(2026, 3, 13), "Asia/Shanghai")


@pytest.fixture
def behind(planning: Planning, lending: Lending) -> Planning:
    """The first of three weeks is on plan, the second one 60 % done by its end; all costs more."""
    return lending.once(_two_reports, planning)


def _two_reports(planning: Planning) -> Planning:
    weeks(planning, "100", "100", "100")
    froze(planning)
    planning.spend(date(2026, 3, 5), "110.00")
    planning.update(date(2026, 3, 6), said("W1", "02", finish="06"))
    planning.update(date(2026, 3, 13), said("W2", "09", "60.00"))
    planning.spend(date(2026, 3, 13), "90.00")
    return planning


def told(planning: Planning) -> dict[str, tuple[Any, Any]]:
    with planning.looking("rita"):
        found = deviation(planning.brief(), WEEK)
    assert found is not None
    assert (found["baseline"], found["currency"]) == ("Contract plan", "CNY")

    def plain(key: str, value: str | None) -> Any:
        return value if value is None or key == "finish" else Decimal(value)

    return {
        one["key"]: (plain(one["key"], one["before"]), plain(one["key"], one["after"]))
        for one in found["rows"]
    }


def test_the_work_against_its_plan_is_told_as_it_was_known_then(behind: Planning) -> None:
    first = told(behind)
    assert first == {
        "pv": (100, 200),
        "ev": (100, 160),
        "spi": (1, Decimal("0.8")),
        "pace": (1, Decimal("0.8")),  # 1.6 of 2 weeks
        "finish": ("2026-03-20", "2026-03-24"),  # two of five days are left of the second week
        "eac": (330, 375),  # 300 at 110 for 100, and at 200 for 160
    }
    behind.now.at = datetime.combine(date(2026, 3, 20), time(9), UTC)
    behind.revise("W3", duration="20.00")
    behind.update(date(2026, 3, 6), said("W1", "02", "50.00"))
    froze(behind, "After the change")
    assert told(behind) == first, "what became known later takes no part"


def test_without_a_baseline_there_is_nothing_to_measure_by(planning: Planning) -> None:
    weeks(planning, "100")
    with planning.looking("rita"):
        assert deviation(planning.brief(), WEEK) is None
    assert "Progress against the plan" not in planning.browser("rita").get(PAGE).text


def test_the_page_tells_it_and_leads_to_the_plan_of_those_days(behind: Planning) -> None:
    browser = behind.browser("rita")
    page = browser.get(PAGE).text
    shown = text(page)
    assert "Progress against the plan CNY · Contract plan" in shown
    assert "Planned value (PV) 100.00 200.00" in shown
    assert "Schedule performance in time, SPI(t) 1 0.8" in shown
    assert "End by the plan 20 Mar 2026 24 Mar 2026" in shown
    block = page.partition("Progress against the plan")[2].partition("</table>")[0]
    ways = re.findall(r'<a href="([^"]+)">([^<]+)</a>', block)
    assert len(ways) == 12
    for url, value in ways:
        assert value in text(browser.get(unescape(url)).text), url
    taken = browser.get(PAGE.replace("weekly?", "weekly.xlsx?"))
    sheet = load_workbook(BytesIO(taken.data)).get_sheet_by_index(0).to_python()
    assert ["End by the plan", "20 Mar 2026", "24 Mar 2026"] in [row[:3] for row in sheet]
    assert browser.get(PAGE.replace("weekly?", "weekly.pdf?")).data[:5] == b"%PDF-"
    behind.speaks_chinese("rita")
    chinese = text(behind.browser("rita").get(PAGE).text)
    assert "进度偏差" in chinese
    assert "按计划完工" in chinese
