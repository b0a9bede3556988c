"""What registers may not say of currencies: prices in unknown ones, rates of the company's own."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.currencies.queries import REGISTER, known_currencies, own_currency, title
from portal.errors import N_, FieldError, Invalid, Message
from portal.forms.fieldpaths import cell_path
from portal.records.transitions import APPROVED, RETIRED, SUBMITTED, Transition
from portal.standards import NO_CURRENCY, is_currency_code

PARTY, OPENING, RATES = "party", "project_opening", "rates"
UNKNOWN = N_("%(item)s: “%(currency)s” is no currency of the company. Enter it in “%(register)s”.")
NOT_KNOWN = N_("“%(currency)s” is no currency of the company. Enter it in “%(register)s”.")
OWN = N_("%(currency)s is the company's own currency, always worth one: it has no rates.")
Data = Mapping[str, Any]


def on_transition(transition: Transition) -> None:
    """Refuse what a register would say wrong, row by row. Raises Invalid.

    As with rates, the first entry of the register makes it binding for prices, and for projects
    that are to be opened.
    """
    errors = list(_errors(transition))
    if errors:
        raise Invalid(errors[0].message, errors)


def _errors(transition: Transition) -> Iterator[FieldError]:
    record, after = transition.record, transition.after
    if record.form == OPENING and after == SUBMITTED:
        yield from _unknown_of_project(record.data)
    elif after == APPROVED and transition.before != RETIRED:
        found = {REGISTER: _own_rates, PARTY: _unknown}.get(record.form)
        yield from found(record.data) if found else ()


def _unknown_of_project(data: Data) -> Iterator[FieldError]:
    currency, known = str(data.get("currency") or ""), known_currencies(in_use=True)
    if not is_currency_code(currency):
        yield NO_CURRENCY
    elif known is not None and currency not in known:
        message = Message(NOT_KNOWN, {"currency": currency, "register": title()})
        yield FieldError("currency", "unknown_currency", message)


def _own_rates(data: Data) -> Iterator[FieldError]:
    if str(data.get("code") or "").upper() != own_currency():
        return
    for row in data.get(RATES) or ():
        message = Message(OWN, {"currency": own_currency()})
        yield FieldError(cell_path(RATES, str(row["_id"]), "rate"), "own_currency", message)


def _unknown(data: Data) -> Iterator[FieldError]:
    rows = data.get(RATES) or ()
    known = known_currencies() if rows else None
    for row in rows:
        currency = str(row.get("currency") or "")
        if known is None or currency in known:
            continue
        args = {"item": row.get("item"), "currency": currency, "register": title()}
        path = cell_path(RATES, str(row["_id"]), "currency")
        yield FieldError(path, "unknown_currency", Message(UNKNOWN, args))
