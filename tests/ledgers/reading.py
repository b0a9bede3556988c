"""Reading pages as a person would: the links to entries, and the number each shows."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser

_NUMBER = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?")


@dataclass
class Links(HTMLParser):
    """Links of a page with the text inside them; of a figure at the head only its value."""

    found: list[tuple[str, str]] = field(default_factory=list)
    _href: str | None = None
    _text: list[str] = field(default_factory=list)
    _skip: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self._href, self._text = given["href"], []
        classes = (given.get("class") or "").split()
        aside = {"stat-label", "stat-hint", "visually-hidden", "unsigned-mark"} & set(classes)
        if tag == "span" and (aside or self._skip):
            self._skip += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href is not None:
            self.found.append((self._href, " ".join("".join(self._text).split())))
            self._href = None
        elif tag == "span" and self._skip:
            self._skip -= 1

    def handle_data(self, data: str) -> None:
        if self._href is not None and not self._skip:
            self._text.append(data)


def figures(page: str) -> list[tuple[str, Decimal]]:
    """(address, number) of every figure that leads to entries."""
    parser = Links()
    parser.feed(page)
    return [
        (address, number(text))
        for address, text in parser.found
        if "/entries?" in address and _NUMBER.match(text)
    ]


def number(text: str) -> Decimal:
    """The number a text begins with."""
    match = _NUMBER.match(text.strip())
    assert match, text
    return Decimal(match[0].replace(",", ""))


def total(page: str) -> Decimal:
    """The figure at the head of a page of entries."""
    match = re.search(r'stat-value">([^<]+)<', page)
    assert match
    return number(match[1])


def last_running_total(page: str) -> Decimal:
    """The running total of the last entry, 0 where there is none."""
    cells = re.findall(r'<td class="num running desk">([^<]+)</td>', page)
    return number(cells[-1]) if cells else Decimal(0)
