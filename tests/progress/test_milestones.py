"""Milestones: readings replace each other, shifts add up, lateness counts from the moved plan."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.db import db
from portal.progress.queries import MilestoneRow, MilestoneSheet, briefs, late_days, milestone_sheet
from portal.progress.standing import Dated
from portal.progress.timeline import NARROW, WIDE, Room, draw
from portal.projects.queries import brief_of
from tests.ledgers.fixtures import Cast
from tests.ledgers.site import Site

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)
PLAN = date(2026, 5, 1)


@pytest.fixture
def site(app: Flask) -> Site:
    with app.app_context():
        yield Site(app)
        db.session.rollback()


def sheet(site: Site) -> MilestoneSheet:
    return milestone_sheet(brief_of(site.world.project), NOW)


def only(site: Site) -> MilestoneRow:
    (row,) = sheet(site).rows
    return row


def test_the_latest_reading_counts_whatever_was_filed_last(site: Site) -> None:
    pit = site.entry("milestone", "M1", "Pit")
    site.reading(date(2026, 3, 1), (pit, "forecast", date(2026, 6, 1)))
    site.reading(date(2026, 2, 1), (pit, "forecast", date(2026, 5, 1)))
    assert only(site).forecast.on == date(2026, 6, 1)


def test_a_reading_taken_back_lets_the_one_before_count_again(site: Site) -> None:
    pit = site.entry("milestone", "M1", "Pit")
    site.reading(date(2026, 2, 1), (pit, "planned", PLAN))
    later = site.reading(date(2026, 3, 1), (pit, "planned", date(2026, 9, 1)))
    assert only(site).planned.on == date(2026, 9, 1)
    site.world.move(later, "void")
    assert only(site).planned.on == PLAN


def test_days_moved_by_changes_add_up_and_move_the_plan(site: Site) -> None:
    pit = site.entry("milestone", "M1", "Pit")
    site.reading(date(2026, 2, 1), (pit, "planned", PLAN))
    site.reading(date(2026, 2, 2), (pit, "shift", 10))
    taken = site.reading(date(2026, 2, 3), (pit, "shift", 5))
    assert (only(site).shift.value, only(site).due) == (15, date(2026, 5, 16))
    site.world.move(taken, "void")
    assert (only(site).shift.value, only(site).due) == (10, date(2026, 5, 11))


@pytest.mark.parametrize(
    ("dates", "shift", "late"),
    [
        ({}, 0, None),
        ({"forecast": PLAN}, 0, None),
        ({"planned": PLAN}, 0, 0),
        ({"planned": TODAY - timedelta(days=3)}, 0, 3),
        ({"planned": TODAY - timedelta(days=3)}, 5, 0),
        ({"planned": PLAN, "forecast": PLAN + timedelta(days=7)}, 0, 7),
        ({"planned": PLAN, "forecast": PLAN - timedelta(days=7)}, 0, -7),
        ({"planned": TODAY - timedelta(days=9), "forecast": TODAY - timedelta(days=8)}, 0, 9),
        ({"planned": PLAN, "actual": PLAN + timedelta(days=2)}, 0, 2),
        ({"planned": PLAN, "actual": PLAN + timedelta(days=2)}, 2, 0),
        ({"planned": PLAN, "actual": PLAN, "forecast": PLAN + timedelta(days=9)}, 0, 0),
    ],
)
def test_days_late(dates: dict[str, date], shift: int, late: int | None) -> None:
    assert late_days(dates, shift, TODAY) == late


@pytest.mark.parametrize(
    ("dates", "by_plan", "late"),
    [
        ({"planned": PLAN}, Dated(PLAN + timedelta(days=9), False, "T"), 9),
        ({"planned": PLAN}, Dated(PLAN - timedelta(days=4), False, "T"), -4),
        ({"planned": TODAY - timedelta(days=9)}, Dated(TODAY - timedelta(days=8), False, "T"), 9),
        ({"planned": TODAY - timedelta(days=9)}, Dated(TODAY - timedelta(days=8), True, "T"), 1),
        ({"planned": PLAN, "forecast": PLAN}, Dated(PLAN + timedelta(days=9), False, "T"), 0),
        ({"planned": PLAN, "actual": PLAN}, Dated(PLAN + timedelta(days=9), False, "T"), 0),
        ({}, Dated(PLAN, False, "T"), None),
    ],
)
def test_the_plan_says_how_late_where_nobody_recorded_a_forecast(
    dates: dict[str, date], by_plan: Dated, late: int | None
) -> None:
    assert late_days(dates, 0, TODAY, by_plan) == late


def test_a_brief_agrees_with_the_sheet(site: Site) -> None:
    pit, frame = site.entry("milestone", "M1", "Pit"), site.entry("milestone", "M2", "Frame")
    site.reading(date(2026, 1, 1), (pit, "planned", date(2026, 2, 1)), (frame, "planned", PLAN))
    site.reading(date(2026, 3, 1), (pit, "actual", date(2026, 2, 3)))
    project = brief_of(site.world.project)
    brief, whole = briefs([project], NOW)[project.id], sheet(site)
    assert (brief.count, brief.reached, brief.late, brief.reached_late) == (2, 1, 0, 1)
    assert (len(whole.rows), whole.reached, whole.late, whole.reached_late) == (2, 1, 0, 1)
    site.reading(date(2026, 3, 1), (frame, "forecast", PLAN + timedelta(days=9)))
    brief, whole = briefs([project], NOW)[project.id], sheet(site)
    assert (brief.late, brief.reached_late) == (whole.late, whole.reached_late) == (1, 1)
    assert whole.next is not None
    assert whole.next.milestone.name == "Frame"


DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@pytest.mark.parametrize("room", [WIDE, NARROW])
def test_every_mark_stands_inside_the_drawing(site: Site, room: Room) -> None:
    pit = site.entry("milestone", "M1", "Pit")

    @given(DAYS, DAYS)
    def inside(planned: date, forecast: date) -> None:
        site.reading(TODAY, (pit, "planned", planned), (pit, "forecast", forecast))
        picture = draw(sheet(site).rows, TODAY, room)
        assert picture is not None
        for lane in picture.lanes:
            assert all(room.left <= mark.x <= room.right for mark in lane.marks)
        assert room.left <= picture.today <= room.right
        assert 1 <= len(picture.ticks) <= room.ticks + 1

    inside()


def test_without_a_date_there_is_no_drawing() -> None:
    assert draw([], TODAY) is None


def test_the_page_draws_without_inline_style(cast: Cast) -> None:
    page = cast.browser("member").get("/projects/P1/progress").text
    assert "<svg viewBox" in page
    assert "style=" not in page
    assert "Steel frame topped out" in page
    assert "14" in page


def test_what_changes_did_to_the_end_is_told_not_the_sum_over_milestones(cast: Cast) -> None:
    """14 days for the frame and 3 for the roof are not 17 days of anything."""
    with cast.site.app.app_context():
        roof = cast.site.entry("milestone", "M4", "Handover to the owner")
        cast.site.reading(date(2026, 1, 5), (roof, "planned", date(2026, 12, 1)))
        cast.site.reading(date(2026, 3, 2), (roof, "shift", 3))
        db.session.commit()
    page = cast.browser("member").get("/projects/P1/progress").text
    stat = re.search(r'<a class="stat[^>]*>(?:(?!</a>).)*?moved by changes.*?</a>', page, re.S)
    assert stat
    assert re.sub(r"\s+", " ", re.sub("<[^>]+>", "", stat[0])).strip() == (
        "Final milestone moved by changes +3 days Handover to the owner"
    )
    assert f"milestone={roof}" in stat[0]


def test_ahead_of_the_plan_is_said_in_words_not_as_less_than_no_delay(cast: Cast) -> None:
    with cast.site.app.app_context():
        roof = cast.site.entry("milestone", "M4", "Roof closed")
        cast.site.reading(date(2026, 1, 5), (roof, "planned", date(2026, 12, 1)))
        cast.site.reading(date(2026, 3, 1), (roof, "actual", date(2026, 11, 29)))
        db.session.commit()
    page = cast.browser("member").get("/projects/P1/progress").text
    assert ">2 early<" in page
    assert ">-2<" not in page


def test_milestones_reached_late_stand_apart_from_those_still_late(cast: Cast) -> None:
    """The pit was reached late and can no longer be caught up; the frame is still open and late."""
    browser = cast.browser("member")
    page = browser.get("/projects/P1/progress").text
    assert re.search(
        r"Milestones late</span>\s*<span[^>]*>[12]\s*</span>\s*<span[^>]*>1 reached late", page
    )
    portfolio = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", browser.get("/portfolio").text))
    assert re.search("[12] late 1 reached late", portfolio)
