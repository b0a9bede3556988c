"""An author lets a new form post its costs by choosing alone; what is approved stands in the sheet."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acting import act_as, sign_in_by_card
from tests.browser.conftest import NewPage
from tests.browser.servers import Server
from tests.browser.story import named
from tests.browser.test_pages import look
from tests.browser.watching import picture

DRAFT = "/modules/site_purchase/draft"
RULES = f"{DRAFT}/site_purchase.postings.json/design"


def make_the_module(page: Page) -> None:
    """A form of title and amount, with a link to the cost code."""
    page.goto("/modules/new")
    page.get_by_label("Title in English").fill("Site purchase")
    page.get_by_label("Title in Chinese").fill("零星采购")
    page.get_by_role("button", name="Create the module").click()
    page.goto(f"{DRAFT}/site_purchase.form.json/design")
    page.get_by_role("link", name="Add a field").first.click()
    page.get_by_role("radio", name="Link to a record").check()
    page.get_by_label("Label in English").fill("Cost code")
    page.get_by_label("Label in Chinese").fill("成本科目")
    page.get_by_label("Links to").select_option(label="Cost code")
    page.get_by_role("button", name="Add it", exact=True).click()
    expect(page.locator("main")).to_contain_text("Cost code")


def bind_the_costs(page: Page) -> None:
    """One entry of actual cost, once approved, where a cost code is named."""
    page.goto(DRAFT)
    page.get_by_role("link", name="Add postings to “Site purchase”").click()
    page.get_by_role("link", name="Add a rule").click()
    page.get_by_role("radio", name="Cost", exact=True).check()
    page.get_by_role("button", name="Go on to its columns").click()
    expect(page.locator("#_posting_check")).to_contain_text("Still to be bound: Kind of cost")
    page.locator("#set-bucket").select_option(label="Actual cost")
    expect(page.locator("#_posting_check")).to_contain_text("“Cost code” must not be empty")
    page.get_by_label("Row 1: field").select_option(label="Cost code")
    page.get_by_label("Row 1: comparison").select_option(label="is filled in")
    expect(page.locator("#_posting_check")).to_contain_text("The rule can post.")
    picture(page, "posting-rule")
    page.get_by_role("button", name="Add the rule").click()
    expect(page.locator("main")).to_contain_text(
        "When approved, one entry into Cost, where Cost code is filled in"
    )
    picture(page, "posting-rules")


def publish(page: Page) -> None:
    """The release, with what it says of the rule."""
    page.get_by_role("link", name="Look over and publish").click()
    picture(page, "posting-review")
    page.get_by_role("button", name=re.compile("^Publish release")).click()
    expect(page.locator("main")).to_contain_text("It is out")


def file_and_approve(page: Page) -> str:
    """A purchase filed by the engineer and approved by the project manager; its number."""
    act_as(page, "chen.li")
    expect(page.locator(".demo-menu > summary")).to_contain_text("Chen Li")
    page.goto("/forms/site_purchase/new?project=HB01")
    page.get_by_label("Title").fill("Sandbags for the pit")
    page.get_by_label("Amount").fill("1234.56")
    code = page.locator("#c-cost_code option").nth(1).get_attribute("value")
    page.locator("#c-cost_code").select_option(code)
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    page.wait_for_url(re.compile(r"/records/[0-9a-f-]{36}$"))
    address = page.url
    act_as(page, "wang.jianguo")
    expect(page.locator(".demo-menu > summary")).to_contain_text("Wang")
    page.goto(address)
    named(page, "Decide").click()
    page.get_by_role("button", name=re.compile("^Approve")).first.click()
    expect(page.locator("main")).to_contain_text(": Approved.")
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Approved")
    found = re.search(r"SP-HB01-\d{4}-\d{4}", page.locator("main").inner_text())
    assert found
    return found.group()


def test_costs_are_bound_by_choosing_and_stand_in_the_sheet(
    fresh_demo: Server, new_page: NewPage
) -> None:
    page = new_page(fresh_demo)
    sign_in_by_card(page, "an.ran")
    make_the_module(page)
    bind_the_costs(page)
    page.get_by_role("link", name="What would change").first.click()
    expect(page.locator("main")).to_contain_text("There is no record yet")
    expect(page.locator("main")).to_contain_text("On the examples")
    picture(page, "posting-dry-run")
    publish(page)
    number = file_and_approve(page)
    page.goto("/projects/HB01/cost")
    row = page.locator("tr").filter(has_text="Concrete works").first
    row.locator('a[href*="column=actual"]').click()
    entry = page.locator("tr").filter(has_text=number)
    expect(entry).to_contain_text("1,234.56")
    picture(page, "posting-entry")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pages_of_posting_rules_are_whole(
    fresh_demo: Server, new_page: NewPage, language: str
) -> None:
    page = new_page(fresh_demo, language)
    sign_in_by_card(page, "an.ran")
    page.goto("/modules/payment")
    page.locator('form[action="/modules/payment/draft"] button').click()
    rules = "/modules/payment/draft/payment_voucher.postings.json/design"
    page.goto(f"{rules}/rules/0")
    page.locator("#ledger").select_option("progress_entry")
    expect(page.locator("#set-milestone")).to_be_visible()
    page.locator("#ledger").select_option("cost_entry")
    expect(page.locator("#set-cost_code")).to_be_visible()
    page.goto(f"{rules}/rules/0")
    page.locator("#set-amount").select_option("formula")
    page.locator("#set-amount-text").fill("amount * 2")
    page.locator(f'form[action="{rules}/rules/0"] .btn-primary').click()
    found = []
    for address in ("", "/rules/1", "/rules/new", "/rules/new?ledger=funds_entry", "/dry-run"):
        answer = page.goto(rules + address)
        assert answer is not None
        assert answer.ok, f"{address}: {answer.status}"
        found += look(page, f"postings-{language}{address or '/list'}".replace("?", "_"))
    assert found == [], "\n".join(found)
