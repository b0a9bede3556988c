"""Where the links of a page lead: within the handbook, relative to the page."""

from posixpath import normpath
from urllib.parse import quote

from portal.handbook import contents
from portal.handbook.contents import Topic

_UP = ".."


def address(topic: Topic, language: str, href: str) -> str | None:
    """The address of what a page links to; None for what the handbook does not hold."""
    if "://" in href or href.startswith("mailto:"):
        return href
    path, _mark, anchor = href.partition("#")
    if not path:
        return href
    area, _slash, file = normpath(f"{topic.area}/{path}").rpartition("/")
    name, _dot, ending = file.partition(".")
    wanted = contents.topic(area, name)
    if wanted is None or ending not in {"md", "zh.md"}:
        return None
    other = {"md": "en", "zh.md": "zh"}[ending]
    has = wanted.languages()
    is_chosen = other != language and {other, language} <= set(has)
    return _place(wanted, anchor, other if is_chosen else "")


def _place(topic: Topic, anchor: str, language: str) -> str:
    query = f"?language={language}" if language else ""
    return f"{_UP}/{topic.key}{query}{'#' + quote(anchor, safe='%') if anchor else ''}"


def picture(src: str) -> str | None:
    """The address of a picture a page shows; None if the handbook has none of this name."""
    name = src.rpartition("/")[2]
    return f"{_UP}/pictures/{name}" if name in contents.pictures() else None
