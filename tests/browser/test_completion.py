"""Completion in the JSON editor, by keyboard: offers at the cursor, and the page of the part."""

import re

from playwright.sync_api import Page, expect

from tests.browser.acting import sign_in_by_card
from tests.browser.conftest import NewPage
from tests.browser.servers import Server
from tests.browser.watching import picture

FILE = "/modules/day_labor/draft/day_labor.form.json"


def put_cursor_behind(page: Page, text: str) -> None:
    """The cursor stands right behind the first place of a text."""
    page.evaluate(
        """(text) => {
          const editor = document.getElementById("text").portalEditor;
          const lines = editor.session.getDocument().getAllLines();
          const row = lines.findIndex((line) => line.includes(text));
          editor.focus();
          editor.gotoLine(row + 1, lines[row].indexOf(text) + text.length, false);
        }""",
        text,
    )


def line_at_cursor(page: Page) -> str:
    return str(
        page.evaluate(
            """() => {
              const editor = document.getElementById("text").portalEditor;
              return editor.session.getLine(editor.getCursorPosition().row);
            }"""
        )
    )


def test_a_member_and_a_word_are_completed_and_the_fields_page_opens(
    fresh_demo: Server, new_page: NewPage
) -> None:
    page = new_page(fresh_demo)
    sign_in_by_card(page, "an.ran")
    page.goto("/modules/day_labor")
    page.get_by_role("button", name="Open a draft").click()
    page.goto(FILE)
    put_cursor_behind(page, '"version": ')
    page.keyboard.press("Home")
    page.keyboard.type('"sco')
    expect(page.locator(".author-where")).to_contain_text("sco")
    page.keyboard.press("Control+Space")
    popup = page.locator(".ace_autocomplete")
    expect(popup).to_contain_text("Whether its records belong to a project or to the company")
    picture(page, "builder-completion")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    put_cursor_behind(page, '"kind": "')
    expect(page.locator(".author-where")).to_contain_text("The kind of the field")
    page.keyboard.press("Control+Space")
    expect(popup).to_contain_text("yes_no")
    page.keyboard.type("lon")
    expect(popup.locator(".ace_line.ace_selected")).to_contain_text("longtext")
    page.keyboard.press("Enter")
    assert re.search(r'"kind": "longtext"', line_at_cursor(page))
    page.on("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/design/fields/"))
    page.get_by_role("link", name=re.compile("^In the JSON, line")).click()
    page.wait_for_url(re.compile(r"\.form\.json#L\d+$"))
