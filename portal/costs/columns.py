"""The cost sheet in force, and the columns of the register of commitments."""

from collections.abc import Mapping
from functools import cache

from flask_babel import lazy_gettext as _l

from portal import paths
from portal.costs.margin import INCOME
from portal.costs.sheet import COMMITMENTS, COST, Sheet, read_sheet
from portal.definitions.catalog import current_catalog
from portal.definitions.json_source import read_source
from portal.ledgers.columns import PRESENT, Column, formula, total

SHIPPED = paths.DEFINITIONS / "budget" / "cost.sheet.json"

VALUE = total(
    "contract_value",
    _l("Contract value"),
    _l("The contract as signed"),
    ledger=COST,
    bucket=("commit",),
)
CHANGES = total(
    "contract_changes",
    _l("Approved changes"),
    _l("Approved changes of the contract"),
    ledger=COST,
    bucket=("commit_change",),
)
COMMITTED = formula(
    "contract_committed",
    _l("Committed"),
    _l("Contract value + changes"),
    plus=(VALUE, CHANGES),
)
PENDING = total(
    "contract_pending",
    _l("Pending"),
    _l("Changes still in approval"),
    ledger=COST,
    bucket=("commit_pending",),
)
RECEIVED = total(
    "contract_actual",
    _l("Actual"),
    _l("Cost incurred under the contract"),
    ledger=COST,
    bucket=("actual",),
    contract_id=PRESENT,
)
OPEN = Column(
    "contract_open",
    _l("Open"),
    _l("Committed − actual, never below zero"),
    COST,
    (),
    page=COMMITMENTS,
)
REGISTER: tuple[Column, ...] = (VALUE, CHANGES, COMMITTED, PENDING, RECEIVED)


def sheet_in_force() -> Sheet:
    """The sheet as published; while nobody published one, the shipped one."""
    raw = current_catalog().sheet("cost")
    return _shipped() if raw is None else read_sheet(raw)


@cache
def _shipped() -> Sheet:
    return read_sheet(read_source(SHIPPED.read_text(encoding="utf-8")).value)


def leading_to_entries() -> Mapping[str, Column]:
    """Every column by key whose figures lead to entries."""
    register = {one.key: one for one in (*REGISTER, INCOME)}
    sheet = sheet_in_force()
    plain = {one.key: one.column for one in sheet.columns if one.cells is not None}
    return register | plain
