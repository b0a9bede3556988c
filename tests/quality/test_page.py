"""The quality page of a project: every number leads to the list of exactly what it counts."""

import re
from datetime import timedelta
from html import unescape

from flask import Flask

from portal import clock
from portal.demo.story import Story
from tests.health.conftest import Browsers, defect, telling
from tests.ledgers.fixtures import Cast
from tests.ledgers.fixtures import cast as cast

PAGE = "/projects/HB01/quality"


def days_ago(days: int) -> str:
    return (clock.now().date() - timedelta(days=days)).isoformat()


def row(page: str, start: str) -> str:
    found = re.search(rf"<tr>\s*<td>{start}.*?</tr>", page, re.S)
    assert found, page
    return unescape(found[0])


def rows_of(list_page: str) -> int:
    """How many records a list shows."""
    body = re.search(r"<tbody.*?</tbody>", list_page, re.S)
    return len(re.findall(r"<tr", body[0])) if body else 0


def test_open_defects_stand_by_age_and_severity_and_lead_to_their_lists(
    inspected: Story, browsers: Browsers, app: Flask
) -> None:
    with telling(app):
        defect(inspected, found_on=days_ago(2), due_on=days_ago(-5))
        defect(inspected, found_on=days_ago(40), due_on=days_ago(20))
        defect(inspected, found_on=days_ago(41), due_on=days_ago(30))
    browser = browsers.of("t.becker")
    page = browser.get(PAGE).text
    old = row(page, "over 30 days")
    link = re.search(r'href="([^"]+)">2</a>', old)
    assert link
    assert rows_of(browser.get(link[1]).text) == 2
    assert "2 overdue" in page
    new = row(page, "0 to 7 days")
    link = re.search(r'href="([^"]+)">1</a>', new)
    assert link
    assert rows_of(browser.get(link[1]).text) == 1


def test_risks_stand_in_the_matrix_and_a_closed_one_is_gone(
    inspected: Story, browsers: Browsers, app: Flask
) -> None:
    data = {
        "title": "Piles meet boulders",
        "category": "time",
        "cause": "Boulders.",
        "raised_on": days_ago(3),
        "owner": inspected.ids["person:song.ke"],
        "probability": "3.26",
        "impact": "4.60",
        "status": "open",
        "reviewed_on": days_ago(3),
    }
    with telling(app):
        inspected.now = clock.now()
        record_id = inspected.file("chen.li", "risk", "HB01", data).id
    browser = browsers.of("t.becker")
    page = unescape(browser.get(PAGE).text)
    cell = re.search(
        r'risk-medium"><a href="([^"]+)" aria-label="1 risks of probability 3 and', page
    )
    assert cell
    assert record_id in browser.get(cell[1]).text
    with telling(app):
        kept = inspected.look(record_id).data
        ended = {"status": "closed", "closed_on": days_ago(3), "outcome": "Blasted."}
        inspected.send(record_id, {**kept, **ended})
    assert "risk-medium" not in browser.get(PAGE).text


def test_the_page_is_for_those_who_see_figures(inspected: Story, browsers: Browsers) -> None:
    assert browsers.of("t.becker").get(PAGE).status_code == 200
    assert browsers.of("ye.qing").get(PAGE).status_code == 404
    assert browsers.of("o.haddad").get(PAGE).status_code == 404


def test_without_registers_the_page_says_what_to_publish(cast: Cast) -> None:
    assert (
        "No register of quality is in use"
        in cast.browser("member").get("/projects/P1/quality").text
    )


def test_the_overview_leads_to_plan_progress_cost_resources_and_quality(
    inspected: Story, browsers: Browsers, app: Flask
) -> None:
    with telling(app):
        defect(inspected, found_on=days_ago(9), due_on=days_ago(2))
    page = browsers.of("t.becker").get("/projects/HB01").text
    five = re.search(r'<div id="_five">.*?</div>\s*</div>', page, re.S)
    assert five
    for name in ("Plan", "Progress", "Cost", "Resources", "Quality"):
        assert name in five[0]
    assert "1 entry overdue" in five[0]
