"""Periods of a plan: weeks or months from its first day on, and dates counted in them. Pure.

A part of a period is the share of its working days: a week of which Friday is over is over. So the
time passed, what is earned and the end that was planned are told in one measure, and a plan that
ends in the middle of a month does not last until the month's end.
"""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

Length = Literal["week", "month"]
PERIODS_MOST = 600


def later(on: date, periods: int, length: Length) -> date:
    """The day so many periods after a day; a month later is the same day, or the month's last."""
    if length == "week":
        return on + timedelta(days=7 * periods)
    month = on.month - 1 + periods
    year, month = on.year + month // 12, month % 12 + 1
    return date(year, month, min(on.day, calendar.monthrange(year, month)[1]))


def every_day(_day: date) -> bool:
    """Work on all days alike."""
    return True


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods from the first day of a plan. Period n ends before `day(n)` begins.

    `works` tells whether a day is worked on; in a period without any, all days count alike.
    """

    first: date
    length: Length
    works: Callable[[date], bool] = every_day

    def day(self, number: int) -> date:
        """The day on which so many periods are over."""
        return later(self.first, number, self.length)

    def count(self, last: date) -> int:
        """How many periods it takes until a day is over."""
        number = 0
        while self.day(number) <= last and number < PERIODS_MOST:
            number += 1
        return number

    def passed(self, until: date) -> Decimal:
        """How many periods are over at the end of a day, with the part of the last one."""
        if until < self.first:
            return Decimal(0)
        number = 0
        while self.day(number + 1) <= until:
            number += 1
        days = self._worked_on(number)
        return number + Decimal(sum(day <= until for day in days)) / len(days)

    def at(self, periods: Decimal) -> date:
        """The last working day of so many periods."""
        number = int(periods)
        days = self._worked_on(number)
        over = round((periods - number) * len(days))
        if over:
            return days[over - 1]
        return self._worked_on(number - 1)[-1] if number else self.first - timedelta(days=1)

    def ends(self, count: int) -> Sequence[date]:
        """The last day of each period up to a number of them."""
        return [self.day(number) - timedelta(days=1) for number in range(1, count + 1)]

    def _worked_on(self, number: int) -> Sequence[date]:
        """The days of the period after so many others on which work is done."""
        began, ends = self.day(number), self.day(number + 1)
        days = [began + timedelta(days=at) for at in range((ends - began).days)]
        return [day for day in days if self.works(day)] or days
