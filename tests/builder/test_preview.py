"""A form of the draft as somebody else sees it: rights by the real code, language, width, values."""

import pytest

from tests.accounts.stage import Browser
from tests.builder.conftest import CHAIN, DRAFT, EDITOR, FORM, Desk

PREVIEW = f"{EDITOR}/design/preview"
FRAME = f"{PREVIEW}/frame"


@pytest.fixture
def rights(desk: Desk, author: Browser) -> Browser:
    """The step may change the amount and does not see the title."""
    text = desk.text(CHAIN).replace(
        '"need": "any"', '"need": "any", "fields": {"edit": ["amount"], "hide": ["title"]}'
    )
    assert desk.save(author, text, CHAIN).status_code == 303
    return author


def test_one_looks_as_whoever_fills_in_decides_or_reads(rights: Browser) -> None:
    page = rights.get(PREVIEW).text
    for seat in ("requester", "step:approve", "reader"):
        assert f'<option value="{seat}"' in page
    mine = rights.get(FRAME, query_string={"as": "requester"}).text
    theirs = rights.get(FRAME, query_string={"as": "step:approve"}).text
    readers = rights.get(FRAME, query_string={"as": "reader"}).text
    assert 'name="title"' in mine
    assert 'name="amount"' in mine
    assert 'name="amount"' in theirs
    assert 'name="title"' not in theirs
    assert "Not shown to them: Title." in theirs
    assert "Not shown to them" not in readers
    assert 'name="amount"' not in readers
    assert "1,000.00" in readers


def test_language_width_and_values_are_chosen(rights: Browser) -> None:
    chinese = rights.get(FRAME, query_string={"language": "zh", "as": "step:approve"}).text
    assert '<html lang="zh-CN"' in chinese
    assert "金额" in chinese
    assert "对其不可见：标题" in chinese
    english = rights.get(FRAME, query_string={"language": "en"}).text
    assert "Amount" in english
    assert "1,000.00" in rights.get(FRAME, query_string={"example": "0"}).text
    assert "1,000.00" not in rights.get(FRAME, query_string={"example": "empty"}).text
    phone = rights.get(PREVIEW, query_string={"width": "phone", "language": "zh"}).text
    assert 'class="preview-frame preview-phone"' in phone
    assert "language=zh" in phone
    assert "Preview of Site visit" in phone


def test_the_words_of_the_next_page_are_the_readers_again(rights: Browser) -> None:
    rights.get(FRAME, query_string={"language": "zh"})
    assert "Fields of Site visit" in rights.get(f"{EDITOR}/design").text


def test_only_the_frame_may_be_framed_and_it_sends_nothing(rights: Browser) -> None:
    outer = rights.get(PREVIEW).headers["Content-Security-Policy"]
    inner = rights.get(FRAME).headers["Content-Security-Policy"]
    assert "frame-src 'self'" in outer
    assert "frame-ancestors 'none'" in outer
    assert "frame-ancestors 'self'" in inner
    assert "form-action 'none'" in inner
    for policy in (outer, inner):
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    assert "<fieldset" in rights.get(FRAME).text
    assert " disabled>" in rights.get(FRAME).text
    assert "<form" not in rights.get(FRAME).text


def test_odd_choices_and_broken_drafts_still_show_something(desk: Desk, author: Browser) -> None:
    odd = {"as": "step:nobody", "language": "xx", "width": "9", "example": "99999"}
    assert author.get(PREVIEW, query_string=odd).status_code == 200
    assert "Title" in author.get(FRAME, query_string=odd).text
    text = desk.text().replace('"currency": "project"', '"currency": "nowhere"')
    desk.save(author, text)
    assert "shown as an outline" in author.get(PREVIEW).text
    assert "Amount" in author.get(FRAME).text
    desk.save(author, "{")
    assert author.get(PREVIEW).status_code == 200
    assert "once the errors are mended" in author.get(FRAME).text


def test_who_may_look(rights: Browser, desk: Desk) -> None:
    for url in (PREVIEW, FRAME):
        assert desk.browser("vera").get(url).status_code == 200
        assert desk.browser("rick").get(url).status_code == 403
        assert rights.get(url.replace(FORM, "other.form.json")).status_code == 404
        assert rights.get(url.replace(FORM, "module.json")).status_code == 404
    assert PREVIEW in rights.get(f"{EDITOR}/design").text
    assert DRAFT in rights.get(PREVIEW).text
