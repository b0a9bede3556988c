"""What a figure of a page leads to: the sum of the entries or of the list there."""

import re
from html import unescape

from flask.testing import FlaskClient

AMOUNT = re.compile(r"-?[\d,]+\.\d\d")
LINK = re.compile(r'<a\b[^>]*href="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)


def figures_of(page: str) -> dict[tuple[str, str], None]:
    """(address, amount) of every linked amount, in tables and at the top of the page."""
    found = {}
    for address, inner in LINK.findall(page):
        value = re.search(r'class="stat-value">(.*?)</span>', inner, re.DOTALL)
        text = _text(value.group(1) if value else inner)
        amount = AMOUNT.match(text)
        if amount and (value or amount.group() == text):
            found[unescape(address), amount.group()] = None
    return found


def astray(client: FlaskClient, path: str) -> list[tuple[str, str]]:
    """The figures of a page that lead to something that does not add up to them.

    What is missing is a balance below zero told without its sign; nothing missing adds up nothing.
    """
    page = client.get(path).text
    found = figures_of(page)
    assert found, path
    told = [one for one in found if one[1] != "0.00"]
    return [one for one in told if not {one[1], f"-{one[1]}"} & set(_sums(client, page, one[0]))]


def _sums(client: FlaskClient, page: str, address: str) -> list[str]:
    """What stands at an address as a sum: a total row, or the figure entries add up to."""
    place, _hash, anchor = address.partition("#")
    there = client.get(place).text if place else page
    if anchor:
        _before, _id, there = there.partition(f'id="{anchor}"')
        there = there.partition('<div class="figures-head"')[0]
        if "<table" not in there:
            return ["0.00"]  # nothing stands there
    elif 'id="_entries"' in there:
        return AMOUNT.findall(_text(there.partition('id="_entries"')[2]))[:1]
    return AMOUNT.findall(_text(there.partition('<tr class="sum">')[2].partition("</tr>")[0]))


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page))).strip()
