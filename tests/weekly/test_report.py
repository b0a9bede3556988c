"""A weekly report drafts itself, keeps its figures when it is sent, and goes to its readers."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.queries import verify
from portal.db import db
from portal.demo.story import Story
from portal.forms.canonical import content_hash
from portal.ledgers.models import Snapshot
from portal.notify.models import Notice
from portal.weekly.queries import frozen_of
from tests.health.conftest import Browsers, defect, telling
from tests.house import House, house
from tests.ledgers.fixtures import Cast
from tests.ledgers.test_traps import contract

__all__ = ["house"]

PAGE = "/projects/HB01/weekly"


def said(**more: Any) -> dict[str, Any]:
    return {
        "title": "Week 10",
        "from_on": "2026-03-03",
        "to_on": "2026-03-10",
        "standing": "green",
        "summary": "Slab B2 poured.",
        "next_week": "Columns.",
        **more,
    }


@pytest.fixture
def sent(inspected: Story, app: Flask) -> str:
    """A report that was sent after a defect was found; its id."""
    with telling(app):
        defect(inspected)
        return inspected.file("song.ke", "weekly_report", "HB01", said()).id


def test_what_moved_is_kept_when_the_report_is_sent(
    sent: str, inspected: Story, app: Flask
) -> None:
    with telling(app):
        frozen = frozen_of(sent)
        assert frozen is not None
        before = dict(frozen.body)
        assert [one["subject"] for one in before["mended"]["defect"]["opened"]] == [
            "Honeycombing at column C4"
        ]
        assert before["mended"]["defect"]["open_after"] == 1
        assert before["deviation"] is None, "nothing to measure by before a baseline"
        assert content_hash(before) == frozen.sha256
        defect(inspected, title="Another one")
        again = frozen_of(sent)
        assert again is not None
        assert dict(again.body) == before, "what comes later does not change it"
        assert verify().whole


def test_sent_again_it_keeps_the_figures_of_then(sent: str, inspected: Story, app: Flask) -> None:
    with telling(app):
        inspected.send_back(sent, "Say more.")
        defect(inspected, title="Another one")
        inspected.send(sent, said(summary="More."))
        frozen = frozen_of(sent)
        assert frozen is not None
        assert len(frozen.body["mended"]["defect"]["opened"]) == 2
        count = select(Snapshot.id).where(Snapshot.name == sent)
        assert len(db.session.scalars(count).all()) == 2, "both are kept"


def test_the_signed_report_goes_to_its_readers(sent: str, inspected: Story, app: Flask) -> None:
    with telling(app):
        inspected.approve(sent, login="wang.jianguo")
        inspected.become_nobody()
        told = select(Notice.person_id).where(Notice.kind == "copied", Notice.record_id == sent)
        readers = set(db.session.scalars(told))
        for login in ("lin.hai", "zhou.min", "t.becker"):
            assert inspected.ids[f"person:{login}"] in readers


def test_the_page_of_the_report_shows_what_it_was_sent_with_and_prints(
    sent: str, browsers: Browsers
) -> None:
    browser = browsers.of("t.becker")
    page = unescape(browser.get(f"/records/{sent}").text)
    assert "Kept as it stood when the report was sent" in page
    assert "Honeycombing at column C4" in page
    printed = browser.get(f"{PAGE}/{sent}.pdf")
    assert printed.status_code == 200
    assert printed.data.startswith(b"%PDF")
    assert browsers.of("ye.qing").get(f"{PAGE}/{sent}.pdf").status_code == 404
    assert browser.get(f"{PAGE}/nothing.pdf").status_code == 404


def test_the_next_report_begins_where_the_last_one_ended(
    sent: str, inspected: Story, browsers: Browsers, app: Flask
) -> None:
    browser = browsers.of("song.ke")
    page = unescape(browser.get(PAGE).text)
    start = re.search(r'href="(/forms/weekly_report/new[^"]+)"', page)
    assert start
    assert "from_on=2026-03-10" in start[1], "the day the last one ended"
    form = browser.get(start[1]).text
    assert "2026-03-10" in form or "3月10日" in form
    reader = unescape(browsers.of("t.becker").get(PAGE).text)
    assert "Week 10" in reader
    assert "/forms/weekly_report/new" not in reader, "not for those who may not file it"


def test_days_that_make_no_sense_are_said_and_change_nothing(
    inspected: Story, browsers: Browsers
) -> None:
    browser = browsers.of("t.becker")
    odd = ("from=2026-03-01&to=9999-12-31", "from=0001-01-01&to=0001-01-01")
    for asked in ("from=2026-03-10&to=2026-03-01", "from=x&to=2026-03-01", "from=&to=", *odd):
        page = browser.get(f"{PAGE}?{asked}")
        assert page.status_code == 200
        assert "Choose two days, the second after the first." in page.text


def test_who_may_not_see_figures_sees_no_report(inspected: Story, browsers: Browsers) -> None:
    assert browsers.of("ye.qing").get(PAGE).status_code == 404
    assert browsers.of("o.haddad").get(PAGE).status_code == 404


def test_every_amount_leads_to_the_entries_of_the_days(cast: Cast) -> None:
    browser = cast.browser("member")
    page = unescape(browser.get("/projects/P1/weekly?from=2026-03-01&to=2026-03-31").text)
    ways = re.findall(r'href="(/projects/P1/entries[^"]*since=2026-03-01[^"]*)">([^<]+)</a>', page)
    assert ways
    seen = 0
    for url, text in ways:
        listed = unescape(browser.get(url).text)
        value = re.search(r'stat-value">\s*([-0-9,.]+)', listed)
        assert value, url
        assert value[1] == text.strip(), url
        seen += text.strip() != "0.00"
    assert seen > 3
    outside = ways[0][0].replace("since=2026-03-01", "since=2026-03-30")
    assert "Nothing is behind this figure" in browser.get(outside).text
    assert browser.get(ways[0][0].replace("since=2026-03-01", "since=x")).status_code == 404


def test_what_stood_before_and_after_leads_to_entries_that_come_to_it(house: House) -> None:
    contract(house)
    today = house.now().date()
    browser = house.browser("max")
    for first, last, column in ((1, 0, 3), (0, -1, 1)):
        since, until = today - timedelta(days=first), today - timedelta(days=last)
        page = browser.get(f"/projects/P1/weekly?from={since}&to={until}").text
        row = page.partition("<tr><td>Current contract amount")[2].partition("</tr>")[0]
        cells = re.findall(r'href="([^"]+)"[^>]*>([^<]+)</a>', row)
        assert len(cells) == 3
        way, amount = cells[column - 1]
        assert amount != "0.00"
        assert amount in browser.get(unescape(way)).text
        nothing = browser.get(unescape(cells[0][0] if column == 3 else cells[1][0])).text
        assert amount not in nothing, "nothing was recorded before, or since"
