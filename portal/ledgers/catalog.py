"""The ledgers' columns at run time: where each is kept, what stands there when a rule is silent.

What a rule may bind to a column is declared once, in portal.definitions.posting_columns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from portal.definitions.posting_columns import LEDGERS as DECLARED
from portal.definitions.posting_columns import Column

Default = Literal["", "project_currency", "transition_day", "booked", "no", "none", "hour"]

_DEFAULTS: Mapping[str, Default] = {
    "ccy": "project_currency",
    "effective_on": "transition_day",
    "kind": "booked",
    "billable": "no",
}
_OF_LABOR: Mapping[str, Default] = {"days": "none", "qty": "none", "unit": "hour"}
_PLACES: Mapping[str, int] = {
    "amount": 2,
    "tax": 2,
    "rate": 4,
    "qty": 4,
    "hours": 4,
    "percent": 4,
    "remaining": 4,
}
_MOVING: Mapping[str, tuple[str, ...]] = {"shift": ("days",), "progress": ("task",)}
_MEASURES: Mapping[str, tuple[str, ...]] = {
    "cost_entry": ("qty", "amount"),
    "funds_entry": ("amount", "tax"),
    "labor_entry": ("hours", "days", "qty", "amount"),
    "progress_entry": ("days",),
}


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """One column a rule may set.

    `attribute` is its name in the table, `places` the decimal places kept (None: no decimal),
    `default` what stands there when the rule is silent.
    """

    name: str
    declared: Column
    attribute: str
    default: Default
    places: int | None

    @property
    def is_record(self) -> bool:
        return "record" in self.declared.kinds


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger: its columns by name, and the amounts that a reversal negates."""

    name: str
    columns: Mapping[str, LedgerColumn]
    measures: tuple[str, ...]

    def moving(self, columns: Mapping[str, Any]) -> tuple[str, ...]:
        """The columns of which one has to differ from zero for a line to mean anything."""
        if columns.get("bucket") == "forecast_adj":
            return ("cost_code",)  # that nothing more is to come is a forecast, too
        if self.name != "progress_entry":
            return self.measures
        return _MOVING.get(columns.get("reading", ""), ("on_date",))


def _column(name: str, declared: Column, of_labor: bool) -> LedgerColumn:
    default = _OF_LABOR.get(name, "") if of_labor else ""
    return LedgerColumn(
        name=name,
        declared=declared,
        attribute=f"{name}_id" if "record" in declared.kinds else name,
        default=default or _DEFAULTS.get(name, ""),
        places=4 if default == "none" else _PLACES.get(name),
    )


def _ledger(name: str, columns: Mapping[str, Column]) -> Ledger:
    of_labor = name == "labor_entry"
    known = {key: _column(key, column, of_labor) for key, column in columns.items()}
    if "effective_on" not in known:
        known["effective_on"] = _column("effective_on", Column(("date",), required=False), False)
    return Ledger(name, known, _MEASURES[name])


LEDGERS: Mapping[str, Ledger] = {name: _ledger(name, columns) for name, columns in DECLARED.items()}
