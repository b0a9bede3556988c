"""Site instructions: money is pending until the owner signs, and the owner never sees our cost."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.db import db
from portal.ledgers.models import FundsEntry
from tests.house import OWNER, House


def instruction(house: House, scope: str = "out", **more: Any) -> str:
    line = {
        "_id": "r1", "cost_code": house.entries["other_code"], "description": "Break out", "qty": "6",
        "unit": "m3", "unit_price": "70.00",
    }  # fmt: skip
    data = {
        "title": "Old piles removed", "instructed_on": "2026-03-02", "instructed_by": "Olaf",
        "reason": "owner", "place": "East side", "description": "Six old piles", "scope": scope,
        "lines": [line],
    }  # fmt: skip
    if scope == "out":
        data |= {"owner_contract": house.entries["main_contract"], "owner_amount": "545.00"}
    return house.file("sara", "site_instruction", **{**data, **more})


def figures(house: House, code: str = "other_code") -> tuple[Decimal, ...]:
    """(pending budget, revised budget, pending cost, committed)."""
    keys = ("pending", "revised", "pending_cost", "committed")
    found = house.figures(code)
    return tuple(found.get(key, Decimal(0)) for key in keys)


def income(house: House) -> Decimal:
    """What the owner's contract is worth now."""
    with house.system():
        chosen = select(func.sum(FundsEntry.amount, type_=FundsEntry.amount.type)).where(
            FundsEntry.direction == "in",
            FundsEntry.contract_id == house.entries["main_contract"],
        )
        return Decimal(db.session.scalar(chosen))


def test_unsigned_means_pending_and_signed_moves_all_at_once(house: House) -> None:
    made = instruction(house)
    assert figures(house) == (420, 0, 420, 0)
    house.pass_on(made, "pete", "max")
    assert figures(house) == (420, 0, 420, 0), "the owner has not signed"
    assert income(house) == 10900
    house.pass_on(made, OWNER, data={"owner_note": "As agreed on site"})
    assert figures(house) == (0, 420, 0, 420)
    assert income(house) == 11445
    assert house.record(made).state == "approved"
    assert house.problems() == {}


def test_what_the_owner_refuses_leaves_nothing(house: House) -> None:
    made = instruction(house)
    house.pass_on(made, "pete", "max")
    house.decide("reject", OWNER, made)
    assert figures(house) == (0, 0, 0, 0)
    assert income(house) == 10900


@pytest.mark.parametrize(
    ("scope", "own", "contingency"),
    [
        ("in", (0, 0, 0, 420), (0, 0, 0, 0)),
        ("budget_only", (0, 420, 0, 0), (0, 0, 0, 0)),
        ("contingency", (0, 420, 0, 420), (0, -420, 0, 0)),
    ],
)
def test_the_scope_decides_what_moves(
    house: House, scope: str, own: tuple[int, ...], contingency: tuple[int, ...]
) -> None:
    more = {}
    if scope == "contingency":
        more["contingency_code"] = house.entries["contingency"]
    house.pass_on(instruction(house, scope, **more), "pete", "max", OWNER)
    assert figures(house) == own
    assert figures(house, "contingency") == contingency
    assert income(house) == 10900


def test_the_owner_signs_without_seeing_what_it_costs_us(house: House) -> None:
    made = instruction(house, contract=house.entries["subcontract"])
    house.pass_on(made, "pete", "max")
    task_id, _seen = house.task(OWNER, made)
    page = house.browser(OWNER).get(f"/inbox/{task_id}").text
    assert "Six old piles" in page
    assert "545.00" in page
    for told in ("420.00", "70.00", "Break out", "Contract SC-1"):
        assert told not in page
    assert "420.00" in house.browser("max").get(f"/records/{made}").text


def test_of_several_instructions_only_the_signed_one_is_paid(house: House) -> None:
    signed, _unsigned = instruction(house), instruction(house)
    house.pass_on(signed, "pete", "max", OWNER)
    assert figures(house) == (420, 420, 420, 420)
