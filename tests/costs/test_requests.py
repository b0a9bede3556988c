"""Purchase requests: what orders take of them is counted request by request, never below zero."""

from decimal import Decimal

import pytest
from flask import Flask

from portal.costs.columns import REQUESTS, sheet_in_force
from portal.costs.commitments import registers
from portal.costs.queries import code_values
from portal.db import db
from portal.projects.queries import brief_of
from tests.ledgers.site import Site

Lines = list[tuple[str, str, str]]


@pytest.fixture
def site(app: Flask) -> Site:
    with app.app_context(), app.test_request_context():
        yield Site(app)
        db.session.rollback()


@pytest.fixture
def steel(site: Site) -> str:
    return site.entry("cost_code", "02", "Steel")


def stands(site: Site, code: str) -> tuple[Decimal, Decimal]:
    """(requested and not yet ordered, available) of a cost code."""
    values = code_values(sheet_in_force(), [site.world.project.id])
    own = values[site.world.project.id, "CNY"][code]
    return own["requested"], own["available"]


def order(site: Site, code: str, amount: str, request: str, number: str = "PO-1") -> object:
    """An order that takes `amount` of a request over."""
    own = site.entry("purchase_order", number, "Order")
    lines: Lines = [("commit", code, amount), ("commit_request", code, f"-{amount}")]
    return site.cost(*lines, contract=own, request=request)


def test_an_order_takes_its_amount_of_the_request(site: Site, steel: str) -> None:
    request = site.entry("purchase_request", "PR-1", "Rebar")
    site.cost(("budget_orig", steel, "1000"))
    site.cost(("commit_request", steel, "300"), request=request)
    order(site, steel, "200", request)
    assert stands(site, steel) == (100, 700)


def test_ordering_more_takes_nothing_of_another_request(site: Site, steel: str) -> None:
    first, second = (site.entry("purchase_request", f"PR-{n}", "Rebar") for n in (1, 2))
    site.cost(("budget_orig", steel, "1000"))
    site.cost(("commit_request", steel, "300"), request=first)
    site.cost(("commit_request", steel, "50"), request=second)
    order(site, steel, "500", first)
    assert stands(site, steel) == (50, 450)


def test_what_is_taken_back_restores_the_other(site: Site, steel: str) -> None:
    request = site.entry("purchase_request", "PR-1", "Rebar")
    site.cost(("budget_orig", steel, "1000"))
    asked = site.cost(("commit_request", steel, "300"), request=request)
    site.world.move(order(site, steel, "200", request), "void")
    assert stands(site, steel) == (300, 700)
    order(site, steel, "200", request, "PO-2")
    site.world.move(asked, "void")
    assert stands(site, steel) == (0, 800), "the order binds its 200, the request nothing"


def test_the_register_of_requests_comes_to_the_sheet(site: Site, steel: str) -> None:
    request = site.entry("purchase_request", "PR-1", "Rebar")
    site.cost(("commit_request", steel, "300"), request=request)
    site.cost(("commit_request", steel, "40"))
    order(site, steel, "200", request)
    (found,) = registers(REQUESTS, brief_of(site.world.project), {})
    rows = [
        (row.owner and row.owner.code, *(row.figures[one.key].value for one in REQUESTS.columns))
        for row in found.rows
    ]
    assert rows == [("PR-1", 300, 200, 100), (None, 40, 0, 40)]
    assert found.total[REQUESTS.open.key].value == stands(site, steel)[0]
