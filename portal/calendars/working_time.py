"""A calendar of working time, and the axis of worked minutes on which schedules are computed.

A moment is a number of minutes since 1990-01-01 00:00 in the project's own clock. Along a calendar
only worked minutes count: all moments between two shifts are one point of its axis. That is why a
bound that falls into idle time moves by itself: to `opening` of the point when looking forward, to
`closing` when looking back.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from portal.errors import N_, Invalid

ORIGIN = datetime(1990, 1, 1, tzinfo=UTC)  # a Monday; UTC stands for "no zone" here
FIRST_DAY = ORIGIN.toordinal()
DAY = 1440  # minutes
LAST_DAY = date(2200, 1, 1).toordinal() - FIRST_DAY
USUAL_DAYS = 366 * 40  # until 2030, where most plans end

TOO_EARLY = N_("A date before 1990 is no date of a plan.")
TOO_LATE = N_("The plan runs beyond the year 2200.")

Shift = tuple[int, int]
Shifts = tuple[Shift, ...]

IDLE: Shifts = ()
STANDARD_DAY: Shifts = ((8 * 60, 12 * 60), (13 * 60, 17 * 60))
ALL_DAY: Shifts = ((0, DAY),)


def moment_of(at: datetime) -> int:
    """The moment of a date and time in the project's clock (seconds are dropped)."""
    span = at.replace(tzinfo=UTC) - ORIGIN
    return span.days * DAY + span.seconds // 60


def time_of(moment: int) -> datetime:
    """The date and time of a moment in the project's clock, marked as if it were UTC."""
    return ORIGIN + timedelta(minutes=moment)


def start_of(day: date) -> int:
    """The moment at which a day begins."""
    return (day.toordinal() - FIRST_DAY) * DAY


@dataclass(frozen=True, slots=True)
class Week:
    """What a calendar says: the shifts of Monday to Sunday, and of days that differ.

    A shift is a pair of minutes of the day, start before end, in order, never overlapping.
    """

    days: tuple[Shifts, ...]
    exceptions: tuple[tuple[date, Shifts], ...] = ()

    def on(self, day: date) -> Shifts:
        """The shifts of a day."""
        return dict(self.exceptions).get(day, self.days[day.weekday()])

    @property
    def minutes(self) -> int:
        """Worked minutes of a week without exceptions."""
        return sum(end - start for day in self.days for start, end in day)


def week(working: Sequence[Shifts], exceptions: Mapping[date, Shifts] | None = None) -> Week:
    """A checked week. `Invalid` names the day whose shifts are not in order, or a week of none."""
    made = Week(tuple(working), tuple(sorted((exceptions or {}).items())))
    if len(made.days) != 7:
        raise Invalid(
            N_("A calendar says what is worked on seven days, not %(count)s."), count=len(made.days)
        )
    every = [(f"day {at + 1}", one) for at, one in enumerate(made.days)]
    for name, shifts in [*every, *((str(day), one) for day, one in made.exceptions)]:
        if not _is_ordered(shifts):
            raise Invalid(N_("The shifts of %(day)s are not in order, or overlap."), day=name)
    if not made.minutes:
        raise Invalid(N_("A calendar without working time never ends any work."))
    return made


def _is_ordered(shifts: Shifts) -> bool:
    edges = [edge for shift in shifts for edge in shift]
    return (
        all(start < end for start, end in shifts)
        and edges == sorted(edges)
        and (not edges or (edges[0] >= 0 and edges[-1] <= DAY))
    )


class WorkingTime:
    """The axis of a week: how much is worked until a moment, and when that much is worked.

    All three answer `Invalid` outside 1990 to 2200.
    """

    def __init__(self, said: Week) -> None:
        self.said = said
        self._exceptions = {day.toordinal() - FIRST_DAY: one for day, one in said.exceptions}
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._before: list[int] = []  # worked before each shift
        self._after: list[int] = []  # worked until its end
        self._laid = 0  # days laid out
        self._lay(USUAL_DAYS)

    @property
    def total(self) -> int:
        """Minutes worked as far as days are laid out."""
        return self._after[-1] if self._after else 0

    def worked(self, moment: int) -> int:
        """Minutes worked from the origin to a moment."""
        if moment < 0:
            raise Invalid(TOO_EARLY)
        while moment > self._laid * DAY:
            self._lay(moment // DAY + 1)
        at = bisect_right(self._starts, moment) - 1
        if at < 0:
            return 0
        end = self._ends[at]
        return self._before[at] + (moment if moment < end else end) - self._starts[at]

    def closing(self, worked: int) -> int:
        """The earliest moment at which so much is worked: work that ends there ends its shift."""
        self._reach(worked)
        if not worked:
            return 0
        at = bisect_left(self._after, worked)
        return self._starts[at] + worked - self._before[at]

    def opening(self, worked: int) -> int:
        """The latest moment at which no more is worked: work that starts there opens a shift."""
        self._reach(worked)
        at = bisect_right(self._after, worked)
        return self._starts[at] + worked - self._before[at]

    def _reach(self, worked: int) -> None:
        if worked < 0:
            raise Invalid(TOO_EARLY)
        while worked >= self.total:
            self._lay(self._laid + USUAL_DAYS // 4)

    def _lay(self, days: int) -> None:
        if self._laid >= LAST_DAY:
            raise Invalid(TOO_LATE)
        until, total = min(LAST_DAY, days), self.total
        for day in range(self._laid, until):
            for start, end in self._exceptions.get(day, self.said.days[day % 7]):
                self._starts.append(day * DAY + start)
                self._ends.append(day * DAY + end)
                self._before.append(total)
                total += end - start
                self._after.append(total)
        self._laid = until


@lru_cache(maxsize=256)
def working_time(said: Week) -> WorkingTime:
    """The axis of a week, laid out once."""
    return WorkingTime(said)
