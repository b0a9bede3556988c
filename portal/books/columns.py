"""The columns of the months: what was budgeted, committed, spent, certified and paid in each."""

from flask_babel import lazy_gettext as _l

from portal.ledgers.columns import Column, total

COST, FUNDS = "cost_entry", "funds_entry"

BUDGETED = total(
    "budgeted",
    _l("Budget"),
    _l("Budget set or changed, excluding tax"),
    ledger=COST,
    bucket=("budget_orig", "budget_change", "budget_transfer"),
)
COMMITTED = total(
    "committed",
    _l("Committed"),
    _l("Bound by contracts, orders and their changes, excluding tax"),
    ledger=COST,
    bucket=("commit", "commit_change"),
)
ACTUAL = total(
    "actual", _l("Actual cost"), _l("Cost incurred, excluding tax"), ledger=COST, bucket=("actual",)
)


def _money(key: str, label: object, meaning: object, stage: str, direction: str) -> Column:
    return total(key, label, meaning, ledger=FUNDS, stage=(stage,), direction=(direction,))


CERTIFIED_OUT = _money(
    "certified_out", _l("Certified to others"), _l("Including tax"), "certified", "out"
)
PAID = _money("paid_out", _l("Paid"), _l("Money that went out"), "cash", "out")
CERTIFIED_IN = _money("certified_in", _l("Certified to us"), _l("Including tax"), "certified", "in")
RECEIVED = _money("received_in", _l("Received"), _l("Money that came in"), "cash", "in")

OF_COST: tuple[Column, ...] = (BUDGETED, COMMITTED, ACTUAL)
OF_FUNDS: tuple[Column, ...] = (CERTIFIED_OUT, PAID, CERTIFIED_IN, RECEIVED)
EVERY: tuple[Column, ...] = (*OF_COST, *OF_FUNDS)
