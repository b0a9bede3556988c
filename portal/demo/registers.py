"""The registers of the demo: parties, cost codes, and per project WBS, teams, milestones."""

from collections.abc import Iterable
from datetime import date, timedelta

from portal.demo.books import COST_CODES, PARTIES
from portal.demo.sites import Milestone, Site, Team
from portal.demo.story import Life, Story

RAISED, RAISE = 2, 3  # how many of each team, by how much an hour
RAISED_DAYS_AGO = 66


def keep_company_registers(story: Story) -> None:
    """Parties and cost codes, kept by the head of contracts."""
    for code, name, kind, contact, bank, account in PARTIES:
        data = {"code": code, "name": name, "kind": kind, "contact": contact}
        if account:
            data |= {"bank_name": bank, "bank_account": account}
        story.ids[f"party:{code}"] = story.file("zhao.lei", "party", None, data).id
    for code, name, kind in COST_CODES:
        data = {"code": code, "name": name, "type": kind}
        parent = code.rpartition(".")[0]
        if parent:
            data["parent_code"] = story.ids[f"code:{parent}"]
        story.ids[f"code:{code}"] = story.file("zhao.lei", "cost_code", None, data).id


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
    data = {"name": team.name, "foreman": story.ids[f"person:{team.foreman}"]}
    if team.subcontractor:
        data["subcontractor"] = story.ids[f"party:{team.subcontractor}"]
    team_id = story.file(officer, "team", site.code, data).id
    story.ids[f"team:{site.code}:{team.name}"] = team_id
    came = story.now.date()
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
                    "hourly_rate": f"{rate}.00",
                    "standard_hours": "8.00",
                }
            ],
        }
        made = story.file(officer, "worker", site.code, worker)
        story.ids[f"worker:{site.code}:{name}"] = made.id


def raise_lives(story: Story, site: Site) -> Iterable[tuple[date, Life]]:
    """Skilled people of a team who earn more from a day on: they keep two dated rates."""
    for team in site.teams:
        for name, _trade, _skill, rate in team.workers[:RAISED]:
            yield _on(story, -RAISED_DAYS_AGO), _raise(story, site, name, int(rate) + RAISE)


def _raise(story: Story, site: Site, name: str, rate: int) -> Life:
    record_id = story.ids[f"worker:{site.code}:{name}"]
    data = story.look(record_id).data
    raised = {
        "from_date": story.today(site.zone),
        "hourly_rate": f"{rate}.00",
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
