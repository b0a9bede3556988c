"""The months of the demo's projects that are closed, and what comes late for them."""

from datetime import date, timedelta

from portal.demo.forecasts import approved
from portal.demo.sites import Site
from portal.demo.story import Life, Story


def closing_life(story: Story, site: Site) -> Life:
    """The month before the last one is closed in the first days of a month."""
    today = date.fromisoformat(story.today(site.zone))
    until = (today.replace(day=1) - timedelta(days=1)).replace(day=1) - timedelta(days=1)
    data = {
        "title": f"{until.isoformat()[:7]} {site.code}",
        "until": until.isoformat(),
        "is_complete": True,
        "remarks": "Accounts of suppliers agreed. 供应商账目已核对。",
    }
    yield from approved(story, site, "month_close", data)
