"""The handbook's pages: they work, for whom, in both languages, whole and as a fragment."""

import re
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from flask import Flask

from portal import paths
from portal.handbook import contents, places, queries
from portal.web.area import declared
from tests.accounts.stage import Browser, Stage
from tests.handbook.conftest import Reader

pytestmark = pytest.mark.any_database

HTMX = {"HX-Request": "true"}
EVERY = [(topic, language) for topic in contents.topics() for language in topic.languages()]
TWINS = [topic for topic in contents.topics() if len(topic.languages()) == 2]


def ids(markup: str) -> set[str]:
    return set(re.findall(r' id="([^"]+)"', markup))


def test_every_page_of_the_manual_stands_in_the_handbook_once() -> None:
    files = {
        path.name.partition(".")[0]
        for area in ("users", "administrators")
        for path in (paths.DOCS / area).glob("*.md")
    }
    listed = [topic.name for topic in contents.topics()]
    assert sorted(listed) == sorted(files)
    assert [topic.key for topic in contents.topics() if not topic.languages()] == []


@pytest.mark.parametrize("pair", EVERY, ids=lambda pair: f"{pair[0].key}-{pair[1]}")
def test_every_link_of_a_page_leads_to_a_page_and_a_section(
    pair: tuple[contents.Topic, str],
) -> None:
    topic, language = pair
    document = queries.page(topic, language)
    assert document.title
    for found in re.findall(r'(?:href|src)="([^"]+)"', document.markup):
        target = urlsplit(urljoin(f"/help/{topic.key}", found))
        if target.netloc:
            assert target.scheme == "https", found
            continue
        _empty, _help, area, name = target.path.split("/")
        if area == "pictures":
            assert name in contents.pictures(), found
            continue
        other = contents.topic(area, name)
        assert other is not None, found
        there = target.query.removeprefix("language=") or queries.written_in(other, language)
        assert there in other.languages(), found
        anchor = unquote(target.fragment)
        assert not anchor or anchor in ids(queries.page(other, there).markup), found


@pytest.mark.parametrize("topic", TWINS, ids=lambda topic: topic.key)
def test_both_languages_of_a_page_have_the_same_headings(topic: contents.Topic) -> None:
    english, chinese = (
        [one.level for one in queries.page(topic, language).sections] for language in ("en", "zh")
    )
    assert english == chinese


@pytest.mark.parametrize("topic", TWINS, ids=lambda topic: topic.key)
def test_a_chinese_page_leads_to_chinese_pages(topic: contents.Topic) -> None:
    links = re.findall(r"\]\(([\w./-]+\.md)", topic.file("zh").read_text("utf-8"))
    for link in links:
        path = (topic.file("zh").parent / link).resolve()
        is_own = path == topic.file("en").resolve()
        is_english = not link.endswith(".zh.md")
        assert is_own or not (is_english and path.with_suffix(".zh.md").exists()), link


def test_the_places_of_the_builder_exist_and_so_do_their_sections(app: Flask) -> None:
    for endpoint, (area, name, anchor) in places.PLACES.items():
        assert declared(endpoint) is not None, endpoint
        topic = contents.topic(area, name)
        assert topic is not None, endpoint
        for language in topic.languages():
            found = ids(queries.page(topic, language).markup)
            assert not anchor or anchor in found, (endpoint, language)


def test_whoever_is_signed_in_reads_and_nobody_else(stage: Stage, reader: Reader) -> None:
    readers = [(reader("en"), 200), (stage.browser("eve"), 200), (stage.browser(), 302)]
    for address in ("/help", "/help/administrators/forms", "/help/pictures/chain.png"):
        for browser, status in readers:
            with browser.get(address) as answer:
                assert answer.status_code == status, address


@pytest.mark.parametrize(
    "address",
    [
        "/help/users/nothing",
        "/help/adr/0016-the-builder-edits-the-text",
        "/help/users/filing.md",
        "/help/pictures/make.py",
        "/help/pictures/..%2f..%2fREADME.md",
        "/help/users/..%2f..%2fREADME",
    ],
)
def test_what_the_handbook_does_not_hold_is_not_there(reader: Reader, address: str) -> None:
    assert reader("en").get(address).status_code == 404


def test_a_page_comes_in_the_readers_language_or_the_chosen_one(reader: Reader) -> None:
    chinese = reader("zh")
    assert '<h1><span lang="zh-CN">审批</span></h1>' in chinese.get("/help/users/approving").text
    english = chinese.get("/help/users/approving?language=en").text
    assert '<h1><span lang="en">Approving</span></h1>' in english
    assert "Approving" in chinese.get("/help/users/approving?language=en&x=<b>").text
    assert "审批" in chinese.get("/help/users/approving?language=fr").text


def test_a_page_without_chinese_comes_in_english_and_says_so(reader: Reader) -> None:
    notice = "本页暂无中文"
    page = reader("zh").get("/help/administrators/forms").text
    assert notice in page
    assert "x-field" in page
    assert notice not in reader("zh").get("/help/administrators/settings").text
    assert "not written" not in reader("en").get("/help/administrators/forms").text


def test_a_page_shows_where_it_stands_and_what_is_on_it(reader: Reader) -> None:
    page = reader("en").get("/help/administrators/workflows").text
    assert '<a href="#people-rules">People rules</a>' in page
    assert 'aria-current="page">Workflows' in page
    assert 'href="/help"' in page


def found(browser: Browser, query: str) -> list[str]:
    """The addresses a search leads to, best first."""
    answer = browser.get("/help", query_string={"q": query}, headers=HTMX)
    assert answer.status_code == 200
    return re.findall(r'<li[^>]*><a href="([^"]+)"', answer.text)


def test_search_leads_to_the_section(reader: Reader) -> None:
    assert found(reader("en"), "people RULES")[0] == "/help/administrators/workflows#people-rules"
    assert found(reader("en"), "somebody was faster")[0] == "/help/users/filing#somebody-was-faster"


def test_search_finds_chinese_within_sentences_and_the_other_language_after_it(
    reader: Reader,
) -> None:
    first = found(reader("zh"), "退回")[0]
    assert first.startswith("/help/users/")
    assert "language" not in first
    english = found(reader("en"), "JSON Schema")
    assert english
    assert [
        one.replace("?language=en", "") for one in found(reader("zh"), "JSON Schema")
    ] == english
    assert found(reader("en"), "点工")[0].startswith("/help/users/figures?language=zh")


def test_search_comes_whole_and_as_a_fragment(reader: Reader) -> None:
    browser = reader("en")
    fragment = browser.get("/help?q=withdraw", headers=HTMX).text
    assert fragment.startswith('<div id="_found"')
    assert "<mark>" in fragment
    assert "<main" not in fragment
    whole = browser.get("/help?q=withdraw").text
    assert "<main" in whole
    assert 'value="withdraw"' in whole
    contents_alone = browser.get("/help?q=", headers=HTMX).text
    assert 'href="/help/users/filing"' in contents_alone


def test_search_shows_hostile_text_as_text_and_says_when_nothing_is_found(reader: Reader) -> None:
    browser = reader("en")
    answer = browser.get("/help", query_string={"q": "<script>alert(1)</script>" + "x" * 5_000})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "The handbook says nothing about" in answer.text
    marked = browser.get("/help", query_string={"q": "\\ % _ ("}, headers=HTMX)
    assert marked.status_code == 200


def test_pages_of_the_builder_lead_to_their_section(stage: Stage) -> None:
    author = stage.browser("nora")
    assert 'href="/help/administrators/tutorial"' in author.get("/modules").text
    assert 'href="/help"' in author.get("/").text
    posted = author.post("/modules", title_en="Tools", title_zh="工具", group="site")
    assert posted.status_code == 303
    draft = author.get("/modules/tools/draft").text
    assert 'href="/help/administrators/builder"' in draft
    chain = author.get("/modules/tools/draft/tools.workflow.json/chain").text
    assert 'href="/help/administrators/chains"' in chain
