"""Projects whose owner signs no tickets: day labor is inside the price, no rule looks at it."""

from datetime import UTC, datetime, time, timedelta

from portal.demo.sites import Site
from portal.demo.story import Life, Story

FILED_DAYS_AGO = 66
WHY = {
    "RV02": "Day labor of the shafts is inside the unit prices; the owner signs no tickets. "
    "工作井点工已含在综合单价内，业主不签点工单。",
    "JB03": "Lump sum: day labor is ours, and nobody on the client's side signs tickets.",
}


def plan_thresholds(story: Story, site: Site) -> None:
    """Put the day on which such a project gets thresholds of its own on the agenda."""
    if site.code in WHY:
        day = story.end.date() - timedelta(days=FILED_DAYS_AGO)
        story.begin(_life(story, site), datetime.combine(day, time(3, 20), UTC))


def _life(story: Story, site: Site) -> Life:
    """The project manager files them, the director approves."""
    data = {
        "title": "Day labor inside the price 点工含在合同价内",
        "valid_from": story.today(site.zone),
        "reason": WHY[site.code],
        "lines": [{"rule": "labor_at_risk"}],
    }
    manager = site.staff["project_manager"][0]
    record_id = story.file(manager, "project_thresholds", site.code, data).id
    while story.turn(record_id) is not None:
        yield story.later(5)
        story.approve(record_id, "As agreed in the contract. 与合同约定一致。")
