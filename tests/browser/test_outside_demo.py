"""An empty portal: its first page sets it up, and nothing of the demo is there."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.servers import Server
from tests.browser.watching import axe, picture

SET_UP = re.compile(r"http://127\.0\.0\.1:\d+(/\S+\?token=\S+)")
PASSWORD = "a long sentence nobody guesses"
TYPED = {
    "company": "Quiet Works",
    "name": "Ada Founder",
    "login": "ada",
    "password": PASSWORD,
    "again": PASSWORD,
}
KNOCK = """async (door) => {
  const token = document.querySelector('input[name=csrf_token]').value;
  const body = new URLSearchParams({csrf_token: token, login: 'ada', next: '/'});
  return (await fetch(door, {method: 'POST', body, redirect: 'manual'})).status;
}"""


def _set_up(page: Page, server: Server) -> None:
    """Follow the link the portal printed, fill in its page and send it."""
    link = SET_UP.search(server.said)
    assert link, server.said
    page.goto(link.group(1))
    picture(page, "first-run")
    assert axe(page) == []
    for name, text in TYPED.items():
        page.locator(f'input[name="{name}"]').fill(text)
    page.locator('form:has(input[name="company"]) button[type="submit"]').click()
    page.wait_for_load_state()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_of_the_demo_is_there_outside_it(
    empty_server: Server, new_page: NewPage, language: str
) -> None:
    page = new_page(empty_server, language)
    _set_up(page, empty_server)
    page.goto("/")
    expect(page.locator("h1")).to_contain_text("Ada Founder")
    picture(page, f"first-home-{language}")
    expect(page.locator("#_try_it")).to_have_count(0)
    expect(page.locator(".demo-menu")).to_have_count(0)
    for door in ("/demo/act-as", "/demo/sign-in"):
        assert page.evaluate(KNOCK, door) == 404, door
    other = new_page(empty_server, language)
    other.goto("/sign-in")
    expect(other.locator('input[name="password"]')).to_have_count(1)
    expect(other.locator('input[name="login"][type="hidden"]')).to_have_count(0)
    assert other.evaluate(KNOCK, "/demo/sign-in") == 404


def test_a_set_up_link_works_once(empty_server: Server, new_page: NewPage) -> None:
    page = new_page(empty_server)
    _set_up(page, empty_server)
    link = SET_UP.search(empty_server.said)
    assert link
    page.goto(link.group(1))
    expect(page.locator('input[name="company"]')).to_have_count(0)
