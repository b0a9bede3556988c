"""The page of a form in a real browser: dragging, fields opened beside it, what fails put back."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.acting import sign_in_by_card
from tests.browser.conftest import NewPage
from tests.browser.servers import Server
from tests.browser.test_pages import look

PATIENCE = 20_000  # milliseconds: an edit judges the whole module

DRAFT = "/modules/payment/draft"
DESIGN = f"{DRAFT}/payment.form.json/design"


def names(page: Page) -> list[str]:
    return page.locator("#s0 .design-name > a").all_inner_texts()


def drag(page: Page, what: Locator, to: Locator) -> None:
    start, end = what.bounding_box(), to.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 20, start["y"] + 24, steps=5)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=12)
    page.mouse.move(end["x"] + end["width"] / 2 + 4, end["y"] + end["height"] / 2 + 4, steps=4)
    page.mouse.up()
    expect(page.locator("[data-busy]")).to_have_count(0, timeout=PATIENCE)


@pytest.fixture
def page(fresh_demo: Server, new_page: NewPage) -> Page:
    page = new_page(fresh_demo)
    sign_in_by_card(page, "an.ran")
    page.goto(DRAFT)
    page.get_by_role("button", name="Open a draft").click()
    page.goto(DESIGN)
    return page


def test_dragging_moves_adds_and_is_taken_back(page: Page) -> None:
    before = names(page)
    rows = page.locator("#s0 .design-row")
    drag(page, rows.nth(0).locator(".design-handle"), rows.nth(2))
    expect(page.locator("#undo")).to_be_visible()
    moved = names(page)
    assert sorted(moved) == sorted(before)
    assert moved != before
    drag(page, page.locator(".palette-kinds [data-kind=date]"), rows.nth(1))
    beside = page.locator("#_field")
    expect(beside.get_by_label("Label in English")).to_have_value("New field", timeout=PATIENCE)
    assert "New field" in names(page)
    beside.get_by_label("Label in English").fill("Paid on")
    beside.get_by_role("button", name="Save the field").click()
    expect(page.locator("#s0")).to_contain_text("Paid on", timeout=PATIENCE)
    expect(beside).to_contain_text("is saved in the draft")
    look(page, "canvas")
    page.locator("h1").click()
    for _act in range(3):
        what = page.locator("#undo").inner_text()
        page.keyboard.press("Control+z")
        expect(page.locator("#undo, .draft-steps [disabled]")).not_to_have_text(
            what, timeout=PATIENCE
        )
        page.wait_for_load_state()
    expect(page.locator("#redo")).to_be_visible()
    assert names(page) == before


def test_a_field_saved_beside_the_form_says_so_and_lets_one_leave(page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="Invoice no.", exact=True).click()
    beside = page.locator("#_field")
    beside.get_by_label("Hint in English").fill("As printed", timeout=PATIENCE)
    beside.get_by_role("button", name="Save the field").click()
    said = beside.get_by_text("is saved in the draft")
    expect(said).to_be_in_viewport(timeout=PATIENCE)
    page.goto(DRAFT)
    assert asked == []


def test_what_does_not_arrive_is_put_back_and_said(page: Page) -> None:
    before = names(page)
    rows = page.locator("#s0 .design-row")
    page.route(re.compile("/place$"), _fail)
    drag(page, rows.nth(0).locator(".design-handle"), rows.nth(2))
    expect(page.get_by_role("alert")).to_contain_text("It is where it was")
    assert names(page) == before


def _fail(route: Route) -> None:
    route.fulfill(status=404)


def test_a_formula_offers_names_and_says_what_it_is_worth(page: Page) -> None:
    page.goto(f"{DESIGN}/fields/net_due")
    formula = page.locator("#computed")
    formula.click()
    worth = page.locator("#computed-trial output")
    expect(worth).not_to_be_empty(timeout=PATIENCE)
    before = worth.inner_text()
    page.keyboard.press("Control+End")
    page.keyboard.type(" - deduc")
    offers = page.get_by_role("listbox")
    expect(offers.get_by_role("option").first).to_contain_text("deduction", timeout=PATIENCE)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(offers).to_be_hidden()
    assert formula.input_value().endswith(" - deduction")
    page.keyboard.type(" + titel")
    expect(page.locator("#computed-trial")).to_contain_text("titel", timeout=PATIENCE)
    page.keyboard.press("Control+a")
    page.keyboard.type("work_this")
    expect(worth).not_to_have_text(before, timeout=PATIENCE)
    look(page, "formula")
