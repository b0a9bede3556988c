"""Purchasing through its real forms and approvals: what each document moves, and what is refused."""

from decimal import Decimal

import pytest

from portal.approvals import services as approvals
from portal.audit.models import AuditRow
from portal.errors import Invalid
from portal.ledgers.models import CostEntry, FundsEntry
from tests.approvals.racing import Act, together
from tests.house import House
from tests.purchasing import chain


def available(house: House) -> Decimal:
    return house.figures()["available"]


def test_bud_1_to_3_hold_through_the_real_forms(house: House) -> None:
    house.budget("1000.00")
    asked = chain.asked(house, "3")
    assert available(house) == 700, "BUD-1"
    order = chain.ordered(house, asked, "2")
    assert available(house) == 700, "BUD-2"
    chain.received(house, order, "2")
    chain.asked(house, "0.5")
    assert available(house) == 650, "BUD-3"
    figures = house.figures()
    told = [figures[key] for key in ("committed", "actual", "open_commitment", "requested")]
    assert told == [200, 200, 0, 150]
    assert house.problems() == {}


def test_after_bud_3_two_requests_of_400_at_once_one_passes(house: House) -> None:
    house.budget("1000.00")
    order = chain.ordered(house, chain.asked(house, "3"), "2")
    chain.received(house, order, "2")
    chain.asked(house, "0.5")
    two = [chain.request(house, "4") for _ in range(2)]
    for one in two:
        house.pass_on(one, "sam")

    def deciding(record_id: str) -> Act:
        task_id, seen = house.task("max", record_id)

        def act(place: House) -> None:
            with place.acting("max") as viewer:
                approvals.approve(actor=viewer, task_id=task_id, seen=seen, now=house.now())

        return act

    done = together(house, *(deciding(one) for one in two))
    assert sorted(one.won for one in done) == [False, True]
    (stopped,) = [one.refused for one in done if one.refused]
    assert "would stand 150.00 CNY beyond its budget" in str(stopped)
    assert sorted(house.record(one).state for one in two) == ["approved", "submitted"]
    assert available(house) == 250
    assert house.problems() == {}


def test_an_order_at_a_better_price_leaves_nothing_of_the_request_open(house: House) -> None:
    house.budget("1000.00")
    chain.ordered(house, chain.asked(house, "3"), "3", "80.00")
    assert (house.figures()["requested"], available(house)) == (0, 760)


def test_an_order_beyond_its_request_says_why_and_shows_in_the_sheet(house: House) -> None:
    house.budget("1000.00")
    asked = chain.asked(house, "3")
    with pytest.raises(Invalid) as told:
        chain.order(house, asked, "5")
    assert "more than was requested" in str(told.value.errors[0].message)
    over = chain.ordered(house, asked, "5", over_reason="Sold in bundles of five")
    assert house.record(over).data["lines"][0]["over_qty"] == "2.000"
    assert (house.figures()["requested"], available(house)) == (0, 500)


def test_cost_is_kept_without_tax_and_the_debt_with_it(house: House) -> None:
    house.budget("1000.00")
    order = chain.ordered(house, chain.asked(house, "3"), "3", "113.00", tax_percent="13.00")
    assert house.figures()["committed"] == 300
    chain.received(house, order, "1")
    assert (house.figures()["actual"], house.figures()["open_commitment"]) == (100, 200)
    funds = {
        one.stage: (one.amount, one.tax, one.contract_id)
        for one in house.rows(FundsEntry, direction="out")
    }
    assert funds == {"contract": (339, 39, order), "certified": (113, 13, order)}


@pytest.mark.parametrize("parts", [("1.3", "0.9", "1.1"), ("0.333", "2.967"), ("3.3",)])
def test_what_was_received_in_parts_uses_the_order_up_to_the_cent(
    house: House, parts: tuple[str, ...]
) -> None:
    house.budget("1000.00")
    asked = chain.asked(house, "3.3", "33.33")
    order = chain.ordered(house, asked, "3.3", "37.77", tax_percent="13.00")
    for part in parts:
        chain.received(house, order, part)
    figures = house.figures()
    assert (figures["open_commitment"], figures["actual"]) == (0, figures["committed"])


def test_more_than_was_ordered_is_not_received_without_a_reason(house: House) -> None:
    house.budget("1000.00")
    order = chain.ordered(house, chain.asked(house, "3"), "3")
    chain.received(house, order, "2")
    with pytest.raises(Invalid) as told:
        chain.receipt(house, order, "1.5")
    assert "More came than was ordered" in str(told.value.errors[0].message)
    chain.received(house, order, "1.5", over_reason="Weighed more")
    figures = house.figures()
    assert (figures["actual"], figures["open_commitment"], figures["available"]) == (350, 0, 650)


def test_receipts_in_approval_count_already(house: House) -> None:
    house.budget("1000.00")
    order = chain.ordered(house, chain.asked(house, "3"), "3")
    chain.receipt(house, order, "2")
    with pytest.raises(Invalid):
        chain.receipt(house, order, "2")


def test_what_goes_back_to_the_supplier_opens_the_order_again(house: House) -> None:
    house.budget("1000.00")
    order = chain.ordered(house, chain.asked(house, "3"), "3")
    chain.received(house, order, "3")
    chain.received(house, order, "-1")
    figures = house.figures()
    assert (figures["actual"], figures["open_commitment"], figures["available"]) == (200, 100, 700)
    with pytest.raises(Invalid):
        chain.receipt(house, order, "-3")


def test_an_order_closed_short_binds_what_came_and_takes_no_more(house: House) -> None:
    house.budget("1000.00")
    order = chain.ordered(house, chain.asked(house, "3"), "3", "113.00", tax_percent="13.00")
    chain.received(house, order, "1")
    chain.closed(house, "order", order)
    figures = house.figures()
    told = [figures[key] for key in ("committed", "actual", "open_commitment", "available")]
    assert told == [100, 100, 0, 900]
    changed = house.rows(FundsEntry, stage="contract_change")
    assert [(one.amount, one.tax) for one in changed] == [(-226, -26)]
    with pytest.raises(Invalid) as told_so:
        chain.receipt(house, order, "1")
    assert "This order is closed" in str(told_so.value.errors[0].message)
    with pytest.raises(Invalid):
        chain.closed(house, "order", order)


def test_the_rest_of_a_request_is_given_up(house: House) -> None:
    house.budget("1000.00")
    asked = chain.asked(house, "3")
    chain.ordered(house, asked, "1")
    chain.closed(house, "request", asked)
    assert (house.figures()["requested"], available(house)) == (0, 900)
    with pytest.raises(Invalid) as told:
        chain.order(house, asked, "1")
    assert "has been given up" in str(told.value.errors[0].message)


def test_nothing_is_closed_under_a_receipt_in_approval(house: House) -> None:
    house.budget("1000.00")
    order = chain.ordered(house, chain.asked(house, "3"), "3")
    chain.receipt(house, order, "1")
    with pytest.raises(Invalid) as told:
        chain.closed(house, "order", order)
    assert "still in approval" in str(told.value.errors[0].message)


def test_a_request_beyond_the_budget_waits_where_it_was(house: House) -> None:
    house.budget("1000.00")
    asked = house.pass_on(chain.request(house, "11"), "sam")
    with pytest.raises(Invalid, match="would stand 100.00 CNY beyond its budget"):
        house.pass_on(asked, "max")
    assert house.record(asked).state == "submitted"
    assert house.rows(CostEntry, bucket="commit_request") == []


def test_stock_is_what_was_received_less_what_was_issued(house: House) -> None:
    house.budget("1000.00")
    order = chain.ordered(house, chain.asked(house, "3"), "3")
    chain.received(house, order, "3")

    def move(kind: str, qty: str) -> str:
        line = {"_id": "s1", "material": house.entries["rebar"], "qty": qty}
        return house.file(
            "stan", "stock_issue", kind=kind, purpose="Pile caps", moved_on="2026-03-02",
            taken_by="Steel team", lines=[line],
        )  # fmt: skip

    first = move("issue", "2")
    assert house.record(first).data["lines"][0]["left"] == "1.000"
    with pytest.raises(Invalid) as told:
        move("issue", "2")
    assert "less on hand" in str(told.value.errors[0].message)
    with pytest.raises(Invalid):
        move("return", "3")
    back = move("return", "1")
    assert house.record(back).data["lines"][0]["left"] == "2.000"
    assert house.figures()["actual"] == 300, "stock moves no money"


def test_a_stop_is_passed_with_a_reason_that_stands_in_the_audit_trail(house: House) -> None:
    house.budget("1000.00")
    asked = house.pass_on(chain.request(house, "11"), "sam")
    with pytest.raises(Invalid, match="let somebody with the role “Director” decide"):
        house.pass_on(asked, "max")
    house.decide("transfer", "max", asked, to=house.people["dora"])
    with pytest.raises(Invalid, match="say why in the comment"):
        house.decide("approve", "dora", asked)
    assert house.rows(AuditRow, action="record.budget_passed") == []
    house.decide("approve", "dora", asked, comment="Steel is short; budget follows")
    (noted,) = house.rows(AuditRow, action="record.budget_passed")
    assert noted.detail["reason"] == "Steel is short; budget follows"
    assert available(house) == -100


def test_a_stop_holds_whoever_signs_also_outside_the_project(house: House) -> None:
    house.budget("1000.00")
    asked = house.pass_on(chain.request(house, "11"), "sam")
    house.decide("transfer", "max", asked, to=house.people["fay"])
    with pytest.raises(Invalid, match="would stand 100.00 CNY beyond its budget"):
        house.decide("approve", "fay", asked, comment="I am no member of the project")
    assert house.record(asked).state == "submitted"


def test_the_money_of_an_order_leads_to_the_order_in_both_languages(house: House) -> None:
    house.budget("5000.00")
    of = chain.ordered(house, chain.asked(house, "3"), "3")
    chain.received(house, of, "1")
    page = house.browser("max").get(f"/projects/P1/funds/contracts/{of}")
    assert page.status_code == 200
    assert "Open the order" in page.text
    assert "Open the contract" not in page.text
    house.speaks_chinese("max")
    told = house.browser("max").get(f"/projects/P1/funds/contracts/{of}").text
    assert "查看订单" in told
    assert "查看合同" not in told
