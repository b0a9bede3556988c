"""The chain of purchasing in a few words: asked, ordered, received, given up."""

from typing import Any

from tests.house import House


def request(house: House, qty: str, price: str = "100.00", **more: Any) -> str:
    """A purchase request on its way."""
    line = {
        "_id": "r1", "material": house.entries["rebar"], "cost_code": house.entries["cost_code"],
        "qty": qty, "unit_price": price,
    }  # fmt: skip
    data = {"purpose": "Rebar", "needed_on": "2026-04-01", "deliver_to": "Gate 2", "lines": [line]}
    return house.file("sara", "purchase_request", **{**data, **more})


def asked(house: House, qty: str, price: str = "100.00") -> str:
    """An approved request."""
    return house.pass_on(request(house, qty, price), "sam", "max")


def order(house: House, of: str, qty: str, price: str = "100.00", **more: Any) -> str:
    """An order on its way; without tax unless told otherwise."""
    line = {"_id": "r1", "qty": qty, "unit_price": price}
    for key in ("over_reason", "price_reason"):
        if key in more:
            line[key] = more.pop(key)
    data = {
        "request": of, "supplier": house.entries["supplier"], "ordered_on": "2026-03-02",
        "deliver_by": "2026-04-01", "tax_percent": "0.00", "payment_days": 30, "lines": [line],
    }  # fmt: skip
    return house.file("bea", "purchase_order", **{**data, **more})


def ordered(house: House, of: str, qty: str, price: str = "100.00", **more: Any) -> str:
    """An approved order."""
    return house.pass_on(order(house, of, qty, price, **more), "carla", "max")


def receipt(house: House, of: str, qty: str, **more: Any) -> str:
    """A receipt on its way."""
    line = {"_id": "r1", "this_qty": qty}
    if "over_reason" in more:
        line["over_reason"] = more.pop("over_reason")
    data = {"order": of, "received_on": "2026-03-02", "delivery_note": f"DN-{qty}", "lines": [line]}
    return house.file("stan", "goods_receipt", **{**data, **more})


def received(house: House, of: str, qty: str, **more: Any) -> str:
    """An approved receipt."""
    return house.pass_on(receipt(house, of, qty, **more), "sam")


def closed(house: House, what: str, of: str) -> str:
    """An approved closing of the rest of an order or request."""
    data = {"what": what, what: of, "reason": "No longer needed"}
    return house.pass_on(house.file("bea", "purchase_closing", **data), "max")
