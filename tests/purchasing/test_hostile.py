"""Documents of cost against people who mean harm, or are in a hurry."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from portal.approvals import services as approvals
from portal.approvals import voiding
from portal.errors import Forbidden, Invalid, PortalError
from tests.approvals.racing import Act, together
from tests.house import ELSEWHERE, OWNER, House
from tests.purchasing import chain
from tests.purchasing.test_site_instructions import instruction


def sending(house: House, record_id: str, login: str) -> Act:
    seen = house.record(record_id).revision

    def act(place: House) -> None:
        with place.acting(login) as viewer:
            approvals.submit(actor=viewer, record_id=record_id, seen_revision=seen, now=house.now())

    return act


def void(house: House, login: str, record_id: str) -> None:
    with house.acting(login) as viewer:
        voiding.void(
            actor=viewer, record_id=record_id, reason="Wrong",
            seen_revision=house.record(record_id).revision, now=house.now(),
        )  # fmt: skip


def test_what_comes_from_the_request_cannot_be_forged_on_the_order(house: House) -> None:
    house.budget("1000.00")
    asked = chain.asked(house, "3")
    forged = {
        "_id": "r1", "qty": "3", "unit_price": "90.00", "requested_qty": "900", "over_qty": "0",
        "request_price": "0.01", "relief": "999.00", "cost_code": house.entries["other_code"],
    }  # fmt: skip
    extra = {**forged, "_id": "zz", "material": house.entries["wire"], "unit": "kg"}
    made = chain.order(house, asked, "3", lines=[forged, extra])
    (row,) = house.record(made).data["lines"]
    told = [row[key] for key in ("requested_qty", "request_price", "relief", "cost_code")]
    assert told == ["3.000", "100.00", "300.00", house.entries["cost_code"]]


@pytest.mark.parametrize("field", ["qty", "unit_price"])
def test_nothing_is_ordered_below_zero(house: House, field: str) -> None:
    house.budget("1000.00")
    line = {"_id": "r1", "qty": "1", "unit_price": "1.00", field: "-1"}
    with pytest.raises(Invalid):
        chain.order(house, chain.asked(house, "3"), "1", lines=[line])


def test_another_project_neither_receives_nor_pays_our_order(house: House) -> None:
    house.budget("1000.00")
    order = chain.ordered(house, chain.asked(house, "3"), "3")
    line = [{"_id": "r1", "this_qty": "1"}]
    data = {"order": order, "received_on": "2026-03-02", "delivery_note": "X", "lines": line}
    made = house.draft(ELSEWHERE, data, "goods_receipt", "P2")
    with pytest.raises(Invalid):
        house.submit(made, ELSEWHERE)
    with pytest.raises(Forbidden):
        house.draft(ELSEWHERE, data, "goods_receipt", "P1")


def test_what_is_not_approved_is_neither_ordered_nor_received(house: House) -> None:
    house.budget("1000.00")
    waiting = chain.request(house, "3")
    with pytest.raises(Invalid):
        chain.order(house, waiting, "1")
    order = chain.order(house, chain.asked(house, "3"), "1")
    with pytest.raises(Invalid):
        chain.receipt(house, order, "1")


def test_two_receipts_at_once_do_not_both_pass_the_order(house: House) -> None:
    house.budget("1000.00")
    order = chain.ordered(house, chain.asked(house, "3"), "3")
    rows = [{"_id": "r1", "this_qty": "2"}]
    drafts = [
        house.draft(
            "stan",
            {"order": order, "received_on": "2026-03-02", "delivery_note": note, "lines": rows},
            "goods_receipt",
        )
        for note in ("A", "B")
    ]
    done = together(house, *(sending(house, one, "stan") for one in drafts))
    assert sorted(one.won for one in done) == [False, True]


def test_two_payments_at_once_do_not_both_take_what_came(house: House) -> None:
    house.budget("1000.00")
    order = chain.ordered(house, chain.asked(house, "3"), "3")
    chain.received(house, order, "2")
    data = {"order": order, "amount": "150.00", "invoice_no": "31"}
    drafts = [house.draft("bea", data, "order_payment") for _ in range(2)]
    done = together(house, *(sending(house, one, "bea") for one in drafts))
    assert sorted(one.won for one in done) == [False, True]


def test_links_of_the_chain_are_voided_from_the_end_and_restore_what_was_before(
    house: House,
) -> None:
    house.budget("1000.00")
    asked = chain.asked(house, "3")
    order = chain.ordered(house, asked, "2")
    receipt = chain.received(house, order, "2")

    def told() -> list[Any]:
        figures = house.figures()
        return [figures[key] for key in ("requested", "open_commitment", "actual", "available")]

    for early in (asked, order):
        with pytest.raises(PortalError, match="cannot be voided"):
            void(house, "carla", early)
    assert told() == [100, 0, 200, 700]
    void(house, "carla", receipt)
    assert told() == [100, 200, 0, 700]
    void(house, "carla", order)
    assert told() == [300, 0, 0, 700]
    void(house, "carla", asked)
    assert told() == [0, 0, 0, 1000]
    assert house.problems() == {}


def test_the_owner_reads_no_other_document_of_cost(house: House) -> None:
    house.budget("1000.00")
    asked = chain.asked(house, "3")
    made = instruction(house)
    browser = house.browser(OWNER)
    for record_id in (asked, made):
        assert browser.get(f"/records/{record_id}").status_code == 404
    house.pass_on(made, "pete", "max", OWNER)
    page = browser.get(f"/records/{made}")
    assert page.status_code == 200
    assert "420.00" not in page.text
    printed = browser.get(f"/records/{made}/print.pdf").data
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(printed)).pages)
    assert "Six old piles" in text
    assert "420.00" not in text


def test_who_asks_does_not_approve_and_who_may_not_file_is_told(house: House) -> None:
    with pytest.raises(Forbidden):
        house.draft("quin", {"purpose": "x"}, "purchase_order")
    made = chain.request(house, "1")
    assert house.open_tasks(made) == {"sam", "pete"}
