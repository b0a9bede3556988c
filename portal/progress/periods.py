"""Periods of a plan: weeks or months from its first day on, and dates counted in them. Pure."""

import calendar
from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods from the first day of a plan. Period n ends before `day(n)` begins."""

    first: date
    length: Length

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
        end = until + timedelta(days=1)
        if end <= self.first:
            return Decimal(0)
        number = 0
        while self.day(number + 1) <= end:
            number += 1
        began, ends = self.day(number), self.day(number + 1)
        return number + Decimal((end - began).days) / (ends - began).days

    def at(self, periods: Decimal) -> date:
        """The last day of so many periods, parts of a period by its days."""
        number = int(periods)
        began, ends = self.day(number), self.day(number + 1)
        days = round((periods - number) * (ends - began).days)
        return began + timedelta(days=days - 1)

    def ends(self, count: int) -> Sequence[date]:
        """The last day of each period up to a number of them."""
        return [self.day(number) - timedelta(days=1) for number in range(1, count + 1)]
