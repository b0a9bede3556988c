"""The Try it card's story: what it says is read from the page and done, word by word."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.watching import picture

STEPS = ["file", "approve", "see", "back", "print", "field"]
PEOPLE = 3  # site, cost control, director
QUOTED = re.compile(r"“([^”]+)”")


@dataclass
class Told:
    """What the card says about the step to do now."""

    key: str
    text: str
    typed: list[tuple[str, str]]

    @property
    def named(self) -> list[str]:
        """The buttons and columns the text names, in its order."""
        return QUOTED.findall(self.text)


def told(page: Page) -> Told:
    """Read the open step of the card on Home."""
    page.goto("/")
    now = page.locator("#_try_it .try-step.is-now")
    expect(now).to_have_count(1)
    pairs = now.locator(".try-typed > div")
    return Told(
        now.get_attribute("data-step") or "",
        now.locator(".try-text").inner_text(),
        [
            (pairs.nth(i).locator("dt").inner_text(), pairs.nth(i).locator("dd").inner_text())
            for i in range(pairs.count())
        ],
    )


def ticked(page: Page) -> list[str]:
    """The steps that carry a tick."""
    page.goto("/")
    done = page.locator("#_try_it .try-step.is-done")
    return [done.nth(i).get_attribute("data-step") or "" for i in range(done.count())]


def go(page: Page) -> None:
    """Take the card's one way: a link, or acting as the person it names."""
    page.locator("#_try_it .try-way").locator("a, button").click()
    page.wait_for_load_state()


def named(page: Page, text: str) -> Locator:
    """The visible button, link or folding heading with this name."""
    anything = page.locator("a, button, summary").filter(visible=True)
    return anything.filter(has_text=re.compile(rf"^\s*{re.escape(text)}")).last


def file_it(page: Page, *, script: bool = True) -> None:
    """Type the one quantity into its line, submit, confirm."""
    step = told(page)
    ((label, value),) = step.typed
    (submit,) = step.named
    line = re.search(r"\bT\d+\b", step.text)
    assert line
    go(page)
    picture(page, "try-it-form")
    row = page.locator("tr", has_text=line.group()).first
    cell = row.get_by_label(re.compile(re.escape(label)))
    cell.fill(value)
    if script:
        with page.expect_response(re.compile("/recalculate$")):
            cell.blur()
    named(page, submit).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=submit).click()
    page.wait_for_url(re.compile(r"/records/[0-9a-f-]{36}$"))
    picture(page, "try-it-sent")


def approve_it(page: Page) -> int:
    """Act as whoever has it, until nobody has; returns how many approved."""
    people = 0
    while (step := told(page)).key == "approve":
        go(page)
        for label, value in step.typed:
            page.get_by_label(label, exact=False).first.fill(value)
        picture(page, f"try-it-decide-{people}")
        for name in step.named:
            named(page, name).click()
            page.wait_for_load_state()
        people += 1
        assert people <= PEOPLE, f"still asked: {step.text}"
    return people


def numbers(text: str) -> list[str]:
    """The amounts in a sentence."""
    return re.findall(r"\d{1,3}(?:,\d{3})*\.\d\d", text)


def see_it(page: Page) -> None:
    """The figure the card announces stands on the funds page."""
    step = told(page)
    before, after = numbers(step.text)
    assert before != after
    go(page)
    row = page.locator("tr", has_text="HB-E-07").filter(has_text=after)
    expect(row.first).to_be_visible()
    picture(page, "try-it-funds")


def click_back(page: Page) -> str:
    """From the figure to its entries to the record; returns the record's number."""
    step = told(page)
    number = re.search(r"PAY-HB01-\d{4}-\d{4}", step.text)
    assert number
    (column,) = step.named
    go(page)
    title = page.locator("thead th", has_text=re.compile(rf"^\s*{re.escape(column)}\s*$"))
    table = page.locator("table").filter(has=title).filter(has_text="HB-E-07")
    row, head = table.locator("tr", has_text="HB-E-07"), table.locator("thead th")
    place = [head.nth(i).inner_text().strip() for i in range(head.count())].index(column)
    row.locator("th, td").nth(place).get_by_role("link").click()
    picture(page, "try-it-entries")
    page.get_by_role("link", name=number.group()).first.click()
    expect(page.locator("ol.chain")).to_contain_text("Lin Hai")
    picture(page, "try-it-signatures")
    return number.group()


def print_it(page: Page, number: str) -> None:
    """The PDF comes, and is one."""
    step = told(page)
    (button,) = step.named
    assert number in step.text
    go(page)
    expect(page.locator("main")).to_contain_text(number)
    link = named(page, button)
    answer = page.request.get(link.get_attribute("href") or "")  # as the click: same cookies
    assert answer.ok
    assert answer.body().startswith(b"%PDF-")
    assert "inline" in answer.headers["content-disposition"]
    page.goto("/")


def add_a_field(page: Page) -> None:
    """As the administrator: draft, insert, review, publish, in the words of the card."""
    step = told(page)
    opening, form, insert, put, review, publish = step.named
    go(page)
    named(page, opening).click()
    page.get_by_role("link", name=f"“{form}”").first.click()
    page.get_by_role("link", name=insert).first.click()
    (_kind, kind), *texts = step.typed
    page.get_by_role("radio", name=kind, exact=True).check()
    for label, value in texts:
        page.get_by_label(label, exact=True).fill(value)
    picture(page, "try-it-new-field")
    page.get_by_role("button", name=put, exact=True).click()
    picture(page, "try-it-fields")
    named(page, review).click()
    picture(page, "try-it-review")
    named(page, publish).click()
    expect(page.locator("main")).to_contain_text(publish.split()[-1])
    picture(page, "try-it-published")
