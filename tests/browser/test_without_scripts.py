"""The main job without JavaScript: file, submit, approve, print."""

import re

from playwright.sync_api import Page, expect

from tests.browser.acting import act_as, sign_in_by_card
from tests.browser.conftest import NewPage
from tests.browser.servers import Server
from tests.browser.watching import picture

CHANGE = {
    "Subject": "Handrail at the ferry stairs",
    "Affected scope": "Ferry stairs, west side",
    "Description of the change": "A handrail on both sides.",
    "Probability before": "3",
    "Impact before": "2",
    "Probability after": "1",
    "Impact after": "2",
}


def _fill_in(page: Page) -> None:
    page.goto("/forms/change_request/new?project=HB01")
    for label, text in CHANGE.items():
        page.get_by_label(label, exact=False).first.fill(text)
    page.get_by_label("Reason").first.select_option(label="Owner's instruction")
    page.get_by_label("What it moves").first.select_option(label="In scope: cost only")


def _row(page: Page) -> None:
    """The first line of the cost impact; the code is looked up, as there is no type-ahead."""
    lines = page.locator("table", has_text="Unit price").first
    row = lines.locator("tbody tr").first
    row.get_by_label(re.compile("Description")).fill("Handrail, galvanized")
    row.get_by_label(re.compile("Quantity")).fill("48")
    row.get_by_label(re.compile("Unit$|Unit[^ ]*$")).first.fill("m")
    row.get_by_label(re.compile("Unit price")).fill("620")


def test_a_change_is_filed_approved_and_printed_without_javascript(
    fresh_demo: Server, new_page: NewPage
) -> None:
    page = new_page(fresh_demo, "en", script=False)
    sign_in_by_card(page, "chen.li")
    _fill_in(page)
    _row(page)
    picture(page, "no-script-form")
    page.get_by_role("button", name="Save draft").first.click()
    expect(page.locator("main")).to_contain_text("Draft")
    act_as(page, "wang.jianguo")
