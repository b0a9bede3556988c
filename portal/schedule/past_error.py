"""How far forecasts were from what then happened, and what a method would have foreseen. Pure.

Nothing is rounded here. A miss above zero: it came later, or cost more, than was foreseen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal

from portal.errors import Message
from portal.schedule.earned_value import (
    NOTHING_EARNED,
    NOTHING_SPENT,
    EarnedSchedule,
    EarnedValue,
)
from portal.schedule.undefined import Figure, Undefined, ratio

MOST = Decimal("0.8")  # four of five


@dataclass(frozen=True, slots=True)
class PastError:
    """The misses of a method: how many, their mean (which way it errs), their mean size, and the
    size that four of five of them keep within.
    """

    count: int
    mean: Decimal
    size: Decimal
    within: Decimal


def past_error(misses: Sequence[Decimal]) -> PastError | None:
    """What the misses come to; None without any."""
    sizes = [abs(one) for one in misses]
    within = four_of_five(sizes)
    if within is None:
        return None
    mean, size = (sum(some, Decimal(0)) / len(misses) for some in (misses, sizes))
    return PastError(len(misses), mean, size, within)


def four_of_five(values: Sequence[Decimal]) -> Decimal | None:
    """What four of five of the values keep within; None without any."""
    if not values:
        return None
    return sorted(values)[int((MOST * len(values)).to_integral_value(ROUND_CEILING)) - 1]


def time_foreseen(then: EarnedSchedule, earned: Decimal) -> Figure:
    """After how many periods so much schedule would have been earned at the pace of then:
    AT + (ES of now - ES) / SPI(t).
    """
    pace = then.spi
    return pace if isinstance(pace, Undefined) else replace(then, planned=earned).estimate(pace)


def cost_foreseen(then: EarnedValue, earned: Decimal) -> Figure:
    """What work of this value would have cost by the trend of then: its value / CPI."""
    if not then.ac:
        return Undefined(Message(NOTHING_SPENT))
    return ratio(earned * then.ac, then.ev, NOTHING_EARNED)


def miss_in_percent(happened: Decimal, foreseen: Figure) -> Decimal | None:
    """By how many percent of what was foreseen it came to more; None where nothing was."""
    if isinstance(foreseen, Undefined) or foreseen <= 0:
        return None
    return (happened - foreseen) * 100 / foreseen


@dataclass(frozen=True, slots=True)
class Foretold:
    """A span of days: how much an earlier day foretold for it, and how much came."""

    first: date
    last: date
    foretold: Decimal
    came: Decimal

    @property
    def off(self) -> Decimal | None:
        """In percent of what was foretold."""
        return miss_in_percent(self.came, self.foretold)
