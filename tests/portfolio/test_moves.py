"""Who decides sees which figures the decision moves, before and after."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from portal.db import db
from portal.portfolio.moves import moves_of
from portal.web.viewer import Viewer
from tests.ledgers.forms import CHANGE, cost_rule
from tests.ledgers.site import Site


@pytest.fixture
def site(app: Flask) -> Site:
    with app.app_context(), app.test_request_context():
        yield Site(app)
        db.session.rollback()


def viewer(site: Site, *, external: bool = False, member: bool = True) -> Viewer:
    roles = {site.world.project.id: frozenset({"member"})} if member else {}
    return Viewer(person_id="x", is_external=external, project_roles=roles)


def test_a_change_moves_the_budget_and_what_is_left_of_its_code(site: Site) -> None:
    world = site.world
    world.teach(CHANGE, cost_rule(), cost_rule("final", "approved"))
    steel = site.entry("cost_code", "02", "Steel")
    site.cost(("budget_orig", steel, "100.00"), ("commit", steel, "120.00"))
    lines = [{"_id": "r1", "code": steel, "amount": "50.00"}]
    change = world.record("change", {"reason": "x", "ready": "2026-05-01", "lines": lines})
    world.move(change, "submitted")
    moves = {str(m.label): (m.before, m.after, m.unit) for m in moves_of(change, viewer(site))}
    assert moves == {
        "02 Steel · Approved changes": (Decimal(0), Decimal(50), "CNY"),
        "02 Steel · Pending changes": (Decimal(50), Decimal(0), "CNY"),
        "02 Steel · Left": (Decimal(-20), Decimal(30), "CNY"),
    }
    assert moves_of(change, viewer(site, external=True)) == []
    assert moves_of(change, viewer(site, member=False)) == []


def test_signing_a_ticket_moves_its_amount_out_of_risk(site: Site) -> None:

    worker = site.entry("worker", "W1", "Zhang San")
    ticket = site.ticket(date(2026, 3, 2), None, {worker: "8"}, signed=False)
    moves = [(str(m.label), m.before, m.after) for m in moves_of(ticket, viewer(site))]
    assert moves == [("Signed amount", 0, 240), ("Unsigned", 240, 0)]


def test_a_figure_that_falls_below_zero_is_marked(site: Site) -> None:
    world = site.world
    world.teach(CHANGE, cost_rule("final", "approved", set={"bucket": "commit_change"}))
    steel = site.entry("cost_code", "02", "Steel")
    lines = [{"_id": "r1", "code": steel, "amount": "50.00"}]
    change = world.record("change", {"reason": "x", "ready": "2026-05-01", "lines": lines})
    marked = {str(m.label): m.warns for m in moves_of(change, viewer(site))}
    assert marked == {
        "02 Steel · Committed": False,
        "02 Steel · Projected cost": False,
        "02 Steel · Left": True,
        "02 Steel · Available": True,
    }
