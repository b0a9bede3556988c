"""All projects of the portfolio as one row in the company's currency, at the rates of a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from portal.currencies.queries import company_today, current_rates
from portal.currencies.rates import Converted, Rate, joined
from portal.currencies.telling import rates_sentence
from portal.ledgers.columns import Column
from portal.portfolio.queries import Total

MONEY = "money"


@dataclass(frozen=True, slots=True)
class InOne:
    """The totals of every currency as one; a column that is no money (a share) has none, and
    neither has what is at risk where the viewer may not see it.
    """

    currency: str
    day: date
    cost: Mapping[str, Converted | None]
    paying: Mapping[str, Converted]
    receiving: Mapping[str, Converted]
    at_risk: Converted | None
    rates: Sequence[Rate]
    missing: Sequence[str]

    @property
    def sentence(self) -> str:
        """The rates in words."""
        return rates_sentence(self)


def in_one(totals: Sequence[Total], columns: Sequence[Column], now: datetime) -> InOne | None:
    """The row below the totals; None where all of it is in the company's currency anyway."""
    used = {one.currency for one in totals}
    if not used:
        return None
    known, day = current_rates(), company_today(now)
    if used == {known.into}:
        return None

    def told(values: Mapping[str, Decimal]) -> Converted:
        return known.told(values, day)

    cost = {
        one.key: told({each.currency: each.cost[one.key] for each in totals})
        if one.unit == MONEY
        else None
        for one in columns
    }
    paying, receiving = (
        {
            key: told({each.currency: getattr(each, side)[key] for each in totals})
            for key in ("paid", "due", "loose")
        }
        for side in ("paying", "receiving")
    )
    risks = {each.currency: each.at_risk for each in totals if each.at_risk is not None}
    at_risk = told(risks) if len(risks) == len(totals) else None
    every = [
        *(one for one in cost.values() if one),
        *paying.values(),
        *receiving.values(),
        *([at_risk] if at_risk else ()),
    ]
    rates, missing = joined(every)
    return InOne(known.into, day, cost, paying, receiving, at_risk, rates, missing)
