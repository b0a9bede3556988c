"""How the cashier pays what was approved: near the due date, late, in parts, or not yet."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from portal.demo import papers
from portal.demo.sites import Contract, Site
from portal.demo.story import Life, Story

CASHIER = "sun.yue"
# How one application is paid, by contract and month; the rest in full and on time.
HABITS: Mapping[str, str] = {
    "HB-E-01:2": "late",
    "HB-E-01:5": "half",
    "HB-E-02:4": "half",
    "HB-E-03:2": "late",
    "HB-E-03:5": "late",
    "HB-E-05:3": "half",
    "HB-E-05:5": "half",
    "HB-E-08:1": "late",
    "RV-E-01:3": "late",
    "RV-E-01:5": "half",
    "RV-E-04:3": "half",
    "RV-E-04:5": "late",
    "JB-E-01:2": "half",
    "JB-E-01:5": "late",
    "JB-E-02:3": "late",
    "JB-E-03:2": "half",
}
LATE, REST = 16, 19  # days after the due date: a late payment, the second part of one


def voucher_life(story: Story, site: Site, one: Contract, month: int, application: str) -> Life:
    """The vouchers of one approved application, once its due date comes near."""
    data = story.look(application).data
    due, net = date.fromisoformat(data["due_on"]), Decimal(data["net_due"])
    habit = HABITS.get(f"{one.code}:{month}", "")
    if net <= 0:
        return
    early = story.chance.randint(0, 3)
    yield _morning(due + timedelta(days=LATE if habit == "late" else -early))
    by_bill = one.party.startswith("V") and month % 3 == 0
    method = "acceptance" if by_bill else "transfer"
    if habit == "half":
        part = net * 6 / 10 // 1000 * 1000
        _pay(story, site, application, method=method, partial_amount=f"{part:.2f}")
        yield _morning(due + timedelta(days=REST - early))
    _pay(story, site, application, with_slip=month % 2 == 0, method=method)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(2, 40), UTC)


def _pay(
    story: Story, site: Site, application: str, *, with_slip: bool = False, **typed: str
) -> None:
    """One voucher, perhaps with the bank's slip."""
    day = story.today(site.zone)
    number = f"V-{story.now:%y%m}-{story.next_number('voucher'):03}"
    data = {"application": application, "paid_on": day, "voucher_no": number, **typed}
    data["account"] = story.ids[f"account:{site.code}"]
    draft = story.draft(CASHIER, "payment_voucher", site.code, data)
    found: dict[str, Any] = dict(draft.data)
    if with_slip:
        payee = story.look(found["party"]).subject or ""
        paid = f"{found['amount']} {site.currency}"
        slip = papers.bank_slip(payee, str(found.get("bank_account", "")), day, paid)
        found["slip"] = [story.upload(CASHIER, "slip", *slip)]
    story.send(draft.id, found)
