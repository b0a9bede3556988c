"""Purchasing on the harbor site: what was asked for, ordered, received, given up, and paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from portal.demo.invoices import FINANCE
from portal.demo.sites import Site
from portal.demo.story import Life, Story
from portal.demo.workdays import working_moment
from portal.records.models import Record

MATERIALS = (  # code, name, specification, unit, cost code
    ("M-201", "Rebar HPB300 圆钢", "Φ8", "t", "02.02"),
    ("M-205", "Binding wire 扎丝", "22#", "kg", "02.02"),
    ("M-310", "Film-faced plywood 覆膜胶合板", "18 mm", "m²", "02.03"),
    ("M-501", "Steel road plates 路基钢板", "20 mm", "t", "05.01"),
    ("M-521", "Edge protection fence 临边防护栏", "1.2 m", "m", "05.02"),
    ("M-522", "Guard rails, berth 2 二号泊位栏杆", "Φ48", "m", "05.02"),
)
OF_HARBOR = "HB01"


@dataclass(frozen=True, slots=True)
class Purchase:
    """A request with what became of it; days count back from today.

    `lines` are (material, quantity, estimated price); `ordered` says how much of each at which
    price including tax, `received` is (days ago, quantities), `invoiced` (number, total), `issued`
    (days ago, quantities by material; below zero they came back).
    """

    days: int
    purpose: str
    lines: tuple[tuple[str, str, str], ...]
    supplier: str = ""
    ordered: tuple[tuple[str, str], ...] = ()
    received: tuple[tuple[int, tuple[str, ...]], ...] = ()
    over: str = ""
    invoiced: tuple[tuple[str, str], ...] = ()
    closed: str = ""
    paid: str = ""
    waits: str = ""  # the step at which the request stays
    issued: tuple[tuple[int, Mapping[str, str]], ...] = ()


PURCHASES = (
    Purchase(
        72,
        "Edge protection along the quay 码头前沿临边防护",
        (("M-521", "1200", "165.00"),),
        supplier="S-004",
        ordered=(("1200", "186.45"),),
        received=((60, ("520",)), (47, ("380",))),
        invoiced=(("31004417", "96954.00"), ("31004583", "70851.00")),
        closed="The rest is built with fence from berth 1. 余量改用一号泊位拆除的护栏。",
        paid="167805.00",
        issued=(
            (58, {"M-521": "300"}),
            (51, {"M-521": "220"}),
            (44, {"M-521": "190"}),
            (40, {"M-521": "150"}),
        ),
    ),
    Purchase(
        54,
        "Road plates for the crane route 履带吊行走路线铺板",
        (("M-501", "60", "4300.00"),),
        supplier="V-002",
        ordered=(("60", "4859.00"),),
        received=((40, ("35",)),),
        # the mill invoiced the whole order when a good half of it had come
        invoiced=(("02218846", "291540.00"),),
        paid="120000.00",
        issued=(
            (36, {"M-501": "6"}),
            (29, {"M-501": "6.5"}),
            (20, {"M-501": "7"}),
            (13, {"M-501": "5"}),
            (6, {"M-501": "6"}),
        ),
    ),
    Purchase(
        46,
        "Stirrups for the crane beams 轨道梁箍筋",
        (("M-201", "8", "4000.00"), ("M-205", "600", "6.50")),
        supplier="V-002",
        ordered=(("10", "4746.00"), ("600", "7.35")),
        received=((37, ("10", "600")),),
        over="Sold by the full truck. 整车供货。",
        issued=(
            (34, {"M-201": "1.6", "M-205": "90"}),
            (30, {"M-205": "60"}),
            (27, {"M-201": "1.4", "M-205": "85"}),
            (21, {"M-201": "1.3", "M-205": "70"}),
            (16, {"M-205": "-20"}),
            (14, {"M-201": "1.1", "M-205": "95"}),
            (7, {"M-201": "0.6", "M-205": "85"}),
            (2, {"M-201": "0.3", "M-205": "55"}),
        ),
    ),
    Purchase(
        6,
        "Guard rails for berth 2 二号泊位栏杆",
        (("M-522", "400", "210.00"),),
    ),
    Purchase(
        3,
        "Plywood for the deck slab, axis 12 to 18 面板 12–18 轴模板",
        (("M-310", "14000", "46.00"),),
        waits="project_manager",
    ),
)


def plan_purchases(story: Story, site: Site) -> None:
    """Put the purchases of the harbor on the agenda, behind the register of materials."""
    if site.code != OF_HARBOR:
        return
    began = story.end - timedelta(days=80)
    story.begin(_register_life(story), working_moment(began, 2))
    for one in PURCHASES:
        begins = working_moment(story.end - timedelta(days=one.days), 3)
        story.begin(_purchase_life(story, site, one), begins)
        if one.issued:
            first = working_moment(story.end - timedelta(days=one.issued[0][0]), 7)
            story.begin(_issues_life(story, site, one), first)


def _register_life(story: Story) -> Life:
    for code, name, spec, unit, cost_code in MATERIALS:
        own = story.ids[f"code:{cost_code}"]
        data = {"code": code, "name": name, "spec": spec, "unit": unit, "cost_code": own}
        story.ids[f"material:{code}"] = story.file("zhao.lei", "material", None, data).id
    yield story.end


def _purchase_life(story: Story, site: Site, one: Purchase) -> Life:
    """A request, and the order, receipts, payment and closing that follow it."""
    request = story.file(site.engineer, "purchase_request", site.code, _request(story, one)).id
    while (task := story.turn(request)) is not None and task.step != one.waits:
        yield working_moment(story.now, 7)
        story.approve(request)
    if not one.supplier:
        return
    yield working_moment(story.now, 12)
    order = story.file(
        site.contract_engineer, "purchase_order", site.code, _order(story, one, request)
    )
    yield from _through(story, order.id)
    for days, quantities in one.received:
        yield working_moment(story.end - timedelta(days=days), 4)
        rows = _rows(story, order.id, "this_qty", quantities)
        data = {
            "order": order.id,
            "delivery_note": f"SH-{one.days}{days}",
            "place": "Yard 2 二号堆场",
            "received_on": story.today(site.zone),
            "lines": rows,
        }
        receipt = story.file(site.engineer, "goods_receipt", site.code, data)
        yield from _through(story, receipt.id)
    for number, total in one.invoiced:
        yield working_moment(story.now, 5)
        story.file(
            FINANCE, "supplier_invoice", site.code, _invoice(story, site, order, number, total)
        )
    if one.paid:
        yield working_moment(story.now, 30)
        yield from _pay(story, site, order.id, one.invoiced[-1][0], one.paid)
    if one.closed:
        yield working_moment(story.now, 15)
        data = {"what": "order", "order": order.id, "reason": one.closed}
        closing = story.file(site.contract_engineer, "purchase_closing", site.code, data)
        yield from _through(story, closing.id)


def _issues_life(story: Story, site: Site, one: Purchase) -> Life:
    """What leaves the yard for the work, and what comes back of it."""
    for days, quantities in one.issued:
        yield working_moment(story.end - timedelta(days=days), 7)
        story.file(site.engineer, "stock_issue", site.code, _issue(story, site, one, quantities))


def _through(story: Story, record_id: str) -> Life:
    while story.turn(record_id) is not None:
        yield working_moment(story.now, 6)
        story.approve(record_id)


def _request(story: Story, one: Purchase) -> dict[str, object]:
    codes = {code: cost_code for code, *_, cost_code in MATERIALS}
    lines = [
        {
            "material": story.ids[f"material:{material}"],
            "cost_code": story.ids[f"code:{codes[material]}"],
            "qty": f"{Decimal(quantity):.3f}",
            "unit_price": price,
        }
        for material, quantity, price in one.lines
    ]
    needed = (story.now + timedelta(days=14)).date().isoformat()
    place = "Yard 2 二号堆场"
    return {"purpose": one.purpose, "needed_on": needed, "deliver_to": place, "lines": lines}


def _order(story: Story, one: Purchase, request: str) -> dict[str, object]:
    lines = _rows(story, request, "qty", [quantity for quantity, _price in one.ordered])
    for row, (_, price), (_, asked, _) in zip(lines, one.ordered, one.lines, strict=True):
        row["unit_price"] = price
        if Decimal(row["qty"]) > Decimal(asked):
            row["over_reason"] = one.over
    return {
        "request": request,
        "supplier": story.ids[f"party:{one.supplier}"],
        "ordered_on": story.now.date().isoformat(),
        "deliver_by": (story.now + timedelta(days=12)).date().isoformat(),
        "lines": lines,
    }


def _rows(
    story: Story, source: str, column: str, quantities: tuple[str, ...] | list[str]
) -> list[dict[str, str]]:
    """The rows of the record they are taken over from, with the quantity of each."""
    theirs = story.look(source).data["lines"]
    return [
        {"_id": row["_id"], column: f"{Decimal(quantity):.3f}"}
        for row, quantity in zip(theirs, quantities, strict=True)
    ]


def _issue(
    story: Story, site: Site, one: Purchase, quantities: Mapping[str, str]
) -> dict[str, object]:
    lines = [
        {"material": story.ids[f"material:{material}"], "qty": f"{abs(Decimal(quantity)):.3f}"}
        for material, quantity in quantities.items()
    ]
    is_return = any(Decimal(quantity) < 0 for quantity in quantities.values())
    return {
        "kind": "return" if is_return else "issue",
        "purpose": one.purpose,
        "moved_on": story.today(site.zone),
        "taken_by": "Steel team 钢筋班组",
        "lines": lines,
    }


def _invoice(story: Story, site: Site, order: Record, number: str, total: str) -> dict[str, object]:
    day = story.today(site.zone)
    return {
        "order": order.id,
        "party": order.data["supplier"],
        "received_on": day,
        "numbers_match": True,
        "invoices": [{"number": number, "issued_on": day, "total": total}],
    }


def _pay(story: Story, site: Site, order: str, invoice: str, amount: str) -> Life:
    """What came is paid, by the cashier last."""
    data = {"order": order, "amount": amount, "invoice_no": invoice}
    asked = story.file(site.contract_engineer, "order_payment", site.code, data).id
    while (task := story.turn(asked)) is not None:
        yield working_moment(story.now, 9)
        edit = None
        if task.step == "pay":
            day = story.today(site.zone)

            def edit(typed: dict[str, object], day: str = day) -> None:
                account = story.ids[f"account:{site.code}"]
                typed |= {"paid_on": day, "voucher_no": f"OP-{day}", "account": account}

        story.approve(asked, edit=edit)
