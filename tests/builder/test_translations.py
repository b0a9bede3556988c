"""The page of a draft's texts in both languages."""

from typing import Any

from portal.builder.wording import wordings
from portal.definitions.json_source import read_source
from tests.accounts.stage import Browser
from tests.builder.conftest import CHAIN, DRAFT, FORM, Desk
from tests.records.pages import controls

TEXTS = f"{DRAFT}/translations"
LABEL = "data/properties/title/x-field/label"


def unsay(desk: Desk, author: Browser) -> None:
    """Take the Chinese of a field's label out of the form."""
    text = desk.text().replace('"label": {"en": "Title", "zh": "标题"}', '"label": "Title"')
    assert text != desk.text()
    assert desk.save(author, text).status_code == 303


def typed(browser: Browser, file: str = FORM, show: str = "", **more: str) -> dict[str, Any]:
    page = browser.get(f"{TEXTS}?show={show}")
    values = controls(page.text, f"texts-{file}")
    del values["csrf_token"]
    return {**values, **more}


def label(desk: Desk) -> Any:
    raw = read_source(desk.text()).value
    return raw["data"]["properties"]["title"]["x-field"]["label"]


def test_what_lacks_a_language_is_counted_listed_and_filled_in(desk: Desk, author: Browser) -> None:
    assert "Every text is there in both languages" in author.get(TEXTS).text
    assert "Every text in both languages" in author.get(f"{DRAFT}/publish").text
    unsay(desk, author)
    assert 'translations"><span>Texts</span><span class="tab-count">1' in author.get(DRAFT).text
    assert "1 text lacks a language" in author.get(f"{DRAFT}/publish").text
    sent = typed(author)
    assert [name for name in sent if name.startswith("zh:")] == [f"zh:{LABEL}"]
    before = desk.text()
    answer = author.post(f"{TEXTS}/{FORM}", **{**sent, f"zh:{LABEL}": "主题"})
    assert answer.location == TEXTS
    assert "None lacks a language" in author.get(TEXTS).text
    assert label(desk) == {"en": "Title", "zh": "主题"}
    after = desk.text().replace('"version": 2', '"version": 1')
    assert after.replace('{"en": "Title", "zh": "主题"}', '"Title"') == before
    assert desk.publish(author).status_code == 303


def test_all_texts_of_every_file_stand_there_and_sent_back_change_nothing(
    desk: Desk, author: Browser
) -> None:
    for file in ("module.json", FORM, CHAIN, "site_visit.cases.json"):
        before = desk.text(file)
        sent = typed(author, file, "all")
        assert sent["show"] == ["all"]
        addresses = {one.address for one in wordings(file, before)}
        assert {name[3:] for name in sent if name.startswith("en:")} == addresses
        answer = author.post(f"{TEXTS}/{file}", **sent)
        assert answer.location == f"{TEXTS}?show=all"
        assert desk.text(file) == before


def test_texts_of_two_authors_merge_and_the_same_one_asks(desk: Desk, author: Browser) -> None:
    mine = typed(author, FORM, "all")
    author.post(f"{TEXTS}/{FORM}", **{**mine, "zh:title": "他人之名"})
    answer = author.post(f"{TEXTS}/{FORM}", **{**mine, f"zh:{LABEL}": "主题"})
    assert answer.status_code == 303
    raw = read_source(desk.text()).value
    assert (raw["title"]["zh"], label(desk)["zh"]) == ("他人之名", "主题")
    page = author.post(f"{TEXTS}/{FORM}", **{**mine, "zh:title": "我的名称"})
    assert page.status_code == 409
    assert "他人之名" in page.text
    assert controls(page.text, f"texts-{FORM}")["zh:title"] == ["我的名称"]
    answer = author.post(f"{TEXTS}/{FORM}", **{**mine, "zh:title": "我的名称"}, over="yes")
    assert answer.status_code == 303
    assert read_source(desk.text()).value["title"]["zh"] == "我的名称"


def test_a_text_whose_part_is_gone_is_shown_and_not_lost(desk: Desk, author: Browser) -> None:
    mine = typed(author, FORM, "all", **{"zh:layout/0/title": "新的分组"})
    text = desk.text().replace('"title": {"en": "General", "zh": "基本信息"},', "")
    assert desk.save(author, text).status_code == 303
    page = author.post(f"{TEXTS}/{FORM}", **mine)
    assert page.status_code == 409
    assert "No longer there; you had typed: General / 新的分组" in page.text


def test_an_empty_or_too_long_text_is_refused_and_stays_typed(desk: Desk, author: Browser) -> None:
    before, sent = desk.text(), typed(author, FORM, "all")
    page = author.post(f"{TEXTS}/{FORM}", **{**sent, "en:title": "", "zh:title": " "})
    assert page.status_code == 422
    assert 'href="#en:title"' in page.text
    page = author.post(f"{TEXTS}/{FORM}", **{**sent, "zh:title": "长" * 501})
    assert page.status_code == 422
    assert "长" * 501 in page.text
    assert desk.text() == before


def test_hostile_text_is_shown_as_text(desk: Desk, author: Browser) -> None:
    hostile = '"><script>alert(1)</script>'
    sent = typed(author, FORM, "all", **{"zh:title": hostile})
    assert author.post(f"{TEXTS}/{FORM}", **sent).status_code == 303
    assert read_source(desk.text()).value["title"]["zh"] == hostile
    assert "<script>alert" not in author.get(f"{TEXTS}?show=all").text


def test_auditors_look_and_others_do_not(desk: Desk, author: Browser) -> None:
    page = desk.browser("vera").get(f"{TEXTS}?show=all")
    assert page.status_code == 200
    assert "readonly" in page.text
    assert "Save the texts" not in page.text
    assert desk.browser("vera").post(f"{TEXTS}/{FORM}").status_code == 403
    assert desk.browser("rick").get(TEXTS).status_code == 403
    assert author.post(f"{TEXTS}/none.form.json").status_code == 404


def test_the_texts_stand_under_the_names_of_the_parts(desk: Desk, author: Browser) -> None:
    page = author.get(f"{DRAFT}/translations?show=all").text
    assert "Form “Site visit”" in page
    assert "Save the texts of form “Site visit”" in page
