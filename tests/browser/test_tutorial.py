"""The tutorial is followed word by word, in both languages: it does exactly what its lines say."""

import re
from functools import reduce
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.browser.conftest import NewPage
from tests.browser.servers import ROOT, Server
from tests.browser.tutorial import Act, NotUnderstood, acts
from tests.browser.watching import picture

PAGES = {
    "en": ROOT / "docs/administrators/tutorial.md",
    "zh": ROOT / "docs/administrators/tutorial.zh.md",
}
FEWEST = 60


def begins(name: str) -> re.Pattern[str]:
    """A name as it is, or with more behind it: a person's title, a mark that a field is required."""
    return re.compile(rf"^\W*{re.escape(name)}(?!\w)|^\W*{re.escape(name)}(?=[ （(])")


def visible(found: Locator) -> Locator:
    """Those of them that a reader sees."""
    return found.filter(visible=True)


class Follower:
    """Does what an act says, as a reader would: by the names that stand on the page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def follow(self, act: Act) -> None:
        """Do it and let the page come to rest."""
        getattr(self, act.kind)(act)
        self.page.wait_for_load_state("networkidle")

    def open(self, act: Act) -> None:
        self.page.goto("/sign-in")

    def choose(self, act: Act) -> None:
        self._named(act.name, "link", "button", "summary").click()

    def press(self, act: Act) -> None:
        self._named(act.name, "button").click()

    def write(self, act: Act) -> None:
        field = self._field(act.name)
        field.fill(act.value)
        field.blur()

    def pick(self, act: Act) -> None:
        group = self.page.locator("main fieldset, main [role=radiogroup]")
        title = self.page.locator("legend, .field-label").get_by_text(begins(act.name))
        radios = group.filter(has=title)
        select = self.page.locator("main").get_by_label(begins(act.name))
        visible(radios.or_(select)).first.wait_for()
        if radios.count():
            radios.last.get_by_role("radio", name=act.value, exact=True).check()
        else:
            visible(select).first.select_option(label=act.value)

    def tick(self, act: Act) -> None:
        self.page.get_by_role("checkbox", name=act.name, exact=True).check()

    def see(self, act: Act) -> None:
        shown = self.page.locator("main, dialog[open]").get_by_text(act.name)
        expect(visible(shown).first).to_be_visible()

    def _field(self, name: str) -> Locator:
        main = self.page.locator("main")
        return self._first(
            [main.get_by_label(name, exact=True), main.get_by_label(begins(name))], name
        )

    def _named(self, name: str, *kinds: str) -> Locator:
        """The dialog's before the page's, the page's before the shell's; whole names first."""
        tries = []
        for within in ("dialog[open]", ".menu[open]", "main", "body"):
            place = self.page.locator(within)
            for wanted in (re.compile(rf"^\s*{re.escape(name)}\s*$"), begins(name)):
                for kind in kinds:
                    tries.append(
                        place.locator("summary").filter(has_text=wanted)
                        if kind == "summary"
                        else place.get_by_role(kind, name=wanted)  # type: ignore[arg-type]
                    )
        return self._first(tries, name)

    def _first(self, tries: list[Locator], name: str) -> Locator:
        """The first of the tries that is on the page, as soon as any of them is."""
        try:
            visible(reduce(Locator.or_, tries)).first.wait_for()
        except TimeoutError as late:
            raise AssertionError(f"{self.page.url} has nothing called “{name}”") from late
        return next(visible(one).first for one in tries if visible(one).count())


def lines_of(page: Path, language: str) -> list[Act]:
    return acts(page.read_text("utf-8"), language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_tutorial_does_what_it_says(
    fresh_demo: Server, new_page: NewPage, language: str
) -> None:
    page = new_page(fresh_demo, language)
    follower = Follower(page)
    for act in lines_of(PAGES[language], language):
        try:
            follower.follow(act)
        except Exception as wrong:
            picture(page, f"tutorial-{language}-{act.line}")
            raise AssertionError(f"{PAGES[language].name}:{act.line}: {act}\n{wrong}") from wrong


def test_both_tutorials_say_the_same_things_in_the_same_order() -> None:
    english, chinese = (lines_of(PAGES[language], language) for language in ("en", "zh"))
    assert [act.kind for act in english] == [act.kind for act in chinese]
    assert len(english) > FEWEST


@pytest.mark.parametrize(
    "line",
    ["1. Click **Home**.", "1. Choose **Home**", "1. In **Title** write `x`.", "1. Choose Home.",
     "12. Press **Home** and **New**."],
)  # fmt: skip
def test_a_line_that_is_not_understood_fails(line: str) -> None:
    with pytest.raises(NotUnderstood):
        acts(line, "en")
