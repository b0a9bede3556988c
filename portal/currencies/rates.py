"""Dated rates of currencies, and sums of several currencies told in one; pure.

On a day the latest rate from that day or before counts. Each amount is rounded half up once; a sum
with an amount that has no rate is not defined, and says which currency lacks one.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ONE = Decimal(1)


class NoRate(ValueError):
    """A currency has no rate on a day."""

    def __init__(self, currency: str, day: date) -> None:
        super().__init__(currency, day)
        self.currency, self.day = currency, day


@dataclass(frozen=True, slots=True)
class Rate:
    """What one of a currency is worth in the other, from a day on."""

    currency: str
    since: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Converted:
    """A sum in one currency: `value` is None where a rate is missing.

    `rates` are those used, each with its day; `missing` the currencies without one.
    """

    currency: str
    day: date
    value: Decimal | None
    rates: Sequence[Rate] = ()
    missing: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates into one currency, `into`, by currency in the order of their days."""

    into: str
    by_currency: Mapping[str, Sequence[Rate]] = field(default_factory=dict)

    def on(self, currency: str, day: date) -> Rate:
        """The rate that counts on a day. Raises NoRate where none is from then or before."""
        if currency == self.into:
            return Rate(currency, day, ONE)
        known = self.by_currency.get(currency, ())
        place = bisect_right([one.since for one in known], day)
        if not place:
            raise NoRate(currency, day)
        return known[place - 1]

    def told(self, amounts: Mapping[str, Decimal], day: date) -> Converted:
        """Amounts by currency as one sum; nothing of a currency asks for no rate."""
        total, used, missing = Decimal(0), [], []
        for currency, amount in sorted(amounts.items()):
            if not amount:
                continue
            try:
                rate = self.on(currency, day)
            except NoRate:
                missing.append(currency)
                continue
            total += (amount * rate.value).quantize(CENT, ROUND_HALF_UP)
            if currency != self.into:
                used.append(rate)
        return Converted(self.into, day, None if missing else total, used, missing)


def rates(into: str, known: Iterable[Rate]) -> Rates:
    """The rates in order."""
    found: dict[str, list[Rate]] = {}
    for one in sorted(known, key=lambda rate: (rate.currency, rate.since)):
        found.setdefault(one.currency, []).append(one)
    return Rates(into, found)


def joined(every: Iterable[Converted]) -> tuple[list[Rate], list[str]]:
    """The rates and the missing currencies of several sums, each once."""
    used: dict[str, Rate] = {}
    missing: dict[str, None] = {}
    for one in every:
        used.update({rate.currency: rate for rate in one.rates})
        missing.update(dict.fromkeys(one.missing))
    return [used[key] for key in sorted(used)], sorted(missing)
