"""The charts a page describes for its script, as a browser reads them."""

import json
from html.parser import HTMLParser
from typing import Any


class _Figures(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Any] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.found += [json.loads(value or "") for name, value in attrs if name == "data-chart"]


def charts_of(page: str) -> list[Any]:
    """The descriptions of a page, in order."""
    reader = _Figures()
    reader.feed(page)
    return reader.found


def tags_of(page: str) -> list[str]:
    """The elements a browser sees."""
    reader = _Figures()
    reader.feed(page)
    return reader.tags


def read_points(chart: Any, key: str) -> list[tuple[str, str, str | None]]:
    """What is read of a series: where, the text, the address."""
    series = next(one for one in chart["series"] if one["key"] == key)
    return [(chart["days"].get(p["x"], p["x"]), p["shown"], p["href"]) for p in series["points"]]
