"""Markdown becomes markup: raw HTML stays text, links lead where told."""

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from portal.handbook.markdown import Document, anchors, document

ALLOWED = frozenset(
    [
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "span",
        "p",
        "em",
        "strong",
        "code",
        "pre",
        "ul",
        "ol",
        "li",
        "a",
        "img",
        "blockquote",
        "hr",
        "br",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)
ATTRIBUTES = frozenset(
    {"id", "href", "src", "alt", "loading", "tabindex", "class", "scope", "start"}
)
BITS = st.sampled_from(
    ["<script>", "</pre>", "<b onclick=x>", "](javascript:x)", "![", "[a](", "`", "```\n", "|", "\n",
     "# ", "- ", "**", "&lt;", "<!--", "\"", "'", "|---|\n", "data:text/html,", "1. ", "> ", "文"]
)  # fmt: skip


class Tags(HTMLParser):
    """The tags of a markup and their attributes."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", {}))


def made(text: str, aliases: tuple[str, ...] = ()) -> Document:
    return document(
        text,
        link=lambda href: None if href == "gone.md" else f"/to/{href}",
        picture=lambda src: f"/pictures/{src}" if src.endswith(".png") else None,
        aliases=aliases,
    )


@given(st.lists(st.one_of(BITS, st.text(max_size=12)), max_size=25).map("".join))
def test_no_text_makes_a_tag_or_attribute_of_its_own(text: str) -> None:
    for tag, attributes in Tags(str(made(text).markup)).found:
        assert tag in ALLOWED
        assert attributes.keys() <= ATTRIBUTES
        address = attributes.get("href") or attributes.get("src") or ""
        assert not re.match(r"\s*(javascript|data|vbscript):", address, re.I)


def test_raw_html_is_shown_as_text() -> None:
    markup = str(made("A <script>x</script> & <b>\n\n<div onclick='y'>\n").markup)
    assert "<script>" not in markup
    assert "&lt;script&gt;" in markup
    assert "&lt;div onclick" in markup


def test_the_title_stands_apart_and_headings_carry_anchors() -> None:
    page = made("# The *title*\n\n## Who `may` file, and when\n\nText.\n\n## Twice\n\n## Twice\n")
    assert page.title == "The title"
    assert [one.anchor for one in page.sections] == [
        "the-title", "who-may-file-and-when", "twice", "twice-1",
    ]  # fmt: skip
    assert "<h1" not in page.markup
    assert '<h2 id="twice-1">' in page.markup
    assert page.sections[1].text == "Text."


def test_headings_of_the_other_language_lead_to_the_same_places() -> None:
    other = anchors("# 标题\n\n## 填报\n")
    assert '<h2 id="filing"><span id="填报"></span>' in made("# T\n\n## Filing\n", other).markup
    assert "填报" not in made("# T\n\n## Filing\n\n## More\n", other).markup


def test_links_lead_where_told_and_nowhere_is_no_link() -> None:
    markup = made("[a *b*](x.md#y) [c](gone.md) ![d](e.png) ![f](g.svg) [h](x.md)").markup
    assert '<a href="/to/x.md#y">a <em>b</em></a> c <img' in markup
    assert '<img src="/pictures/e.png" alt="d" loading="lazy"' in markup
    assert "g.svg" not in markup
    assert markup.count("</a>") == 2


def test_tables_are_scrolled_and_code_is_plain() -> None:
    markup = made("| A | N |\n|---|--:|\n| a | 1 |\n\n```json file=x\n{}<i>\n```\n").markup
    assert '<div class="handbook-table" tabindex="0"><table' in markup
    assert '<th scope="col" class="num">N</th>' in markup
    assert "<td></td>\n<th" in made("| | N |\n|---|---|\n| a | 1 |\n").markup
    assert "style=" not in markup
    assert '<pre tabindex="0"><code>{}&lt;i&gt;\n</code></pre>' in markup
