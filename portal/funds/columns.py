"""The columns of the contract ledger (per contract and direction, including tax).

What a contract is worth and how much of it is certified; then the money that follows from that.
"""

from dataclasses import replace

from flask_babel import lazy_gettext as _l

from portal.ledgers.columns import Column, formula, total

FUNDS = "funds_entry"


def _stage(key: str, label: object, meaning: object, stage: str) -> Column:
    return total(key, label, meaning, ledger=FUNDS, stage=(stage,))


ORIGINAL = _stage("original", _l("Contract amount"), _l("As signed"), "contract")
CHANGED = _stage(
    "changed",
    _l("Approved changes"),
    _l("What approved changes added to the contract amount, or took from it"),
    "contract_change",
)
CURRENT = formula(
    "current",
    _l("Current contract amount"),
    _l("Contract amount + approved changes"),
    plus=(ORIGINAL, CHANGED),
)
CLAIMED = _stage("claimed", _l("In approval"), _l("Applied for and not yet decided"), "claim")
CERTIFIED = _stage(
    "certified", _l("Certified"), _l("Work and changes certified to date"), "certified"
)
ADVANCE_PAID = _stage(
    "advance_paid", _l("Advance paid"), _l("Paid before the work was done"), "advance"
)
ADVANCE_RECOVERED = _stage(
    "advance_recovered",
    _l("Advance recovered"),
    _l("Deducted from certificates to date"),
    "advance_recovery",
)
ADVANCE_OPEN = formula(
    "advance_open",
    _l("Advance open"),
    _l("Advance paid − advance recovered"),
    plus=(ADVANCE_PAID,),
    minus=(ADVANCE_RECOVERED,),
    warns=True,
)
RETENTION_HELD = _stage(
    "retention_held", _l("Retention held"), _l("Withheld from certificates"), "retention_hold"
)
RETENTION_RELEASED = _stage(
    "retention_released",
    _l("Retention released"),
    _l("Retention that became payable"),
    "retention_release",
)
RETENTION = formula(
    "retention",
    _l("Retention outstanding"),
    _l("Retention held − retention released"),
    plus=(RETENTION_HELD,),
    minus=(RETENTION_RELEASED,),
    warns=True,
)
DEDUCTED = _stage("deducted", _l("Deductions"), _l("Other deductions"), "deduction")
NET_DUE = formula(
    "net_due",
    _l("Net due to date"),
    _l(
        "Certified + advance paid − advance recovered − retention held + retention released "
        "− deductions"
    ),
    plus=(CERTIFIED, ADVANCE_PAID, RETENTION_RELEASED),
    minus=(ADVANCE_RECOVERED, RETENTION_HELD, DEDUCTED),
)
PAID = _stage("paid", _l("Paid"), _l("Money that moved"), "cash")
DUE = formula(
    "due",
    _l("To pay"),
    _l("Net due to date − paid"),
    plus=(NET_DUE,),
    minus=(PAID,),
    warns=True,
)

_INWARD = {
    "advance_paid": _l("Advance received"),
    "advance_recovered": _l("Advance deducted"),
    "paid": _l("Received"),
    "due": _l("To receive"),
}


def titled(column: Column, direction: str) -> Column:
    """The column as money that comes in calls it: received instead of paid."""
    if direction != "in" or column.key not in _INWARD:
        return column
    return replace(column, label=_INWARD[column.key])


WORTH: tuple[Column, ...] = (ORIGINAL, CHANGED, CURRENT, CLAIMED, CERTIFIED)
LEDGER: tuple[Column, ...] = (
    ADVANCE_PAID,
    ADVANCE_RECOVERED,
    ADVANCE_OPEN,
    RETENTION_HELD,
    RETENTION_RELEASED,
    RETENTION,
    NET_DUE,
    PAID,
    DUE,
)
COLUMNS: tuple[Column, ...] = (*WORTH, *LEDGER)
HEADLINES: tuple[Column, ...] = (CURRENT, CERTIFIED, RETENTION, ADVANCE_OPEN, PAID, DUE)
EVERY: tuple[Column, ...] = (*COLUMNS, DEDUCTED)
