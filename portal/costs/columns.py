"""The cost sheet in force, and the registers of what is open: commitments, requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from flask_babel import lazy_gettext as _l

from portal import paths
from portal.costs.margin import INCOME
from portal.costs.sheet import COST, OPENED_ON, Sheet, read_sheet
from portal.definitions.catalog import Catalog, current_catalog
from portal.definitions.json_source import read_source
from portal.ledgers.columns import ABSENT, PRESENT, Column, formula, total

SHIPPED = paths.DEFINITIONS / "budget" / "cost.sheet.json"

VALUE = total(
    "contract_value",
    _l("Contract value"),
    _l("The contract or order as signed"),
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
    page=OPENED_ON["contract"],
)
REQUESTED = total(
    "request_value",
    _l("Requested"),
    _l("Approved requests, less what was given up of them"),
    ledger=COST,
    bucket=("commit_request",),
    contract_id=ABSENT,
)
ORDERED = total(
    "request_ordered",
    _l("Ordered"),
    _l("What orders took over, at the price of the request"),
    ledger=COST,
    weight=-1,
    bucket=("commit_request",),
    contract_id=PRESENT,
)
OPEN_REQUESTS = Column(
    "request_open",
    _l("Open"),
    _l("Requested − ordered, never below zero"),
    COST,
    (),
    page=OPENED_ON["request"],
)


@dataclass(frozen=True, slots=True)
class Book:
    """A register of what is open `by` contract or request: `sums` are added up by the ledger,
    `open` is what of one of them (`of`) another one (`less`) left.
    """

    key: str
    by: Literal["contract", "request"]
    sums: tuple[Column, ...]
    of: Column
    less: Column
    open: Column
    title: Any
    owner: Any
    nobody: Any

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of its page."""
        return (*self.sums, self.open)


COMMITMENTS = Book(
    "commitments",
    "contract",
    (VALUE, CHANGES, COMMITTED, PENDING, RECEIVED),
    COMMITTED,
    RECEIVED,
    OPEN,
    _l("Commitments"),
    _l("Contract or order"),
    _l("No contract"),
)
REQUESTS = Book(
    "requests",
    "request",
    (REQUESTED, ORDERED),
    REQUESTED,
    ORDERED,
    OPEN_REQUESTS,
    _l("Purchase requests"),
    _l("Purchase request"),
    _l("No request"),
)


def sheet_in_force() -> Sheet:
    """The sheet as published; while nobody published one, the shipped one."""
    return _sheet_of(current_catalog())


@lru_cache(maxsize=4)
def _sheet_of(catalog: Catalog) -> Sheet:
    raw = catalog.sheet("cost")
    return _shipped() if raw is None else read_sheet(raw)


@cache
def _shipped() -> Sheet:
    return read_sheet(read_source(SHIPPED.read_text(encoding="utf-8")).value)


def leading_to_entries() -> Mapping[str, Column]:
    """Every column by key whose figures lead to entries."""
    register = {one.key: one for one in (*COMMITMENTS.sums, *REQUESTS.sums, INCOME)}
    sheet = sheet_in_force()
    plain = {one.key: one.column for one in sheet.columns if one.cells is not None}
    return register | plain
