"""The columns of the cost sheet (per project and cost code, excluding tax)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from flask_babel import lazy_gettext as _l

from portal.ledgers.columns import ABSENT, Column, formula, total

COST = "cost_entry"

Standing = Literal["within", "over_committed", "overspent"]

BUDGET = total(
    "budget",
    _l("Budget"),
    _l("Original budget and transfers between codes"),
    ledger=COST,
    bucket=("budget_orig", "budget_transfer"),
)
CHANGES = total(
    "changes",
    _l("Approved changes"),
    _l("Budget moved by approved changes"),
    ledger=COST,
    bucket=("budget_change",),
)
REVISED = formula(
    "revised",
    _l("Revised budget"),
    _l("Budget + approved changes"),
    plus=(BUDGET, CHANGES),
)
PENDING = total(
    "pending",
    _l("Pending changes"),
    _l("Budget that changes still in approval ask for"),
    ledger=COST,
    bucket=("budget_pending",),
)
COMMITTED = total(
    "committed",
    _l("Committed"),
    _l("Contracts and their approved changes, at full value"),
    ledger=COST,
    bucket=("commit", "commit_change"),
)
PENDING_COST = total(
    "pending_cost",
    _l("Pending cost"),
    _l("Cost that changes and contracts still in approval would commit"),
    ledger=COST,
    bucket=("commit_pending",),
)
ACTUAL = total(
    "actual",
    _l("Actual"),
    _l("Cost incurred, under contracts or directly"),
    ledger=COST,
    bucket=("actual",),
)
DIRECT = total(
    "direct",
    _l("Direct cost"),
    _l("Actual cost under no contract"),
    ledger=COST,
    bucket=("actual",),
    contract_id=ABSENT,
)
LEFT = formula(
    "left",
    _l("Left"),
    _l("Revised budget − committed − actual cost under no contract"),
    plus=(REVISED,),
    minus=(COMMITTED, DIRECT),
    warns=True,
)

COLUMNS: tuple[Column, ...] = (
    BUDGET,
    CHANGES,
    REVISED,
    PENDING,
    COMMITTED,
    PENDING_COST,
    ACTUAL,
    LEFT,
)
HEADLINES: tuple[Column, ...] = (REVISED, COMMITTED, ACTUAL, LEFT)
EVERY: tuple[Column, ...] = (*COLUMNS, DIRECT)


def standing(values: Mapping[str, Decimal]) -> Standing:
    """How a budget stands: spent beyond it, bound beyond it by contracts and spending, or within.

    `values` by column key; needs revised, actual and left.
    """
    if values["actual"] > values["revised"]:
        return "overspent"
    return "over_committed" if values["left"] < 0 else "within"
