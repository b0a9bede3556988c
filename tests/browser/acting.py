"""How a visitor of the demo moves: signing in by card, acting as somebody else."""

from playwright.sync_api import Page


def sign_in_by_card(page: Page, login: str) -> None:
    """Choose a person's card on the sign-in page."""
    page.goto("/sign-in")
    page.locator(f'form:has(input[name="login"][value="{login}"])').get_by_role("button").click()
    page.wait_for_url("**/")


def act_as(page: Page, login: str) -> None:
    """Change sides with the menu in the top bar."""
    page.locator(".demo-menu > summary").click()
    page.locator(f'.demo-menu button[name="login"][value="{login}"]').click()


def sign_out(page: Page) -> None:
    """Leave."""
    page.locator(".me-menu > summary").click()
    page.locator('form[action="/sign-out"] button').first.click()
