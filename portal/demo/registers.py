"""The registers of the demo: parties, cost codes, and per project WBS, teams, milestones."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from portal.demo.books import COST_CODES, CURRENCIES, PARTIES, RATE_CARDS, TAX_RATES, UNITS
from portal.demo.sites import Milestone, Site, Team
from portal.demo.story import Life, Story

RAISED, RAISE = 2, 3  # how many of each team, by how much an hour
RAISED_DAYS_AGO = 66


def keep_currencies(story: Story) -> None:
    """Currencies and their rates, kept by the head of contracts."""
    for code, name, per, rates in CURRENCIES:
        rows = [
            {"from_date": _on(story, -days).isoformat(), "rate": rate, "per": per, "source": "PBoC"}
            for days, rate in rates
        ]
        story.file("zhao.lei", "currency", None, {"code": code, "name": name, "rates": rows})


def keep_tax_rates_and_units(story: Story) -> None:
    """What documents offer beside fields of tax and of units."""
    for code, name, percent, since in TAX_RATES:
        data = {"code": code, "name": name, "percent": percent, "valid_from": since}
        story.file("zhao.lei", "tax_rate", None, data)
    for code, name, measure in UNITS:
        story.file("zhao.lei", "unit", None, {"code": code, "name": name, "measure": measure})


def keep_company_registers(story: Story) -> None:
    """Currencies, tax rates, units, parties and cost codes, kept by the head of contracts."""
    keep_currencies(story)
    keep_tax_rates_and_units(story)
    for code, name, kind, contact, bank, account in PARTIES:
        data: dict[str, object] = {"code": code, "name": name, "kind": kind, "contact": contact}
        if account:
            data |= {"bank_name": bank, "bank_account": account}
        data["rates"] = list(_rate_card(story, code))
        story.ids[f"party:{code}"] = story.file("zhao.lei", "party", None, data).id
    for code, name, kind in COST_CODES:
        data = {"code": code, "name": name, "type": kind}
        parent = code.rpartition(".")[0]
        if parent:
            data["parent_code"] = story.ids[f"code:{parent}"]
        story.ids[f"code:{code}"] = story.file("zhao.lei", "cost_code", None, data).id
    ceiling = {"name": "建质〔2017〕138 号 Retention of works", "valid_from": "2017-07-01"}
    ceiling |= {"percent": "3.00", "source": "建设工程质量保证金管理办法"}
    made = story.file("zhao.lei", "retention_limit", None, ceiling)
    story.ids["retention_limit"] = made.id


def _rate_card(story: Story, party: str) -> Iterable[dict[str, str]]:
    """What was agreed with a supplier, price by price."""
    for supplier, item, unit, prices in RATE_CARDS:
        for days, price in prices if supplier == party else ():
            since = _on(story, -days).isoformat()
            yield {"item": item, "unit": unit, "price": price, "currency": "CNY"} | {
                "valid_from": since
            }


def keep_site_registers(story: Story, site: Site) -> None:
    """What the site needs before contracts and tickets can name it."""
    engineer = site.staff["project_engineer"][0]
    for code, name, parent in site.wbs:
        data = {"code": code, "name": name, "responsible": story.ids[f"person:{engineer}"]}
        if parent:
            data["parent_element"] = story.ids[f"wbs:{site.code}:{parent}"]
        story.ids[f"wbs:{site.code}:{code}"] = story.file(engineer, "wbs", site.code, data).id
    for one in site.milestones:
        _milestone(story, site, one)
    for number, team in enumerate(site.teams, 1):
        _team(story, site, team, number)


def _on(story: Story, days: int) -> date:
    return story.end.date() + timedelta(days=days)


def _milestone(story: Story, site: Site, one: Milestone) -> None:
    manager = site.staff["project_manager"][0]
    data = {
        "code": one.code,
        "name": one.name,
        "planned_on": _on(story, one.planned).isoformat(),
        "responsible": story.ids[f"person:{manager}"],
    }
    made = story.file(manager, "milestone", site.code, data)
    story.ids[f"milestone:{one.code}"] = made.id


def _team(story: Story, site: Site, team: Team, number: int) -> None:
    officer = site.staff["labor_officer"][0]
    data: dict[str, Any] = {"name": team.name, "foreman": story.ids[f"person:{team.foreman}"]}
    offered = {"hour": True, "day": bool(team.by_day), "piece": bool(team.pieces)}
    data["pays_by"] = [key for key, is_offered in offered.items() if is_offered]
    if team.subcontractor:
        data["subcontractor"] = story.ids[f"party:{team.subcontractor}"]
    team_id = story.file(officer, "team", site.code, data).id
    story.ids[f"team:{site.code}:{team.name}"] = team_id
    came = story.now.date()
    _piece_prices(story, site, team, came)
    for seat, (name, trade, skill, rate) in enumerate(team.workers, 1):
        worker = {
            "name": name,
            "id_number": f"{site.code}-{number}{seat:02}-{story.chance.randint(100000, 999999)}",
            "team": team_id,
            "trade": trade,
            "skill": skill,
            "entry_on": came.isoformat(),
            "bank_name": "ICBC 工商银行" if site.currency == "CNY" else "Emirates NBD",
            "bank_account": f"6222 0210 {number:02}{seat:02} {1000 + 137 * number * seat:04}",
            "rates": [
                {
                    "from_date": came.isoformat(),
                    **_pay(team, name, int(rate)),
                    "standard_hours": "8.00",
                }
            ],
        }
        made = story.file(officer, "worker", site.code, worker)
        story.ids[f"worker:{site.code}:{name}"] = made.id


def _pay(team: Team, name: str, rate: int) -> dict[str, str]:
    """What a worker's card says since a day: by the hour, or by a day of eight."""
    if name in team.by_day:
        return {"paid_by": "day", "day_rate": f"{rate * 8}.00"}
    return {"paid_by": "hour", "hourly_rate": f"{rate}.00"}


def _piece_prices(story: Story, site: Site, team: Team, since: date) -> None:
    officer = site.staff["labor_officer"][0]
    for work, unit, price, _an_hour in team.pieces:
        data = {
            "name": work,
            "team": story.ids[f"team:{site.code}:{team.name}"],
            "unit": unit,
            "price": price,
            "valid_from": since.isoformat(),
        }
        made = story.file(officer, "piece_price", site.code, data)
        story.ids[f"piece:{site.code}:{work}"] = made.id


def raise_lives(story: Story, site: Site) -> Iterable[tuple[date, Life]]:
    """Skilled people of a team who earn more from a day on: they keep two dated rates."""
    for team in site.teams:
        for name, _trade, _skill, rate in team.workers[:RAISED]:
            pay = _pay(team, name, int(rate) + RAISE)
            yield _on(story, -RAISED_DAYS_AGO), _raise(story, site, name, pay)


def _raise(story: Story, site: Site, name: str, pay: dict[str, str]) -> Life:
    record_id = story.ids[f"worker:{site.code}:{name}"]
    data = story.look(record_id).data
    raised = {
        "from_date": story.today(site.zone),
        **pay,
        "standard_hours": "8.00",
    }
    story.send(record_id, {**data, "rates": [*data["rates"], raised]})
    yield story.end


def milestone_lives(story: Story, site: Site) -> Iterable[tuple[date, Milestone]]:
    """When each milestone's entry is touched again: reached, or forecast anew."""
    for one in site.milestones:
        if one.actual is not None:
            yield _on(story, one.actual), one
        elif one.forecast is not None:
            yield _on(story, -12), one
