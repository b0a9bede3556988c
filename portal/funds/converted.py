"""The figures at the head of a page of several currencies, told in the company's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from portal.currencies.queries import company_today, current_rates
from portal.currencies.rates import Converted, Rate, Rates, joined
from portal.currencies.telling import rates_sentence
from portal.funds.tables import Block


@dataclass(frozen=True, slots=True)
class InOne:
    """What adds up over currencies, by label; the rates used, and the currencies that lack one."""

    currency: str
    day: date
    figures: Sequence[tuple[str, Converted]]
    rates: Sequence[Rate]
    missing: Sequence[str]
    several: bool = True

    @property
    def sentence(self) -> str:
        """The rates in words."""
        return rates_sentence(self)


def in_one(blocks: Sequence[Block], now: datetime) -> InOne | None:
    """The blocks of a page in the company's currency; None where they are in it anyway.

    Only figures that add up: the lowest balances of two currencies lie on days of their own.
    """
    used = {one.currency for one in blocks}
    if not used:
        return None
    known = current_rates()
    if used == {known.into}:
        return None
    return told(blocks, known, company_today(now))


def told(blocks: Sequence[Block], known: Rates, day: date) -> InOne | None:
    """The same with these rates on a day."""
    amounts: dict[str, dict[str, Decimal]] = {}
    for block in blocks:
        for stat in block.stats:
            if stat.adds and stat.value is not None:
                amounts.setdefault(stat.label, {})[block.currency] = stat.value
    figures = [(label, known.told(each, day)) for label, each in amounts.items()]
    if not figures:
        return None
    used, missing = joined(one for _label, one in figures)
    several = len({block.currency for block in blocks}) > 1
    return InOne(known.into, day, figures, used, missing, several)
