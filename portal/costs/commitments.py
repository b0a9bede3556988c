"""Commitments contract by contract: what was committed, what came of it, what is still open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.costs.columns import COMMITTED, OPEN, RECEIVED, REGISTER
from portal.costs.sheet import COST, Sheet
from portal.ledgers.columns import PRESENT, Column, total
from portal.ledgers.naming import Named, names_of
from portal.ledgers.pages import Center, Figure, add_up
from portal.ledgers.queries import Where, sums
from portal.web.viewer import ProjectBrief

Key = tuple[str, str, str]
"""Project, currency, cost code."""


def open_commitments(
    sheet: Sheet, projects: Collection[str], where: Where
) -> dict[Key, dict[str, Decimal]]:
    """What is open per cost code, for every column of the sheet that asks for it.

    Relief is counted per contract and cost code and never goes below zero: what one contract runs
    over does not use up another one.
    """
    found: dict[Key, dict[str, Decimal]] = {}
    for one in sheet.columns:
        if one.opens is None:
            continue
        of, less = one.opens
        pair = (
            total("of", "", "", ledger=COST, bucket=of),
            total("less", "", "", ledger=COST, bucket=less, contract_id=PRESENT),
        )
        for group in sums(
            pair, ("project_id", "ccy", "cost_code_id", "contract_id"), projects, where
        ):
            key = (group.by[0], group.by[1], group.by[2])
            left = max(group.values["of"] - group.values["less"], Decimal(0))
            row = found.setdefault(key, {})
            row[one.key] = row.get(one.key, Decimal(0)) + left
    return found


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """A contract under one cost code; `contract` is None for changes of no contract."""

    contract: Named | None
    code: Named | None
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Register:
    """The commitments of one currency."""

    currency: str
    rows: Sequence[CommitmentRow]
    total: Mapping[str, Figure]


COLUMNS: tuple[Column, ...] = (*REGISTER, OPEN)


def registers(
    project: ProjectBrief, where: Where, choice: Mapping[str, Any] | None = None
) -> list[Register]:
    """The commitments of a project, one register per currency, its own currency first.

    `choice` is what `where` narrows it to, as addresses of figures say it.
    """
    groups = sums(REGISTER, ("ccy", "contract_id", "cost_code_id"), [project.id], where)
    named = names_of({one for group in groups for one in group.by[1:] if one})
    by_currency: dict[str, list[tuple[Any, dict[str, Decimal]]]] = {}
    for group in groups:
        if any(group.values.values()):
            left = max(group.values[COMMITTED.key] - group.values[RECEIVED.key], Decimal(0))
            by_currency.setdefault(group.by[0], []).append(
                (group.by, {**group.values, OPEN.key: left})
            )
    center = Center("cost", project)
    order = sorted(by_currency, key=lambda currency: (currency != project.currency, currency))
    return [_register(center, one, by_currency[one], named, choice or {}) for one in order]


def _register(
    center: Center,
    currency: str,
    groups: Sequence[tuple[Any, Mapping[str, Decimal]]],
    named: Mapping[str, Named],
    narrowed: Mapping[str, Any],
) -> Register:
    rows = []
    for (_, contract, code), values in groups:
        choice = {"ccy": currency, "contract": contract, "cost_code": code}
        figures = center.figures(COLUMNS, values, **choice)
        rows.append(CommitmentRow(named.get(contract or ""), named.get(code), figures))
    rows.sort(key=_order)
    summed = add_up((values for _, values in groups), COLUMNS)
    return Register(
        currency, rows, center.figures(COLUMNS, summed, **{**narrowed, "ccy": currency})
    )


def _order(row: CommitmentRow) -> tuple[bool, str, str, str]:
    contract, code = row.contract, row.code
    return (
        contract is None,
        contract.code if contract else "",
        contract.id if contract else "",
        code.code if code else "",
    )
