"""Whether contract, invoice and cash tell the same story, and what may be paid twice; pure.

What is invoiced and not paid yet is explained by what is open, held back and still to recover of an
advance. What stays unexplained is exactly the gap between invoiced and certified: an exception in
either sign, as is cash without an invoice, and money of somebody the contract does not name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from portal.funds.money import NOTHING, Direction, Money

Why = Literal[
    "above_certified", "not_invoiced", "paid_without_invoice", "other_invoicer", "other_payee"
]


@dataclass(frozen=True, slots=True)
class Matched:
    """A contract in one direction: certified, invoiced and moved. `gap` is invoiced − moved."""

    contract: str
    direction: Direction
    certified: Decimal
    invoiced: Decimal
    cash: Decimal

    @property
    def gap(self) -> Decimal:
        return self.invoiced - self.cash


@dataclass(frozen=True, slots=True)
class Exceptional:
    """What does not fit on a contract: why, by how much, and the document it is seen on, if one."""

    contract: str
    direction: Direction
    why: Why
    amount: Decimal
    document: str = ""
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Twice:
    """Payments that look like one another: same payee, same amount, near days."""

    party: str | None
    amount: Decimal
    entries: Sequence[Money]


def matches(entries: Iterable[Money]) -> list[Matched]:
    """The three flows of every contract that was certified, invoiced or paid."""
    sums: dict[tuple[str, Direction], dict[str, Decimal]] = {}
    for one in entries:
        if one.key.contract and one.stage in ("certified", "invoiced", "cash"):
            place = sums.setdefault((one.key.contract, one.key.direction), {})
            place[one.stage] = place.get(one.stage, NOTHING) + one.amount
    return [
        Matched(
            contract,
            direction,
            found.get("certified", NOTHING),
            found.get("invoiced", NOTHING),
            found.get("cash", NOTHING),
        )
        for (contract, direction), found in sorted(sums.items())
    ]


def exceptions(
    entries: Iterable[Money], parties: Mapping[str, str | None], advances: Mapping[str, Decimal]
) -> list[Exceptional]:
    """What does not fit, contract by contract.

    `parties` are the other sides of the contracts; `advances` what was paid on them before work
    was certified: no invoice is asked for that.
    """
    every = list(entries)
    found = []
    for one in matches(every):
        advance = advances.get(one.contract, NOTHING)
        if one.invoiced > one.certified:
            over = one.invoiced - one.certified
            found.append(Exceptional(one.contract, one.direction, "above_certified", over))
        if one.certified > one.invoiced:
            missing = one.certified - one.invoiced
            found.append(Exceptional(one.contract, one.direction, "not_invoiced", missing))
        if one.cash - advance > one.invoiced:
            bare = one.cash - advance - one.invoiced
            found.append(Exceptional(one.contract, one.direction, "paid_without_invoice", bare))
    for entry in every:
        named = parties.get(entry.key.contract or "")
        if named is None or entry.party in (None, named) or entry.key.contract is None:
            continue
        if entry.stage in ("invoiced", "cash"):
            why: Why = "other_invoicer" if entry.stage == "invoiced" else "other_payee"
            of = entry.key
            assert of.contract is not None
            found.append(
                Exceptional(
                    of.contract, of.direction, why, entry.amount, entry.document, entry.party
                )
            )
    return found


def suspects(entries: Iterable[Money], within_days: int = 10) -> list[Twice]:
    """Payments to one party of one amount within some days, that settle different documents.

    What a rule can refuse (the same voucher, more than is left) never comes here; this is for what
    only a person can judge.
    """
    groups: dict[tuple[str | None, Decimal, str], list[Money]] = {}
    for one in entries:
        if one.stage == "cash" and one.key.direction == "out" and one.amount > 0:
            groups.setdefault((one.party, one.amount, one.key.currency), []).append(one)
    found = []
    for (party, amount, _currency), group in groups.items():
        ordered = sorted(group, key=lambda each: (each.on, each.id))
        near = [
            (a, b)
            for a, b in pairwise(ordered)
            if (b.on - a.on).days <= within_days and a.document != b.document
        ]
        if near and party is not None:
            every = {one.id: one for pair in near for one in pair}
            found.append(Twice(party, amount, list(every.values())))
    return sorted(found, key=lambda one: (-one.amount, str(one.party)))
