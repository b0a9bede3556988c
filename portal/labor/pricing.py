"""What work is worth: dated rules applied to a worker's hours, days and pieces. Pure.

The regular rate of hours that count together is what was earned for them straight, by the hour, the
day or the piece, divided by all hours worked: with several rates their average weighted by hours.
Beyond a limit only the part of the factor above one is added to straight pay.

The amount of each line is rounded half up, once; sums are sums of rounded lines.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from portal.labor.rules import NORMAL, OVERTIME, Rules, RuleSet
from portal.labor.units import HourlyRate, Hours, MonthRate, Quantity, Rate, pay

CENT, NONE = Decimal("0.01"), Decimal(0)


@dataclass(frozen=True, slots=True)
class Work:
    """Work of one worker on one day at the rate of that day; `key` is whatever it stands for.

    `worked` are the hours days and pieces took, which count towards limits; hours took themselves.
    `is_known`: priced before, so that it counts towards the limits and makes no line.
    """

    key: Hashable
    worker: str
    day: date
    pay_class: str
    quantity: Quantity
    rate: Rate
    is_known: bool = False
    worked: Hours = field(default_factory=lambda: Hours(NONE))

    @property
    def hours(self) -> Decimal:
        """The hours worked."""
        return self.quantity.value if isinstance(self.quantity, Hours) else self.worked.value


@dataclass(frozen=True, slots=True)
class Priced:
    """A quantity of one class at what one of it is paid; `amount` is rounded."""

    work: Work
    pay_class: str
    quantity: Quantity
    rate: Rate
    amount: Decimal


class HoursMissing(ValueError):
    """Rules that count hours meet days or pieces of which nobody said how long they took."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.key)
        self.work = work


def price(works: Iterable[Work], rules: RuleSet) -> list[Priced]:
    """The priced lines of this work, by worker and day; what was priced before makes none.

    A limit is reached in the order of days, then of the order given. Raises NoRules for a day
    before the first version, and HoursMissing.
    """
    found: list[Priced] = []
    hourly = (_by_the_hour(one, rules) for one in works)
    ordered = sorted(hourly, key=lambda one: (one.worker, one.day))
    for _together, those in groupby(
        ordered, key=lambda one: (one.worker, rules.on(one.day).together(one.day))
    ):
        found.extend(_rounded(_Span(list(those), rules).lines()))
    return found


def _by_the_hour(work: Work, rules: RuleSet) -> Work:
    """Hours at a monthly wage become hours at what the rules of their day make of it."""
    if not isinstance(work.rate, MonthRate):
        return work
    version = rules.on(work.day)
    return replace(work, rate=work.rate.per_hour(version.month_days, version.day_hours))


def regular_rate(works: Sequence[Work]) -> Decimal:
    """What an hour of this work earned straight on average; zero where there are no hours."""
    hours = sum((one.hours for one in works), NONE)
    earned = sum((pay(one.quantity, one.rate) for one in works), NONE)
    return earned / hours if hours else NONE


class _Span:
    """Work that counts together: of one worker, in one day or week."""

    def __init__(self, works: Sequence[Work], rules: RuleSet) -> None:
        self.works, self.rules = works, rules
        self.straight = [one for one in works if rules.on(one.day).factor(one.pay_class) == 1]
        self.so_far = NONE
        self.overtime: dict[date, Decimal] = {}

    def lines(self) -> Iterator[Priced]:
        regular = regular_rate(self.straight)
        for work in self.works:
            version = self.rules.on(work.day)
            if version.factor(work.pay_class) == 1:
                yield from self._straight(work, version, regular)
            else:
                yield from self._classed(work, version)

    def _classed(self, work: Work, version: Rules) -> Iterator[Priced]:
        """Work of a class that is paid a factor; overtime beyond the cap of its day is not."""
        factor, value = version.factor(work.pay_class), work.quantity.value
        paid = self._capped(work, version, value) if work.pay_class == OVERTIME else value
        if paid:
            yield _line(work, work.pay_class, paid, work.rate.value * factor)
        if value > paid:
            yield _line(work, NORMAL, value - paid, work.rate.value)

    def _straight(self, work: Work, version: Rules, regular: Decimal) -> Iterator[Priced]:
        """Straight pay, and above the limit the extra part on top of it."""
        over = self._over(work, version)
        extra = regular * (version.over_factor - 1)
        if not isinstance(work.quantity, Hours):
            yield _line(work, work.pay_class, work.quantity.value, work.rate.value)
            if over and extra:
                yield Priced(work, OVERTIME, Hours(over), HourlyRate(extra), over * extra)
            return
        if below := work.hours - over:
            yield _line(work, work.pay_class, below, work.rate.value)
        if over:
            yield _line(work, OVERTIME, over, work.rate.value + extra)

    def _over(self, work: Work, version: Rules) -> Decimal:
        """How many of these hours are overtime, after those before them."""
        limit, before = version.limit, self.so_far
        if limit is None:
            return NONE
        if not (work.hours or work.is_known) and work.quantity.value:
            raise HoursMissing(work)
        self.so_far += work.hours
        over = max(NONE, self.so_far - max(limit, before))
        return self._capped(work, version, over)

    def _capped(self, work: Work, version: Rules, hours: Decimal) -> Decimal:
        """How many of these hours of overtime are within the cap of their day."""
        if version.day_cap is None or not version.pays_cap:
            return hours
        before = self.overtime.get(work.day, NONE)
        self.overtime[work.day] = before + hours
        return min(hours, max(NONE, version.day_cap - before))


def _line(work: Work, pay_class: str, value: Decimal, rate: Decimal) -> Priced:
    quantity, each = replace(work.quantity, value=value), replace(work.rate, value=rate)
    return Priced(work, pay_class, quantity, each, pay(quantity, each))


def _rounded(lines: Iterable[Priced]) -> Iterator[Priced]:
    """The lines still to be priced: the amount of each is its quantity at its rate, rounded."""
    for line in lines:
        if not line.work.is_known:
            yield replace(line, amount=line.amount.quantize(CENT, ROUND_HALF_UP))
