"""The portfolio by health: a column with the reason, the worst first if asked."""

import io
import re

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from portal import clock
from portal.db import SYSTEM, db, set_context, write_transaction
from portal.health.services import watch
from tests.ledgers.fixtures import Cast


@pytest.fixture
def watched(cast: Cast, app: Flask) -> Cast:
    """The furnished projects, their alerts raised as of now."""
    with app.app_context():
        set_context(db.session(), SYSTEM)
        with write_transaction():
            watch(clock.now())
    return cast


def codes(page: str) -> list[str]:
    """The projects in the order of the rows."""
    return list(dict.fromkeys(re.findall(r'<span class="row-sub">(P[0-9])</span>', page)))


def test_the_worst_projects_come_first_if_asked(watched: Cast) -> None:
    browser = watched.browser("member")
    plain = browser.get("/portfolio").text
    by_health = browser.get("/portfolio?sort=health").text
    assert codes(plain) == sorted(codes(plain))
    assert sorted(codes(by_health)) == codes(plain)
    shown = re.findall(r"(In trouble|Needs a look|On track|Not measured)", by_health)
    order = ["In trouble", "Needs a look", "On track", "Not measured"]
    ranks = [order.index(one) for one in shown]
    assert ranks == sorted(ranks)
    assert 'aria-sort="descending"' in by_health
    assert 'href="/portfolio?sort=health"' in plain


def test_each_color_leads_to_what_it_rests_on(watched: Cast) -> None:
    page = watched.browser("member").get("/portfolio").text
    cell = re.search(r'<td class="health">.*?</td>', page, re.S)
    assert cell
    assert "/projects/P1/health#rules" in cell[0]
    assert "/projects/P1/entries?" in cell[0] or "/projects/P1/" in cell[0]


def test_the_spreadsheet_says_why(watched: Cast) -> None:
    content = watched.browser("member").get("/portfolio.xlsx").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0][2:4] == ["Project health", "Because of"]
    first = next(row for row in rows if row[0] == "P1")
    assert first[2] == "In trouble"
    assert re.search(r".+: .+ \(.+\)", str(first[3]))
