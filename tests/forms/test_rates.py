"""Rates and their units, and the tables of linked records that rates are looked up in."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from portal.forms.definition import DefinitionErrors
from portal.forms.evaluation import evaluate
from portal.forms.findings import Finding
from portal.forms.outcome import Facts
from tests.forms.samples import FACTS, compiled, field, table

CARD = {
    "name": field("text"),
    "day_hours": field("quantity", unit="h"),
    "rates": table(
        {
            "since": field("date"),
            "hourly": field("money", per="h"),
            "daily": field("money", per="d"),
        }
    ),
}
TICKET: dict[str, Any] = {
    "day": field("date"),
    "who": field("record", target="card"),
    "since": field("date"),
    "rate": field("money", per="h"),
    "amount": field("money"),
    "hours": field("quantity", unit="h"),
    "days": field("quantity", unit="d"),
    "lines": table(
        {
            "card": field("record", target="card"),
            "since": field("date"),
            "rate": field("money", per="h"),
            "unit": field("text"),
            "qty": field("quantity", unit="lines[].unit"),
            "price": field("money", per="lines[].unit"),
            "amount": field("money"),
        }
    ),
}
SINCE = "max(who.rates, r, r.since if r.since <= day else None)"
RATE = "sum(who.rates, r, r.hourly if r.since == since else 0)"


def linked() -> dict[str, Any]:
    return {"card": {"form": "card", "title": "Card", "data": {"properties": CARD}}}


def findings(properties: Any, links: Any, **members: Any) -> list[Finding]:
    try:
        compiled(properties, links, **members)
    except DefinitionErrors as errors:
        return list(errors.findings)
    return []


def facts(links: Mapping[Any, Any]) -> Facts:
    return replace(FACTS, links=links)


def ticket(**computed: str) -> Any:
    return compiled(TICKET, linked(), computed=computed)


def test_the_rate_of_a_day_is_looked_up_in_the_table_of_the_linked_card() -> None:
    form = ticket(since=SINCE, rate=RATE, amount="rate * hours")
    assert form.link_fields == {"who": {"rates"}}
    card = {
        "rates": [
            {"_id": "a", "since": "2025-01-01", "hourly": "30.00"},
            {"_id": "b", "since": "2026-01-01", "hourly": "33.00"},
            {"_id": "c", "since": "2026-03-01", "hourly": "36.00"},
        ]
    }
    for day, rate in (("2025-06-01", "30.00"), ("2026-02-28", "33.00"), ("2026-03-01", "36.00")):
        outcome = evaluate(
            form,
            {"day": day, "who": "w", "hours": "8.00"},
            facts(links={"who": card}),
            mode="draft",
        )
        assert outcome.data["rate"] == rate
        assert Decimal(outcome.data["amount"]) == 8 * Decimal(rate)


def test_it_is_looked_up_row_by_row_too() -> None:
    form = compiled(
        TICKET,
        linked(),
        computed={
            "lines[].since": "max(row.card.rates, r, r.since if r.since <= day else None)",
            "lines[].rate": "sum(row.card.rates, r, r.hourly if r.since == row.since else 0)",
        },
    )
    card = {"rates": [{"_id": "a", "since": "2026-01-01", "hourly": "33.00"}]}
    data = {"day": "2026-02-01", "lines": [{"_id": "l1", "card": "w"}]}
    outcome = evaluate(form, data, facts(links={("lines[].card", "l1"): card}), mode="draft")
    assert outcome.data["lines"][0]["rate"] == "33.00"


DAILY = "sum(who.rates, r, r.daily)"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (f"{DAILY} * hours", "not paid for"),
        ("rate * days", "not paid for"),
        ("rate", "is no amount"),
        (f"{DAILY} * days + rate", "is no amount"),
        (f"(rate if days > 1 else {DAILY}) * hours", "not paid for"),
    ],
)
def test_hours_at_a_daily_rate_are_refused_when_the_form_is_checked(amount: str, said: str) -> None:
    (found,) = findings(TICKET, linked(), computed={"amount": amount})
    assert said in str(found.message)
    assert str(found.remedy)


@pytest.mark.parametrize(
    "amount",
    [
        "rate * hours",
        "rate * 1.5 * hours",
        f"{DAILY} * days",
        f"{DAILY} / who.day_hours * hours",  # the one bridge from days to hours
        "round(rate * hours, 2)",
    ],
)
def test_quantities_at_their_own_rate_are_amounts(amount: str) -> None:
    assert not findings(TICKET, linked(), computed={"amount": amount})


def test_a_price_is_paid_for_the_unit_its_row_names() -> None:
    assert not findings(TICKET, linked(), computed={"lines[].amount": "row.price * row.qty"})
    (found,) = findings(TICKET, linked(), computed={"lines[].amount": "row.price * hours"})
    assert "not paid for" in str(found.message)


def test_a_daily_rate_is_no_hourly_one() -> None:
    (found,) = findings(TICKET, linked(), computed={"rate": DAILY})
    assert "not paid for" in str(found.message)
    assert findings(TICKET, linked(), rules=[{"id": "x", "check": f"rate > {DAILY}", "on": "rate"}])
