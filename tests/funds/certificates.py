"""Applications of one contract, filed one after the other through the shipped form alone.

No database: the form's own evaluator works out each application, and what the next one counts of
those before is added up here as the portal does it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from portal import paths
from portal.definitions.case_facts import case_facts, with_ids
from portal.definitions.checking import check_module
from portal.definitions.folders import module_folders, offers_of, read_folder
from portal.forms.compiled import CompiledForm
from portal.forms.evaluation import evaluate
from portal.forms.outcome import Outcome

FOLDERS = module_folders(paths.DEFINITIONS)
PLACES = {"payment": "payment", "income_claim": "receivables", "contract": "contracts"}
SUMS = {
    "work_before": "work_this",
    "changes_before": "changes_this",
    "claims_before": "claims_this",
    "advance_recovered": "advance_recovery",
    "retention_held": "retention_this",
    "material_advanced": "material_advance",
    "material_recovered": "material_recovery",
}


@cache
def shipped(form: str) -> CompiledForm:
    """A form as it ships."""
    folder = paths.DEFINITIONS / PLACES[form]
    known = offers_of(FOLDERS).known(folder.name)
    package = check_module(read_folder(folder), known=known, run_cases=False).package
    found = package.compiled[form]
    assert isinstance(found, CompiledForm)
    return found


class Refused(Exception):
    """What a form refuses, by code."""

    def __init__(self, made: Outcome) -> None:
        super().__init__(", ".join(f"{one.path} {one.code}" for one in made.errors))


@dataclass
class Series:
    """A contract of lines (amounts, in units at 1.00) with its terms, and its applications so far.

    `form` is `payment` (we pay) or `income_claim` (the owner pays).
    """

    amounts: Sequence[str]
    terms: Mapping[str, Any]
    form: str = "payment"
    changes: Mapping[str, str] = field(default_factory=dict)
    released: str = "0.00"
    filed: list[Mapping[str, Any]] = field(default_factory=list)

    def contract(self) -> dict[str, Any]:
        """The contract as it is stored, worked out by its own form."""
        lines = [
            {"item": str(n), "description": "Work", "unit": "m", "qty": f"{Decimal(amount):.3f}"}
            | {"unit_price": "1.00", "cost_code": "k1"}
            for n, amount in enumerate(self.amounts, 1)
        ]
        plain = {"code": "K", "name": "K", "party": "p1", "signed_on": "2026-01-01"}
        plain |= {"direction": "income", "tax_percent": "0.00", "payment_days": 30}
        plain |= {"retention_percent": "0.00", "retention_cap_percent": "0.00"}
        plain |= {"advance_rule": "none", "recovery_counts_changes": True, **self.terms}
        if plain["advance_rule"] != "none":
            plain |= {"advance_paid_on": "2026-01-01"}
        of = shipped("contract")
        given = with_ids({**plain, "lines": lines}, of)
        given = with_ids(given, of)
        facts = case_facts({"today": "2026-12-31", "links": {"party": {"id": "p1"}}}, given, of)
        made = evaluate(of, given, facts, mode="submit")
        if made.errors:
            raise Refused(made)
        return {**made.data, "id": "c1"}

    def look(self, month: str, *work: str, **typed: Any) -> Outcome:
        """The next application: the work of the period by line, as an amount."""
        of, contract = shipped(self.form), self.contract()
        lines = [
            {"_id": line["_id"], "this_qty": f"{Decimal(amount):.3f}" if Decimal(amount) else None}
            for line, amount in zip(contract["lines"], work, strict=False)
        ]
        stored = typed.pop("stored", ())
        for line, value in zip(lines, stored, strict=False):
            line["stored"] = value
        given = {"contract": "c1", "period_to": f"2026-{month}", "lines": lines, **typed}
        if self.form == "payment":
            given |= {"invoice_no": month, "invoice_date": f"2026-{month}"}
            for row in given.get("additions", ()):
                row.setdefault("cost_code", "k1")
        given = with_ids(given, of)
        facts = case_facts(self._facts(contract, given), given, of)
        return evaluate(of, given, facts, mode="submit")

    def certify(self, month: str, *work: str, **typed: Any) -> Mapping[str, Any]:
        """The next application as it is certified; none of its figures is refused."""
        made = self.look(month, *work, **typed)
        if made.errors:
            raise Refused(made)
        self.filed.append(made.data)
        return made.data

    def _facts(self, contract: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
        before = self.filed
        counted = "counted_qty" if self.form == "income_claim" else "this_qty"
        rollups: dict[str, Any] = {
            "previous_count": len(before),
            "open_applications": 0,
            "settlements": 0,
            "previous_to": before[-1]["period_to"] if before else None,
            "changes_gross": str(sum(map(Decimal, self.changes.values()), Decimal(0))),
            "instructions_gross": "0.00",
            "retention_released": self.released,
        }
        for mine, theirs in SUMS.items():
            rollups[mine] = _total(one.get(theirs) for one in before)
        for n, line in enumerate(contract["lines"]):
            rows = [r for one in before for r in one["lines"] if r["item"] == line["item"]]
            rollups[f"lines[{n}].prev_qty"] = _total((r.get(counted) for r in rows), "0.000")
            rollups[f"lines[{n}].prev_amount"] = _total(r["this_amount"] for r in rows)
        links: dict[str, Any] = {"contract": contract}
        part = "counted" if self.form == "income_claim" else "amount"
        for n, row in enumerate(given.get("additions", ())):
            rows = [
                r
                for one in before
                for r in one.get("additions", ())
                if r.get("change") == row.get("change") and row.get("change")
            ]
            rollups[f"additions[{n}].change_before"] = _total(r[part] for r in rows)
            rollups[f"additions[{n}].instruction_before"] = "0.00"
            if row.get("change"):
                worth = self.changes[row["change"]]
                money = {"contract_change": worth, "owner_amount": worth}
                links[f"additions[{n}].change"] = {"id": row["change"], **money}
        return {"today": "2026-12-31", "requester": "q", "links": links, "rollups": rollups}


def _total(values: Any, nothing: str = "0.00") -> str:
    known = [Decimal(one) for one in values if one is not None]
    return str(sum(known, Decimal(nothing)))


def change(key: str, amount: str) -> dict[str, Any]:
    """A row of the changes of a period."""
    return {"kind": "change", "description": key, "change": key, "amount": amount}


def claim(amount: str) -> dict[str, Any]:
    """Compensation granted in a period."""
    return {"kind": "claim", "description": "Stoppage", "amount": amount}
