"""The cost sheet: what is left, in red and in words where it is below zero."""

from decimal import Decimal

import pytest
from flask import Flask

from portal.costs.columns import EVERY, standing
from portal.ledgers.columns import Column
from tests.ledgers.fixtures import Cast, make_cast


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


@pytest.mark.parametrize("column", EVERY, ids=lambda column: column.key)
def test_no_entry_is_counted_by_two_terms_of_a_column(column: Column) -> None:
    seen: set[tuple[str, bool]] = set()
    for term in column.terms:
        owners = (True,) if "contract_id" in term.where else (True, False)
        for place in ((bucket, o) for bucket in term.where["bucket"] or () for o in owners):
            assert place not in seen
            seen.add(place)


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
    assert standing(values) == expected
