"""Accounts, funding, deposits, petty cash, released retention and the monthly plans of the demo."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from portal.demo import papers
from portal.demo.receivables import PROGRESS, income_life
from portal.demo.sites import Contract, Site
from portal.demo.story import Life, Story

FINANCE, CASHIER = "qian.ying", "sun.yue"
HEAD_OFFICE = ("H-001", "Harbor Engineering, head office 海港工程总部", "funder", "Qian Ying 钱颖")


@dataclass(frozen=True, slots=True)
class Purse:
    """The money of a site: what its account began with, what head office gave it and when."""

    opening: str
    bank: str
    number: str
    funding: tuple[tuple[int, str], ...]  # days ago, amount
    deposit: str
    overhead: str
    petty: str


PURSES: Mapping[str, Purse] = {
    "HB01": Purse(
        "3200000.00",
        "CCB Port branch 建设银行港口支行",
        "3100 6612 0001",
        ((120, "6000000.00"), (45, "4000000.00")),
        "1500000.00",
        "160000",
        "30000.00",
    ),
    "RV02": Purse(
        "5000000.00",
        "ICBC River branch 工商银行江岸支行",
        "0200 8841 0002",
        ((100, "12000000.00"), (45, "18000000.00")),
        "2400000.00",
        "210000",
        "40000.00",
    ),
    "JB03": Purse(
        "1800000.00", "Emirates NBD", "AE07 0331 0003", (), "900000.00", "60000", "10000.00"
    ),
}
# retention released: contract, days ago its release was filed, days until it is due, share
RELEASES: Mapping[str, tuple[str, int, int, str]] = {
    "HB01": ("HB-E-01", 40, -11, "0.5"),
    "JB03": ("JB-E-01", 20, 14, "0.5"),
}
SPENT: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {  # what, code, amount, tax
    "HB01": (
        ("Gloves, helmets 劳保用品", "05.02", "4520.00", "520.00"),
        ("Site office, water and power 项目部水电", "05.01", "6870.00", "0.00"),
        ("Surveying pegs, paint 测量桩、油漆", "05.01", "1360.00", "0.00"),
    ),
    "RV02": (("Pump hire, weekend 周末水泵租赁", "05.01", "7910.00", "910.00"),),
    "JB03": (("Safety signs", "05.02", "2100.00", "100.00"),),
}


def keep_accounts(story: Story, site: Site) -> None:
    """The accounts of a site, and the party its funding comes from."""
    if "party:H-001" not in story.ids:
        code, name, kind, contact = HEAD_OFFICE
        data = {"code": code, "name": name, "kind": kind, "contact": contact}
        story.ids["party:H-001"] = story.file("zhao.lei", "party", None, data).id
    purse = PURSES[site.code]
    opened = {"opened_on": story.today(site.zone)}
    main = {"name": f"Project account {site.code} 项目专户", "kind": "project"}
    main |= {"bank_name": purse.bank, "number": purse.number, "opening_balance": purse.opening}
    made = story.file(FINANCE, "bank_account", site.code, {**main, **opened})
    story.ids[f"account:{site.code}"] = made.id
    holder = story.ids[f"person:{site.staff['site_manager'][0]}"]
    petty = {"name": f"Petty cash {site.code} 备用金", "kind": "petty_cash", "holder": holder}
    petty["opening_balance"] = "0.00"
    made = story.file(FINANCE, "bank_account", site.code, {**petty, **opened})
    story.ids[f"petty:{site.code}"] = made.id
    wages = {"name": f"Wage account {site.code} 农民工工资专户", "kind": "wages"}
    wages |= {"bank_name": purse.bank, "number": f"{purse.number}-W", "opening_balance": "60000.00"}
    made = story.file(FINANCE, "bank_account", site.code, {**wages, **opened})
    story.ids[f"wages:{site.code}"] = made.id


def plan_money(story: Story, site: Site) -> None:
    """Put what moves the money of a site, besides its contracts, on the agenda."""
    for name, life, days in (
        ("income", income_life(story, site), 176 if site.code != "RV02" else 148),
        ("sources", _sources_life(story, site), 150),
        ("deposit", _deposit_life(story, site), 160),
        ("petty cash", _petty_life(story, site), 90),
    ):
        story.begin(life, _ago(story, days), f"{name} {site.code}")
    for number, (days, amount) in enumerate(PURSES[site.code].funding, 1):
        life = _funding_life(story, site, number, amount)
        story.begin(life, _ago(story, days), f"funding {site.code}:{number}")
    if site.code in RELEASES:
        days = RELEASES[site.code][1]
        story.begin(_release_life(story, site), _ago(story, days), f"release {site.code}")
    for first, filed in plan_months(story.end.date()):
        life = _plan_life(story, site, first)
        at = datetime.combine(filed, time(5, 20), UTC)
        story.begin(life, at, f"funds plan {site.code}:{first.isoformat()[:7]}")


def plan_months(today: date) -> Iterator[tuple[date, date]]:
    """(month, the day its plan is filed): two months that are over, this one, and two ahead."""
    this = today.replace(day=1)
    for ahead in (-2, -1, 0, 1, 2):
        month = this.month - 1 + ahead
        first = date(this.year + month // 12, month % 12 + 1, 1)
        usual = first - timedelta(days=6)
        yield first, min(usual, today - timedelta(days=9 - ahead))


def _ago(story: Story, days: int) -> datetime:
    day = story.end.date() - timedelta(days=days)
    return datetime.combine(day, time(3, (days * 11) % 60), UTC)


def _signed(story: Story, record_id: str, edits: Mapping[str, Mapping[str, Any]]) -> Life:
    """Everybody who is asked approves; `edits` is what they type, by step."""
    while (task := story.turn(record_id)) is not None:
        yield story.later(5)
        day = story.now.date().isoformat()
        typed = {k: day if v == "today" else v for k, v in edits.get(task.step, {}).items()}
        story.approve(record_id, edit=partial(_type, typed) if typed else None)


def _type(typed: Mapping[str, Any], data: dict[str, Any]) -> None:
    data.update(typed)


def _funding_life(story: Story, site: Site, number: int, amount: str) -> Life:
    data = {
        "other": "funding",
        "payer": story.ids["party:H-001"],
        "part": amount,
        "received_on": story.today(site.zone),
        "account": story.ids[f"account:{site.code}"],
        "bank_reference": f"{site.code}-HO-{number:03}",
    }
    story.file(CASHIER, "receipt", site.code, data)
    yield story.end


def _sources_life(story: Story, site: Site) -> Life:
    """The owner pays for the work, head office for most of the contingency."""
    owner = next(one.party for one in site.contracts if one.direction == "income")
    lines = []
    for code, *_rest in site.budget:
        own = "80.00" if code == "05.09" else "15.00"
        for source, share in ((owner, f"{100 - Decimal(own):.2f}"), ("H-001", own)):
            lines.append(
                {
                    "cost_code": story.ids[f"code:{code}"],
                    "source": story.ids[f"party:{source}"],
                    "share": share,
                }
            )
    data = {
        "title": f"Funding 资金来源 {site.code}",
        "valid_from": story.today(site.zone),
        "lines": lines,
    }
    story.file(FINANCE, "funding", site.code, data)
    yield story.end


def _deposit_life(story: Story, site: Site) -> Life:
    owner = next(one.party for one in site.contracts if one.direction == "income")
    data = {
        "kind": "performance",
        "purpose": "Performance deposit 履约保证金",
        "party": story.ids[f"party:{owner}"],
        "amount": PURSES[site.code].deposit,
        "due_on": (story.end.date() + timedelta(days=site.ends_in + 30)).isoformat(),
    }
    record_id = story.file(site.contract_engineer, "deposit", site.code, data).id
    paid = {"account": story.ids[f"account:{site.code}"], "paid_on": "today"}
    yield from _signed(story, record_id, {"finance": paid})


def _petty_life(story: Story, site: Site) -> Life:
    purse = PURSES[site.code]
    data = {
        "purpose": "Petty cash 备用金",
        "from_account": story.ids[f"account:{site.code}"],
        "to_account": story.ids[f"petty:{site.code}"],
        "amount": purse.petty,
        "on": story.today(site.zone),
    }
    record_id = story.file(CASHIER, "funds_transfer", site.code, data).id
    yield from _signed(story, record_id, {})
    engineer = site.engineer or site.staff["site_engineer"][0]
    for what, code, amount, tax in SPENT[site.code]:
        yield story.later(90)
        line = {
            "spent_on": story.today(site.zone),
            "what": what,
            "cost_code": story.ids[f"code:{code}"],
            "amount": amount,
            "tax": tax,
        }
        day = story.today(site.zone)
        claim: dict[str, Any] = {"purpose": what, "lines": [line]}
        slip = story.upload(engineer, "receipts", *papers.bank_slip(what, "", day, amount))
        claim["receipts"] = [slip]
        record_id = story.file(engineer, "expense_claim", site.code, claim).id
        paid = {"account": story.ids[f"petty:{site.code}"], "paid_on": "today"}
        yield from _signed(story, record_id, {"finance": paid})


def _release_life(story: Story, site: Site) -> Life:
    """Half of the retention of a contract falls due; nobody has paid it yet."""
    code, _days, due_in, share = RELEASES[site.code]
    contract = story.ids[f"contract:{code}"]
    typed = {"contract": contract, "reason": "handover", "defects_open": False}
    due = (story.end.date() + timedelta(days=due_in)).isoformat()
    draft = story.draft(site.contract_engineer, "retention_release", site.code, typed)
    part = Decimal(draft.data["outstanding"]) * Decimal(share)
    whole = {**draft.data, "due_on": due, "part": f"{part // 1000 * 1000:.2f}"}
    story.send(draft.id, whole)
    yield from _signed(story, draft.id, {})


def _plan_life(story: Story, site: Site, first: date) -> Life:
    """The plan of a month, as far as contracts let one see, and what else will be needed."""
    this = story.end.date().replace(day=1)
    ahead = (first.year - this.year) * 12 + first.month - this.month
    lines = [_line(first, 26, "in", "progress", _income(site, ahead), story, _owner(site))]
    for one in site.contracts:
        amount = _due(one, ahead)
        if one.direction == "expense" and amount > 0:
            lines.append(_line(first, 15, "out", "progress", amount, story, one.code))
    overhead = Decimal(PURSES[site.code].overhead)
    if ahead >= 1:
        lines.append(_line(first, 10, "out", "labor", overhead, story))
        lines.append(_line(first, 20, "out", "overhead", overhead, story))
        lines.append(_line(first, 18, "out", "tax", overhead * 2, story))
    data = {
        "title": f"Funds plan 资金计划 {site.code} {first.isoformat()[:7]}",
        "month": first.isoformat(),
        "lines": [line for line in lines if Decimal(line["amount"]) > 0],
    }
    record_id = story.file(site.contract_engineer, "funds_plan", site.code, data).id
    yield from _signed(story, record_id, {})


def _owner(site: Site) -> str:
    return next(one.code for one in site.contracts if one.direction == "income")


def _line(
    first: date,
    day: int,
    direction: str,
    category: str,
    amount: Decimal,
    story: Story,
    contract: str = "",
) -> dict[str, Any]:
    line = {
        "on": first.replace(day=day).isoformat(),
        "direction": direction,
        "category": category,
        "amount": f"{amount:.2f}",
    }
    return {**line, "contract": story.ids[f"contract:{contract}"]} if contract else line


def _step(months: tuple[int, ...], place: int) -> Decimal:
    """Percent of a contract done in a month; what is not planned goes on like the last months."""
    if place < 1 or not months:
        return Decimal(0)
    if place > len(months):
        done = months[-1] - (months[-3] if len(months) > 2 else 0)
        return min(Decimal(done) / 2, Decimal(100 - months[-1]))
    return Decimal(months[place - 1] - (months[place - 2] if place > 1 else 0))


def _worth(one: Contract) -> Decimal:
    return sum((Decimal(line.qty) * Decimal(line.price) for line in one.lines), Decimal(0))


def _due(one: Contract, ahead: int) -> Decimal:
    """What falls due of a contract in a month: the work of two months before, less retention."""
    work = _worth(one) * _step(one.progress, len(one.progress) - 1 + ahead) / 100
    kept = 1 - Decimal(one.retention) / 100 - Decimal(one.advance.get("recovery", "0")) / 100
    return work * kept // 10000 * 10000


def _income(site: Site, ahead: int) -> Decimal:
    one = next(each for each in site.contracts if each.direction == "income")
    months = PROGRESS[site.code]
    work = _worth(one) * _step(months, len(months) - 2 + ahead) / 100
    kept = 1 - Decimal(one.retention) / 100 - Decimal(one.advance.get("recovery", "0")) / 100
    return work * kept // 10000 * 10000
