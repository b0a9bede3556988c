"""What a period moved: before and after differ by exactly the entries recorded in between."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from portal.db import SYSTEM, db, set_context, unscoped
from portal.ledgers.models import Posting, ProgressEntry
from portal.projects.queries import project_brief
from portal.web.viewer import ProjectBrief
from portal.weekly.ledgers import money_moved, progress_moved, standing
from portal.weekly.period import Period
from tests.ledgers.site import Site
from tests.ledgers.world import NOW

ZONES = st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York", "Asia/Dubai"])
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 1))


@given(DAYS, st.integers(1, 60), st.integers(1, 60), ZONES)
def test_periods_that_follow_each_other_leave_no_gap_and_share_no_instant(
    day: date, first: int, second: int, zone: str
) -> None:
    middle, last = day + timedelta(days=first), day + timedelta(days=first + second)
    one, other = Period(day, middle, zone), Period(middle, last, zone)
    assert one.start < one.end == other.start < other.end
    assert one.start == Period(day, last, zone).start


def test_a_day_ends_at_midnight_in_the_zone_of_the_project() -> None:
    period = Period(date(2026, 3, 1), date(2026, 3, 8), "Asia/Shanghai")
    assert period.start == datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert period.end == datetime(2026, 3, 8, 16, tzinfo=UTC)


@pytest.fixture
def site(app: Flask) -> Site:
    with app.app_context(), app.test_request_context():
        set_context(db.session(), SYSTEM)
        yield Site(app)
        db.session.rollback()


def at(record_id: str, moment: datetime) -> None:
    """As if what a record posted had been posted then."""
    db.session.flush()
    then = update(Posting).where(Posting.record_id == record_id).values(posted_at=moment)
    db.session.execute(unscoped(then, "a test"))


def brief(site: Site) -> ProjectBrief:
    found = project_brief(site.world.project.id)
    assert found is not None
    return found


WEEK = Period(date(2026, 3, 2), date(2026, 3, 9), "Asia/Shanghai")


def figures(site: Site, period: Period, center: str, currency: str = "CNY") -> dict[str, Decimal]:
    found = [
        one
        for one in money_moved(brief(site), period)
        if (one["center"], one["currency"]) == (center, currency)
    ]
    assert len(found) <= 1
    rows = found[0]["rows"] if found else []
    for row in rows:
        assert Decimal(row["before"]) + Decimal(row["moved"]) == Decimal(row["after"])
    return {row["key"]: Decimal(row["moved"]) for row in rows}


def test_only_what_was_recorded_in_the_period_moved(site: Site) -> None:
    steel = site.entry("cost_code", "02", "Steel")
    at(site.cost(("budget_orig", steel, "1000")).id, NOW - timedelta(days=30))
    at(site.cost(("actual", steel, "70")).id, NOW - timedelta(days=3))
    at(site.cost(("actual", steel, "500")).id, NOW + timedelta(days=3))
    moved = figures(site, WEEK, "cost")
    assert moved["actual"] == 70
    assert moved["revised"] == 0
    assert moved["left"] == -70


def test_what_was_taken_back_in_the_period_moves_back(site: Site) -> None:
    steel = site.entry("cost_code", "02", "Steel")
    record = site.cost(("actual", steel, "70"))
    at(record.id, NOW - timedelta(days=30))
    reversal = site.world.move(record, "void", NOW - timedelta(days=2))
    db.session.flush()
    then = (
        update(Posting)
        .where(Posting.record_id == record.id, Posting.reverses_id.is_not(None))
        .values(posted_at=reversal.now)
    )
    db.session.execute(unscoped(then, "a test"))
    assert figures(site, WEEK, "cost")["actual"] == -70


def test_currencies_and_directions_stand_apart(site: Site) -> None:
    steel = site.entry("cost_code", "02", "Steel")
    at(site.cost(("actual", steel, "5"), currency="EUR").id, NOW - timedelta(days=1))
    contract = site.entry("contract", "K", "Contract")
    at(site.funds(contract, "in", certified="90").id, NOW - timedelta(days=1))
    at(site.funds(contract, "out", certified="30").id, NOW - timedelta(days=1))
    assert figures(site, WEEK, "cost", "EUR")["actual"] == 5
    told = {
        one["direction"]: {row["key"]: row["moved"] for row in one["rows"]}
        for one in money_moved(brief(site), WEEK)
        if one["center"] == "funds"
    }
    assert (told["in"]["certified"], told["out"]["certified"]) == ("90.00", "30.00")


def test_a_milestone_forecast_anew_tells_both_dates(site: Site) -> None:
    roof = site.entry("milestone", "M1", "Roof")
    first = site.reading(date(2026, 2, 1), (roof, "forecast", date(2026, 4, 1)))
    at(first.id, NOW - timedelta(days=30))
    second = site.reading(date(2026, 3, 8), (roof, "forecast", date(2026, 4, 20)))
    at(second.id, NOW - timedelta(days=2))
    (moved,) = progress_moved(brief(site), WEEK)
    assert (moved["before"], moved["after"]) == ("2026-04-01", "2026-04-20")
    assert moved["name"] == "M1 Roof"


def test_a_milestone_whose_entry_was_written_anew_tells_what_it_was(site: Site) -> None:
    roof = site.entry("milestone", "M1", "Roof")
    record = site.reading(date(2026, 2, 1), (roof, "planned", date(2026, 4, 1)))
    at(record.id, NOW - timedelta(days=30))
    site.world.move(record, "void", NOW - timedelta(days=2))
    db.session.flush()
    then = (
        update(Posting)
        .where(Posting.record_id == record.id, Posting.reverses_id.is_not(None))
        .values(posted_at=NOW - timedelta(days=2))
    )
    db.session.execute(unscoped(then, "a test"))
    assert [(one["before"], one["after"]) for one in progress_moved(brief(site), WEEK)] == [
        ("2026-04-01", None)
    ]
    again = site.reading(date(2026, 2, 1), (roof, "planned", date(2026, 4, 1)))
    at(again.id, NOW - timedelta(days=2))
    assert progress_moved(brief(site), WEEK) == [], "written anew with the same date"


def test_days_moved_by_changes_add_up_over_the_periods(site: Site) -> None:
    roof = site.entry("milestone", "M1", "Roof")
    at(site.reading(date(2026, 2, 1), (roof, "shift", 5)).id, NOW - timedelta(days=30))
    at(site.reading(date(2026, 3, 8), (roof, "shift", 3)).id, NOW - timedelta(days=2))
    (moved,) = progress_moved(brief(site), WEEK)
    assert (moved["before"], moved["after"]) == ("5", "8")


def test_a_task_tells_what_was_done_then_and_what_is_done_now() -> None:
    def reading(percent: str, posted: datetime, **more: Any) -> Any:
        entry = ProgressEntry(
            task_id="t", reading="progress", percent=Decimal(percent), record_id=percent, **more
        )
        return entry, posted, None

    rows = [
        reading("20.0000", NOW - timedelta(days=30)),
        reading("45.5000", NOW - timedelta(days=2)),
        reading("90.0000", NOW + timedelta(days=9)),
    ]
    assert standing(rows, WEEK.start)["t", "progress"][0] == "20 %"
    assert standing(rows, WEEK.end)["t", "progress"] == ("45.5 %", "45.5000")
    done = reading("99.0000", NOW - timedelta(days=1), finished_on=date(2026, 3, 9))
    assert standing([done], WEEK.end)["t", "progress"][0] == "100 %"
