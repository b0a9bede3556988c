"""Home shows one's projects with their health; nobody learns of projects that are not theirs."""

import re
from html import unescape

from tests.ledgers.fixtures import Cast
from tests.stage import Stage


def projects(page: str) -> str:
    found = re.search(r'id="projects".*?</section>', page, re.S)
    assert found
    return unescape(found[0])


def test_home_says_what_is_left_and_what_is_late(cast: Cast) -> None:
    browser = cast.browser("member")
    shown = projects(browser.get("/").text)
    assert "1 milestone late" in shown or "milestones late" in shown
    left = re.search(r'href="([^"]+)"[^>]*>1,270,000\.00</a> CNY', shown)
    assert left
    assert "1,270,000.00" in browser.get(left[1]).text
    assert "no budget yet" in shown, "the second project has none"


def test_home_of_people_from_outside_has_no_figures(cast: Cast) -> None:
    page = cast.browser("external").get("/")
    assert page.status_code == 200
    assert "/projects/P1" in projects(page.text)
    assert "1,270,000" not in page.text
    assert "milestones late" not in page.text


def test_who_may_look_at_all_projects_and_is_in_none_is_led_to_them(stage: Stage) -> None:
    creator = stage.browser("paul")
    assert 'href="/projects"' in projects(creator.get("/").text)
    assert 'href="/projects/new"' in creator.get("/projects").text
    nobody = projects(stage.browser("nobody").get("/").text)
    assert "You are in no project yet" in nobody
    assert 'href="/projects"' not in nobody
