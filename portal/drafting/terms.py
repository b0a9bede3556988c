"""What a contract will certify and pay of work to come: retention and recovery in advance; pure.

The same rules as the payment application's form, by which each certificate is worked out once it
is filed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from portal.dates import read_day

NOTHING, CENT = Decimal(0), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed. Rates are shares of one; `plan` says which share is recovered by month."""

    amount: Decimal
    payment_days: int = 0
    rule: str = "none"
    advance: Decimal = NOTHING
    percent: Decimal = NOTHING
    start: Decimal = NOTHING
    end: Decimal = Decimal(1)
    material: Decimal = Decimal(1)
    begins: date | None = None
    parts: int = 1
    plan: Mapping[int, Decimal] = field(default_factory=dict)
    after_retention: bool = False
    retention: Decimal = NOTHING
    cap: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a contract is: certified, recovered of its advance, held back."""

    certified: Decimal = NOTHING
    recovered: Decimal = NOTHING
    held: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate to come will say; `net` is paid."""

    on: date
    work: Decimal
    retention: Decimal
    recovery: Decimal

    @property
    def net(self) -> Decimal:
        return self.work - self.retention - self.recovery


def terms_of(data: Mapping[str, Any]) -> Terms:
    """The terms of a contract as it is stored."""

    def share(key: str, nothing: Decimal = NOTHING) -> Decimal:
        return Decimal(data[key]) / 100 if data.get(key) else nothing

    return Terms(
        amount=Decimal(data.get("amount") or 0),
        payment_days=int(data.get("payment_days") or 0),
        rule=str(data.get("advance_rule") or "none"),
        advance=Decimal(data.get("advance_amount") or 0),
        percent=share("recovery_percent"),
        start=share("start_percent"),
        end=share("end_percent", Decimal(1)),
        material=share("material_share", Decimal(1)),
        begins=read_day(data.get("recovery_from")),
        parts=int(data.get("recovery_parts") or 1),
        plan={
            int(row["month"]): Decimal(row["share"]) / 100
            for row in data.get("recovery_plan") or ()
            if row.get("month") and row.get("share")
        },
        after_retention=bool(data.get("recovery_after_retention")),
        retention=share("retention_percent"),
        cap=Decimal(data.get("retention_cap") or 0),
    )


def certificates(
    terms: Terms, so_far: Standing, works: Iterable[tuple[date, Decimal]]
) -> list[Certificate]:
    """One after the other: what each holds back and recovers of the work measured on its day."""
    found = []
    for on, work in works:
        made = _certificate(terms, so_far, on, work)
        found.append(made)
        so_far = replace(
            so_far,
            certified=so_far.certified + work,
            recovered=so_far.recovered + made.recovery,
            held=so_far.held + made.retention,
        )
    return found


def _certificate(terms: Terms, so_far: Standing, on: date, work: Decimal) -> Certificate:
    held = _round((so_far.certified + work) * terms.retention)
    retention = max(NOTHING, min(terms.cap, held) - so_far.held)
    before = so_far.certified - (so_far.held if terms.after_retention else NOTHING)
    base = before + work - (retention if terms.after_retention else NOTHING)
    by_rule = _recovery(terms, so_far.recovered, before, base, on)
    open_ = max(NOTHING, terms.advance - so_far.recovered)
    recovery = min(open_, by_rule)
    if terms.rule in ("instalments", "schedule"):  # by the month, whatever was worked
        recovery = min(recovery, max(NOTHING, work - retention))
    return Certificate(on, work, retention, recovery)


def _recovery(
    terms: Terms, recovered: Decimal, before: Decimal, base: Decimal, on: date
) -> Decimal:
    match terms.rule:
        case "proportional" if base > terms.amount * terms.start:
            return _round((base - before) * terms.percent)
        case "linear" if terms.amount and terms.end > terms.start:
            share = (base / terms.amount - terms.start) / (terms.end - terms.start)
            return _round(terms.advance * _within(share)) - recovered
        case "threshold" if terms.material:
            first = terms.amount - terms.advance / terms.material
            return _round((max(base, first) - max(before, first)) * terms.material)
        case "instalments" if terms.begins:
            share = Decimal(_months(terms.begins, on)) / terms.parts
            return _round(terms.advance * _within(share)) - recovered
        case "schedule" if terms.begins:
            month = _months(terms.begins, on)
            share = sum((part for n, part in terms.plan.items() if n <= month), NOTHING)
            return _round(terms.advance * share) - recovered
        case _:
            return NOTHING


def released(
    held: Decimal, before: Decimal, plan: Sequence[tuple[date, Decimal]]
) -> list[tuple[date, Decimal]]:
    """What falls due of the retention held, by days and shares agreed; `before` was released."""
    found, share = [], NOTHING
    for on, part in sorted(plan):
        share += part
        due = held if share >= 1 else _round(held * share)
        if due > before:
            found.append((on, due - before))
            before = due
    return found


def _within(share: Decimal) -> Decimal:
    return max(NOTHING, min(Decimal(1), share))


def _months(begins: date, on: date) -> int:
    return (on.year - begins.year) * 12 + on.month - begins.month + 1


def _round(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
