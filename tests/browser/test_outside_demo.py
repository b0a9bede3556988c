"""An empty portal: the first-run page sets it up; nothing of the demo is there."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.servers import Server
from tests.browser.watching import axe, picture

SET_UP = re.compile(r"http://127\.0\.0\.1:\d+(/\S+\?token=\S+)")
PASSWORD = "a long sentence nobody guesses"


def _set_up(page: Page, server: Server) -> None:
    """Follow the link the portal printed and fill in its page."""
    link = SET_UP.search(server.said)
    assert link, server.said
    page.goto(link.group(1))


def test_the_demos_doors_do_not_exist_outside_it(
    empty_server: Server, new_page: NewPage
) -> None:
    page = new_page(empty_server)
    _set_up(page, empty_server)
    picture(page, "first-run")
    assert axe(page) == []
    for label, text in {
        "Company": "Quiet Works",
        "Name": "Ada Founder",
        "Sign-in name": "ada",
    }.items():
        page.get_by_label(label, exact=False).first.fill(text)
    for field in page.locator('input[type="password"]').all():
        field.fill(PASSWORD)
    page.locator("main form button[type=submit], form button[type=submit]").last.click()
    page.goto("/sign-in")
    expect(page.locator('input[name="login"][type="hidden"]')).to_have_count(0)
    for door in ("/demo/sign-in", "/demo/act-as"):
        answer = page.request.post(door, form={"login": "ada"})
        assert answer.status in {400, 404}, door
    page.goto("/")
    expect(page.locator("#_try_it")).to_have_count(0)
    expect(page.locator(".demo-menu")).to_have_count(0)
