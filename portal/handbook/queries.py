"""The pages of the handbook in a reader's language, read once per process."""

from collections.abc import Iterator
from functools import cache

from portal import limits
from portal.handbook import contents, leading, markdown, searching
from portal.handbook.contents import Topic
from portal.handbook.markdown import Document
from portal.handbook.searching import Hit, Place


def written_in(topic: Topic, language: str) -> str:
    """The language in which a reader of this one gets the page: theirs, else one it has."""
    has = topic.languages()
    return language if language in has else has[0]


@cache
def page(topic: Topic, language: str) -> Document:
    """The page in a language in which it was written."""
    text = topic.file(language).read_text("utf-8")
    twins = [one for one in topic.languages() if one != language]
    return markdown.document(
        text,
        link=lambda href: leading.address(topic, language, href),
        picture=leading.picture,
        aliases=markdown.anchors(topic.file(twins[0]).read_text("utf-8")) if twins else (),
    )


def title(topic: Topic, language: str) -> str:
    """What the page is called."""
    return page(topic, written_in(topic, language)).title


def found(query: str, language: str) -> list[Hit]:
    """What a query finds, best first: in a page's other language only where the reader's has
    nothing."""
    first = searching.search(query, _places(language, own=True), limits.SEARCH_HITS)
    seen = {hit.place.page for hit in first}
    others = (one for one in _places(language, own=False) if one.page not in seen)
    more = searching.search(query, others, limits.SEARCH_HITS)
    return [*first, *more][: limits.SEARCH_HITS]


def _places(language: str, *, own: bool) -> Iterator[Place]:
    for topic in contents.topics():
        mine = written_in(topic, language)
        for one in topic.languages():
            if (one == mine) is own:
                document = page(topic, one)
                for section in document.sections:
                    yield Place(topic.key, one, document.title, section)
