"""Dated rules of pay: what an hour of each class is worth, where overtime begins. Pure.

A rule set either pays by the class of the hours (China: 1.5 on working days, 2 on rest days, 3 on
public holidays), or counts hours by day or by week and pays what exceeds its limit (United States:
over 40 hours a week half the regular rate on top of straight pay).
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portal.labor.units import DAY_HOURS, MONTH_DAYS

ONE = Decimal(1)
NORMAL, OVERTIME, PIECE = "normal", "weekday_ot", "piece"
STRAIGHT = "straight"
_CLASSES = {OVERTIME: "overtime_factor", "rest_day": "rest_day_factor", "holiday": "holiday_factor"}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class NoRules(ValueError):
    """No version of a rule set is in force on a day."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


@dataclass(frozen=True, slots=True)
class Rules:
    """One version of a rule set, in force from `valid_from` on.

    `factors` multiply the rate by class of hours, 1 where none is given. `per_day` or `per_week` is
    the limit beyond which straight hours are overtime, paid `over_factor` times the regular rate; a
    week begins on `week_start` (0 is Monday). `day_cap` is the most overtime of a day: what is
    beyond it is paid straight where `pays_cap`, and as overtime otherwise (and told as a conflict).
    A monthly wage is an hourly one by `month_days` of `day_hours`.
    """

    valid_from: date
    factors: Mapping[str, Decimal]
    per_day: Decimal | None = None
    per_week: Decimal | None = None
    over_factor: Decimal = ONE
    week_start: int = 0
    day_cap: Decimal | None = None
    pays_cap: bool = False
    month_days: Decimal = MONTH_DAYS
    day_hours: Decimal = DAY_HOURS

    def factor(self, pay_class: str) -> Decimal:
        """How many times its rate an hour of this class is paid."""
        return self.factors.get(pay_class, ONE)

    @property
    def limit(self) -> Decimal | None:
        """The hours of a day or a week beyond which straight hours are overtime."""
        return self.per_week if self.per_week is not None else self.per_day

    def together(self, day: date) -> date:
        """The day, or the first day of the week, whose hours count together."""
        if self.per_week is None:
            return day
        return day - timedelta(days=(day.weekday() - self.week_start) % 7)


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


def rule_set(raw: Iterable[Mapping[str, Any]]) -> RuleSet:
    """A rule set from its stored versions: numbers as texts, days as `2026-03-01`.

    Members: `valid_from`, `overtime_factor`, `rest_day_factor`, `holiday_factor`; either
    `day_limit` or `week_limit` with `over_factor` and `week_start`; `day_cap` with `beyond_cap`;
    `month_days` and `day_hours`.
    Raises ValueError for both limits at once, two versions of one day, or a factor below one.
    """
    versions = sorted((_version(one) for one in raw), key=lambda one: one.valid_from)
    days = [one.valid_from for one in versions]
    if len(set(days)) != len(days):
        raise ValueError("two versions are in force from one day")
    return RuleSet(versions)


def _version(raw: Mapping[str, Any]) -> Rules:
    factors = {word: Decimal(str(raw.get(name) or 1)) for word, name in _CLASSES.items()}
    per_day, per_week, cap = (
        _number(raw.get(name)) for name in ("day_limit", "week_limit", "day_cap")
    )
    over = Decimal(str(raw.get("over_factor") or 1))
    if per_day is not None and per_week is not None:
        raise ValueError("hours are counted by day or by week, not both")
    if min(over, *factors.values()) < 1:
        raise ValueError("a factor is at least one")
    return Rules(
        date.fromisoformat(raw["valid_from"]),
        factors,
        per_day,
        per_week,
        over,
        _WEEKDAYS.index(raw.get("week_start") or "monday"),
        cap,
        raw.get("beyond_cap") == STRAIGHT,
        _number(raw.get("month_days")) or MONTH_DAYS,
        _number(raw.get("day_hours")) or DAY_HOURS,
    )


def _number(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))
