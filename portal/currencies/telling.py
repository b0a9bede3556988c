"""Rates in words: those a sum was told by with their days, and what lacks one."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from portal.currencies.rates import Rate
from portal.web.filters import day, quantity
from portal.web.words import gettext as _

PLACES = 6


class ByRates(Protocol):
    """Sums told in one currency at the rates of a day."""

    @property
    def currency(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def rates(self) -> Sequence[Rate]: ...
    @property
    def missing(self) -> Sequence[str]: ...


def rates_sentence(one: ByRates) -> str:
    """The rates used and their days, and which currencies have none."""
    parts = [_rate(rate, one.currency) for rate in one.rates]
    parts += [_("no rate for %(currency)s", currency=currency) for currency in one.missing]
    if not parts:
        return _(
            "In %(currency)s: no rate is needed, there is nothing yet in any other currency.",
            currency=one.currency,
        )
    head = _("In %(currency)s by the rates of %(day)s:", currency=one.currency, day=day(one.day))
    return f"{head} {'; '.join(parts)}"


def lacks(missing: Sequence[str]) -> str:
    """Why a sum is not defined."""
    listed = _(", ").join(missing)
    return _("Not defined: no rate for %(currencies)s", currencies=listed)


def _rate(rate: Rate, into: str) -> str:
    return _(
        "1 %(currency)s = %(rate)s %(into)s since %(day)s",
        currency=rate.currency,
        rate=quantity(rate.value, places=PLACES),
        into=into,
        day=day(rate.since),
    )
