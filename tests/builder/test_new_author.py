"""What somebody reads who builds a form for the first time and knows no JSON."""

from portal.builder.design.options import _read_choices
from tests.accounts.stage import Browser
from tests.builder.conftest import CHAIN, DRAFT, EDITOR, FORM, Desk
from tests.records.pages import controls

DESIGN = f"{EDITOR}/design"


def add_field(author: Browser, label: str, **more: str) -> None:
    sent = {"kind": "text", "label_en": label, "section": "0", "then": "back", **more}
    assert author.post(f"{DESIGN}/new-field", **sent).status_code == 303


def test_texts_without_chinese_are_told_once_with_the_page_that_fills_them_in(
    desk: Desk, author: Browser
) -> None:
    add_field(author, "Weather")
    for page in (author.get(DESIGN).text, author.get(f"{DRAFT}/publish").text):
        assert "1 text lacks a language." in page
        assert f'href="{DRAFT}/translations">Fill them in' in page
        assert "x-field.label" not in page


def test_a_text_that_lacks_a_language_says_which_text_it_is(desk: Desk, author: Browser) -> None:
    add_field(author, "Weather")
    assert "“Weather” has no Chinese text." in author.get(f"{DESIGN}/fields/weather").text


def test_what_is_in_the_way_is_named_as_the_page_that_mends_it_names_it(
    desk: Desk, author: Browser
) -> None:
    text = desk.text().replace('"required": true', '"required": true, "max": -1', 1)
    desk.save(author, text)
    page = author.get(f"{DRAFT}/publish").text
    assert f'href="{DESIGN}/fields/title">Field “Title”</a>' in page
    assert f"{FORM}:" not in page.split("<main")[1].split("title=")[0]


def test_a_step_with_no_chinese_title_is_not_drawn_as_wrong(desk: Desk, author: Browser) -> None:
    text = desk.text(CHAIN).replace(', "zh": "项目经理审批"', "")
    assert text != desk.text(CHAIN)
    desk.save(author, text, CHAIN)
    page = author.get(f"{DRAFT}/{CHAIN}/chain").text
    assert "The check found something here" not in page
    assert "1 text lacks a language." in page


def test_the_draft_lists_its_parts_by_what_they_are(desk: Desk, author: Browser) -> None:
    page = author.get(DRAFT).text
    for part in ("Settings of the module", "Form “Site visit”", "Approval chain “Site visit”"):
        assert f">{part}</a>" in page
    assert "Examples of “Site visit”" in page
    author.post("/language", language="zh")
    assert ">表单“现场巡查”</a>" in author.get(DRAFT).text


def test_the_examples_are_mended_where_they_are_seen_to_lack_something(
    desk: Desk, author: Browser
) -> None:
    add_field(author, "Weather", required="y")
    for url in (DRAFT, DESIGN):
        page = author.get(url).text
        assert "The examples lack 1 required value" in page
        assert "Make values up" in page
    done = author.post(f"{DRAFT}/samples", back="builder.design_form", file=FORM)
    assert done.headers["Location"] == DESIGN
    page = author.get(DESIGN).text
    assert "The examples have values now." in page
    assert "The examples lack" not in page
    assert author.post(f"{DRAFT}/samples", back="elsewhere").headers["Location"].endswith("publish")


def test_a_choice_needs_only_its_name() -> None:
    typed = [["", "Power tool", "电动工具"], ["b", "Hand tool", ""]]
    assert [one["value"] for one in _read_choices(typed, [])] == ["power_tool", "b"]


def test_an_edit_of_no_single_part_names_the_form(desk: Desk, author: Browser) -> None:
    desk.save(author, desk.text() + "\n")
    assert "Undo: form “Site visit”<" in author.get(DESIGN).text


def add_step(author: Browser, **more: str) -> None:
    page = author.get(f"{DRAFT}/{CHAIN}/chain/add/step?into=blocks").text
    words = {"title_en": "Sponsor approves", "title_zh": "发起人审批", "who": "role:sponsor"}
    sent = {**controls(page, "block-form"), **words, **more}
    assert author.post(f"{DRAFT}/{CHAIN}/chain/add/step", **sent).status_code == 303


def test_a_step_under_a_condition_is_taken_back_by_its_name(desk: Desk, author: Browser) -> None:
    only = {"only-0-field": "amount", "only-0-op": ">", "only-0-value": "5000"}
    add_step(author, **only)
    assert "sponsor_approves_when" in desk.text(CHAIN)
    assert "Undo: step “Sponsor approves”<" in author.get(DRAFT).text


def test_the_message_after_adding_a_step_is_in_the_readers_language(
    desk: Desk, author: Browser
) -> None:
    author.post("/language", language="zh")
    add_step(author)
    assert "已添加“发起人审批”" in author.get(f"{DRAFT}/{CHAIN}/chain").text


def test_trying_a_chain_leads_on_to_publishing(desk: Desk, author: Browser) -> None:
    page = author.get(f"{DRAFT}/{CHAIN}/chain/try").text
    assert f'href="{DRAFT}/publish"' in page


def test_a_pages_words_say_what_is_meant_in_chinese(desk: Desk, author: Browser) -> None:
    author.post("/language", language="zh")
    assert "查看身份" not in author.get(f"{DESIGN}/uses").text
    assert "添加审批环节" not in author.get(f"{DRAFT}/{FORM}/migration").text
    assert "提交日期" not in author.get("/modules/site_visit/usage").text


def test_an_example_that_fails_is_called_as_its_reader_calls_it(
    desk: Desk, author: Browser
) -> None:
    add_field(author, "Weather", required="y")
    author.post("/language", language="zh")
    page = author.get(f"{DRAFT}/publish").text
    assert "示例“一般申请”" in page
    assert "A plain request" not in page


def test_a_release_goes_out_at_once_or_later_in_the_readers_words(
    desk: Desk, author: Browser
) -> None:
    add_field(author, "Weather", label_zh="天气")
    author.post("/language", language="zh")
    page = author.get(f"{DRAFT}/publish").text
    assert "立即" in page


def test_a_module_never_published_offers_no_records_to_try_and_names_its_own_form(
    desk: Desk, author: Browser
) -> None:
    sent = {"title_en": "Snag list", "title_zh": "缺陷清单", "group": "site", "key": ""}
    assert author.post("/modules", **sent).status_code == 303
    draft = "/modules/snag_list/draft"
    assert 'id="replay"' not in author.get(f"{draft}/publish").text
    assert 'id="replay"' in author.get(f"{DRAFT}/publish").text
    page = author.get(f"{draft}/snag_list.form.json/design/new-field").text
    assert '<option value="snag_list">Snag list</option>' in page


def test_the_least_is_asked_before_the_most(desk: Desk, author: Browser) -> None:
    page = author.get(f"{DESIGN}/fields/amount").text
    assert page.index('name="o-min"') < page.index('name="o-max"')
