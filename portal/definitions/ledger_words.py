"""What people call the ledgers, their columns and the words of their closed lists."""

from collections.abc import Mapping

from portal.errors import N_

LEDGER_TITLES: Mapping[str, str] = {
    "cost_entry": N_("Cost"),
    "funds_entry": N_("Funds"),
    "labor_entry": N_("Labor"),
    "progress_entry": N_("Progress"),
}

LEDGER_TEXTS: Mapping[str, str] = {
    "cost_entry": N_("Budget, commitment and actual cost by cost code, without tax."),
    "funds_entry": N_("What is planned, owed and paid, and where the money lies; tax included."),
    "labor_entry": N_("Hours, days or pieces of a worker on a day, and their pay."),
    "progress_entry": N_("When a milestone is planned, expected and reached; how far a task is."),
}

COLUMN_TITLES: Mapping[str, str] = {
    "account": N_("Account"),
    "amount": N_("Amount"),
    "as_of": N_("As of"),
    "billable": N_("Billable to the owner"),
    "bucket": N_("Kind of cost"),
    "category": N_("Category of the funds plan"),
    "ccy": N_("Currency"),
    "contract": N_("Contract"),
    "contract_line": N_("Item of the contract"),
    "cost_code": N_("Cost code"),
    "days": N_("Days"),
    "direction": N_("Direction"),
    "due_on": N_("Due on"),
    "effective_on": N_("Counts from"),
    "spread_from": N_("Spread from"),
    "spread_until": N_("Spread until"),
    "finished_on": N_("Finished on"),
    "hours": N_("Hours"),
    "kind": N_("Booked or accrued"),
    "milestone": N_("Milestone"),
    "on_date": N_("Day of the milestone"),
    "party": N_("Party"),
    "pay_class": N_("Pay class"),
    "percent": N_("Percent done"),
    "prices": N_("Ticket it prices"),
    "qty": N_("Quantity"),
    "rate": N_("Rate"),
    "request": N_("Purchase request"),
    "reading": N_("Reading"),
    "remaining": N_("Working days still to come"),
    "settles": N_("Document it settles"),
    "signed": N_("Signed"),
    "stage": N_("Stage"),
    "started_on": N_("Started on"),
    "task": N_("Task"),
    "tax": N_("Tax in the amount"),
    "team": N_("Team"),
    "unit": N_("Unit"),
    "wbs": N_("WBS"),
    "work_date": N_("Day worked"),
    "worker": N_("Worker"),
}

_BUCKETS: Mapping[str, str] = {
    "budget_orig": N_("Original budget"),
    "budget_change": N_("Budget change"),
    "budget_transfer": N_("Budget transfer"),
    "budget_pending": N_("Pending budget"),
    "commit_request": N_("Purchase request"),
    "commit": N_("Commitment"),
    "commit_change": N_("Commitment change"),
    "commit_pending": N_("Pending commitment"),
    "actual": N_("Actual cost"),
    "forecast_adj": N_("Forecast to complete"),
}
_STAGES: Mapping[str, str] = {
    "contract": N_("Contract amount"),
    "contract_change": N_("Contract change"),
    "plan": N_("Plan"),
    "claim": N_("Application"),
    "invoiced": N_("Invoice"),
    "certified": N_("Certified"),
    "advance": N_("Advance"),
    "advance_recovery": N_("Advance recovery"),
    "retention_hold": N_("Retention held"),
    "retention_release": N_("Retention released"),
    "deduction": N_("Deduction"),
    "cash": N_("Payment"),
    "deposit": N_("Deposit"),
    "transfer": N_("Transfer between accounts"),
}
_LABOR_KINDS: Mapping[str, str] = {"booked": N_("Booked"), "accrued": N_("Accrued")}
_PAY_CLASSES: Mapping[str, str] = {
    "normal": N_("Normal hours"),
    "weekday_ot": N_("Overtime on a working day"),
    "rest_day": N_("Work on a rest day"),
    "holiday": N_("Work on a holiday"),
    "piece": N_("Piece work"),
}
_READINGS: Mapping[str, str] = {
    "planned": N_("Planned"),
    "forecast": N_("Forecast"),
    "actual": N_("Reached"),
    "shift": N_("Days moved"),
    "progress": N_("Progress of a task"),
}
_DIRECTIONS: Mapping[str, str] = {"in": N_("Receipts"), "out": N_("Payments")}
_SIGNED: Mapping[str, str] = {"True": N_("Yes"), "False": N_("No")}

WORD_TITLES: Mapping[str, Mapping[str, str]] = {
    "bucket": _BUCKETS,
    "stage": _STAGES,
    "direction": _DIRECTIONS,
    "pay_class": _PAY_CLASSES,
    "reading": _READINGS,
    "signed": _SIGNED,
    "billable": _SIGNED,
    "kind": _LABOR_KINDS,
}
"""The constants of a column as they are written → what people call them."""

TRANSITIONS: Mapping[str, str] = {
    "submitted": N_("When submitted"),
    "approved": N_("When approved"),
}
