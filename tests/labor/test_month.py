"""A month of day labor: signed and unsigned apart, and what grows old unsigned."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from portal.db import db
from portal.labor.columns import labor_days
from portal.labor.queries import Month, grid, latest_month, unsigned_tickets
from portal.projects.queries import brief_of
from tests.ledgers.fixtures import Cast
from tests.ledgers.site import Site

NOW = datetime(2026, 3, 31, 4, 0, tzinfo=UTC)


@pytest.fixture
def site(app: Flask) -> Site:
    with app.app_context():
        yield Site(app)
        db.session.rollback()


def test_a_month_knows_its_days() -> None:
    month = Month(date(2024, 2, 1))
    assert len(month.days) == 29
    assert str(month.before) == "2024-01"
    assert str(month.after) == "2024-03"


def test_five_tickets_of_eight_hours_are_five_labor_days_and_240_per_six_an_hour(
    site: Site,
) -> None:
    worker = site.entry("worker", "W1", "Zhang San")
    for day in range(2, 7):
        site.ticket(date(2026, 3, day), None, {worker: "8"}, signed=True)
    found = grid(brief_of(site.world.project), Month(date(2026, 3, 1)))
    assert labor_days(found.total.signed.value) == 5
    assert found.money[0][1].value == 5 * 8 * 30
    (block,) = found.blocks
    (row,) = block.rows
    assert [day for day, cell in enumerate(row.cells, 1) if not cell.is_empty] == [2, 3, 4, 5, 6]


def test_signing_moves_hours_from_unsigned_to_signed(site: Site) -> None:
    worker = site.entry("worker", "W1", "Zhang San")
    ticket = site.ticket(date(2026, 3, 2), None, {worker: "4"}, signed=False)
    project, month = brief_of(site.world.project), Month(date(2026, 3, 1))
    before = grid(project, month).total
    assert (before.signed.value, before.unsigned.value) == (0, 4)
    site.world.move(ticket, "approved")
    after = grid(project, month).total
    assert (after.signed.value, after.unsigned.value) == (4, 0)
    assert unsigned_tickets(project, NOW) == []


def test_editing_after_signature_returns_the_hours_to_unsigned(site: Site) -> None:
    worker = site.entry("worker", "W1", "Zhang San")
    ticket = site.ticket(date(2026, 3, 2), None, {worker: "4"}, signed=True)
    site.world.move(ticket, "returned")
    project, month = brief_of(site.world.project), Month(date(2026, 3, 1))
    assert grid(project, month).total.signed.value == 0
    site.world.move(ticket, "submitted")
    assert grid(project, month).total.unsigned.value == 4


def test_unsigned_tickets_are_listed_oldest_first_with_their_age(site: Site) -> None:
    worker = site.entry("worker", "W1", "Zhang San")
    site.ticket(date(2026, 3, 20), None, {worker: "8"}, signed=False)
    site.ticket(date(2026, 3, 1), None, {worker: "2"}, signed=False)
    site.ticket(date(2026, 3, 1), None, {worker: "8"}, signed=True)
    first, second = unsigned_tickets(brief_of(site.world.project), NOW)
    assert (first.since, first.days_waiting) == (date(2026, 3, 1), 30)
    assert labor_days(first.days.value) == Decimal("0.25")
    assert first.amount.value == 60
    assert second.days_waiting == 11


def test_the_page_opens_at_the_latest_month_worked(site: Site) -> None:
    worker = site.entry("worker", "W1", "Zhang San")
    project = brief_of(site.world.project)
    assert str(latest_month(project, NOW)) == "2026-03"
    site.ticket(date(2025, 11, 3), None, {worker: "8"}, signed=True)
    assert str(latest_month(project, NOW)) == "2025-11"


def test_unsigned_hours_are_told_apart_in_words(cast: Cast) -> None:
    page = cast.browser("member").get("/projects/P1/labor?month=2026-03").text
    assert page.count('title="Not signed yet"') == 8
    assert "Team Formwork team Zhang" in page
    assert "Without a team" in page
    assert "Unsigned tickets" in page


@pytest.mark.parametrize("month", ["2026-13", "x", "2026-3", "202６-03", "0000-01"])
def test_a_month_that_is_none_is_not_found(cast: Cast, month: str) -> None:
    assert cast.browser("member").get(f"/projects/P1/labor?month={month}").status_code == 404
