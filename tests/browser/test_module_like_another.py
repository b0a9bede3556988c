"""A module made like a shipped one, named, published, filed and approved: no JSON, few acts."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.servers import Server
from tests.browser.test_pages import look
from tests.browser.watching import picture

MOST = 40


class Counted:
    """A page whose clicks, choices and filled inputs are counted: what a person does with it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.acts = 0

    def click(self, what: Locator) -> None:
        self.acts += 1
        what.click()
        self.page.wait_for_load_state()

    def link(self, name: str | re.Pattern[str], inside: str = "main") -> None:
        self.click(self.page.locator(inside).get_by_role("link", name=name).first)

    def button(self, name: str | re.Pattern[str]) -> None:
        self.click(self.page.get_by_role("button", name=name).first)

    def fill(self, what: Locator, text: str) -> None:
        self.acts += 1
        what.fill(text)

    def choose(self, what: Locator, index: int) -> None:
        self.acts += 1
        what.focus()
        what.select_option(index=index)

    def act_as(self, login: str) -> None:
        self.click(self.page.locator(".demo-menu > summary"))
        self.click(self.page.locator(f'.demo-menu button[name="login"][value="{login}"]'))


def make_it(by: Counted) -> None:
    """A module like Budget, under names of its own, published as it is."""
    by.link("Administration", "body")
    by.link(re.compile("^Modules"))
    by.link(re.compile("^Budget"))
    by.link("Make a module like this")
    page = by.page
    for name, text in (
        ("title_en", "Provisional sums"),
        ("title_zh", "暂列金额"),
        ("budget-title_en", "Provisional sum"),
        ("budget-title_zh", "暂列金额申请"),
        ("budget-letters", "PS"),
    ):
        by.fill(page.locator(f'[name="{name}"]'), text)
    picture(page, "clone")
    by.button("Make the module")
    expect(page.locator("main")).to_contain_text("or publish it as it is")
    by.link("Look over and publish")
    by.button("Publish release 1")
    expect(page.locator("main")).to_contain_text(
        "It is out: provisional sums can be filed from now on"
    )


def file_it(by: Counted, *, script: bool) -> str:
    """One provisional sum, sent for approval; its address."""
    page = by.page
    by.act_as("zhou.min")
    page.goto("/forms/provisional_sums/new?project=HB01")
    by.acts += 3  # New, the form, the project
    by.fill(page.locator("#c-title"), "Rock in the trench")
    by.fill(page.locator("#c-basis"), "Ground report, price level of March")
    row = page.locator("#b-lines > tr").first
    by.choose(row.locator('select[name$="-cost_code"]'), 1)
    by.fill(row.locator('[name$="-description"]'), "Rock excavation")
    by.fill(row.locator('[name$="-amount"]'), "120000")
    if script:
        with page.expect_response(re.compile("/recalculate$")):
            row.locator('[name$="-amount"]').blur()
    by.button(re.compile("^Submit"))
    by.click(page.get_by_role("dialog").get_by_role("button", name=re.compile("^Submit")))
    page.wait_for_url(re.compile(r"/records/[0-9a-f-]{36}$"))
    expect(page.locator("main")).to_contain_text(re.compile(r"PS-HB01-\d{4}-001"))
    return page.url


def approve_it(by: Counted, login: str) -> None:
    by.act_as(login)
    by.link(re.compile("^Inbox"), "body")
    by.link(re.compile("Rock in the trench"))
    by.button(re.compile("^Approve"))


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_module_is_made_like_another_published_filed_and_approved(
    fresh_demo: Server, new_page: NewPage, script: bool
) -> None:
    page = new_page(fresh_demo, script=script)
    by = Counted(page)
    page.goto("/sign-in")
    by.click(page.locator('form:has(input[name="login"][value="an.ran"]) button'))
    make_it(by)
    address = file_it(by, script=script)
    for login in ("wang.jianguo", "lin.hai"):
        approve_it(by, login)
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Approved")
    picture(page, "clone-approved")
    assert by.acts < MOST, by.acts


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pages_of_a_modules_settings_are_whole(
    fresh_demo: Server, new_page: NewPage, language: str
) -> None:
    page = new_page(fresh_demo, language)
    page.goto("/sign-in")
    page.locator('form:has(input[name="login"][value="an.ran"]) button').click()
    page.goto("/modules/payment")
    page.locator('form[action="/modules/payment/draft"] button').click()
    settings, found = "/modules/payment/draft/settings", []
    for address in (
        "/modules/payment/clone",
        settings,
        f"{settings}/forms/payment",
        f"{settings}/forms/payment/remove",
        f"{settings}/new-form",
        "/modules/payment/draft/translations?show=all",
        "/modules/payment/draft/payment.form.json/design/settings",
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, f"{address}: {answer.status}"
        name = address.removeprefix("/modules/payment/").replace("?", "_")
        found += look(page, f"settings-{language}/{name}")
    assert found == [], "\n".join(found)
