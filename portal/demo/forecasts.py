"""What the demo's projects move between cost codes, and what they expect still to come."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.costs.services import freeze
from portal.demo.sites import Site
from portal.demo.story import Life, Story
from portal.demo.workdays import working_moment
from portal.projects.queries import project_brief


@dataclass(frozen=True, slots=True)
class Moved:
    """Budget moved from one cost code to another."""

    title: str
    reason: str
    lines: tuple[tuple[str, str, str], ...]  # from, to, amount


TRANSFERS: Mapping[str, Moved] = {
    "HB01": Moved(
        "Spare on cranes for safety works 起重节余调至安全文明",
        "Crane hire was signed below budget; edge protection of the berth needs more. "
        "起重租赁低于预算，泊位临边防护需增加投入。",
        (("03.01", "05.02", "90000.00"), ("03.03", "05.02", "60000.00")),
    ),
    "RV02": Moved(
        "Own crews to site running 自有班组调至现场管理",
        "Fewer own crews than planned, a longer stay of the site office. "
        "自有班组少于计划，项目部驻场时间延长。",
        (("01.01", "05.01", "620000.00"),),
    ),
    "JB03": Moved(
        "Lifting to external works",
        "The tower crane left three weeks early.",
        (("03.01", "04.03", "40000.00"),),
    ),
}
FORECASTS: Mapping[str, tuple[tuple[str, str, str], ...]] = {  # cost code, to complete, reason
    "HB01": (
        ("01.01", "1000000.00", "Two crews fewer since the piles are done 桩基完成后减少两个班组"),
        ("04.02", "160000.00", "Repair of the quay edge 码头前沿修补"),
        ("05.09", "1500000.00", "Risks still open 尚存风险"),
    ),
    "RV02": (
        ("04.01", "450000.00", "Struts added in the south shaft 南井支撑加密"),
        ("05.01", "1300000.00", "Site office two months longer 项目部延期两个月"),
        ("05.09", "3600000.00", "Risks still open 尚存风险"),
    ),
    "JB03": (
        ("01.02", "30000.00", "Snagging only"),
        ("04.02", "20000.00", "Repairs at two docks"),
        ("04.03", "20000.00", "Line marking"),
        ("04.04", "20000.00", "Measured to the end"),
        ("04.05", "30000.00", "Retests of the sprinklers"),
        ("05.01", "60000.00", "Handover moved by six days"),
        ("05.09", "120000.00", "Most risks are behind us"),
    ),
}


def transfer_life(story: Story, site: Site) -> Life:
    """Budget moves between cost codes; the budget of the project stays."""
    moved = TRANSFERS[site.code]
    lines = [
        {
            "from_code": story.ids[f"code:{away}"],
            "to_code": story.ids[f"code:{to}"],
            "amount": amount,
        }
        for away, to, amount in moved.lines
    ]
    data = {"title": moved.title, "reason": moved.reason, "lines": lines}
    yield from approved(story, site, "budget_transfer", data)


def forecast_life(story: Story, site: Site) -> Life:
    """What is still to come, as the site expects it."""
    lines = [
        {"cost_code": story.ids[f"code:{code}"], "to_complete": amount, "reason": reason}
        for code, amount, reason in FORECASTS[site.code]
    ]
    data = {
        "title": f"Forecast to complete 完工成本预测 {site.code}",
        "as_of": story.today(site.zone),
        "lines": lines,
    }
    yield from approved(story, site, "cost_forecast", data)


def freeze_life(story: Story, site: Site) -> Life:
    """The project manager closes a month: the cost sheet is kept as it stands."""
    manager = site.staff["project_manager"][0]
    actor = story.become(manager)
    project = project_brief(story.ids[f"project:{site.code}"])
    assert project is not None, site.code
    freeze(actor=actor, project=project, name=story.today(site.zone)[:7], now=story.now)
    yield story.end


def approved(story: Story, site: Site, form: str, data: Mapping[str, object]) -> Life:
    """The surveyor files a document and everybody who is asked approves it."""
    surveyor = site.staff.get("quantity_surveyor", site.staff["contract_engineer"])[0]
    record_id = story.file(surveyor, form, site.code, data).id
    while story.turn(record_id) is not None:
        yield working_moment(story.now, 8)
        story.approve(record_id)
