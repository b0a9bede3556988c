"""The figures of the centers that rules look at: receivables, cash, labor, earned value."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask, g

from portal.db import SYSTEM, db, set_context
from portal.definitions.measures import Measured, known_measures, take_measures
from portal.health.models import Alert
from portal.health.queries import figure_words, rules_in_force
from portal.health.shown import alert_value
from portal.labor.columns import AT_RISK
from portal.projects.queries import brief_of, visible_projects
from tests.labor.yard import Yard
from tests.ledgers.site import Site
from tests.ledgers.world import NOW

FUNDS = frozenset({"funds.overdue", "funds.overdue_share", "funds.overdue_days", "funds.lowest"})
LABOR = frozenset({"labor.at_risk", "labor.at_risk_share", "labor.unsigned", "labor.unsigned_days"})


@pytest.fixture
def site(app: Flask) -> Site:
    with app.app_context(), app.test_request_context():
        set_context(db.session(), SYSTEM)
        yield Site(app)
        db.session.rollback()


def measured(site: Site, keys: frozenset[str], days: int = 0) -> Mapping[str, Measured]:
    found = take_measures(keys, [brief_of(site.world.project)], NOW + timedelta(days=days))
    assert all(len(rows) <= 1 for rows in found.values())
    return {key: rows[0] for key, rows in found.items() if rows}


def test_what_others_owe_and_have_not_paid_by_its_day_is_overdue(site: Site) -> None:
    owner = site.entry("contract", "C1", "Owner")
    site.funds(owner, "in", certified="1000")
    site.funds(owner, "in", cash="400")
    now, later = measured(site, FUNDS), measured(site, FUNDS, days=45)
    assert now["funds.overdue"].value == 0
    assert later["funds.overdue"].value == 600
    assert later["funds.overdue_share"].value == 100
    assert later["funds.overdue_days"].value == 45
    assert later["funds.overdue"].way.url == "/projects/P1/funds/due"
    assert later["funds.overdue"].currency == "CNY"


def test_the_lowest_balance_counts_what_we_owe_and_follows_each_posting(site: Site) -> None:
    owner, supplier = (
        site.entry("contract", "C1", "Owner"),
        site.entry("contract", "C2", "Supplier"),
    )
    site.funds(owner, "in", cash="400")
    assert measured(site, FUNDS)["funds.lowest"].value == 400
    site.funds(supplier, "out", certified="1000")
    assert measured(site, FUNDS)["funds.lowest"].value == -600, "kept figures follow postings"
    site.funds(supplier, "out", cash="300")
    assert measured(site, FUNDS)["funds.lowest"].value == -600
    assert measured(site, FUNDS)["funds.lowest"].way.url == "/projects/P1/funds/plan"


def test_labor_at_risk_and_the_age_of_what_nobody_signed(yard: Yard) -> None:
    yard.ticket(date(2026, 3, 2))
    waiting = yard.ticket(date(2026, 3, 4), signed=False)
    yard.run()
    with yard.system(), yard.app.test_request_context():
        found = take_measures(LABOR, visible_projects(), yard.now())
        (risk,), (share,), (unsigned,), (days,) = (found[key] for key in sorted(LABOR))
        assert (risk.value, share.value, unsigned.value) == (48, 100, 48)
        assert days.value == 5, "Wednesday to Monday"
        assert f"column={AT_RISK.key}" in risk.way.url
        assert days.way.url == "/projects/Y1/labor"
    yard.sign(waiting, "fred", "sam", "lara")
    with yard.system(), yard.app.test_request_context():
        (days,) = take_measures(LABOR, visible_projects(), yard.now())["labor.unsigned_days"]
        assert days.value == 0


@pytest.mark.parametrize(("who", "said"), [("mark", "48.00 USD"), ("nora", "Wages are private")])
def test_what_labor_is_worth_is_told_to_whom_pay_is(yard: Yard, who: str, said: str) -> None:
    alert = Alert(project_id=yard.projects["Y1"], figure="labor.at_risk", currency="USD")
    with yard.looking(who) as viewer, yard.app.test_request_context():
        g.viewer = viewer
        words = figure_words(rules_in_force())
        assert alert_value(Decimal(48), alert, words) == said
        alert.figure = "labor.unsigned_days"
        assert alert_value(Decimal(5), alert, words) == "5 days"


def test_every_figure_of_a_shipped_rule_is_offered_and_every_act_opens_something(
    app: Flask,
) -> None:
    with app.app_context(), app.test_request_context():
        set_context(db.session(), SYSTEM)
        book = rules_in_force()
        known = {*known_measures(), *(one.key for one in book.counts)}
        assert {one.figure for one in book.rules} <= known
        for rule in book.rules:
            assert rule.acts, f"{rule.key} offers nothing to do next"
            assert all(act.form or act.page or act.opens_row for act in rule.acts)
