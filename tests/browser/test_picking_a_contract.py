"""Choosing by hand the contract whose lines a payment measures."""

import re

from playwright.sync_api import Page, expect

from tests.browser.acting import sign_in_by_card
from tests.browser.conftest import NewPage
from tests.browser.servers import Server
from tests.browser.watching import picture

NEW = "/forms/payment/new?project=HB01"


def pick(page: Page, code: str) -> None:
    """Choose the contract of this code, as a person does: the control has the focus."""
    value = page.locator(f'#w-contract option[data-facts*="{code}"]').get_attribute("value")
    page.locator("#c-contract").focus()
    with page.expect_response(re.compile("/recalculate$")):
        page.locator("#c-contract").select_option(value)


def items(page: Page) -> list[str]:
    cells = page.locator('#b-lines output[id$="-item"]')
    return [one.strip() for one in cells.all_inner_texts()]


def saved(page: Page) -> None:
    expect(page.locator("#save_state")).to_contain_text("Saved", timeout=20_000)


def quantity(page: Page, row: int = 0) -> str:
    return page.locator('#b-lines input[name$="-this_qty"]').nth(row).input_value()


def test_a_new_payment_shows_the_lines_of_the_contract_picked_on_the_page(
    fresh_demo: Server, new_page: NewPage
) -> None:
    page = new_page(fresh_demo)
    sign_in_by_card(page, "zhou.min")
    page.goto(NEW)
    pick(page, "HB-E-07")
    expect(page.locator("#b-lines > tr")).to_have_count(2)
    assert items(page) == ["T1", "T2"]
    expect(page.locator("#n-lines")).to_have_text("2 rows")
    expect(page.locator("#c-contract")).to_be_focused()
    expect(page.locator(".field-error:visible")).to_have_count(0)
    page.locator('#b-lines input[name$="-this_qty"]').first.fill("5")
    expect(page.locator("#c-work_this")).to_contain_text("11,750.00")
    picture(page, "picked-contract")
    saved(page)
    page.goto(page.url)
    assert items(page) == ["T1", "T2"]
    assert quantity(page) == "5.000"
    expect(page.locator("[data-error-summary]")).to_have_count(0)


def test_another_contract_brings_its_own_lines_and_no_quantity_of_the_former_ones(
    fresh_demo: Server, new_page: NewPage
) -> None:
    page = new_page(fresh_demo)
    sign_in_by_card(page, "zhou.min")
    page.goto(NEW)
    pick(page, "HB-E-07")
    page.locator('#b-lines input[name$="-this_qty"]').first.fill("5")
    saved(page)
    page.goto(page.url)
    pick(page, "HB-E-02")
    expect(page.locator("#b-lines > tr")).to_have_count(4)
    assert items(page) == ["C1", "C2", "C3", "C4"]
    expect(page.locator("#n-lines")).to_have_text("4 rows")
    expect(page.locator("#d-lines")).to_contain_text("“Contract” was changed")
    assert quantity(page) == ""
    with page.expect_response(re.compile("/save$")):
        page.locator('#b-lines input[name$="-this_qty"]').nth(3).fill("2")
    saved(page)
    page.goto(page.url)
    assert items(page) == ["C1", "C2", "C3", "C4"]
    assert [quantity(page, row) for row in (0, 3)] == ["", "2.000"]


def test_the_cell_being_typed_in_is_exchanged_only_once_it_is_left(
    fresh_demo: Server, new_page: NewPage
) -> None:
    page = new_page(fresh_demo)
    sign_in_by_card(page, "zhou.min")
    page.goto(NEW)
    pick(page, "HB-E-07")
    expect(page.locator("#b-lines > tr")).to_have_count(2)
    cell = page.locator('#b-lines input[name$="-this_qty"]').first
    value = page.locator('#w-contract option[data-facts*="HB-E-02"]').get_attribute("value")
    page.locator("#c-contract").select_option(value)
    with page.expect_response(re.compile("/recalculate$")):
        cell.focus()  # before the answer is there
    expect(cell).to_be_focused()
    assert items(page) == ["T1", "T2"]
    with page.expect_response(re.compile("/recalculate$")):
        page.locator("#c-invoice_no").focus()
    expect(page.locator("#b-lines > tr")).to_have_count(4)
    expect(page.locator("#c-invoice_no")).to_be_focused()


def test_what_was_typed_and_taken_back_leaves_no_draft(
    fresh_demo: Server, new_page: NewPage
) -> None:
    page = new_page(fresh_demo)
    sign_in_by_card(page, "zhou.min")
    before = page.locator('#drafts a[href^="/records/"]').count()
    page.goto(NEW)
    page.locator("#c-invoice_no").fill("3")
    with page.expect_response(re.compile("/save$")):
        page.locator("#c-invoice_no").fill("")
    expect(page.locator("#save_state")).to_have_text("Not saved yet")
    assert page.url.endswith(NEW)
    page.goto("/")
    assert page.locator('#drafts a[href^="/records/"]').count() == before
