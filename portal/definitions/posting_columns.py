"""The ledgers' columns as posting rules see them: what must be bound, to what kind of value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.expressions.kinds import Kind

BUCKETS = (
    "budget_orig",
    "budget_change",
    "budget_transfer",
    "budget_pending",
    "commit_request",
    "commit",
    "commit_change",
    "commit_pending",
    "actual",
    "forecast_adj",
)
STAGES = (
    "contract",
    "contract_change",
    "plan",
    "claim",
    "invoiced",
    "certified",
    "advance",
    "advance_recovery",
    "retention_hold",
    "retention_release",
    "deduction",
    "cash",
    "deposit",
    "transfer",
)
OF_A_CONTRACT = ("contract", "contract_change", "retention_hold", "retention_release")
LABOR_KINDS = ("booked", "accrued")
PAY_CLASSES = ("normal", "weekday_ot", "rest_day", "holiday", "piece")
READINGS = ("planned", "forecast", "actual", "shift", "progress")
DIRECTIONS = ("in", "out")
CONTRACTS = ("contract", "purchase_order")
"""What binds the company: whatever is relieved or paid, is so contract by contract."""
MERGED = ("party", "worker")
"""Columns by which figures of an entry that was merged into another are read as the other's."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a ledger.

    `kinds` are the kinds of expression it takes; a closed list (`words`) takes a bare constant,
    or an expression that is a choice of exactly such words. `targets` names the registers a
    reference may lead to (none: any record), `unit` the unit a quantity must have.
    """

    kinds: tuple[Kind, ...]
    required: bool = True
    words: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    unit: str | None = None


def _words(words: tuple[str, ...]) -> Column:
    return Column(("text", "choice"), words=words)


def _record(*targets: str, required: bool = True) -> Column:
    return Column(("record",), required, targets=targets)


_MONEY = Column(("money",))
_CURRENCY = Column(("text", "choice"))
_DAY = Column(("date",))

LEDGERS: Mapping[str, Mapping[str, Column]] = {
    "cost_entry": {
        "bucket": _words(BUCKETS),
        "cost_code": _record("cost_code"),
        "wbs": _record("wbs", required=False),
        "party": _record("party", required=False),
        "contract": _record(*CONTRACTS, required=False),
        "request": _record("purchase_request", required=False),
        "contract_line": Column(("text", "choice"), required=False),
        "qty": Column(("quantity", "decimal", "integer"), required=False),
        "unit": Column(("text", "choice"), required=False),
        "amount": _MONEY,
        "ccy": _CURRENCY,
        "effective_on": _DAY,
        "spread_from": Column(("date",), required=False),
        "spread_until": Column(("date",), required=False),
    },
    "funds_entry": {
        "stage": _words(STAGES),
        "direction": _words(DIRECTIONS),
        "contract": _record(*CONTRACTS, required=False),
        "party": _record("party", required=False),
        "worker": _record("worker", required=False),
        "team": _record("team", required=False),
        "account": _record("bank_account", required=False),
        "category": Column(("text", "choice"), required=False),
        "settles": Column(("record",), required=False),
        "amount": _MONEY,
        "tax": Column(("money",), required=False),
        "ccy": _CURRENCY,
        "effective_on": _DAY,
        "due_on": Column(("date",), required=False),
    },
    "labor_entry": {
        "worker": _record("worker"),
        "team": _record("team", required=False),
        "work_date": _DAY,
        "pay_class": _words(PAY_CLASSES),
        "hours": Column(("quantity",), unit="h"),
        "days": Column(("quantity",), required=False, unit="d"),
        "qty": Column(("quantity", "decimal", "integer"), required=False),
        "unit": Column(("text", "choice"), required=False),
        "rate": _MONEY,
        "amount": _MONEY,
        "ccy": _CURRENCY,
        "signed": Column(("yes_no",)),
        "kind": Column(("text", "choice"), required=False, words=LABOR_KINDS),
        "billable": Column(("yes_no",), required=False),
        "cost_code": _record("cost_code", required=False),
        "wbs": _record("wbs", required=False),
        "prices": _record("day_labor", required=False),
    },
    "progress_entry": {
        "milestone": _record("milestone", required=False),
        "task": _record("task", required=False),
        "reading": _words(READINGS),
        "as_of": _DAY,
        "on_date": Column(("date",), required=False),
        "days": Column(("integer",), required=False),
        "percent": Column(("percent",), required=False),
        "qty": Column(("quantity", "decimal", "integer"), required=False),
        "remaining": Column(("quantity", "decimal", "integer"), required=False),
        "started_on": Column(("date",), required=False),
        "finished_on": Column(("date",), required=False),
    },
}


def is_demanded(ledger: str, name: str, stages: Iterable[object]) -> bool:
    """Whether a column must be set, given the stages money may be at.

    A contract amount or a retention means nothing without the contract.
    """
    if ledger == "funds_entry" and name == "contract":
        return any(stage in OF_A_CONTRACT for stage in stages)
    return LEDGERS[ledger][name].required
