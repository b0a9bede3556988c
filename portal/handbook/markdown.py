"""Markdown to markup: raw HTML is shown as text, headings get anchors, links lead where told.

The one place where text becomes markup by itself: the pages come with the portal, and the parser
escapes whatever is not Markdown.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape  # noqa: TID251

_NUM = ' class="num"'

Leads = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the text up to the next one."""

    anchor: str
    title: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A page as it is shown: its title, the markup below it, its sections with the first one."""

    title: str
    markup: Markup
    sections: tuple[Section, ...]


def anchor_of(title: str) -> str:
    """What a link names behind #: as sites that show Markdown make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def document(text: str, *, link: Leads, picture: Leads, aliases: Sequence[str] = ()) -> Document:
    """The page of a text. `link` and `picture` say where an address of the text leads; None where
    it leads nowhere, and only its words stay. `aliases` are the anchors of the same page in another
    language; they lead to the same headings if there are as many.
    """
    tokens = _PARSER.parse(text)
    sections = _sections(tokens)
    for token in tokens:
        if token.type == "inline":
            token.children = _led(token.children or [], link, picture)
    _unname_empty_heads(tokens)
    headings = [token for token in tokens if token.type == "heading_open"]
    same = list(aliases) if len(aliases) == len(headings) else [""] * len(headings)
    for token, section, alias in zip(headings, sections, same, strict=True):
        token.attrs = {"id": section.anchor}
        token.meta["alias"] = alias if alias != section.anchor else ""
    markup = _PARSER.renderer.render(_without_title(tokens), _PARSER.options, {})
    title = sections[0].title if sections and sections[0].level == 1 else ""
    return Document(title, Markup(markup), tuple(sections))  # noqa: S704 - see above


def anchors(text: str) -> tuple[str, ...]:
    """The anchors of a text's headings, in order."""
    return tuple(one.anchor for one in _sections(_PARSER.parse(text)))


def _sections(tokens: Sequence[Token]) -> list[Section]:
    found: list[Section] = []
    words: list[str] = []
    taken: dict[str, int] = {}

    def close() -> None:
        if found:
            last = found[-1]
            found[-1] = Section(last.anchor, last.title, last.level, " ".join(words))
        words.clear()

    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            close()
            title = _plain(tokens[at + 1])
            anchor = anchor_of(title)
            taken[anchor] = taken.get(anchor, -1) + 1
            anchor += f"-{taken[anchor]}" if taken[anchor] else ""
            found.append(Section(anchor, title, int(token.tag[1]), ""))
        elif token.type == "inline" and tokens[at - 1].type != "heading_open":
            words.append(_plain(token))
        elif token.type in {"fence", "code_block"}:
            words.append(" ".join(token.content.split()))
    close()
    return found


def _plain(inline: Token) -> str:
    kept = {"text", "code_inline"}
    parts = [
        one.content if one.type in kept else " " * (one.type in {"softbreak", "hardbreak"})
        for one in inline.children or []
    ]
    return "".join(parts).strip()


def _led(children: list[Token], link: Leads, picture: Leads) -> list[Token]:
    kept: list[Token] = []
    dropped = False
    for token in children:
        if token.type == "link_open":
            address = link(str(token.attrs.get("href", "")))
            dropped = address is None
            token.attrs = {} if address is None else {"href": address}
        if token.type == "image":
            address = picture(str(token.attrs.get("src", "")))
            if address is None:
                continue
            token.attrs = {"src": address, "alt": "", "loading": "lazy"}
        if not (dropped and token.type in {"link_open", "link_close"}):
            kept.append(token)
        if token.type == "link_close":
            dropped = False
    return kept


def _unname_empty_heads(tokens: Sequence[Token]) -> None:
    """A head of a column without words is no heading: it would be read out as an empty one."""
    for at, token in enumerate(tokens):
        if token.type == "th_open" and not tokens[at + 1].content:
            token.tag = tokens[at + 2].tag = "td"


def _without_title(tokens: Sequence[Token]) -> list[Token]:
    starts_with_title = bool(tokens) and tokens[0].type == "heading_open" and tokens[0].tag == "h1"
    return list(tokens[3:] if starts_with_title else tokens)


def _heading(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    token = tokens[at]
    alias = token.meta.get("alias", "")
    mark = f'<span id="{escape(alias)}"></span>' if alias else ""
    return f'<{token.tag} id="{escape(str(token.attrs["id"]))}">{mark}'


def _fence(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return f'<pre tabindex="0"><code>{escape(tokens[at].content)}</code></pre>\n'


def _table(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return '<div class="handbook-table" tabindex="0"><table class="table">\n'


def _table_end(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


def _cell(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    token = tokens[at]
    right = "right" in str(token.attrs.get("style", ""))
    scope = ' scope="col"' if token.tag == "th" else ""
    return f"<{token.tag}{scope}{_NUM if right else ''}>"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    for name, rule in {
        "heading_open": _heading,
        "fence": _fence,
        "code_block": _fence,
        "table_open": _table,
        "table_close": _table_end,
        "th_open": _cell,
        "td_open": _cell,
    }.items():
        parser.add_render_rule(name, rule)
    return parser


_PARSER = _parser()
