"""The columns of the contract ledger (per contract and direction, including tax).

What a contract is worth and how much of it is certified; then the money that follows from that.
"""

from dataclasses import replace

from flask_babel import lazy_gettext as _l

from portal.ledgers.columns import ABSENT, PRESENT, Column, Term, formula, total

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
PAID = Column(
    "paid",
    _l("Paid"),
    _l("Money that moved; what was received without a contract is told apart"),
    FUNDS,
    (
        Term(1, {"stage": ("cash",), "direction": ("out",)}),
        Term(1, {"stage": ("cash",), "direction": ("in",), "contract_id": PRESENT}),
    ),
)
LOOSE = total(
    "loose",
    _l("Received without a contract"),
    _l("Money that came in and settles no contract, as from head office"),
    ledger=FUNDS,
    stage=("cash",),
    direction=("in",),
    contract_id=ABSENT,
)
DUE = formula(
    "due",
    _l("To pay"),
    _l("Net due to date − paid"),
    plus=(NET_DUE,),
    minus=(PAID,),
    warns=True,
)
INVOICED = _stage("invoiced", _l("Invoiced"), _l("Invoices, tax included"), "invoiced")
INVOICE_GAP = formula(
    "invoice_gap",
    _l("Invoice gap"),
    _l("Invoiced − paid or received, in either sign"),
    plus=(INVOICED,),
    minus=(PAID,),
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
DETAIL: tuple[Column, ...] = (INVOICED, INVOICE_GAP)  # shown where all columns are asked for
ALL_COLUMNS: tuple[Column, ...] = (*COLUMNS, *DETAIL)
HEADLINES: tuple[Column, ...] = (CURRENT, CERTIFIED, RETENTION, ADVANCE_OPEN, NET_DUE, PAID, DUE)
_MOVES = ("cash", "deposit", "transfer")


def _signed(key: str, label: object, meaning: object, stages: tuple[str, ...]) -> Column:
    """What comes in at these stages, less what goes out."""
    terms = (
        Term(1, {"stage": stages, "direction": ("in",)}),
        Term(-1, {"stage": stages, "direction": ("out",)}),
    )
    return Column(key, label, meaning, FUNDS, terms, warns=True)


BALANCE = _signed(
    "balance",
    _l("Balance"),
    _l("Opening balances + receipts − payments, deposits and transfers included"),
    _MOVES,
)
CARRIED = _signed(
    "carried",
    _l("Opening balances and transfers"),
    _l("What accounts began with, and what moved between them"),
    ("transfer",),
)
MOVED_IN = total(
    "moved_in",
    _l("Received"),
    _l("Money that came in"),
    ledger=FUNDS,
    stage=("cash", "deposit"),
    direction=("in",),
)
MOVED_OUT = total(
    "moved_out",
    _l("Paid"),
    _l("Money that went out"),
    ledger=FUNDS,
    stage=("cash", "deposit"),
    direction=("out",),
)
PLANNED_IN = total(
    "planned_in",
    _l("Planned in"),
    _l("What approved plans expect to come in"),
    ledger=FUNDS,
    stage=("plan",),
    direction=("in",),
)
PLANNED_OUT = total(
    "planned_out",
    _l("Planned out"),
    _l("What approved plans expect to go out"),
    ledger=FUNDS,
    stage=("plan",),
    direction=("out",),
)
DEPOSITED = _signed(
    "deposited", _l("Deposits"), _l("Deposits returned − deposits paid"), ("deposit",)
)
COLLECTED = total(
    "collected",
    _l("Received on contracts"),
    _l("Receipts on contracts that pay us"),
    ledger=FUNDS,
    stage=("cash",),
    direction=("in",),
    contract_id=PRESENT,
)
PAID_ON = total(
    "paid_on_contracts",
    _l("Paid on contracts"),
    _l("Payments on contracts we pay"),
    ledger=FUNDS,
    stage=("cash",),
    direction=("out",),
    contract_id=PRESENT,
)
CERTIFIED_ON = total(
    "certified_on_contracts",
    _l("Certified on contracts"),
    _l("Work certified on contracts we pay"),
    ledger=FUNDS,
    stage=("certified",),
    direction=("out",),
    contract_id=PRESENT,
)
BUDGETED = total(
    "budgeted",
    _l("Revised budget"),
    _l("Budget, its changes and transfers, without tax"),
    ledger="cost_entry",
    bucket=("budget_orig", "budget_change", "budget_transfer"),
)
CONSUMED = total(
    "consumed",
    _l("Actual cost"),
    _l("Actual cost, without tax"),
    ledger="cost_entry",
    bucket=("actual",),
)
CASH: tuple[Column, ...] = (
    COLLECTED,
    PAID_ON,
    CERTIFIED_ON,
    BALANCE,
    CARRIED,
    MOVED_IN,
    MOVED_OUT,
    PLANNED_IN,
    PLANNED_OUT,
    INVOICED,
    DEPOSITED,
)
EVERY: tuple[Column, ...] = (*COLUMNS, INVOICE_GAP, LOOSE, DEDUCTED, *CASH)
SOURCES: tuple[Column, ...] = (BUDGETED, CONSUMED)
