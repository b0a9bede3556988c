"""An author adds a branch and a step in the picture, tries the chain and publishes it."""

import re

from playwright.sync_api import expect

from tests.browser.acting import sign_in_by_card
from tests.browser.conftest import NewPage
from tests.browser.servers import Server
from tests.browser.test_pages import look
from tests.browser.watching import picture

CHAIN = "/modules/change_request/draft/change_request.workflow.json/chain"


def test_a_branch_is_drawn_tried_and_published(fresh_demo: Server, new_page: NewPage) -> None:
    page = new_page(fresh_demo)
    sign_in_by_card(page, "an.ran")
    page.goto("/modules/change_request")
    page.locator('form[action="/modules/change_request/draft"] button').click()
    page.goto(CHAIN)
    page.locator(f'a.drawn-plus[href="{CHAIN}/add/step?before=blocks.0"]').press("Enter")
    page.get_by_role("link", name="Branch", exact=True).click()
    page.get_by_label("Row 1: field").select_option("total")
    page.get_by_label("Row 1: comparison").select_option(">")
    page.get_by_label("Row 1: value").fill("2000000")
    page.get_by_label("Title in English").fill("Very large")
    page.get_by_label("Title in Chinese").fill("特大变更")
    page.get_by_role("button", name="Add the branch").click()
    expect(page.locator("#block-very_large")).to_be_focused()
    into = f"{CHAIN}/add/step?into=blocks.0.when.0.then"
    page.locator(f'a.drawn-plus[href="{into}"]').press("Enter")
    page.get_by_label("Title in English").fill("Director looks first")
    page.get_by_label("Title in Chinese").fill("领导预审")
    page.locator("#who").select_option("role:director")
    page.get_by_role("button", name="Add the step").click()
    expect(page.locator("#block-director_looks_first")).to_be_focused()
    found = look(page, "chain-picture")
    page.locator('a.drawn-more[aria-label*="Very large"]').press("Enter")
    picture(page, "chain-chosen")
    page.locator(".drawn-bar").get_by_role("button", name="Move down").click()
    expect(page.locator("#block-very_large")).to_be_focused()
    page.get_by_role("link", name="Try it", exact=True).click()
    page.locator("#v-total").fill("3000000")
    page.get_by_role("button", name="Send this sample").click()
    expect(page.locator("main")).to_contain_text("Director looks first")
    page.wait_for_load_state()
    acts = 0
    while page.locator("#now h2").inner_text() == "It waits for these people":
        acts += 1
        page.get_by_role("button", name=re.compile("^Approve as")).first.click()
        page.wait_for_url(re.compile(rf"^(?:(?!act=).)*(?:act=(?:(?!act=).)*){{{acts}}}$"))
    expect(page.locator("#now h2")).to_have_text("It is approved.")
    found += look(page, "chain-tried")
    page.goto(f"{CHAIN}/authority")
    found += look(page, "chain-authority")
    page.goto(f"{CHAIN}/settings")
    found += look(page, "chain-settings")
    assert found == []
    page.goto("/modules/change_request/draft/publish")
    page.get_by_role("button", name=re.compile("^Publish release")).click()
    expect(page.locator("main")).to_contain_text("use release")
