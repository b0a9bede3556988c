"""Payment applications of the demo: filed with their papers, checked, approved or sent back."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.demo import papers, voices
from portal.demo.sites import Contract, Site
from portal.demo.story import Story

# What becomes of one application, by contract and month; the rest is simply approved.
# "wait:<step>" stays there, others come back, end, or are never sent.
TURNS: Mapping[str, str] = {
    "HB-E-01:2": "return",
    "HB-E-01:3": "remark",
    "HB-E-02:3": "edit",
    "HB-E-02:6": "returned",
    "HB-E-01:1": "transfer",
    "HB-E-03:5": "return",
    "HB-E-03:6": "wait:check",
    "HB-E-04:4": "remark",
    "HB-E-04:6": "wait:director",
    "HB-E-05:4": "edit",
    "HB-E-06:5": "reject",
    "HB-E-06:6": "draft",
    "HB-E-08:3": "remark",
    "HB-E-08:6": "wait:project_manager",
    "RV-E-01:5": "return",
    "RV-E-02:4": "withdraw",
    "RV-E-02:6": "wait:cost",
    "RV-E-04:4": "edit",
    "RV-E-04:6": "wait:dept_head",
    "JB-E-01:3": "return",
    "JB-E-02:4": "remark",
}
# What is deducted from one application, and why.
DEDUCTIONS: Mapping[str, tuple[str, str]] = {
    "HB-E-01:4": ("18500.00", "Concrete beyond the design volume 混凝土超方"),
    "HB-E-02:5": ("9200.00", "Water and power of the period 本期水电费"),
    "HB-E-04:3": ("6400.00", "Short delivery, ticket 0417 0417 号磅单短量"),
    "HB-E-06:4": ("35600.00", "Two days the crane stood for repair 起重船检修停工两天"),
    "RV-E-02:5": ("12800.00", "Road cleaning paid by us 代付道路清洗费"),
    "RV-E-04:5": ("7500.00", "Rejected loads 退料车次"),
    "JB-E-01:4": ("5000.00", "Safety penalty, missing edge protection"),
    "JB-E-02:3": ("3600.00", "Site power of the period"),
}


BILLS_CHANGES = frozenset({"HB-E-05"})  # whose changes stand on no line of their own


@dataclass(frozen=True, slots=True)
class Period:
    """What one application is about: month by number, measured until, its lines' quantities."""

    month: int
    until: date
    lines: list[dict[str, str]]


def apply_for(
    story: Story, site: Site, one: Contract, period: Period
) -> Generator[datetime, None, str]:
    """One application through its chain; its id if it was certified in the end, else empty."""
    turn = TURNS.get(f"{one.code}:{period.month}", "")
    record_id = _file(story, site, one, period)
    if turn == "draft":
        return ""
    yield story.later(2)
    story.send(record_id)
    if turn == "withdraw":
        yield story.later(3)
        story.withdraw(record_id, voices.WITHDRAW)
        return ""
    while (task := story.turn(record_id)) is not None:
        if turn == f"wait:{task.step}":
            return ""
        yield story.later({"check": 9, "cost": 7}.get(task.step, 11))
        turn = _decide(story, record_id, task.step, turn)
        if turn in {"rejected", "is back"}:
            return ""
        if turn == "send again":
            yield story.later(6)
            story.send(record_id, comment=story.chance.choice(voices.RESENT))
            turn = ""
    return record_id


def _file(story: Story, site: Site, one: Contract, period: Period) -> str:
    """The draft, with measurement sheet and invoice for every second one."""
    number, day = f"{one.party}-{story.chance.randint(10000, 99999)}", story.today(site.zone)
    data: dict[str, Any] = {
        "contract": story.ids[f"contract:{one.code}"],
        "period_to": period.until.isoformat(),
        "invoice_no": number,
        "invoice_date": day,
        "lines": period.lines,
    }
    if one.code in BILLS_CHANGES:
        data["additions"] = _changes(story, site, data["contract"])
    deducted = DEDUCTIONS.get(f"{one.code}:{period.month}")
    if deducted:
        data["deduction"], data["deduction_reason"] = deducted
    login = site.contract_engineer
    if (period.month + len(one.lines)) % 2 == 0:
        data["files"] = [
            story.upload(login, "files", *paper)
            for paper in _papers(site, one, period, number, day)
        ]
    return story.draft(login, "payment", site.code, data).id


def _changes(story: Story, site: Site, contract: str) -> list[dict[str, str]]:
    """The approved changes of a contract that no application has billed yet, each in full."""
    rows = []
    for change in site.changes:
        key = story.ids.get(f"change:{site.code}:{change.title}")
        record = story.look(key) if key else None
        if record is None or record.state != "approved" or f"billed:{key}" in story.ids:
            continue
        worth = Decimal(record.data.get("contract_change") or 0)
        if record.data.get("contract") != contract or worth <= 0:
            continue
        story.ids[f"billed:{key}"] = record.id
        row = {"kind": "change", "description": change.title, "change": record.id}
        row["cost_code"] = record.data["lines"][0]["cost_code"]
        rows.append({**row, "amount": f"{worth:.2f}"})
    return rows


def _papers(
    site: Site, one: Contract, period: Period, number: str, day: str
) -> list[tuple[str, bytes]]:
    done = [Decimal(row["this_qty"]) for row in period.lines]
    rows = [
        (line.item, line.description, line.unit, f"{quantity:,.3f}")
        for line, quantity in zip(one.lines, done, strict=True)
    ]
    prices = (Decimal(line.price) for line in one.lines)
    worth = sum(price * quantity for price, quantity in zip(prices, done, strict=True))
    contract = f"{one.code} {one.name}"
    return [
        papers.measurement(contract, period.until.isoformat(), rows),
        papers.invoice(number, one.party, day, f"{worth:,.2f} {site.currency}"),
    ]


def _decide(story: Story, record_id: str, step: str, turn: str) -> str:
    """Whoever is asked acts once; returns what is still to come of this application."""
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
