"""From two cut-off days to the instants between which something was recorded. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LAST = date.max - timedelta(days=2)
"""From here on a day has no midnight after it that every zone can tell: it never ends."""


@dataclass(frozen=True, slots=True)
class Period:
    """Everything after the end of one day until the end of another, in the project's zone."""

    from_on: date
    to_on: date
    zone: str

    @property
    def start(self) -> datetime:
        """The first instant that counts."""
        return _end_of(self.from_on, self.zone)

    @property
    def end(self) -> datetime:
        """The first instant that counts no more."""
        return _end_of(self.to_on, self.zone)


def _end_of(day: date, zone: str) -> datetime:
    """Midnight after a day."""
    if day >= LAST:
        return datetime.max.replace(tzinfo=UTC)
    after = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    return after.astimezone(UTC)
