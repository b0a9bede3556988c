"""The list, the module's page, new modules, switching on and off, going back; who may."""

import io
import json
import zipfile

import pytest

from portal.builder import queries
from portal.definitions import queries as definitions
from tests.accounts.stage import Browser
from tests.builder.conftest import DRAFT, EDITOR, FORM, Desk

PAGES = (
    "/modules",
    "/modules/site_visit",
    DRAFT,
    EDITOR,
    f"{DRAFT}/module.json",
    f"{DRAFT}/site_visit.workflow.json",
    f"{DRAFT}/site_visit.cases.json",
    f"{DRAFT}/publish",
    "/modules/site_visit/releases/1",
    f"/modules/site_visit/releases/1?file={FORM}&show=full",
)
ACTS = (
    "/modules",
    "/modules/shipped/parties",
    "/modules/site_visit/enable",
    "/modules/site_visit/disable",
    "/modules/site_visit/releases/1/again",
    DRAFT,
    f"{DRAFT}/discard",
    f"{DRAFT}/files",
    EDITOR,
    f"{EDITOR}/look",
    f"{EDITOR}/insert",
    f"{EDITOR}/delete",
    f"{DRAFT}/publish",
    f"{DRAFT}/versions",
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_opens_for_author_and_auditor(desk: Desk, language: str) -> None:
    author, auditor = desk.browser("nora"), desk.browser("vera")
    desk.open_draft(author)
    for browser in (author, auditor):
        browser.post("/language", language=language)
        for url in PAGES:
            assert browser.get(url).status_code == 200, url
    assert author.get("/modules/new").status_code == 200
    assert auditor.get("/modules/new").status_code == 403


@pytest.mark.parametrize("login", ["rick", "otto", "oskar", "eve"])
def test_nobody_else_comes_in(desk: Desk, login: str) -> None:
    browser = desk.browser(login)
    assert {browser.get(url).status_code for url in PAGES} == {403}
    assert {browser.post(url).status_code for url in ACTS} == {403}


def test_an_auditor_changes_nothing(desk: Desk) -> None:
    auditor = desk.browser("vera")
    assert {auditor.post(url).status_code for url in ACTS} == {403}


def test_an_auditor_is_offered_no_acts(desk: Desk) -> None:
    desk.open_draft(desk.browser())
    auditor = desk.browser("vera")
    for url in PAGES:
        page = auditor.get(url).text
        assert f'action="{DRAFT}' not in page
        assert 'action="/modules' not in page


def test_the_administration_page_leads_here(desk: Desk) -> None:
    assert 'href="/modules"' in desk.browser("nora").get("/admin").text
    assert 'href="/modules"' not in desk.browser("otto").get("/admin").text


def test_the_list_tells_state_release_and_open_records(desk: Desk) -> None:
    desk.add_record()
    desk.add_record("returned")
    desk.add_record("approved")
    page = desk.browser().get("/modules").text
    assert "Site visit" in page
    assert "2 on release 1" in page


def test_a_new_module_can_be_published_as_it_is(desk: Desk) -> None:
    browser = desk.browser()
    made = browser.post(
        "/modules", title_en="Snag list", title_zh="缺陷清单", key="", group="site", prefix=""
    )
    assert made.headers["Location"] == "/modules/snag_list/draft"
    assert "Snag list" in browser.get("/modules").text
    with desk.stage.look():
        revision = str(queries.the_draft("snag_list").revision)
    done = browser.post("/modules/snag_list/draft/publish", revision=revision)
    assert done.headers["Location"] == "/modules/snag_list"
    assert (
        "It is out: snag lists can be filed from now on, under Start."
        in browser.get("/modules/snag_list").text
    )


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"title_en": ""}, "Give the module a title"),
        ({"title_en": "", "title_zh": "缺陷"}, "Write a key"),
        ({"key": "Snag"}, "Small letters"),
        ({"key": "site_visit"}, "exists already"),
        ({"group": "elsewhere"}, ""),
        ({"prefix": "x-1"}, "capital letters"),
    ],
)
def test_a_module_that_cannot_be_is_refused(
    desk: Desk, values: dict[str, str], problem: str
) -> None:
    given = {"title_en": "Snag", "title_zh": "", "key": "", "group": "site", "prefix": ""}
    answer = desk.browser().post("/modules", **(given | values))
    assert answer.status_code == 422
    assert problem in answer.text


def test_switching_off_and_on_says_what_it_means(desk: Desk) -> None:
    browser = desk.browser()
    assert "can still be decided" in browser.get("/modules/site_visit").text
    browser.post("/modules/site_visit/disable")
    assert "Switched off" in browser.get("/modules/site_visit").text
    with desk.stage.look():
        assert definitions.current_form("site_visit") is None
    browser.post("/modules/site_visit/enable")
    with desk.stage.look():
        assert definitions.current_form("site_visit") is not None


def test_going_back_publishes_the_old_content_under_a_new_number(desk: Desk) -> None:
    browser = desk.browser()
    desk.open_draft(browser)
    text = desk.text().replace('"max": 200', '"max": 100').replace('"version": 1', '"version": 2')
    desk.save(browser, text.replace('"Title"', '"Subject"'))
    desk.publish(browser)
    desk.add_record()
    page = browser.get("/modules/site_visit").text
    assert "Go back to release 1?" in page
    assert "1 on release 2" in page
    browser.post("/modules/site_visit/releases/1/again")
    page = browser.get("/modules/site_visit").text
    assert "Next site visits use release 3. 1 open record stays on release 2." in page
    assert "went back to release 1" in page
    assert desk.current() == 3


def test_unknown_modules_and_releases_are_not_found(desk: Desk) -> None:
    browser = desk.browser()
    for url in (
        "/modules/nothing",
        "/modules/nothing/draft",
        "/modules/site_visit/releases/9",
        "/modules/site_visit/releases/1?file=other.form.json",
        "/modules/site_visit/releases/9/files.zip",
        EDITOR,
        f"{DRAFT}/publish",
    ):
        assert browser.get(url).status_code == 404, url
    assert browser.post("/modules/nothing/enable").status_code == 404
    assert browser.post("/modules/site_visit/releases/9/again").status_code == 404
    assert browser.post("/modules/shipped/..").status_code == 404


def test_a_shipped_module_is_published_with_those_it_needs(desk: Desk) -> None:
    browser = desk.browser()
    assert "Came with the portal" in browser.get("/modules").text
    answer = browser.post("/modules/shipped/contracts")
    assert answer.headers["Location"] == "/modules/contracts"
    with desk.stage.look():
        assert queries.the_module("parties").release is not None
    assert browser.post("/modules/shipped/contracts").status_code == 404


def test_the_export_holds_the_files_as_written(desk: Desk) -> None:
    answer = desk.browser("vera").get("/modules/site_visit/releases/1/files.zip")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert f"site_visit/{FORM}" in archive.namelist()
        with desk.stage.look():
            stored = queries.current_files("site_visit")
        held = {name: archive.read(name).decode() for name in archive.namelist()}
        own = {n.split("/")[1]: text for n, text in held.items() if n.startswith("site_visit/")}
        assert own == stored
        for text in own.values():
            assert json.loads(text)["$schema"].removeprefix("../") in held


def test_a_release_is_shown_as_written_and_as_it_counts(desk: Desk) -> None:
    browser = desk.browser()
    url = f"/modules/site_visit/releases/1?file={FORM}"
    assert "additionalProperties" not in browser.get(url).text
    assert "additionalProperties" in browser.get(f"{url}&show=full").text


@pytest.mark.parametrize(
    ("address", "topic"),
    [
        ("/modules/new", "tutorial#a-new-module"),
        ("/modules/from-excel", "from-excel#the-file"),
        ("/modules/site_visit/clone", "module-setup#a-module-like-another-one"),
        ("/modules/site_visit", "releasing"),
        ("/modules/site_visit/usage", "releasing#how-it-is-used"),
        ("/modules/site_visit/projects", "releasing#on-and-off"),
    ],
)
def test_pages_beside_the_draft_lead_to_the_handbook(
    desk: Desk, author: Browser, address: str, topic: str
) -> None:
    link = f'<a class="help-link" href="/help/administrators/{topic}">'
    assert link in author.get(address).text
