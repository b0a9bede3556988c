"""The cost sheet: what is left, in red and in words where it is below zero."""

from decimal import Decimal

import pytest
from flask import Flask

from portal.costs import columns
from portal.costs.columns import COMMITMENTS, REQUESTS, sheet_in_force
from portal.costs.sheet import read_sheet
from portal.definitions.json_source import read_source
from portal.definitions.posting_columns import BUCKETS
from portal.ledgers.columns import Column
from tests.ledgers.fixtures import Cast, make_cast

SHIPPED = read_source(columns.SHIPPED.read_text(encoding="utf-8")).value


def test_the_sheet_shows_subtotals_and_warns_in_words(cast: Cast) -> None:
    page = cast.browser("member").get("/projects/P1/cost").text
    assert "Groundworks" in page
    assert "Over budget (committed)" in page
    assert "Overspent" not in page, "1.5 of 3.25 million is spent"
    assert "-90,000.00" in page
    assert "below zero" in page
    assert "Currencies are never added together." in page


def test_an_actual_under_a_contract_does_not_reduce_what_is_left_twice(cast: Cast) -> None:
    page = cast.browser("member").get("/projects/P1/entries?ledger=cost&column=left&ccy=CNY").text
    assert "1,500,000.00" not in page
    assert "-640,000.00" in page


def test_an_empty_project_says_what_to_do_first(app: Flask) -> None:
    browser = make_cast(app, furnished=False).browser("member")
    for page, words in (
        ("cost", "No cost has been posted yet"),
        ("funds", "No money has been posted yet"),
        ("labor", "No day labor in this month"),
        ("progress", "No milestone has a date yet"),
    ):
        answer = browser.get(f"/projects/P1/{page}")
        assert answer.status_code == 200
        assert words in answer.text
    entries = browser.get("/projects/P1/entries?ledger=cost&column=left")
    assert "Nothing is behind this figure" in entries.text


def test_no_entry_is_counted_by_two_terms_of_a_column(app: Flask) -> None:
    with app.app_context():
        known: list[Column] = [
            *sheet_in_force().ledger_columns.values(),
            *COMMITMENTS.sums,
            *REQUESTS.sums,
        ]
    assert len(known) > 15
    for column in known:
        for bucket in BUCKETS:
            for contract in (None, "a contract"):
                line = {"bucket": bucket, "contract_id": contract}
                assert sum(term.takes(line) for term in column.terms) <= 1


@pytest.mark.parametrize(
    ("actual", "left", "expected"),
    [
        ("50", "20", "within"),
        ("50", "-0.01", "over_committed"),
        ("100", "0", "within"),
        ("100.01", "-0.01", "overspent"),
        ("100.01", "5", "overspent"),
    ],
)
def test_bound_beyond_the_budget_is_not_spent_beyond_it(
    actual: str, left: str, expected: str
) -> None:
    values = {"revised": Decimal(100), "actual": Decimal(actual), "left": Decimal(left)}
    assert read_sheet(SHIPPED).standing(values) == expected
