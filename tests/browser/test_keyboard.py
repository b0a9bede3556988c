"""Deciding with the keyboard alone: sign in, open the inbox, read, approve."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.servers import Server
from tests.browser.watching import picture

FOCUSED = "document.activeElement && document.activeElement.matches(%r)"
RING = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
}"""
MOST_TABS = 60


def tab_to(page: Page, selector: str) -> None:
    """Tab until the element has the focus; its ring must be seen."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED % selector):
            assert page.evaluate(RING), f"no focus ring on {selector}"
            return
    raise AssertionError(f"{selector} is not reached by {MOST_TABS} tabs")


def test_a_director_approves_without_a_mouse(fresh_demo: Server, new_page: NewPage) -> None:
    page = new_page(fresh_demo)
    page.goto("/sign-in")
    tab_to(page, 'form:has(input[value="lin.hai"]) button')
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Lin Hai")
    tab_to(page, '.app-side a[href="/inbox"]')
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/inbox$"))
    tab_to(page, 'main a[href^="/inbox/"]')
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/inbox/[0-9a-f-]{36}"))
    page.wait_for_load_state("load")
    subject = page.locator("h1").inner_text()
    page.keyboard.press("a")
    expect(page.locator("button.btn-approve")).to_be_focused()
    picture(page, "keyboard-approve", whole=False)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Approved.").first).to_be_visible()
    page.goto("/inbox")
    expect(page.locator("main")).not_to_contain_text(subject)


def test_rejecting_asks_first_and_escape_takes_it_back(
    fresh_demo: Server, new_page: NewPage
) -> None:
    page = new_page(fresh_demo)
    page.goto("/sign-in")
    tab_to(page, 'form:has(input[value="lin.hai"]) button')
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Lin Hai")
    page.goto("/inbox")
    page.locator('main a[href^="/inbox/"]').first.press("Enter")
    expect(page).to_have_url(re.compile(r"/inbox/[0-9a-f-]{36}"))
    page.wait_for_load_state("load")
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Rejecting ends this request")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("button.btn-approve")).to_be_visible()


def test_what_a_row_is_about_stands_beside_the_list(fresh_demo: Server, new_page: NewPage) -> None:
    page = new_page(fresh_demo)
    page.goto("/sign-in")
    page.locator('form:has(input[value="lin.hai"]) button').click()
    expect(page.locator("h1")).to_contain_text("Lin Hai")
    page.goto("/inbox")
    links = page.locator("main a[data-preview]")
    beside = page.get_by_role("complementary", name="Preview")
    expect(beside.locator("header h2").first).to_have_text(links.first.inner_text())
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    expect(beside.locator("header h2").first).to_have_text(links.nth(1).inner_text())
    picture(page, "inbox-preview", whole=False)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/inbox/[0-9a-f-]{36}$"))
    expect(page.locator("button.btn-approve")).to_be_visible()
