"""How a module is used: counts, times, and what nobody ever needed; never what was typed."""

from datetime import date

from portal import clock
from portal.db import db, system_context
from portal.records.models import Record
from portal.usage import counting
from portal.usage.counting import Count, Key
from tests.accounts.stage import Browser
from tests.builder.conftest import Desk

USAGE = "/modules/site_visit/usage"


def test_usage_says_what_was_filed_and_never_needed(desk: Desk, author: Browser) -> None:
    page = author.get(USAGE).text
    assert "no records to look at" in page
    for _ in range(3):
        desk.add_record()
    with desk.stage.work():
        for one in db.session.query(Record).all():
            one.submitted_at = clock.now()
    with desk.stage.app.app_context(), system_context("a test"):
        today: date = clock.now().date()
        counting.write({Key("site_visit", "r", "open", today): Count(7, 0, 140, 60)})
    page = author.get(USAGE).text
    assert "3 records" in page
    assert "by 1 person" in page
    assert "20 ms" in page
    assert "in the last 3 records" in page
    assert "North gate" not in page
    assert "Rick" not in page


def test_usage_is_for_authors_and_auditors(desk: Desk) -> None:
    assert desk.browser("vera").get(USAGE).status_code == 200
    assert desk.browser("rick").get(USAGE).status_code in (403, 404)
    assert desk.browser("vera").get("/modules/nothing/usage").status_code == 404


def test_a_module_never_published_has_no_usage(desk: Desk, author: Browser) -> None:
    author.post("/modules", title_en="Diary", group="site", prefix="DI")
    assert "Nothing is published yet" in author.get("/modules/diary/usage").text
