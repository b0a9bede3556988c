"""What a reader of figures sees at first sight, on a desk and on a phone."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.acting import sign_in_by_card
from tests.browser.conftest import DESK, NewPage
from tests.browser.servers import Server
from tests.browser.test_pages import PHONE

# Whether a box has columns or rows to scroll to; a pixel is rounding.
SCROLLS = """box => [
    box.scrollWidth - box.clientWidth > 1, box.scrollHeight - box.clientHeight > 1
]"""


def _signed_in(new_page: NewPage, server: Server, login: str) -> Page:
    page = new_page(server)
    sign_in_by_card(page, login)
    return page


def _bottom(one: Locator) -> float:
    box = one.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def test_who_decides_on_a_payment_sees_its_whole_table_at_once(
    demo_server: Server, new_page: NewPage
) -> None:
    page = _signed_in(new_page, demo_server, "lin.hai")
    page.goto("/inbox")
    page.locator("tbody tr", has_text="PAY-").first.get_by_role("link").first.click()
    table = page.get_by_role("region", name="Work to date")
    expect(table.get_by_role("columnheader", name="Amount this period", exact=True)).to_be_visible()
    assert table.evaluate(SCROLLS) == [False, False]
    bar = page.locator(".action-bar").bounding_box()
    assert bar is not None
    assert _bottom(table) <= bar["y"]
    assert page.get_by_role("heading", name="Work to date").count() == 1


def test_the_cost_sheet_shows_its_total_without_a_scroller_of_its_own(
    demo_server: Server, new_page: NewPage
) -> None:
    page = _signed_in(new_page, demo_server, "lin.hai")
    page.goto("/projects/HB01/cost")
    sheet = page.get_by_role("region", name="Cost per cost code in CNY")
    assert sheet.locator("tbody tr").count() > 20
    assert sheet.evaluate(SCROLLS) == [False, False]


def test_the_month_of_day_labor_fits_the_desk(demo_server: Server, new_page: NewPage) -> None:
    page = _signed_in(new_page, demo_server, "lin.hai")
    page.goto("/projects/HB01/labor")
    assert page.locator(".month-grid .table-box").evaluate(SCROLLS) == [False, False]


def test_on_a_phone_the_time_line_of_milestones_is_whole_with_today_in_it(
    demo_server: Server, new_page: NewPage
) -> None:
    page = _signed_in(new_page, demo_server, "lin.hai")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/projects/HB01/progress")
    figure, today = page.locator(".timeline"), page.locator(".timeline-narrow .today")
    assert figure.evaluate(SCROLLS) == [False, False]
    line = today.bounding_box()
    assert line is not None
    assert 0 < line["x"] < PHONE["width"]
    for text in page.locator(".timeline-narrow text").all():
        box = text.bounding_box()
        assert box is not None
        assert box["x"] >= 0, text.text_content()
        assert box["x"] + box["width"] <= PHONE["width"], text.text_content()


def test_on_a_phone_entries_are_a_stack_of_short_cards(
    demo_server: Server, new_page: NewPage
) -> None:
    page = _signed_in(new_page, demo_server, "lin.hai")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/projects/HB01/labor")
    page.get_by_role("link", name=re.compile("^Unsigned labor-days")).click()
    expect(page.get_by_role("link", name="Show canceled pairs")).to_be_visible()
    assert page.locator("tr.canceled").count() == 0
    box = page.get_by_role("region", name="Entries, oldest first")
    assert box.evaluate(SCROLLS) == [False, False]
    for cell in box.locator("td[data-label=Labor-days]").all()[:10]:
        place = cell.bounding_box()
        assert place is not None
        assert 0 < place["x"] < place["x"] + place["width"] < PHONE["width"]
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    expect(page.get_by_role("columnheader", name="Running total")).to_be_visible()
