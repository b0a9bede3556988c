"""The Try it card, followed word by word in both languages, and once without JavaScript."""

import pytest

from tests.browser.acting import sign_in_by_card
from tests.browser.conftest import NewPage
from tests.browser.servers import Server
from tests.browser.story import (
    PEOPLE,
    STEPS,
    add_a_field,
    approve_it,
    click_back,
    file_it,
    print_it,
    see_it,
    ticked,
)
from tests.browser.watching import picture


@pytest.mark.parametrize(
    ("language", "script"),
    [("en", True), ("zh", True), ("en", False)],
    ids=["English", "Chinese", "without JavaScript"],
)
def test_the_card_leads_through_the_whole_story(
    fresh_demo: Server, new_page: NewPage, language: str, *, script: bool
) -> None:
    page = new_page(fresh_demo, language, script=script)
    sign_in_by_card(page, "lin.hai")
    assert ticked(page) == []
    picture(page, f"try-it-{language}")
    file_it(page, script=script)
    assert ticked(page) == STEPS[:1]
    assert approve_it(page) == PEOPLE
    assert ticked(page) == STEPS[:2]
    see_it(page)
    assert ticked(page) == STEPS[:3]
    number = click_back(page)
    assert ticked(page) == STEPS[:4]
    print_it(page, number)
    assert ticked(page) == STEPS[:5]
    add_a_field(page)
    assert ticked(page) == STEPS
    assert page.locator("#_try_it .is-now").count() == 0
    page.goto("/forms/payment/new?project=HB01")
    picture(page, f"try-it-done-{language}")
