"""The worked example PAY-1 (万元): four applications, advance, retention, material advance."""

from decimal import Decimal

import pytest
from flask import Flask

from portal.db import db
from portal.funds.columns import EVERY, PAID, titled
from portal.funds.queries import FundsSheet, funds_sheets
from portal.ledgers.columns import Column
from portal.projects.queries import brief_of
from tests.ledgers.site import Site

MONTHS = [
    {"certified": "500", "advance": "270", "retention_hold": "50"},
    {"certified": "1610", "retention_hold": "160", "advance_recovery": "310"},
    {"certified": "2200", "retention_hold": "40", "advance_recovery": "370"},
    {"certified": "1000", "advance_recovery": "90"},
]
NET = [720, 1140, 1790, 910]


@pytest.fixture
def site(app: Flask) -> Site:
    with app.app_context():
        yield Site(app)
        db.session.rollback()


def sheet_of(site: Site) -> FundsSheet:
    (sheet,) = funds_sheets(brief_of(site.world.project))
    return sheet


def value(sheet: FundsSheet, key: str) -> Decimal:
    return sheet.total[key].value


def test_four_applications_give_720_1140_1790_910_and_5310_in_the_end(site: Site) -> None:
    contract = site.entry("contract", "K1", "Earthworks")
    site.funds(contract, advance="500", cash="500")
    before = Decimal(500)
    for month, net in zip(MONTHS, NET, strict=True):
        site.funds(contract, **month)
        due = value(sheet_of(site), "net_due")
        assert due - before == net
        site.funds(contract, cash=str(net))
        assert value(sheet_of(site), "due") == 0
        before = due
    sheet = sheet_of(site)
    assert value(sheet, "certified") == 5310
    assert value(sheet, "retention") == 250
    assert value(sheet, "advance_open") == 0
    site.funds(contract, retention_release="250", cash="250")
    sheet = sheet_of(site)
    assert (value(sheet, "paid"), value(sheet, "retention")) == (5310, 0)


def test_voiding_a_certificate_returns_every_column(site: Site) -> None:
    contract = site.entry("contract", "K1", "Earthworks")
    site.funds(contract, advance="500")
    prior = {key: figure.value for key, figure in sheet_of(site).total.items()}
    certificate = site.funds(contract, **MONTHS[1])
    assert value(sheet_of(site), "certified") == 1610
    site.world.move(certificate, "void")
    assert {key: figure.value for key, figure in sheet_of(site).total.items()} == prior


def test_money_in_and_out_and_currencies_stand_apart(site: Site) -> None:
    contract = site.entry("contract", "K1", "Earthworks")
    site.funds(contract, certified="10")
    site.funds(contract, "in", certified="20")
    site.funds(contract, "out", "USD", certified="30")
    sheets = funds_sheets(brief_of(site.world.project))
    assert [(s.direction, s.currency, value(s, "certified")) for s in sheets] == [
        ("out", "CNY", 10),
        ("out", "USD", 30),
        ("in", "CNY", 20),
    ]


def test_money_that_comes_in_is_received_not_paid() -> None:
    assert titled(PAID, "in").label != PAID.label
    assert titled(PAID, "out") is PAID


@pytest.mark.parametrize("column", EVERY, ids=lambda column: column.key)
def test_no_entry_is_counted_by_two_terms_of_a_column(column: Column) -> None:
    chosen = [
        (stage, direction)
        for term in column.terms
        for stage in term.where["stage"] or ()
        for direction in term.where.get("direction") or ("in", "out")
    ]
    assert len(chosen) == len(set(chosen))
