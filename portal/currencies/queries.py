"""The rates as the register of currencies has them."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.accounts import queries as accounts
from portal.currencies.rates import Rate, Rates, rates
from portal.db import read_fixed, unscoped
from portal.definitions import queries as definitions
from portal.forms.texts import Text
from portal.records.models import Record
from portal.records.transitions import APPROVED, RETIRED

REGISTER = "currency"
WHY = "rates of the company hold for everybody"


def own_currency() -> str:
    """The company's currency; empty before there is a company."""
    company = accounts.company()
    return company.currency if company is not None else ""


def current_rates() -> Rates:
    """The rates into the company's currency."""
    return binding_rates() or rates(own_currency(), ())


def binding_rates(own: str | None = None) -> Rates | None:
    """The rates that postings need; None where the company keeps no register of currencies.

    The first entry of the register is what makes it binding. `own`: the company's currency where
    that was read before.
    """
    entries = _entries()
    if not entries:
        return None
    return rates(own or own_currency(), [rate for data in entries for rate in _rates(data)])


def known_currencies(*, in_use: bool = False) -> frozenset[str] | None:
    """The company's currency and those of the register, also out of use unless only those `in_use`
    are asked for; None where the company keeps none.
    """
    states = (APPROVED,) if in_use else (APPROVED, RETIRED)
    codes = {str(data.get("code") or "").upper() for data in _entries(states)}
    return frozenset(codes | {own_currency()}) if codes else None


def _entries(states: Collection[str] = (APPROVED, RETIRED)) -> list[Any]:
    """What the register holds. An entry out of use is offered nowhere, its rates go on counting;
    of the same day those of an entry in use come last, and win.
    """
    return [row.data for row in read_fixed(_register, {}) if row.state in states]


_register: Any = unscoped(
    select(Record.state, Record.data)
    .where(Record.form == REGISTER, Record.state.in_((APPROVED, RETIRED)))
    .order_by(Record.state.desc(), Record.id),
    WHY,
)


def _rates(data: Any) -> list[Rate]:
    code = str(data.get("code") or "").upper()
    return [
        Rate(
            code,
            date.fromisoformat(row["from_date"]),
            Decimal(row["rate"]) / Decimal(row.get("per") or 1),
        )
        for row in data.get("rates") or ()
        if row.get("from_date") and row.get("rate")
    ]


def title() -> Text:
    """What the register of rates is called."""
    return definitions.form_titles().get(REGISTER, Text("Currency", "币种"))


def company_today(now: datetime) -> date:
    """The business date of the company."""
    company = accounts.company()
    return clock.date_in(company.zone if company is not None else "UTC", now)
