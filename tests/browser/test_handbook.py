"""The handbook in a real browser: whole in both languages and themes, and searched while typing."""

import re

import pytest
from playwright.sync_api import expect

from tests.bounds import PROVE
from tests.browser.acting import sign_in_by_card
from tests.browser.conftest import NewPage
from tests.browser.servers import Server
from tests.browser.test_pages import look

ADDRESSES = (
    "/help",
    "/help?q=approval",
    "/help?q=zzzzzz",
    "/help/administrators/tutorial",
    "/help/administrators/forms",
    "/help/administrators/releasing",
    "/help/users/approving",
    "/help/administrators/settings",
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_handbook_is_whole(demo_server: Server, new_page: NewPage, language: str) -> None:
    """Every page in both languages and both themes; unless proving, each language in one."""
    page = new_page(demo_server, language)
    sign_in_by_card(page, "zhou.min")
    found = []
    for theme in ("light", "dark") if PROVE else ({"en": "light", "zh": "dark"}[language],):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        for address in ADDRESSES:
            answer = page.goto(address)
            assert answer is not None
            assert answer.ok, f"{address}: {answer.status}"
            name = re.sub(r"\W+", "_", address).strip("_")
            found += look(page, f"handbook-{language}-{theme}/{name}")
    assert found == [], "\n".join(found)


def test_search_answers_while_one_types_and_leads_to_the_section(
    demo_server: Server, new_page: NewPage
) -> None:
    page = new_page(demo_server)
    sign_in_by_card(page, "zhou.min")
    page.get_by_role("contentinfo").get_by_role("link", name="Help").click()
    page.get_by_role("searchbox", name="Search the handbook").press_sequentially("people rules")
    hit = page.locator(".handbook-hits a").first
    expect(hit).to_have_text("People rules")
    hit.click()
    expect(page).to_have_url(re.compile(r"/help/administrators/workflows#people-rules$"))
    expect(page.get_by_role("heading", name="People rules", exact=True)).to_be_in_viewport()
