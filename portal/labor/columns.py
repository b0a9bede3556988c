"""The columns of the day-labor center: hours booked, what is owed for them, what of it was paid.

Hours are what was booked; labor-days are made of summed hours and never rounded, so that all of
them add up as shown. What is owed comes from accrual runs, what was paid from the funds ledger.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from portal.ledgers.columns import PRESENT, Column, Term, Values

LABOR, FUNDS = "labor_entry", "funds_entry"
STANDARD_HOURS = Decimal(8)

_BOOKED: Mapping[str, Values] = {"kind": ("booked",)}
_SIGNED = (Term(1, {**_BOOKED, "signed": (True,)}),)
_UNSIGNED = (Term(1, {**_BOOKED, "signed": (False,)}),)
_ALL = (Term(1, _BOOKED),)

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
    "signed_amount",
    _l("Signed amount"),
    _l("What signed tickets estimate; what is owed for them says the accrual"),
    LABOR,
    _SIGNED,
)
UNSIGNED_AMOUNT = Column(
    "unsigned_amount",
    _l("Unsigned"),
    _l("What tickets that wait for a signature estimate: unsigned work may stay unpaid"),
    LABOR,
    _UNSIGNED,
)
ACCRUED = Column(
    "accrued",
    _l("Accrued"),
    _l("What approved accruals owe for signed hours"),
    LABOR,
    (Term(1, {"kind": ("accrued",)}),),
)
RECOVERABLE = Column(
    "recoverable",
    _l("Recoverable"),
    _l("Accrued on tickets that the owner signed and a change pays"),
    LABOR,
    (Term(1, {"kind": ("accrued",), "billable": (True,)}),),
)
AT_RISK = Column(
    "at_risk",
    _l("At risk"),
    _l("Accrued − recoverable: no owner's signature for a change stands behind it"),
    LABOR,
    (Term(1, {"kind": ("accrued",), "billable": (False,)}),),
)


def _wages(key: str, label: object, meaning: object, *stages: tuple[int, str]) -> Column:
    """Money of workers: whatever the funds ledger has with a worker's name."""
    terms = tuple(Term(weight, {"stage": (s,), "worker_id": PRESENT}) for weight, s in stages)
    return Column(key, label, meaning, FUNDS, terms)


ADVANCES = _wages(
    "advances", _l("Wage advances"), _l("Paid to workers before their wages"), (1, "advance")
)
PAID = _wages(
    "paid",
    _l("Paid"),
    _l("Wages paid, advances not counted"),
    (1, "cash"),
    (-1, "advance"),
)
UNPAID = replace(
    _wages(
        "unpaid",
        _l("Unpaid balance"),
        _l("Accrued − wage advances − paid"),
        (1, "certified"),
        (-1, "cash"),
    ),
    warns=True,
)

COLUMNS: tuple[Column, ...] = (SIGNED_DAYS, UNSIGNED_DAYS, SIGNED_AMOUNT, UNSIGNED_AMOUNT)
GRID: tuple[Column, ...] = (HOURS, SIGNED_DAYS, UNSIGNED_DAYS)
PRICED: tuple[Column, ...] = (DAYS, ACCRUED, RECOVERABLE, AT_RISK)
MONEY: tuple[Column, ...] = (ADVANCES, PAID, UNPAID)
WAGES: tuple[Column, ...] = (DAYS, ACCRUED, ADVANCES, PAID, UNPAID, RECOVERABLE, AT_RISK)
EVERY: tuple[Column, ...] = (HOURS, DAYS, *COLUMNS, ACCRUED, RECOVERABLE, AT_RISK, *MONEY)


def labor_days(hours: Decimal) -> Decimal:
    """Labor-days of so many hours, exact."""
    return hours / STANDARD_HOURS
