"""What a network is made of: activities, links, constraints, actuals. Durations are minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.calendars.working_time import WorkingTime


class LinkType(StrEnum):
    """From which end of the predecessor to which end of the successor."""

    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"

    @property
    def leaves_start(self) -> bool:
        """Whether it hangs on the predecessor's start."""
        return self in (LinkType.SS, LinkType.SF)

    @property
    def meets_start(self) -> bool:
        """Whether it bounds the successor's start."""
        return self in (LinkType.FS, LinkType.SS)


class ConstraintType(StrEnum):
    """Limits from outside. They bend dates, never logic: what cannot be is negative float."""

    START_ON = "start_on"
    FINISH_ON = "finish_on"
    START_FROM = "start_from"  # no earlier than
    FINISH_FROM = "finish_from"
    START_BY = "start_by"  # no later than
    FINISH_BY = "finish_by"
    LATE = "as_late_as_possible"

    @property
    def bounds_start(self) -> bool:
        return self in (self.START_ON, self.START_FROM, self.START_BY)

    @property
    def is_floor(self) -> bool:
        """Whether it holds early dates back."""
        return self in (self.START_ON, self.FINISH_ON, self.START_FROM, self.FINISH_FROM)

    @property
    def is_ceiling(self) -> bool:
        """Whether it pulls late dates forward."""
        return self in (self.START_ON, self.FINISH_ON, self.START_BY, self.FINISH_BY)


@dataclass(frozen=True, slots=True)
class Constraint:
    """A limit of a date; `at` is a moment, and means nothing to `LATE`."""

    type: ConstraintType
    at: int = 0


@dataclass(frozen=True, slots=True)
class Activity:
    """A leaf of the plan. Moments as in portal.calendars.

    `remaining` are the working minutes still to come of a started activity (None: the duration
    less what the calendar worked since its start). `deadline` bounds late dates alone.
    """

    key: str
    duration: int
    calendar: WorkingTime
    constraint: Constraint | None = None
    deadline: int | None = None
    actual_start: int | None = None
    actual_finish: int | None = None
    remaining: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A dependency. Its lag, maybe negative, runs on `calendar`: by default the successor's."""

    predecessor: str
    successor: str
    type: LinkType = LinkType.FS
    lag: int = 0
    calendar: WorkingTime | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """Activities by key and the links among them; `start` is the moment nothing begins before.

    With a `data_date` what has not happened yet happens after it.
    """

    activities: Mapping[str, Activity]
    links: Sequence[Link]
    start: int
    data_date: int | None = None

    @property
    def floor(self) -> int:
        """The moment before which no work can still be planned."""
        return self.start if self.data_date is None else max(self.start, self.data_date)
