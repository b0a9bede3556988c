"""Filing a payment: nothing is refused by the page's own policy, nothing fails unseen."""

import re

from playwright.sync_api import expect

from tests.browser.acting import sign_in_by_card
from tests.browser.conftest import NewPage
from tests.browser.servers import Server
from tests.browser.watching import watch

LARGER = "document.getElementById('c-note').style.height = '200px'"
AGAIN = """id => {
  const place = document.getElementById(id);
  const answer = place.outerHTML;
  place.querySelector('textarea').style.height = '200px';
  window.htmx.swap(place, answer, {swapStyle: 'outerHTML'});
}"""


def test_a_payment_is_sent_without_a_breach_of_policy(
    fresh_demo: Server, new_page: NewPage
) -> None:
    page = new_page(fresh_demo)
    sign_in_by_card(page, "zhou.min")
    page.get_by_role("link", name="Open the form").click()
    expect(page.locator("#c-note")).to_be_visible()
    page.evaluate(LARGER)
    quantity = page.locator("input[name$='-this_qty']").first
    with page.expect_response(re.compile("/recalculate$")):
        quantity.fill("600")
        quantity.blur()
    page.get_by_role("button", name=re.compile("^Submit Payment")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=re.compile("^Submit Payment")).click()
    page.wait_for_url(re.compile(r"/records/[0-9a-f-]{36}$"))


def test_an_answer_replaces_a_field_somebody_made_larger(
    fresh_demo: Server, new_page: NewPage
) -> None:
    page = new_page(fresh_demo)
    sign_in_by_card(page, "zhou.min")
    page.goto("/forms/payment/new?project=HB01")
    page.evaluate(AGAIN, "w-note")
    expect(page.locator("#c-note")).to_be_visible()


def test_these_tests_notice_a_breach(fresh_demo: Server, new_page: NewPage) -> None:
    page = new_page(fresh_demo).context.new_page()  # a page of its own: its problems are wanted
    watched = watch(page)
    page.goto(f"{fresh_demo.address}/sign-in")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert any("policy breach style-src" in one for one in watched.problems)
