"""The page of a project's health, the alerts of all, and what is begun from one."""

import re
from html import unescape

import pytest
from flask import Flask

from portal.db import SYSTEM, db, set_context, write_transaction
from portal.demo.story import Story
from portal.health.services import watch
from portal.records import services as records
from tests.health.conftest import NOW, Browsers, telling
from tests.ledgers.fixtures import Cast
from tests.ledgers.world import NOW as THEN

PAGE = "/projects/P1/health"
ROW = r'<tr id="alert-([^"]+)">(?:(?!</tr>).)*M9 Access road.*?</tr>'


@pytest.fixture
def watched(cast: Cast, app: Flask) -> Cast:
    """The furnished project, looked at once by the tick."""
    with app.app_context():
        set_context(db.session(), SYSTEM)
        with write_transaction():
            assert watch(THEN) > 0
    return cast


def test_each_color_stands_with_its_figure_threshold_and_way(watched: Cast) -> None:
    browser = watched.browser("member")
    page = unescape(browser.get(PAGE).text)
    row = re.search(r"<tr>\s*<td>Cost code over budget.*?</tr>", page, re.S)
    assert row
    assert "below -1 %" in row[0] or "not below -1 %" in row[0]
    way = re.search(r'href="([^"]+)">', row[0])
    assert way
    assert browser.get(way[1]).status_code == 200


def test_open_alerts_stand_on_the_page_the_overview_and_among_all(watched: Cast) -> None:
    browser = watched.browser("member")
    assert 'id="alerts"' in browser.get(PAGE).text
    assert "Open alerts" in browser.get("/projects/P1").text
    assert "Open alerts, the worst first" in browser.get("/alerts").text


def test_looking_raises_nothing(cast: Cast) -> None:
    browser = cast.browser("member")
    assert 'id="alerts"' not in browser.get(PAGE).text
    assert "No alert is open" in browser.get("/alerts").text


def test_who_may_not_see_figures_sees_no_health(watched: Cast) -> None:
    for login in ("outsider", "external"):
        assert watched.browser(login).get(PAGE).status_code == 404
    assert watched.browser("external").get("/alerts").status_code == 404
    assert "P1" not in re.sub(r"<nav.*?</nav>", "", watched.browser("outsider").get("/alerts").text)


def late_milestone(story: Story) -> str:
    """The harbor with a milestone that is late, watched once; its id."""
    data = {
        "code": "M9",
        "name": "Access road",
        "planned_on": "2026-02-01",
        "responsible": story.ids["person:wang.jianguo"],
    }
    made = story.file("wang.jianguo", "milestone", "HB01", data).id
    story.become_nobody()
    watch(NOW)
    return made


def test_an_act_opens_its_form_filled_in_and_stands_on_the_alert_once_it_is_saved(
    story: Story, browsers: Browsers, app: Flask
) -> None:
    with telling(app):
        milestone = late_milestone(story)
    browser = browsers.of("wang.jianguo")
    page = browser.get("/projects/HB01/health").text
    row = re.search(ROW, page, re.S)
    assert row
    assert f"/records/{milestone}" in row[0], "the entry itself may be opened to re-plan it"
    action = re.search(r'action="(/alerts/[^"]+)"(?:(?!</form>).)*提出变更', row[0], re.S)
    assert action
    sent = dict(re.findall(r'name="(csrf_token|request_key)"[^>]*value="([^"]+)"', page))
    answer = browser.post(action[1], data=sent)
    assert answer.status_code == 303
    form = unescape(browser.get(answer.location).text)
    assert "里程碑延误：M9 Access road" in form
    record_id = re.search(r"_record=([0-9a-f-]+)", answer.location)
    assert record_id
    assert record_id[1] in form
    assert "暂无" in browser.get("/projects/HB01/health").text, "nothing is saved yet"
    with telling(app):
        actor, project = story.become("wang.jianguo"), story.ids["project:HB01"]
        origin = records.Origin("change_request", project, {"title": "New date"})
        records.start_draft(actor=actor, record_id=record_id[1], origin=origin, now=NOW)
    page = browser.get("/projects/HB01/health").text
    assert f"/records/{record_id[1]}" in page


def test_an_act_is_for_those_who_may_file_its_form(
    story: Story, browsers: Browsers, app: Flask
) -> None:
    with telling(app):
        late_milestone(story)
    browser = browsers.of("sun.yue")
    page = browser.get("/projects/HB01/health").text
    row = re.search(ROW, page, re.S)
    assert row
    assert "提出变更" not in row[0]
    sent = dict(re.findall(r'name="(csrf_token|request_key)"[^>]*value="([^"]+)"', page))
    assert browser.post(f"/alerts/{row[1]}/acts/1", data=sent).status_code == 403
    assert browser.post(f"/alerts/{row[1]}/acts/0", data=sent).status_code == 404
    assert browser.post(f"/alerts/{row[1]}/acts/9", data=sent).status_code == 404
    assert browser.post("/alerts/none/acts/1", data=sent).status_code == 404
