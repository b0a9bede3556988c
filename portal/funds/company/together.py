"""Stands of many projects in one currency as one: balance by day, lowest point, months; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from portal.funds.company.stands import Stand
from portal.funds.money import NOTHING
from portal.funds.projection import Course, LeftOut, Month, Point, next_month


@dataclass(frozen=True, slots=True)
class Together(Course):
    """All projects of a currency. `points` are the balances from today on, `months` all months."""

    currency: str
    today: date
    stands: Sequence[Stand]
    cash: Decimal
    points: Sequence[Point]
    months: Sequence[Month]

    @property
    def left_out(self) -> LeftOut:
        """What should have come in by today and is in no balance ahead."""
        return sum((one.left_out for one in self.stands), LeftOut())


def together(currency: str, stands: Sequence[Stand]) -> Together:
    """One reckoning of these stands, all of this currency. Begins with the latest of their days."""
    today = max(one.today for one in stands)
    cash = sum((one.cash for one in stands), NOTHING)
    moves: dict[date, Decimal] = {today: NOTHING}
    for stand in stands:
        for one in stand.expected:
            on = max(one.on, today)
            moves[on] = moves.get(on, NOTHING) + one.signed
    points, balance = [], cash
    for on in sorted(moves):
        balance += moves[on]
        points.append(Point(on, balance))
    return Together(currency, today, stands, cash, points, _months(stands))


def nothing(currency: str, today: date) -> Together:
    """A company in which no money was posted yet."""
    return Together(currency, today, (), NOTHING, [Point(today, NOTHING)], ())


_SUMMED = tuple(one.name for one in fields(Month) if one.name not in ("first", "opening"))


def _months(stands: Sequence[Stand]) -> list[Month]:
    """The months of all projects added up, without a gap."""
    sums: dict[date, dict[str, Decimal]] = {}
    for stand in stands:
        for month in stand.months:
            place = sums.setdefault(month.first, dict.fromkeys(_SUMMED, NOTHING))
            for name in _SUMMED:
                place[name] += getattr(month, name)
    found: list[Month] = []
    first, opening = min(sums), NOTHING
    while first <= max(sums):
        month = Month(first, opening, **sums.get(first, dict.fromkeys(_SUMMED, NOTHING)))
        found.append(month)
        first, opening = next_month(first), month.closing
    return found
