"""An administrator changes payments in the browser, without JSON; others file under the release."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acting import act_as, sign_in_by_card
from tests.browser.conftest import NewPage
from tests.browser.servers import Server
from tests.browser.story import go, named, numbers, told
from tests.browser.test_pages import look
from tests.browser.watching import picture

DRAFT = "/modules/payment/draft"
STEP = "Release of large payments"


def add_a_required_field(page: Page) -> None:
    """A required text, and a value for it in the examples."""
    page.get_by_role("link", name="Form “Payment application”").click()
    page.get_by_role("link", name="Add a field").first.click()
    page.get_by_role("radio", name="Text", exact=True).check()
    page.get_by_label("Label in English").fill("Reason of payment")
    page.get_by_label("Label in Chinese").fill("付款事由")
    page.get_by_role("checkbox", name="Required").check()
    page.get_by_role("button", name="Add it", exact=True).click()
    page.get_by_role("link", name=re.compile("examples have no value for it")).click()
    page.get_by_label("Value in the examples").fill("Progress")
    page.get_by_role("button", name="Fill in the examples").click()
    expect(page.get_by_text("examples have no value")).to_have_count(0)
    picture(page, "builder-fields")
    page.get_by_role("link", name="Draft", exact=True).click()


def add_a_step_above(page: Page, amount: str) -> None:
    """One more approval at the end of the chain, for large payments only."""
    page.get_by_role("link", name="Approval chain “Payment approval”").click()
    page.get_by_role("link", name="Add a step").last.click()
    page.get_by_label("Title in English").fill(STEP)
    page.get_by_label("Title in Chinese").fill("大额付款放行")
    page.get_by_label("Who is asked, line 1").select_option(label="Project manager")
    page.get_by_label("Row 1: field").select_option(label="Net due this period")
    page.get_by_label("Row 1: comparison").select_option(label="is more than")
    page.get_by_label("Row 1: value").fill(amount)
    page.get_by_label("Meaning in English").fill("The money is there.")
    page.get_by_label("Meaning in Chinese").fill("资金已落实。")
    picture(page, "builder-step")
    page.get_by_role("button", name="Add the step").click()
    expect(page.locator("main")).to_contain_text(STEP)
    picture(page, "builder-chain")


def publish(page: Page) -> None:
    """What the page asks for first, then the release."""
    page.get_by_role("link", name="Look over and publish").click()
    picture(page, "builder-review")
    page.get_by_role("button", name="Take over the new routes").click()
    page.get_by_role("button", name=re.compile("^Publish release")).click()
    expect(page.locator("main")).to_contain_text("open records stay on release 1")


def file_a_large_one(page: Page) -> str:
    """The payment of the demo's story, with the new field; its address."""
    step = told(page)
    ((label, value),) = step.typed
    (submit,) = step.named
    line = re.search(r"\bT\d+\b", step.text)
    assert line
    go(page)
    cell = page.locator("tr", has_text=line.group()).first.get_by_label(
        re.compile(re.escape(label))
    )
    for control, text in ((cell, value), (page.get_by_label("Reason of payment"), "Measured")):
        control.fill(text)
        with page.expect_response(re.compile("/recalculate$")):
            control.blur()
    named(page, submit).click()
    page.get_by_role("dialog").get_by_role("button", name=submit).click()
    page.wait_for_url(re.compile(r"/records/[0-9a-f-]{36}$"))
    return page.url


def test_a_field_and_a_step_reach_the_next_payment_and_no_open_one(
    fresh_demo: Server, new_page: NewPage
) -> None:
    page = new_page(fresh_demo)
    sign_in_by_card(page, "an.ran")
    page.goto("/modules/payment")
    page.get_by_role("button", name="Open a draft").click()
    add_a_required_field(page)
    add_a_step_above(page, "500,000")
    publish(page)
    act_as(page, "lin.hai")
    address = file_a_large_one(page)
    expect(page.locator("ol.chain")).to_contain_text(STEP)
    people = []
    while (step := told(page)).key == "approve":
        go(page)
        for label, value in step.typed:
            page.get_by_label(label, exact=False).first.fill(value)
        people.append(page.locator(".demo-menu > summary").inner_text())
        for name in step.named:
            named(page, name).click()
            page.wait_for_load_state()
        assert len(people) <= 4
    assert len(people) == 4
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Measured")
    expect(page.locator("main")).to_contain_text("Approved")
    picture(page, "builder-approved")
    page.goto("/forms/payment?state=submitted")
    row = page.locator("tbody tr").filter(has_text="PAY-").first
    assert numbers(row.inner_text())
    row.get_by_role("link").first.click()
    expect(page.locator("ol.chain")).not_to_contain_text(STEP)
    expect(page.locator("main")).not_to_contain_text("Reason of payment")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_builders_pages_are_whole(fresh_demo: Server, new_page: NewPage, language: str) -> None:
    page = new_page(fresh_demo, language)
    sign_in_by_card(page, "an.ran")
    page.goto("/modules/payment")
    page.locator(f'form[action="{DRAFT}"] button').click()
    form, chain = f"{DRAFT}/payment.form.json", f"{DRAFT}/payment.workflow.json"
    found = []
    for address in (
        f"{form}/design",
        f"{form}/design/fields/contract",
        f"{form}/design/fields/lines.this_qty",
        f"{form}/design/fields/note/remove",
        f"{form}/design/fields/contract/remove",
        f"{form}/design/new-field",
        f"{form}/design/settings",
        f"{chain}/chain",
        f"{chain}/chain/blocks.0",
        f"{chain}/chain/blocks.2/bands",
        f"{chain}/chain/rights",
        f"{chain}/chain/add/step?into=blocks",
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, f"{address}: {answer.status}"
        found += look(
            page, f"builder-{language}/{address.rpartition('draft/')[2]}".replace("?", "_")
        )
    assert found == [], "\n".join(found)
