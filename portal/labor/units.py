"""Quantities and rates of work with their units: hours are not days, and are not paid by the day.

The one bridge between them is how many hours a day (and how many days a month) are paid for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

MONTH_DAYS = Decimal("21.75")
DAY_HOURS = Decimal(8)
HOUR, DAY, MONTH = "h", "d", "month"


@dataclass(frozen=True, slots=True)
class Hours:
    """So many hours of work."""

    value: Decimal
    unit: str = HOUR


@dataclass(frozen=True, slots=True)
class Days:
    """So many labor-days."""

    value: Decimal
    unit: str = DAY


@dataclass(frozen=True, slots=True)
class Pieces:
    """So much work, counted in a unit of its own such as m2."""

    value: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class HourlyRate:
    """Pay of one hour."""

    value: Decimal
    unit: str = HOUR


@dataclass(frozen=True, slots=True)
class DayRate:
    """Pay of one labor-day."""

    value: Decimal
    unit: str = DAY

    def per_hour(self, day_hours: Decimal = DAY_HOURS) -> HourlyRate:
        """The rate of an hour, where so many hours make a day."""
        return HourlyRate(self.value / day_hours)


@dataclass(frozen=True, slots=True)
class MonthRate:
    """Pay of one month; by itself it pays nothing, its hours do."""

    value: Decimal
    unit: str = MONTH

    def per_hour(
        self, month_days: Decimal = MONTH_DAYS, day_hours: Decimal = DAY_HOURS
    ) -> HourlyRate:
        """The rate of an hour: the month's pay by its paid days, by the hours of a day."""
        return HourlyRate(self.value / month_days / day_hours)


@dataclass(frozen=True, slots=True)
class PieceRate:
    """Pay of one unit of work, counted as its pieces are."""

    value: Decimal
    unit: str = ""


Quantity = Hours | Days | Pieces
Rate = HourlyRate | DayRate | MonthRate | PieceRate
_PAIRS: tuple[tuple[type[Quantity], type[Rate]], ...] = (
    (Hours, HourlyRate),
    (Days, DayRate),
    (Pieces, PieceRate),
)


def pay(quantity: Quantity, rate: Rate) -> Decimal:
    """A quantity at its rate, not rounded. Raises TypeError where the units do not belong."""
    if (type(quantity), type(rate)) not in _PAIRS or quantity.unit != rate.unit:
        raise TypeError(f"{_named(quantity)} are not paid by {_named(rate)}")
    return quantity.value * rate.value


_PER: Mapping[str, type[Rate]] = {HOUR: HourlyRate, DAY: DayRate, MONTH: MonthRate}


def rate_per(value: Decimal, unit: str) -> Rate:
    """The pay of one unit as ledgers write it: `h`, `d`, `month`, or what work is counted in."""
    known = _PER.get(unit)
    return PieceRate(value, unit) if known is None else known(value)


def quantity_of(rate: Rate, *, hours: Decimal, days: Decimal, pieces: Decimal) -> Quantity:
    """What of some work is paid at a rate: its days, its pieces, or else its hours."""
    if isinstance(rate, DayRate):
        return Days(days)
    return Pieces(pieces, rate.unit) if isinstance(rate, PieceRate) else Hours(hours)


def _named(one: Quantity | Rate) -> str:
    """The kind of a quantity or rate, with the unit pieces are counted in."""
    counted = isinstance(one, Pieces | PieceRate) and one.unit
    return f"{type(one).__name__} ({one.unit})" if counted else type(one).__name__
