"""The editor: texts saved as typed, checked while typing; two authors, hostile texts."""

import html

import pytest

from portal import limits
from portal.builder.saving import mark_of
from tests.accounts.stage import Browser
from tests.builder.conftest import CHAIN, DRAFT, EDITOR, FORM, Desk

HTMX = {"HX-Request": "true"}
SNIPPET = {"new_kind": "date", "new_key": "visited_on", "new_label_en": "Visited on"}


def test_a_text_is_kept_exactly_even_if_it_is_wrong(desk: Desk, author: Browser) -> None:
    text = '\n\n{ "form": "x",\n\t"中文": [1,,]   \n'
    answer = desk.save(author, text)
    assert answer.status_code == 303
    assert desk.text() == text
    page = author.get(EDITOR)
    assert page.status_code == 200
    assert html.escape(text, quote=False) in page.text.replace("&#34;", '"')


def test_the_first_thing_wrong_is_named_by_line_and_column(desk: Desk, author: Browser) -> None:
    desk.save(author, '{\n  "form": "site_visit"\n  "version": 1\n}')
    page = author.get(EDITOR).text
    assert f"{FORM}:2:23" in page
    assert "A comma is missing between two members." in page
    assert "Write “,” here." in page


def test_a_broken_draft_leaves_what_is_published_alone(desk: Desk, author: Browser) -> None:
    for name in (FORM, CHAIN, "module.json"):
        desk.save(author, "{", name)
    assert desk.publish(author).status_code == 422
    assert desk.current() == 1
    assert author.get("/modules/site_visit").status_code == 200
    assert author.get(DRAFT).status_code == 200
    assert desk.stage.browser("rick").get("/start").status_code == 200


def test_looking_saves_nothing(desk: Desk, author: Browser) -> None:
    before = desk.text()
    typed = before.replace('"kind": "money"', '"kind": "monney"')
    answer = author.post(
        f"{EDITOR}/look", headers=HTMX, text=typed, seen=mark_of(before), typing="yes"
    )
    assert answer.status_code == 200
    assert answer.text.strip().startswith('<div id="_live"')
    assert "Not saved yet" in answer.text
    assert "monney" in answer.text
    assert desk.text() == before


def test_checking_without_scripts_shows_the_whole_page_with_the_typed_text(
    desk: Desk, author: Browser
) -> None:
    typed = desk.text().replace('"Title"', '"Heading typed"')
    answer = author.post(f"{EDITOR}/look", text=typed, seen=mark_of(desk.text()))
    assert answer.status_code == 200
    assert "<!doctype html>" in answer.text
    assert "Heading typed" in answer.text


def test_the_preview_shows_the_form_and_sends_nothing(desk: Desk, author: Browser) -> None:
    page = author.get(EDITOR).text
    preview = page[page.index("author-preview") :]
    assert '<fieldset class="author-form" disabled>' in preview
    assert 'name="amount"' in preview
    assert "<form" not in preview[: preview.index("</section>")]


def test_the_preview_of_an_unreadable_text_is_the_stored_one(desk: Desk, author: Browser) -> None:
    answer = author.post(f"{EDITOR}/look", headers=HTMX, text="{", seen=mark_of(desk.text()))
    assert "this is how it was last saved" in answer.text
    assert 'name="amount"' in answer.text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (CHAIN, "Project manager approves"),
        ("module.json", "members of the project"),
        ("site_visit.cases.json", "A plain request"),
    ],
)
def test_every_kind_of_file_has_a_preview(author: Browser, name: str, shown: str) -> None:
    page = author.get(f"{DRAFT}/{name}").text
    assert shown in page[page.index("author-preview") :]


def test_hostile_texts_are_only_texts(desk: Desk, author: Browser) -> None:
    hostile = "<script>alert(1)</script>'\\\"{{ 7*7 }}"
    author.post(f"{EDITOR}/insert", seen=mark_of(desk.text()), text=desk.text(),
                **(SNIPPET | {"new_label_en": hostile, "new_label_zh": hostile}))  # fmt: skip
    for url in (EDITOR, f"{DRAFT}/publish"):
        page = author.get(url).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert "{{ 7*7 }}" in html.unescape(page)


def test_two_authors_keep_both_texts(desk: Desk, author: Browser) -> None:
    seen = mark_of(desk.text())
    theirs = desk.text().replace('"Title"', '"Heading"')
    mine = desk.text().replace('"Title"', '"Subject"')
    other = desk.browser("ada")
    assert desk.save(other, theirs).status_code == 303
    answer = desk.save(author, mine, seen=seen)
    assert answer.status_code == 409
    assert "Somebody saved this file while you were writing" in answer.text
    page = html.unescape(answer.text)
    assert '"Subject"' in page
    assert '"Heading"' in page
    assert desk.text() == theirs
    looked = author.post(f"{EDITOR}/look", headers=HTMX, text=mine, seen=seen)
    assert "somebody was faster" in looked.text
    assert desk.save(author, mine, seen=seen).status_code == 409
    assert desk.save(author, mine, seen=seen, over=mark_of(theirs)).status_code == 303
    assert desk.text() == mine


def test_two_authors_at_two_files_do_not_meet(desk: Desk, author: Browser) -> None:
    seen = mark_of(desk.text())
    assert desk.save(desk.browser("ada"), desk.text(CHAIN) + "\n", CHAIN).status_code == 303
    text = desk.text().replace('"Title"', '"Subject"')
    assert desk.save(author, text, seen=seen).status_code == 303


def test_saving_the_same_twice_is_no_conflict(desk: Desk, author: Browser) -> None:
    seen, text = mark_of(desk.text()), desk.text() + "\n"
    assert desk.save(author, text, seen=seen).status_code == 303
    assert desk.save(author, text, seen=seen).status_code == 303


def test_saving_answers_htmx_with_what_changes(desk: Desk, author: Browser) -> None:
    answer = author.post(EDITOR, headers=HTMX, text=desk.text() + "\n", seen=mark_of(desk.text()))
    assert answer.status_code == 200
    assert answer.text.strip().startswith('<div id="_live" data-saved')


def test_an_inserted_field_is_saved_with_the_next_version(desk: Desk, author: Browser) -> None:
    before = desk.text()
    answer = author.post(f"{EDITOR}/insert", text=before, seen=mark_of(before), **SNIPPET)
    assert answer.status_code == 303
    text = desk.text()
    line = next(n for n, one in enumerate(text.split("\n"), 1) if '"visited_on": {' in one)
    assert answer.headers["Location"] == f"{EDITOR}#L{line}"
    assert '"version": 2' in text
    assert '"fields": ["title", "amount", "visited_on"]' in text
    kept = [one for one in text.split("\n") if one in before.split("\n")]
    assert len(kept) >= len(before.split("\n")) - 3
    assert "1 of 1 example cases pass" in author.get(f"{DRAFT}/publish").text


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"new_kind": ""}, "Choose a kind of field."),
        ({"new_key": "amount"}, "is taken"),
        ({"new_key": "Visited On"}, "A key is written with small letters"),
        ({"new_kind": "record"}, "Choose the form this field links to."),
        ({"text": "{"}, "Mend the text first"),
        ({"text": "[]"}, "to insert into"),
    ],
)
def test_a_field_that_cannot_be_inserted_loses_nothing(
    desk: Desk, author: Browser, values: dict[str, str], problem: str
) -> None:
    before = desk.text()
    sent = {"text": before + "\n", "seen": mark_of(before), **SNIPPET, **values}
    answer = author.post(f"{EDITOR}/insert", **sent)
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert problem in page
    assert 'value="Visited on"' in page
    assert sent["text"].strip() in page
    assert desk.text() == before


def test_nothing_is_inserted_over_another_authors_text(desk: Desk, author: Browser) -> None:
    before = desk.text()
    desk.save(desk.browser("ada"), before + "\n")
    answer = author.post(f"{EDITOR}/insert", text=before, seen=mark_of(before), **SNIPPET)
    assert answer.status_code == 409
    assert desk.text() == before + "\n"


def test_a_text_beyond_the_limit_is_refused(desk: Desk, author: Browser) -> None:
    before = desk.text()
    answer = desk.save(author, "x" * (limits.DEFINITION_BYTES + 1))
    assert answer.status_code == 413
    assert desk.text() == before


@pytest.mark.parametrize("text", ["[" * 5_000, '{"a":' * 200, '"\\ud800"', "NaN", "1e999", ""])
def test_odd_texts_are_kept_and_explained(desk: Desk, author: Browser, text: str) -> None:
    assert desk.save(author, text).status_code == 303
    assert author.get(EDITOR).status_code == 200
    assert "1 error" in author.get(EDITOR).text
    assert author.get(f"{DRAFT}/publish").status_code == 200


def test_characters_that_cannot_be_stored_are_refused(desk: Desk, author: Browser) -> None:
    before = desk.text()
    assert desk.save(author, "a\x00b").status_code in {400, 422}
    assert desk.text() == before


def test_files_come_and_go(desk: Desk, author: Browser) -> None:
    answer = author.post(f"{DRAFT}/files", kind="form", key="snag", form="")
    assert answer.headers["Location"] == f"{DRAFT}/snag.form.json"
    author.post(f"{DRAFT}/files", kind="workflow", key="snag", form="snag")
    assert '"workflow": "snag"' in desk.text("module.json")
    assert "2 errors" not in author.get(f"{DRAFT}/publish").text
    assert author.post(f"{DRAFT}/snag.workflow.json/delete").status_code == 303
    assert author.get(f"{DRAFT}/snag.workflow.json").status_code == 404
    assert author.post(f"{DRAFT}/module.json/delete").status_code == 404


@pytest.mark.parametrize(
    ("kind", "key", "form"),
    [
        ("form", "Bad Key", ""),
        ("form", "site_visit", ""),
        ("workflow", "extra", "nothing"),
        ("../form", "x", "site_visit"),
        ("cases", "", ""),
    ],
)
def test_a_file_that_cannot_be_is_refused(
    desk: Desk, author: Browser, kind: str, key: str, form: str
) -> None:
    answer = author.post(f"{DRAFT}/files", kind=kind, key=key, form=form)
    assert answer.headers["Location"] == DRAFT
    assert "notice-amber" in author.get(DRAFT).text


def test_discarding_returns_to_what_is_published(desk: Desk, author: Browser) -> None:
    desk.save(author, "{")
    author.post(f"{DRAFT}/discard")
    assert "No draft is open" in author.get(DRAFT).text
    desk.open_draft(author)
    assert desk.text() != "{"
