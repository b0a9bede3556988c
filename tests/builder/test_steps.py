"""Undo, redo and the history of a draft on its pages."""

import html
import re

from portal.builder.saving import mark_of
from tests.accounts.stage import Browser
from tests.builder.conftest import CHAIN, DRAFT, EDITOR, Desk

DESIGN = f"{EDITOR}/design"
PAGES = (
    DRAFT,
    EDITOR,
    DESIGN,
    f"{DESIGN}/fields/title",
    f"{DESIGN}/new-field",
    f"{DESIGN}/settings",
    f"{DRAFT}/{CHAIN}/chain",
    f"{DRAFT}/publish",
    f"{DRAFT}/history",
)


def act_of(page: str, way: str) -> str:
    """The act a page offers to take back or do again."""
    found = re.search(rf'action="{DRAFT}/{way}".*?name="act" value="([^"]+)"', page, re.DOTALL)
    assert found is not None
    return found[1]


def step(browser: Browser, way: str, back: str = DESIGN) -> str:
    act = act_of(browser.get(DESIGN).text, way)
    answer = browser.post(f"{DRAFT}/{way}", act=act, back=back)
    assert answer.status_code == 303, answer.text
    return answer.location


def move_down(browser: Browser) -> None:
    assert browser.post(f"{DESIGN}/fields/title/down").status_code == 303


def test_every_page_of_the_draft_offers_to_take_back(desk: Desk, author: Browser) -> None:
    assert 'id="undo"' not in author.get(DESIGN).text
    move_down(author)
    for url in PAGES:
        page = author.get(url)
        assert page.status_code == 200, url
        assert 'id="undo"' in page.text, url
        assert 'id="redo"' not in page.text, url


def test_taking_back_and_doing_again_restore_the_bytes(desk: Desk, author: Browser) -> None:
    before = desk.text()
    move_down(author)
    after = desk.text()
    assert after != before
    assert step(author, "undo") == DESIGN
    assert desk.text() == before
    assert step(author, "redo") == DESIGN
    assert desk.text() == after


def test_the_button_names_the_field(desk: Desk, author: Browser) -> None:
    author.post(f"{DESIGN}/new-field", kind="text", label_en="Weather", section="0", then="back")
    assert "Undo: field “Weather”<" in author.get(DESIGN).text
    author.post("/language", language="zh")
    assert "撤销：字段“Weather”<" in author.get(DESIGN).text


def test_the_button_names_the_step(desk: Desk, author: Browser) -> None:
    text = desk.text(CHAIN).replace("Project manager approves", "The manager approves")
    assert desk.save(author, text, CHAIN).status_code == 303
    assert "Undo: step “The manager approves”<" in author.get(DRAFT).text


def test_one_comes_back_to_the_page_or_to_what_is_left_of_it(desk: Desk, author: Browser) -> None:
    author.post(f"{DESIGN}/new-field", kind="text", label_en="Weather", section="0", then="back")
    assert step(author, "undo", back=f"{DESIGN}/fields/weather") == DESIGN
    step(author, "redo")
    assert step(author, "undo", back=EDITOR) == EDITOR
    step(author, "redo")
    assert step(author, "undo", back="https://elsewhere.example/x") == DESIGN


def test_the_preview_is_looked_at_as_before(desk: Desk, author: Browser) -> None:
    move_down(author)
    seat = f"{DESIGN}/preview?as=step%3Aapprove&language=zh&width=phone&example=empty"
    page = author.get(seat).text
    assert f'name="back" value="{html.escape(seat)}"' in page
    assert step(author, "undo", back=seat) == seat
    assert '<option value="step:approve" selected>' in author.get(seat).text
    assert step(author, "redo", back=f"{DESIGN}/fields/title?at=1") == DESIGN


def test_a_file_taken_back_leads_to_the_draft(desk: Desk, author: Browser) -> None:
    author.post(f"{DRAFT}/files", kind="form", key="walk")
    page = f"{DRAFT}/walk.form.json"
    assert author.get(page).status_code == 200
    assert step(author, "undo", back=page) == DRAFT
    assert author.get(page).status_code == 404
    assert "walk" not in desk.text("module.json")


def test_what_somebody_changed_since_is_shown_and_stays(desk: Desk, author: Browser) -> None:
    other = desk.browser("ada")
    for browser, label in ((author, "Notes"), (other, "Remarks")):
        page = browser.get(f"{DESIGN}/fields/title").text
        part = re.search(r'name="part" value="([^"]+)"', page)
        assert part is not None
        saved = browser.post(
            f"{DESIGN}/fields/title", part=part[1], label_en=label, label_zh="", section="0"
        )
        assert saved.status_code == 303, saved.text
    before = desk.text()
    answer = author.post(f"{DRAFT}/undo", act=act_of(author.get(DESIGN).text, "undo"), back=DESIGN)
    assert answer.status_code == 409
    assert "was changed since" in answer.text
    assert "Ada Lovelace changed it" in answer.text
    assert "Remarks" in answer.text
    assert desk.text() == before


def test_a_page_gone_stale_takes_nothing_back(desk: Desk, author: Browser) -> None:
    move_down(author)
    act = act_of(author.get(DESIGN).text, "undo")
    author.post(f"{DESIGN}/fields/title/up")
    before = desk.text()
    answer = author.post(f"{DRAFT}/undo", act=act, back=DESIGN)
    assert answer.status_code == 409
    assert desk.text() == before
    assert author.post(f"{DRAFT}/redo", act=act).status_code == 409


def test_the_history_tells_who_and_what_and_goes_back(desk: Desk, author: Browser) -> None:
    before = desk.text()
    author.post(f"{DESIGN}/new-field", kind="text", label_en="<b>Weather</b>", key="weather",
                section="0", then="back")  # fmt: skip
    page = author.get(f"{DRAFT}/history").text
    assert "Nora" in page
    assert "&lt;b&gt;Weather&lt;/b&gt;" in page
    assert "<b>Weather</b>" not in page
    revision = re.findall(r'name="revision" value="(\d+)"', page)[-1]
    url = f"{DRAFT}/history/0/restore"
    assert author.post(url, revision="1000").status_code == 409
    assert author.post(url, revision=revision).status_code == 303
    assert desk.text() == before
    assert author.post(f"{DRAFT}/history/9999/restore", revision=revision).status_code == 404
    step(author, "undo")
    assert "weather" in desk.text()


def test_a_long_history_has_pages(desk: Desk, author: Browser) -> None:
    for _turn in range(15):
        move_down(author)
        author.post(f"{DESIGN}/fields/title/up")
    page = author.get(f"{DRAFT}/history").text
    older = re.search(rf'href="({DRAFT}/history\?before=\d+)"', page)
    assert older is not None
    assert page.count('class="act"') == 25
    assert "The draft was opened" in author.get(older[1]).text


def test_saving_in_the_editor_renews_the_buttons(desk: Desk, author: Browser) -> None:
    text = desk.text() + "\n"
    answer = author.post(
        EDITOR, text=text, over="", headers={"HX-Request": "true"}, seen=mark_of(desk.text())
    )
    assert answer.status_code == 200
    assert 'id="_steps" class="draft-steps" hx-swap-oob="true"' in answer.text
    assert "Undo: form “Site visit”<" in answer.text


def test_who_may_not(desk: Desk, author: Browser) -> None:
    move_down(author)
    act = act_of(author.get(DESIGN).text, "undo")
    auditor, outsider = desk.browser("vera"), desk.browser("rick")
    assert 'id="undo"' not in auditor.get(DESIGN).text
    assert auditor.get(f"{DRAFT}/history").status_code == 200
    assert outsider.get(f"{DRAFT}/history").status_code == 403
    for browser in (auditor, outsider):
        for url in (f"{DRAFT}/undo", f"{DRAFT}/redo", f"{DRAFT}/history/0/restore"):
            assert browser.post(url, act=act).status_code == 403
    assert desk.browser("ada").post(f"{DRAFT}/undo", act=act).status_code == 409
