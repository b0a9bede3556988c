"""Settlement: what was certified becomes the final value, and nothing more is applied for."""

from decimal import Decimal

import pytest

from portal.errors import Invalid
from portal.ledgers.models import FundsEntry
from tests.house import OWNER, House
from tests.purchasing import chain
from tests.purchasing.test_site_instructions import instruction


def application(house: House, qty: str, until: str, **more: object) -> str:
    data = {
        "contract": house.entries["subcontract"], "period_to": until, "invoice_no": f"INV-{until}",
        "invoice_date": until, "is_final": False, "deduction": "0.00",
        "lines": [{"_id": "l1", "this_qty": qty}],
    }  # fmt: skip
    return house.file("bea", "payment", **{**data, **more})


def certified(house: House, qty: str, until: str = "2026-03-01") -> str:
    return house.pass_on(application(house, qty, until), "sam", "carla", "max")


def settlement(house: House, value: str, **more: object) -> str:
    data = {"contract": house.entries["subcontract"], "settled_on": "2026-03-02"}
    return house.file("bea", "settlement", settled_value=value, **data, **more)


def test_the_rest_is_no_longer_bound_and_nothing_more_is_applied_for(house: House) -> None:
    certified(house, "9")
    assert house.figures("works")["open_commitment"] == 100
    house.pass_on(settlement(house, "981.00"), "carla", "max", "dora")
    figures = house.figures("works")
    told = [figures[key] for key in ("committed", "actual", "open_commitment")]
    assert told == [900, 900, 0]
    (change,) = house.rows(FundsEntry, stage="contract_change")
    assert (change.amount, change.tax) == (-109, -9)
    with pytest.raises(Invalid) as told_so:
        application(house, "1", "2026-03-02")
    assert "This contract is settled" in str(told_so.value.errors[0].message)
    with pytest.raises(Invalid):
        settlement(house, "981.00")
    assert house.problems() == {}


def test_a_line_certified_in_parts_of_cents_binds_nothing_more(house: House) -> None:
    """What was bound is relieved to the cent by the parts, without a settlement."""
    for until, qty in (
        ("2026-01-31", "3.333"),
        ("2026-02-14", "3.334"),
        ("2026-02-28", "1.111"),
        ("2026-03-01", "2.222"),
    ):
        certified(house, qty, until)
    figures = house.figures("works")
    assert [figures[key] for key in ("committed", "actual", "open_commitment")] == [1000, 1000, 0]


def test_a_site_instruction_certified_in_parts_binds_nothing_more(house: House) -> None:
    signed = instruction(house, "in", contract=house.entries["subcontract"])
    house.pass_on(signed, "pete", "max", OWNER)
    other = house.entries["other_code"]
    for n, (until, part) in enumerate(
        (("2026-01-31", "152.61"), ("2026-02-14", "152.61"), ("2026-03-01", "152.58"))
    ):
        row = {"_id": f"a{n}", "kind": "change", "description": "Piles", "instruction": signed}
        row |= {"cost_code": other, "amount": part}
        house.pass_on(application(house, "1", until, additions=[row]), "sam", "carla", "max")
    figures = house.figures("other_code")
    told = [figures[key] for key in ("committed", "actual", "open_commitment")]
    assert told == [420, 420, 0]


def test_the_value_is_certified_before_it_is_settled(house: House) -> None:
    certified(house, "9")
    with pytest.raises(Invalid) as told:
        settlement(house, "970.00")
    assert "differs from what was certified" in str(told.value.errors[0].message)
    application(house, "1", "2026-03-02")
    with pytest.raises(Invalid) as told:
        settlement(house, "981.00")
    assert "still in approval" in str(told.value.errors[0].message)


def test_changes_and_claims_that_were_certified_are_settled_too(house: House) -> None:
    """Of 420 that a site instruction bound 200 are certified, and a claim of 50, without tax."""
    signed = instruction(house, "in", contract=house.entries["subcontract"])
    house.pass_on(signed, "pete", "max", OWNER)
    other = house.entries["other_code"]
    rows = [
        {"_id": "a1", "kind": "change", "description": "Piles", "instruction": signed}
        | {"cost_code": other, "amount": "218.00"},
        {"_id": "a2", "kind": "claim", "description": "Stoppage", "cost_code": other}
        | {"amount": "54.50"},
    ]
    made = application(house, "10", "2026-03-01", additions=rows)
    house.pass_on(made, "sam", "carla", "max")
    assert house.record(made).data["total_this"] == "1362.50"
    figures = house.figures("other_code")
    assert (figures["actual"], figures["open_commitment"]) == (250, 170)
    listed = [{"_id": "c1", "cost_code": other}]
    house.pass_on(settlement(house, "1362.50", changes=listed), "carla", "max", "dora")
    figures = house.figures("other_code")
    told = [figures[key] for key in ("committed", "actual", "open_commitment")]
    assert told == [250, 250, 0]
    (changed,) = [
        one for one in house.rows(FundsEntry, stage="contract_change") if one.record_id != signed
    ]
    # the contract is worth what was certified: 1,090 and 272.50, of 1,090 and 457.80
    assert changed.amount == Decimal("-185.30")
    assert house.problems() == {}


def test_what_changes_bound_by_themselves_is_taken_off(house: House) -> None:
    signed = instruction(house, "in", contract=house.entries["subcontract"])
    house.pass_on(signed, "pete", "max", OWNER)
    certified(house, "10")
    assert house.figures("other_code")["open_commitment"] == 420
    with pytest.raises(Invalid) as told:
        settlement(house, "1090.00")
    assert "other cost codes are missing" in str(told.value.errors[0].message)
    listed = [{"_id": "c1", "cost_code": house.entries["other_code"]}]
    house.pass_on(settlement(house, "1090.00", changes=listed), "carla", "max", "dora")
    assert house.figures("other_code")["open_commitment"] == 0
    assert house.figures("works")["open_commitment"] == 0


def test_a_final_value_in_parts_of_cents_leaves_nothing_open(house: House) -> None:
    for until, qty in (("2026-02-01", "3.333"), ("2026-02-15", "3.334"), ("2026-03-01", "1.111")):
        certified(house, qty, until)
    house.pass_on(settlement(house, "847.80"), "carla", "max", "dora")
    figures = house.figures("works")
    assert (figures["open_commitment"], figures["committed"]) == (0, figures["actual"])


def test_an_order_is_paid_up_to_what_came(house: House) -> None:
    house.budget("1000.00")
    order = chain.ordered(house, chain.asked(house, "3"), "3", "113.00", tax_percent="13.00")
    chain.received(house, order, "2")

    def asked(amount: str) -> str:
        return house.file("bea", "order_payment", order=order, amount=amount, invoice_no="31")

    with pytest.raises(Invalid) as told:
        asked("226.01")
    assert "more than was received" in str(told.value.errors[0].message)
    made = house.pass_on(asked("200.00"), "carla", "max")
    with pytest.raises(Invalid):
        asked("26.01")
    assert house.rows(FundsEntry, stage="cash") == []
    house.pass_on(made, "cass", data={"paid_on": "2026-03-02", "voucher_no": "V-1"})
    (paid,) = house.rows(FundsEntry, stage="cash")
    assert (paid.amount, paid.contract_id, paid.settles_id) == (200, order, made)
