"""Which lives begin when: budget, contracts, changes, tickets, milestones of one project."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from portal.demo.changes import change_day, change_life
from portal.demo.closings import closing_life
from portal.demo.forecasts import forecast_life, freeze_life, transfer_life
from portal.demo.money import contract_life
from portal.demo.registers import milestone_lives, raise_lives
from portal.demo.sites import Milestone, Site
from portal.demo.story import Life, Story
from portal.demo.tickets import ticket_life, ticket_plans

TICKETS = {"HB01": 64, "RV02": 42, "JB03": 30}
TRANSFER_DAYS_AGO, FORECAST_DAYS_AGO = 62, 24
FROZEN_DAYS_AGO = (70, 40)
CLOSED_DAYS_AGO = (84, 53, 22)  # never twice in a month
LEAVER, LEFT_DAYS_AGO = "k.novak", 6


def plan_history(story: Story, site: Site) -> None:
    """Put everything that happened in a project on the agenda."""
    story.begin(_budget_life(story, site), story.later(20))
    for contract in site.contracts:
        story.begin(contract_life(story, site, contract), _ago(story, contract.signed))
    for place, change in enumerate(site.changes):
        story.begin(change_life(story, site, change, place), _ago(story, change_day(site, place)))
    for plan in ticket_plans(story, site, TICKETS[site.code]):
        story.begin(ticket_life(story, site, plan), plan.at)
    for day, milestone in milestone_lives(story, site):
        at = datetime.combine(day, time(3), UTC)
        story.begin(_milestone_life(story, site, milestone), at)
    if LEAVER in site.staff["project_engineer"]:
        story.begin(_leaving(story), _ago(story, LEFT_DAYS_AGO))


def plan_forecasts(story: Story, site: Site) -> None:
    """Put the day budget is moved, that of the last forecast, and closed months on the agenda."""
    story.begin(transfer_life(story, site), _ago(story, TRANSFER_DAYS_AGO))
    story.begin(forecast_life(story, site), _ago(story, FORECAST_DAYS_AGO))
    for days in FROZEN_DAYS_AGO:
        story.begin(freeze_life(story, site), _ago(story, days))


def plan_closings(story: Story, site: Site) -> None:
    """Put the days on which a month is closed on the agenda."""
    for days in CLOSED_DAYS_AGO:
        story.begin(closing_life(story, site), _ago(story, days))


def plan_raises(story: Story, site: Site) -> None:
    """Put the days from which some workers earn more on the agenda."""
    for day, life in raise_lives(story, site):
        story.begin(life, datetime.combine(day, time(1), UTC))


def _ago(story: Story, days: int) -> datetime:
    day = story.end.date() - timedelta(days=days)
    return datetime.combine(day, time(2, (days * 7) % 60), UTC)


def _budget_life(story: Story, site: Site) -> Life:
    """The original budget, through project manager and director."""
    lines = [
        {
            "cost_code": story.ids[f"code:{code}"],
            "description": what,
            "wbs": story.ids[f"wbs:{site.code}:{wbs}"],
            "amount": f"{Decimal(amount):.2f}",
        }
        for code, what, amount, wbs in site.budget
    ]
    data = {
        "title": f"Original budget 原始预算 {site.code}",
        "basis": "Construction drawings, bill of quantities, price level of the month. "
        "施工图、工程量清单、当月信息价。",
        "lines": lines,
    }
    surveyor = site.staff.get("quantity_surveyor", site.staff["contract_engineer"])[0]
    record_id = story.file(surveyor, "budget", site.code, data).id
    while story.turn(record_id) is not None:
        yield story.later(8)
        story.approve(record_id)


def _milestone_life(story: Story, site: Site, one: Milestone) -> Life:
    """A milestone is reached, or its forecast is written anew."""
    record_id = story.ids[f"milestone:{one.code}"]
    data = dict(story.look(record_id).data)
    if one.actual is not None:
        data["actual_on"] = story.today(site.zone)
    else:
        days = timedelta(days=one.forecast or 0)
        data |= {"forecast_on": (story.end.date() + days).isoformat(), "note": one.note}
    story.send(record_id, data)
    yield story.end


def _leaving(story: Story) -> Life:
    """An engineer leaves and nobody follows: the next change of the project gets stuck."""
    story.leave(LEAVER)
    yield story.end
