"""When people of the demo work: Monday to Saturday, eight to six, in the company's zone; pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
OPENS, CLOSES = time(8, 0), time(18, 0)
SUNDAY = 6


def is_workday(moment: datetime) -> bool:
    """Whether the site works on this day."""
    return moment.weekday() != SUNDAY


def opened(moment: datetime) -> datetime:
    """The moment itself if the site is open, otherwise when it opens next."""
    local = moment.astimezone(ZONE)
    if local.time() >= CLOSES:
        local = datetime.combine(local.date() + timedelta(days=1), OPENS, ZONE)
    elif local.time() < OPENS:
        local = datetime.combine(local.date(), OPENS, ZONE)
    while not is_workday(local):
        local = datetime.combine(local.date() + timedelta(days=1), OPENS, ZONE)
    return local


def working_moment(start: datetime, hours: float) -> datetime:
    """The moment that many hours of work after `start`, as an aware UTC instant."""
    at, left = opened(start), timedelta(hours=hours)
    while True:
        closes = datetime.combine(at.date(), CLOSES, ZONE)
        if at + left <= closes:
            return (at + left).astimezone(start.tzinfo)
        left -= closes - at
        at = opened(closes)
