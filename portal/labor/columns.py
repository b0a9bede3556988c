"""The columns of the day-labor summary: hours, labor-days and amounts, signed and unsigned.

Hours are what was booked; labor-days are made of summed hours and never rounded, so that all of
them add up as shown.
"""

from decimal import Decimal

from flask_babel import lazy_gettext as _l

from portal.ledgers.columns import Column, Term

LABOR = "labor_entry"
STANDARD_HOURS = Decimal(8)

_SIGNED = (Term(1, {"signed": (True,)}),)
_UNSIGNED = (Term(1, {"signed": (False,)}),)
_ALL = (Term(1, {}),)

HOURS = Column(
    "hours",
    _l("Hours"),
    _l("Hours of all tickets, signed or not"),
    LABOR,
    _ALL,
    measure="hours",
    unit="hours",
)
DAYS = Column(
    "days",
    _l("Labor-days"),
    _l("Hours ÷ 8"),
    LABOR,
    _ALL,
    measure="hours",
    unit="labor_days",
)
SIGNED_DAYS = Column(
    "signed_days",
    _l("Signed labor-days"),
    _l("Hours of signed tickets ÷ 8"),
    LABOR,
    _SIGNED,
    measure="hours",
    unit="labor_days",
)
UNSIGNED_DAYS = Column(
    "unsigned_days",
    _l("Unsigned labor-days"),
    _l("Hours of tickets that wait for a signature ÷ 8"),
    LABOR,
    _UNSIGNED,
    measure="hours",
    unit="labor_days",
)
SIGNED_AMOUNT = Column(
    "signed_amount", _l("Signed amount"), _l("Amount of signed tickets"), LABOR, _SIGNED
)
AT_RISK = Column(
    "at_risk",
    _l("At risk"),
    _l("Amount of tickets that wait for a signature: unsigned work may stay unpaid"),
    LABOR,
    _UNSIGNED,
)

COLUMNS: tuple[Column, ...] = (SIGNED_DAYS, UNSIGNED_DAYS, SIGNED_AMOUNT, AT_RISK)
GRID: tuple[Column, ...] = (HOURS, SIGNED_DAYS, UNSIGNED_DAYS)
EVERY: tuple[Column, ...] = (HOURS, DAYS, *COLUMNS)


def labor_days(hours: Decimal) -> Decimal:
    """Labor-days of so many hours, exact."""
    return hours / STANDARD_HOURS
