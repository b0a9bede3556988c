"""Quantities and rates of work with their units: hours are not days, and are not paid by the day.

The one bridge between them is how many hours a day (and how many days a month) are paid for.
"""

from dataclasses import dataclass
from decimal import Decimal

MONTH_DAYS = Decimal("21.75")
DAY_HOURS = Decimal(8)


@dataclass(frozen=True, slots=True)
class Hours:
    """So many hours of work."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Days:
    """So many labor-days."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Pieces:
    """So many pieces of work, in whatever unit they are counted."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class HourlyRate:
    """Pay of one hour."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class DayRate:
    """Pay of one labor-day."""

    value: Decimal

    def per_hour(self, day_hours: Decimal = DAY_HOURS) -> HourlyRate:
        """The rate of an hour, where so many hours make a day."""
        return HourlyRate(self.value / day_hours)


@dataclass(frozen=True, slots=True)
class MonthRate:
    """Pay of one month."""

    value: Decimal

    def per_hour(
        self, month_days: Decimal = MONTH_DAYS, day_hours: Decimal = DAY_HOURS
    ) -> HourlyRate:
        """The rate of an hour: the month's pay by its paid days, by the hours of a day."""
        return HourlyRate(self.value / month_days / day_hours)


@dataclass(frozen=True, slots=True)
class PieceRate:
    """Pay of one piece."""

    value: Decimal


Quantity = Hours | Days | Pieces
Rate = HourlyRate | DayRate | PieceRate
_PAIRS: tuple[tuple[type[Quantity], type[Rate]], ...] = (
    (Hours, HourlyRate),
    (Days, DayRate),
    (Pieces, PieceRate),
)


def pay(quantity: Quantity, rate: Rate) -> Decimal:
    """A quantity at its rate, not rounded. Raises TypeError where the units do not belong."""
    if (type(quantity), type(rate)) not in _PAIRS:
        raise TypeError(f"{type(quantity).__name__} are not paid by {type(rate).__name__}")
    return quantity.value * rate.value
