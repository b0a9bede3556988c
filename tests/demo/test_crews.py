"""The labor of the demo: own crews beside day labor, paid by the hour, the day and the piece."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.db import db, system_context
from portal.labor.wages import wages
from portal.ledgers.models import LaborEntry
from portal.projects.models import Project
from portal.projects.queries import brief_of
from portal.records.models import Record


@pytest.fixture(autouse=True)
def reading(demo_app: Flask) -> Iterator[None]:
    """Everything here reads the whole demo."""
    with demo_app.app_context(), system_context("tests read the whole demo"):
        yield


def test_day_labor_is_a_small_part_of_the_labor_of_every_project() -> None:
    for project in db.session.scalars(select(Project)):
        (sheet,) = wages(brief_of(project), clock.now())
        assert sheet.share is not None
        assert 0 < sheet.share < 10, project.code


def test_work_is_paid_by_the_hour_the_day_and_the_piece() -> None:
    rows = db.session.execute(
        select(LaborEntry.unit, LaborEntry.kind).where(LaborEntry.amount > 0).distinct()
    )
    found = {(unit, kind) for unit, kind in rows}
    for kind in ("booked", "accrued"):
        assert {("h", kind), ("d", kind), ("m2", kind)} <= found, kind


def test_who_is_paid_another_way_belongs_to_a_team_that_offers_it() -> None:
    teams = {
        one.id: set(one.data["pays_by"])
        for one in db.session.scalars(select(Record).where(Record.form == "team"))
    }
    ways = set()
    for worker in db.session.scalars(select(Record).where(Record.form == "worker")):
        paid = {row.get("paid_by", "hour") for row in worker.data["rates"]}
        assert paid <= teams[worker.data["team"]], worker.subject
        ways |= paid
    assert {"hour", "day"} <= ways
    prices = db.session.scalars(select(Record).where(Record.form == "piece_price")).all()
    assert prices
    assert all("piece" in teams[one.data["team"]] for one in prices)
    assert all(Decimal(one.data["price"]) > 0 for one in prices)
