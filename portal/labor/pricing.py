"""What hours of work are worth: dated overtime rules applied to a worker's days. Pure.

Rules are data (`rule_set`): each version is in force from its day on. A rule set either pays by the
class of the hours (China: 1.5 on working days, 2 on rest days, 3 on public holidays), or counts
hours by day or by week and pays what exceeds its limit (United States: over 40 hours a week half
the regular rate on top of straight pay, where the regular rate is the average of the week weighted
by hours). Amounts are rounded half up once per line.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from portal.labor.units import HourlyRate, Hours, pay

ONE = Decimal(1)
CENT = Decimal("0.01")
NORMAL, OVERTIME = "normal", "weekday_ot"


class NoRules(ValueError):
    """No version of a rule set is in force on a day."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


@dataclass(frozen=True, slots=True)
class Rules:
    """One version of a rule set, in force from `valid_from` on.

    `factors` multiply the rate by class of hours, 1 where none is given. `per_day` or `per_week` is
    the limit beyond which straight hours are overtime, paid `over_factor` times the regular rate.
    """

    valid_from: date
    factors: Mapping[str, Decimal]
    per_day: Decimal | None = None
    per_week: Decimal | None = None
    over_factor: Decimal = ONE

    def factor(self, pay_class: str) -> Decimal:
        """How many times its rate an hour of this class is paid."""
        return self.factors.get(pay_class, ONE)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The versions of a rule set, the earliest first."""

    versions: Sequence[Rules]

    def on(self, day: date) -> Rules:
        """The version in force on a day. Raises NoRules."""
        place = bisect_right([one.valid_from for one in self.versions], day)
        if not place:
            raise NoRules(day)
        return self.versions[place - 1]


@dataclass(frozen=True, slots=True)
class Work:
    """Hours of one worker on one day at the rate of that day; `key` is whatever they stand for.

    `is_known`: priced before, so that they count towards the limits and make no line.
    """

    key: Hashable
    worker: str
    day: date
    pay_class: str
    hours: Hours
    rate: HourlyRate
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Priced:
    """Hours of one class at what an hour of them is paid; `amount` is rounded."""

    work: Work
    pay_class: str
    hours: Hours
    rate: HourlyRate
    amount: Decimal


def rule_set(raw: Iterable[Mapping[str, Any]]) -> RuleSet:
    """A rule set from its stored versions: numbers as texts, days as `2026-03-01`.

    Members: `valid_from`, `overtime_factor`, `rest_day_factor`, `holiday_factor`, and either
    `day_limit` or `week_limit` with `over_factor`. Raises ValueError for both limits at once, two
    versions of one day, or a factor below one.
    """
    versions = sorted((_version(one) for one in raw), key=lambda one: one.valid_from)
    days = [one.valid_from for one in versions]
    if len(set(days)) != len(days):
        raise ValueError("two versions are in force from one day")
    return RuleSet(versions)


_CLASSES = {OVERTIME: "overtime_factor", "rest_day": "rest_day_factor", "holiday": "holiday_factor"}


def _version(raw: Mapping[str, Any]) -> Rules:
    factors = {word: Decimal(str(raw.get(name) or 1)) for word, name in _CLASSES.items()}
    per_day, per_week = (_limit(raw.get(name)) for name in ("day_limit", "week_limit"))
    over = Decimal(str(raw.get("over_factor") or 1))
    if per_day is not None and per_week is not None:
        raise ValueError("hours are counted by day or by week, not both")
    if min(over, *factors.values()) < 1:
        raise ValueError("a factor is at least one")
    return Rules(date.fromisoformat(raw["valid_from"]), factors, per_day, per_week, over)


def _limit(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def price(works: Iterable[Work], rules: RuleSet) -> list[Priced]:
    """The priced lines of these hours, by worker and day; hours known before make none.

    A limit is reached in the order of days, then of the order given. Raises NoRules for a day
    before the first version.
    """
    found: list[Priced] = []
    ordered = sorted(works, key=lambda one: (one.worker, one.day))
    for _together, days in groupby(ordered, key=lambda one: (one.worker, _span(one, rules))):
        found.extend(_span_priced(list(days), rules))
    return [one for one in found if not one.work.is_known]


def _span(work: Work, rules: RuleSet) -> date:
    """The day, or the Monday of the week, whose hours count together."""
    if rules.on(work.day).per_week is None:
        return work.day
    return work.day - timedelta(days=work.day.weekday())


def _span_priced(works: Sequence[Work], rules: RuleSet) -> Iterator[Priced]:
    """The lines of hours that count together."""
    straight = [one for one in works if rules.on(one.day).factor(one.pay_class) == 1]
    regular = regular_rate(straight)
    so_far = Decimal(0)
    for work in works:
        version = rules.on(work.day)
        factor = version.factor(work.pay_class)
        if factor != 1:
            yield _line(work, work.pay_class, work.hours.value, work.rate.value * factor)
            continue
        limit = version.per_week if version.per_week is not None else version.per_day
        over = _over(so_far, work.hours.value, limit)
        so_far += work.hours.value
        if below := work.hours.value - over:
            yield _line(work, work.pay_class, below, work.rate.value)
        if over:
            extra = regular * (version.over_factor - 1)
            yield _line(work, OVERTIME, over, work.rate.value + extra)


def regular_rate(works: Sequence[Work]) -> Decimal:
    """The average rate of these hours, weighted by hours; zero where there are none."""
    hours = sum((one.hours.value for one in works), Decimal(0))
    earned = sum((one.hours.value * one.rate.value for one in works), Decimal(0))
    return earned / hours if hours else Decimal(0)


def _over(before: Decimal, hours: Decimal, limit: Decimal | None) -> Decimal:
    """How many of these hours lie beyond the limit, after so many before them."""
    if limit is None:
        return Decimal(0)
    return max(Decimal(0), before + hours - max(limit, before))


def _line(work: Work, pay_class: str, hours: Decimal, rate: Decimal) -> Priced:
    worked, hourly = Hours(hours), HourlyRate(rate)
    amount = pay(worked, hourly).quantize(CENT, ROUND_HALF_UP)
    return Priced(work, pay_class, worked, hourly, amount)
