"""How the demo's owners certify and pay: month by month, cut now and then, late, not yet."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from portal.demo.sites import Contract, Site
from portal.demo.story import Life, Story

FINANCE, CASHIER = "qian.ying", "sun.yue"
MONTH = 30
# percent of the income contract applied for at each month's end
PROGRESS: Mapping[str, tuple[int, ...]] = {
    "HB01": (5, 12, 20, 29, 37, 44),
    "RV02": (0, 3, 8, 14, 20, 26),
    "JB03": (10, 27, 48, 68, 83, 92),
}
# days the owner takes to certify, where it is more than a week; what is cut of the first line
SLOW: Mapping[str, int] = {"HB01:5": 17, "RV02:4": 14}
CUTS: Mapping[str, str] = {"HB01:3": "0.010", "RV02:3": "0.005", "JB03:4": "0.020"}
# how one certificate is paid; the rest in full near the due date
HABITS: Mapping[str, str] = {
    "HB01:2": "late",
    "HB01:4": "half",
    "RV02:3": "late",
    "RV02:4": "unpaid",
    "JB03:3": "half",
    "JB03:5": "late",
}


def income_life(story: Story, site: Site) -> Life:
    """The applications to the owner; each certificate is invoiced and received in its own time."""
    one = next(each for each in site.contracts if each.direction == "income")
    contract = story.look(story.ids[f"contract:{one.code}"])
    rows = {row["item"]: row["_id"] for row in contract.data["lines"]}
    before = 0
    months = PROGRESS[site.code]
    for month, percent in enumerate(months, 1):
        if percent == before:
            continue
        until = story.end.date() - timedelta(days=MONTH * (len(months) - month) + 5)
        yield _morning(until + timedelta(days=2))
        share = Decimal(percent - before) / 100
        lines = [{"_id": row, "this_qty": f"{share:.3f}"} for row in rows.values()]
        data = {"contract": contract.id, "period_to": until.isoformat(), "lines": lines}
        record_id = story.file(site.contract_engineer, "income_claim", site.code, data).id
        while (task := story.turn(record_id)) is not None:
            slow = SLOW.get(f"{site.code}:{month}", 4) if task.step == "owner" else 0
            yield story.later(6) + timedelta(days=slow)
            edit = None
            if task.step == "owner":
                edit = _owner(story, site, month)
            story.approve(record_id, edit=edit)
        before = percent
        story.ids[f"certificate:{site.code}:{month}"] = record_id
        name = f"receipts {site.code}:{month}"
        story.begin(_receipts(story, site, one, month, record_id), story.later(20), name)


def _owner(story: Story, site: Site, month: int) -> Any:
    """What the owner's representative enters: number and day, perhaps less of the first line."""

    def edit(data: dict[str, Any]) -> None:
        data["certificate_no"] = f"IPC-{month:02}"
        data["certified_on"] = story.today(site.zone)
        cut = CUTS.get(f"{site.code}:{month}")
        if cut:
            first = data["lines"][0]
            first["certified_qty"] = f"{Decimal(first['this_qty']) - Decimal(cut):.3f}"

    return edit


def _receipts(story: Story, site: Site, one: Contract, month: int, record_id: str) -> Life:
    """The invoice to the owner, then what the bank credits."""
    claim = story.look(record_id).data
    worth = Decimal(claim["total_this"])
    invoice = {
        "contract": claim["contract"],
        "certificate": record_id,
        "number": f"{one.party}-OUT-{month:02}",
        "issued_on": story.today(site.zone),
        "total": f"{worth:.2f}",
    }
    story.file(FINANCE, "sales_invoice", site.code, invoice)
    habit = HABITS.get(f"{site.code}:{month}", "")
    if habit == "unpaid":
        return
    due, net = date.fromisoformat(claim["due_on"]), Decimal(claim["net_due"])
    yield _morning(due + timedelta(days=14 if habit == "late" else -1))
    part = {"part": f"{net * 55 / 100 // 1000 * 1000:.2f}"} if habit == "half" else {}
    data = {
        "certificate": record_id,
        "received_on": story.today(site.zone),
        "account": story.ids[f"account:{site.code}"],
        "bank_reference": f"{site.code}-CR-{month:03}",
        **part,
    }
    story.file(CASHIER, "receipt", site.code, data)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(2, 10), UTC)
