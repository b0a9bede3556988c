"""How near the plan came to what happened: 1 − |plan − actual| ÷ plan; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.funds.money import NOTHING
from portal.funds.projection import Month


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Of the months that are over and were planned; in and out are compared apart."""

    months: Sequence[Month]

    @property
    def planned(self) -> Decimal:
        return sum((one.planned_in + one.planned_out for one in self.months), NOTHING)

    @property
    def missed(self) -> Decimal:
        return sum((missed_by(one) for one in self.months), NOTHING)

    @property
    def share(self) -> Decimal | None:
        """Not below zero; not defined while no planned month is over."""
        if self.planned <= 0:
            return None
        return max(NOTHING, 1 - self.missed / self.planned)


def missed_by(month: Month) -> Decimal:
    """By how much a month went beside its plan, in and out."""
    into = abs(month.planned_in - month.actual_in)
    return into + abs(month.planned_out - month.actual_out)


def accuracy_of(months: Sequence[Month], today: date) -> Accuracy:
    """The months before this one for which something was planned."""
    this = today.replace(day=1)
    return Accuracy([m for m in months if m.first < this and (m.planned_in or m.planned_out)])
