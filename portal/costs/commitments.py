"""Commitments contract by contract: what was committed, what came of it, what is still open."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.costs.columns import COMMITTED, OPEN, RECEIVED, REGISTER
from portal.costs.forecasts import Key
from portal.costs.sheet import COST, Sheet
from portal.ledgers.columns import PRESENT, Column, total
from portal.ledgers.naming import Named, names_of
from portal.ledgers.pages import Center, Figure, add_up
from portal.ledgers.queries import Where, sums
from portal.web.viewer import ProjectBrief

BY_CONTRACT = ("project_id", "ccy", "cost_code_id", "contract_id")


@dataclass(frozen=True, slots=True)
class OpenColumn:
    """A column of open commitments: what was committed and received per contract and cost code.

    Relief is counted per contract and cost code and never goes below zero: what one contract runs
    over does not use up another one.
    """

    key: str
    pair: tuple[Column, Column]
    groups: Mapping[tuple[Any, ...], Mapping[str, Decimal]]

    def values(self, extra: Iterable[Mapping[str, Any]] = ()) -> dict[Key, Decimal]:
        """What is open per cost code; `extra` are entries the ledger does not have."""
        groups = with_lines(self.groups, BY_CONTRACT, self.pair, extra)
        found: dict[Key, Decimal] = {}
        for place, values in groups.items():
            key = (place[0], place[1], place[2])
            left = max(values["of"] - values["less"], Decimal(0))
            found[key] = found.get(key, Decimal(0)) + left
        return found


def open_columns(sheet: Sheet, projects: Collection[str], where: Where) -> list[OpenColumn]:
    """The columns of the sheet that count open commitments, as the ledger has them."""
    made = []
    for one in sheet.columns:
        if one.opens is None:
            continue
        of, less = one.opens
        pair = (
            total("of", "", "", ledger=COST, bucket=of),
            total("less", "", "", ledger=COST, bucket=less, contract_id=PRESENT),
        )
        groups = {group.by: group.values for group in sums(pair, BY_CONTRACT, projects, where)}
        made.append(OpenColumn(one.key, pair, groups))
    return made


def with_lines(
    groups: Mapping[tuple[Any, ...], Mapping[str, Decimal]],
    by: Sequence[str],
    columns: Sequence[Column],
    lines: Iterable[Mapping[str, Any]],
) -> dict[tuple[Any, ...], Mapping[str, Decimal]]:
    """Sums of a ledger as they would be with some more entries that name all of `by`."""
    made = dict(groups)
    for line in lines:
        place = tuple(line[name] for name in by)
        values = made.get(place) or {}
        made[place] = {
            one.key: values.get(one.key, Decimal(0)) + one.contribution(line) for one in columns
        }
    return made


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
