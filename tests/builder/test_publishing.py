"""Publishing a draft: said beforehand, done as a whole, told afterwards, or refused."""

from sqlalchemy import func, select

from portal.builder.saving import mark_of
from portal.db import db
from portal.definitions import queries as definitions
from portal.definitions.models import ModuleRelease
from tests.accounts.stage import Browser
from tests.builder.conftest import CHAIN, DRAFT, EDITOR, Desk

FIELD = {"new_kind": "date", "new_key": "visited_on", "new_label_en": "Visited on",
         "new_label_zh": "巡查日期"}  # fmt: skip


def insert(desk: Desk, author: Browser) -> None:
    text = desk.text()
    author.post(f"{EDITOR}/insert", text=text, seen=mark_of(text), **FIELD)


def test_the_journey_of_a_field(desk: Desk, author: Browser) -> None:
    for _ in range(12):
        desk.add_record()
    insert(desk, author)
    page = author.get(f"{DRAFT}/publish").text
    assert "Field “Visited on” (visited_on, Date) is new." in page
    assert "1 field added" in page
    assert "1 of 1 example cases pass" in page
    assert "12 on release 1" in page
    done = desk.publish(author, note="The north asked for it")
    assert done.headers["Location"] == "/modules/site_visit"
    page = author.get("/modules/site_visit").text
    assert "Next site visits use release 2. 12 open records stay on release 1." in page
    assert "The north asked for it" in page
    with desk.stage.look():
        form = definitions.current_form("site_visit")
        assert form is not None
        assert "visited_on" in form.form.definition.fields
    page = author.get("/modules/site_visit/releases/2").text
    assert "Field “Visited on” (visited_on, Date) is new." in page


def test_the_sentence_in_chinese(desk: Desk, author: Browser) -> None:
    desk.add_record()
    insert(desk, author)
    author.post("/language", language="zh")
    assert "（visited_on，日期）。" in author.get(f"{DRAFT}/publish").text
    desk.publish(author)
    page = author.get("/modules/site_visit").text
    assert "此后新建的现场巡查使用第 2 版。1 条在办记录仍按第 1 版办理。" in page


def test_a_failed_example_names_fields_as_the_reader_does(desk: Desk, author: Browser) -> None:
    cases = "site_visit.cases.json"
    text = desk.text(cases).replace('"expect": {', '"expect": {"title": "Other",')
    desk.save(author, text.replace('"given": {"title": "Example", ', '"given": {'), cases)
    page = author.get(f"{DRAFT}/publish").text
    assert "“A plain request”: “Title” (title) is " in page
    author.post("/language", language="zh")
    page = author.get(f"{DRAFT}/publish").text
    assert "“标题”（title）为" in page
    assert "，预期为 Other。" in page
    assert "empty" not in page


def test_what_changed_calls_examples_as_the_reader_does(desk: Desk, author: Browser) -> None:
    cases = "site_visit.cases.json"
    desk.save(author, desk.text(cases).replace("1000.00", "2000.00"), cases)
    assert "Example “A plain request” changed" in author.get(f"{DRAFT}/publish").text
    desk.publish(author)
    author.post("/language", language="zh")
    page = author.get("/modules/site_visit/releases/2").text
    assert "一般申请" in page
    assert "A plain request" not in page.split("<textarea")[0]


def test_a_failing_release_says_why_and_changes_nothing(desk: Desk, author: Browser) -> None:
    desk.save(author, desk.text(CHAIN).replace("project_manager", "nobody_at_all"), CHAIN)
    page = author.get(f"{DRAFT}/publish").text
    assert "nobody_at_all" in page
    assert "Publish release 2" not in page
    answer = desk.publish(author)
    assert answer.status_code == 422
    assert "nobody_at_all" in answer.text
    with desk.stage.look():
        assert db.session.scalar(select(func.count(ModuleRelease.id))) == 2
    assert desk.current() == 1
    assert "nobody_at_all" in desk.text(CHAIN)


def test_a_failing_example_stops_the_release(desk: Desk, author: Browser) -> None:
    name = "site_visit.cases.json"
    wrong = desk.text(name).replace('"expect": {"amount": "1000.00"}', '"expect": {"amount": "9"}')
    desk.save(author, wrong, name)
    page = author.get(f"{DRAFT}/publish").text
    assert "0 of 1 example cases pass" in page
    assert desk.publish(author).status_code == 422
    assert desk.current() == 1


def test_a_changed_form_is_offered_its_next_version(desk: Desk, author: Browser) -> None:
    desk.save(author, desk.text().replace('"Title"', '"Subject"'))
    page = author.get(f"{DRAFT}/publish").text
    assert "version 1 is published with other content, the next one is 2" in page
    assert desk.publish(author).status_code == 422
    author.post(f"{DRAFT}/versions")
    assert '"version": 2' in desk.text()
    assert desk.publish(author).status_code == 303
    assert desk.current() == 2


def test_a_version_of_a_rolled_back_release_is_not_used_again(desk: Desk, author: Browser) -> None:
    desk.save(
        author, desk.text().replace('"Title"', '"Subject"').replace('"version": 1', '"version": 2')
    )
    desk.publish(author)
    author.post("/modules/site_visit/releases/1/again")
    desk.open_draft(author)
    desk.save(author, desk.text().replace('"Title"', '"Heading"'))
    author.post(f"{DRAFT}/versions")
    assert '"version": 3' in desk.text()
    assert desk.publish(author).status_code == 303


def test_what_somebody_changed_since_is_not_published_unseen(desk: Desk, author: Browser) -> None:
    insert(desk, author)
    page = author.get(f"{DRAFT}/publish").text
    revision = page.partition('name="revision"')[2].partition('value="')[2].partition('"')[0]
    desk.save(desk.browser("ada"), desk.text().replace("Visited on", "Seen on"))
    answer = author.post(f"{DRAFT}/publish", revision=revision, note="")
    assert answer.status_code == 409
    assert "Seen on" in answer.text
    assert desk.current() == 1


def test_equal_content_makes_no_release(desk: Desk, author: Browser) -> None:
    desk.save(author, desk.text() + "\n\n")
    page = author.get(f"{DRAFT}/publish").text
    assert "Nothing differs." in page
    assert "There is nothing to publish: the draft says what release 1 says." in page
    assert "release 2" not in page
    author.post("/language", language="zh")
    assert "没有可发布的内容：草稿与第 1 版一致。" in author.get(f"{DRAFT}/publish").text
    author.post("/language", language="en")
    desk.publish(author)
    assert (
        "Nothing differs from release 1; the draft is gone."
        in author.get("/modules/site_visit").text
    )
    assert desk.current() == 1


def test_a_note_beyond_its_length_is_refused(desk: Desk, author: Browser) -> None:
    insert(desk, author)
    assert desk.publish(author, note="x" * 501).status_code == 422
    assert desk.current() == 1


def test_a_module_that_claims_another_ones_form_is_refused(desk: Desk, author: Browser) -> None:
    author.post("/modules", title_en="Other", title_zh="", key="other", group="site", prefix="")
    author.post("/modules/other/draft/files", kind="form", key="site_visit", form="")
    with desk.stage.look():
        from portal.builder import queries

        revision = str(queries.the_draft("other").revision)
    answer = author.post("/modules/other/draft/publish", revision=revision)
    assert answer.status_code == 422
    assert "site_visit" in answer.text


def retitled(desk: Desk, author: Browser, migrations: str = "") -> None:
    """The field “Title” under another key, as somebody writes who does not think of drafts."""
    text = desk.text().replace('"title": {\n        "x-field"', '"name": {\n        "x-field"')
    text = text.replace('"subject": "title"', '"subject": "name"').replace('["title"', '["name"')
    text = text.replace('"version": 1', f'"version": 2{migrations}')
    desk.save(author, text)
    cases = "site_visit.cases.json"
    desk.save(author, desk.text(cases).replace('"title": "Ex', '"name": "Ex'), cases)


def test_what_a_release_would_drop_is_said_before_it_goes_out(desk: Desk, author: Browser) -> None:
    for state in ("draft", "draft", "submitted", "approved"):
        desk.add_record(state)
    assert "What is dropped" not in author.get(f"{DRAFT}/publish").text
    retitled(desk, author)
    page = author.get(f"{DRAFT}/publish").text
    assert "1 field removed" in page
    assert "<strong>Title</strong>: Filled in on 2 drafts; these values are dropped." in page
    author.post("/language", language="zh")
    page = author.get(f"{DRAFT}/publish").text
    assert "<strong>标题</strong>：已在 2 份草稿中填写，发布后这些内容将被丢弃。" in page


def test_what_a_migration_carries_over_is_not_said_to_be_dropped(
    desk: Desk, author: Browser
) -> None:
    desk.add_record("draft")
    steps = '"migrations": [{"from": 1, "steps": [{"rename": ["title", "name"]}]}]'
    retitled(desk, author, f", {steps}")
    page = author.get(f"{DRAFT}/publish").text
    assert "No errors" in page
    assert "What is dropped" not in page
