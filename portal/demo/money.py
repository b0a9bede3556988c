"""Contracts and their payments, month by month."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from portal.demo import voices
from portal.demo.sites import Contract, Line, Site
from portal.demo.story import Life, Story

MONTH = 30
# What becomes of one payment, by contract and month; the rest is simply approved and paid.
# "wait:<step>" stays there, others come back, end, or are never sent.
TURNS: Mapping[str, str] = {
    "HB-E-01:2": "return",
    "HB-E-01:3": "remark",
    "HB-E-01:6": "wait:director",
    "HB-E-02:3": "edit",
    "HB-E-02:6": "returned",
    "HB-E-01:1": "transfer",
    "HB-E-03:5": "return",
    "HB-E-03:6": "wait:check",
    "HB-E-04:4": "remark",
    "HB-E-04:6": "wait:pay",
    "HB-E-05:4": "edit",
    "HB-E-05:6": "wait:director",
    "HB-E-06:5": "reject",
    "HB-E-06:6": "draft",
    "HB-E-08:3": "remark",
    "HB-E-08:6": "wait:project_manager",
    "RV-E-01:5": "return",
    "RV-E-01:6": "wait:director",
    "RV-E-02:4": "withdraw",
    "RV-E-02:6": "wait:cost",
    "RV-E-03:6": "wait:director",
    "RV-E-04:4": "edit",
    "RV-E-04:6": "wait:dept_head",
    "JB-E-01:3": "return",
    "JB-E-02:4": "remark",
    "JB-E-02:6": "wait:dept_head",
    "JB-E-03:5": "reject",
    "JB-E-03:6": "draft",
}


def contract_life(story: Story, site: Site, one: Contract) -> Life:
    """Signed and registered; the advance is noted when it was paid; then the payments."""
    data = _contract_data(story, site, one)
    made = story.file(site.contract_engineer, "contract", site.code, data)
    story.ids[f"contract:{one.code}"] = contract_id = made.id
    rows = {row["item"]: row["_id"] for row in made.data["lines"]}
    if one.advance:
        yield story.later(80)
        paid = {**story.look(contract_id).data, "advance_paid_on": story.today(site.zone)}
        story.send(contract_id, paid)
    done = {line.item: Decimal(0) for line in one.lines}
    before = 0
    for month, percent in enumerate(one.progress, 1):
        if percent == before:
            continue
        before = percent
        until = _period_end(story, one, month)
        yield _morning(until + timedelta(days=2))
        quantities = _quantities(story, one, percent, done)
        lines = [{"_id": rows[item], "this_qty": str(qty)} for item, qty in quantities.items()]
        turn = TURNS.get(f"{one.code}:{month}", "")
        kept = yield from _payment(story, site, one, month, until, lines, turn)
        if kept:
            for item, quantity in quantities.items():
                done[item] += quantity


def _contract_data(story: Story, site: Site, one: Contract) -> dict[str, Any]:
    lines = [_line(story, line) for line in one.lines]
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
    advance = one.advance
    if advance:
        data |= {"advance_rule": advance["rule"], "advance_amount": f"{advance['amount']}.00"}
        for mine, theirs in (
            ("recovery", "recovery_percent"),
            ("start", "start_percent"),
            ("end", "end_percent"),
        ):
            if mine in advance:
                data[theirs] = f"{advance[mine]}.00"
    return data


def _line(story: Story, line: Line) -> dict[str, Any]:
    made = {
        "item": line.item,
        "description": line.description,
        "unit": line.unit,
        "qty": f"{Decimal(line.qty):.3f}",
        "unit_price": f"{Decimal(line.price):.2f}",
    }
    return {**made, "cost_code": story.ids[f"code:{line.code}"]} if line.code else made


def _period_end(story: Story, one: Contract, month: int) -> date:
    """Periods end a little apart from contract to contract, the last one some days ago."""
    shift = 6 + sum(one.code.encode()) % 7
    return story.end.date() - timedelta(days=MONTH * (len(one.progress) - month) + shift)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(1, 30), UTC)


def _quantities(
    story: Story, one: Contract, percent: int, done: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """This period's quantity of every line, so that the contract stands near `percent`."""
    found = {}
    for line in one.lines:
        whole = Decimal(line.qty)
        spread = Decimal(story.chance.randint(-3, 3)) if percent > 6 else Decimal(0)
        step = Decimal("1") if whole >= 1000 else Decimal("0.1") if whole >= 50 else Decimal("0.01")
        target = (whole * (percent + spread) / 100).quantize(step)
        found[line.item] = max(Decimal(0), target - done[line.item]).quantize(Decimal("0.001"))
    return found


def _payment(
    story: Story,
    site: Site,
    one: Contract,
    month: int,
    until: date,
    lines: list[dict[str, str]],
    turn: str,
) -> Any:
    """One application through its chain; whether it was certified in the end."""
    data = {
        "contract": story.ids[f"contract:{one.code}"],
        "period_to": until.isoformat(),
        "invoice_no": f"{one.party}-{story.chance.randint(10000, 99999)}",
        "invoice_date": story.today(site.zone),
        "lines": lines,
    }
    record_id = story.draft(site.contract_engineer, "payment", site.code, data).id
    if turn == "draft":
        return False
    yield story.later(2)
    story.send(record_id)
    if turn == "withdraw":
        yield story.later(3)
        story.withdraw(record_id, voices.WITHDRAW)
        return False
    while (task := story.turn(record_id)) is not None:
        if turn == f"wait:{task.step}":
            return False
        yield story.later({"check": 9, "cost": 7, "pay": 5}.get(task.step, 11))
        turn = _decide(story, record_id, task.step, turn)
        if turn in {"rejected", "is back"}:
            return False
        if turn == "send again":
            yield story.later(6)
            story.send(record_id, comment=story.chance.choice(voices.RESENT))
            turn = ""
    return True


def _decide(story: Story, record_id: str, step: str, turn: str) -> str:
    """Whoever is asked acts once; returns what is still to come of this payment."""
    chance = story.chance
    if step == "check":
        return _check(story, record_id, turn)
    if step == "cost":
        if turn == "transfer":
            story.promote("bai.xue", "cost_controller")
            story.transfer(record_id, "bai.xue", voices.TRANSFER)
            return ""
        if turn == "return":
            story.send_back(record_id, chance.choice(voices.RETURN_PAYMENT))
            return "send again"
        if turn == "reject":
            story.reject(record_id, voices.REJECT_PAYMENT)
            return "rejected"
        if turn == "remark":
            story.remark("zhao.lei", record_id, chance.choice(voices.REMARKS))
        story.approve(record_id, chance.choice(voices.COSTS))
        return turn
    if step == "pay":
        voucher = f"V-{story.now:%y%m}-{chance.randint(100, 999)}"

        def paid(data: dict[str, Any]) -> None:
            data |= {"paid_on": story.today("Asia/Dubai"), "voucher_no": voucher}

        story.approve(record_id, chance.choice(voices.PAID), edit=paid)
        return turn
    story.approve(record_id)
    return turn


def _check(story: Story, record_id: str, turn: str) -> str:
    """The site checks the quantities: as filed, corrected, handed on, or sent back."""
    chance = story.chance
    if turn == "returned":
        story.send_back(record_id, voices.RETURN_PAYMENT[0])
        return "is back"
    if turn == "edit":

        def corrected(data: dict[str, Any]) -> None:
            first = next(row for row in data["lines"] if Decimal(row["this_qty"] or 0) > 10)
            first["this_qty"] = f"{Decimal(first['this_qty']) - 4:.3f}"

        story.approve(record_id, "Corrected to what was measured. 按实测修正。", edit=corrected)
        return ""
    story.approve(record_id, chance.choice(voices.CHECKED))
    return turn
