"""Contracts, and what is applied for and paid under them, month by month."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from portal.demo.applications import Period, apply_for
from portal.demo.invoices import register_soon
from portal.demo.sites import Contract, Line, Site
from portal.demo.story import Life, Story
from portal.demo.vouchers import voucher_life

MONTH = 30


def contract_life(story: Story, site: Site, one: Contract) -> Life:
    """Signed and registered; the advance is noted when it was paid; then the applications, each
    of which the cashier pays in its own time."""
    data = _contract_data(story, site, one)
    made = story.file(site.contract_engineer, "contract", site.code, data)
    story.ids[f"contract:{one.code}"] = contract_id = made.id
    rows = {row["item"]: row["_id"] for row in made.data["lines"]}
    if one.advance:
        yield story.later(80)
        account = story.ids[f"account:{site.code}"]
        paid = {**story.look(contract_id).data, "advance_paid_on": story.today(site.zone)}
        paid |= {"advance_account": account}
        story.send(contract_id, paid)
    done = {line.item: Decimal(0) for line in one.lines}
    before = 0
    for month, percent in enumerate(one.progress, 1):
        if percent == before:
            continue
        before = percent
        until = _period_end(story, one, month)
        yield _morning(until + timedelta(days=2))
        quantities = _quantities(story, one, month, done)
        lines = [{"_id": rows[item], "this_qty": str(qty)} for item, qty in quantities.items()]
        certified = yield from apply_for(story, site, one, Period(month, until, lines))
        if certified:
            for item, quantity in quantities.items():
                done[item] += quantity
            paying = voucher_life(story, site, one, month, certified)
            story.begin(paying, story.later(4), f"vouchers {one.code}:{month}")
            register_soon(story, site, one, month, certified)


def _contract_data(story: Story, site: Site, one: Contract) -> dict[str, Any]:
    lines = [_line(story, site, line) for line in one.lines]
    data: dict[str, Any] = {
        "code": one.code,
        "name": one.name,
        "direction": one.direction,
        "signed_on": story.today(site.zone),
        "party": story.ids[f"party:{one.party}"],
        "tax_percent": one.tax,
        "payment_days": one.days,
        "lines": lines,
        "retention_percent": one.retention,
        "retention_cap_percent": one.retention,
    }
    if one.retention != "0.00":
        data["release_plan"] = _releases(story, site)
        if site.currency == "CNY":
            data["retention_limit"] = story.ids["retention_limit"]
    if one.nodes:
        data["payment_nodes"] = [
            {"node": text, "milestone": story.ids[f"milestone:{milestone}"], "share": f"{share}.00"}
            for text, milestone, share in one.nodes
        ]
    advance = one.advance
    if advance:
        data |= {"advance_rule": advance["rule"], "advance_amount": f"{advance['amount']}.00"}
        for mine, theirs in (
            ("recovery", "recovery_percent"),
            ("start", "start_percent"),
            ("end", "end_percent"),
            ("material", "material_share"),
        ):
            if mine in advance:
                data[theirs] = f"{advance[mine]}.00"
    return data


def _releases(story: Story, site: Site) -> list[dict[str, str]]:
    """Most of the retention at hand-over, the rest two years later."""
    return [
        {
            "upon": upon,
            "due_on": (story.end.date() + timedelta(days=site.ends_in + after)).isoformat(),
            "share": share,
        }
        for upon, after, share in (("handover", 30, "60.00"), ("defects_period", 760, "40.00"))
    ]


def _line(story: Story, site: Site, line: Line) -> dict[str, Any]:
    """A priced line; it belongs to the part of the work its cost code is budgeted for."""
    made = {
        "item": line.item,
        "description": line.description,
        "unit": line.unit,
        "qty": f"{Decimal(line.qty):.3f}",
        "unit_price": f"{Decimal(line.price):.2f}",
    }
    if not line.code:
        return made
    part = next((wbs for code, _what, _amount, wbs in site.budget if code == line.code), "")
    return {
        **made,
        "cost_code": story.ids[f"code:{line.code}"],
        "wbs": story.ids.get(f"wbs:{site.code}:{part}"),
    }


def _period_end(story: Story, one: Contract, month: int) -> date:
    """Periods end a little apart from contract to contract, the last one some days ago."""
    shift = 6 + sum(one.code.encode()) % 7
    return story.end.date() - timedelta(days=MONTH * (len(one.progress) - month) + shift)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(1, 30), UTC)


def _quantities(
    story: Story, one: Contract, month: int, done: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """This period's quantity of every line, so that it stands near its percent of the month."""
    found = {}
    for line in one.lines:
        percent = (line.progress or one.progress)[month - 1]
        whole = Decimal(line.qty)
        spread = Decimal(story.chance.randint(-2, 2)) if 6 < percent < 98 else Decimal(0)
        step = Decimal("1") if whole >= 1000 else Decimal("0.1") if whole >= 50 else Decimal("0.01")
        target = (whole * (percent + spread) / 100).quantize(step)
        found[line.item] = max(Decimal(0), target - done[line.item]).quantize(Decimal("0.001"))
    return found
