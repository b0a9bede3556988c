"""The contract ledger of a project: per contract and direction, currencies apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from portal.funds.columns import COLUMNS, HEADLINES, LEDGER, WORTH, titled
from portal.ledgers.columns import Column
from portal.ledgers.naming import Named, names_of
from portal.ledgers.pages import Center, Figure, add_up
from portal.ledgers.queries import Sums, sums
from portal.web.viewer import ProjectBrief

Direction = Literal["out", "in"]


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract with its figures. `party` is the other side."""

    contract: Named | None
    party: Named | None
    figures: Mapping[str, Figure]

    @property
    def share(self) -> Decimal | None:
        """How much of the current contract amount is certified; None without an amount."""
        return certified_share(self.figures)


@dataclass(frozen=True, slots=True)
class FundsSheet:
    """Contracts of one direction in one currency: money that goes out, or comes in.

    `worth` are the columns of what contracts are worth, `ledger` those of the money that follows.
    """

    direction: Direction
    currency: str
    worth: Sequence[Column]
    ledger: Sequence[Column]
    rows: Sequence[ContractRow]
    total: Mapping[str, Figure]
    headlines: Sequence[Figure]

    @property
    def share(self) -> Decimal | None:
        return certified_share(self.total)


def certified_share(figures: Mapping[str, Figure]) -> Decimal | None:
    """Certified ÷ current contract amount."""
    current = figures["current"].value
    return figures["certified"].value / current if current > 0 else None


def funds_sheets(project: ProjectBrief) -> list[FundsSheet]:
    """One sheet per direction and currency: what we pay first, the project's currency first."""
    groups: dict[tuple[Direction, str], list[Sums]] = {}
    found = sums(COLUMNS, ("direction", "ccy", "contract_id"), [project.id], {})
    for group in found:
        direction, currency, _contract = group.by
        groups.setdefault((direction, currency), []).append(group)
    contracts = names_of({group.by[2] for group in found if group.by[2]})
    parties = names_of(
        {str(one.data["party"]) for one in contracts.values() if one.data.get("party")}
    )
    order = sorted(groups, key=lambda key: (key[0] != "out", key[1] != project.currency, key[1]))
    center = Center("funds", project)
    return [_sheet(center, key, groups[key], contracts, parties) for key in order]


def _sheet(
    center: Center,
    key: tuple[Direction, str],
    groups: Sequence[Sums],
    contracts: Mapping[str, Named],
    parties: Mapping[str, Named],
) -> FundsSheet:
    direction, currency = key
    columns = [titled(column, direction) for column in COLUMNS]
    rows = []
    for group in groups:
        contract = contracts.get(group.by[2])
        party = parties.get(str(contract.data.get("party"))) if contract else None
        choice = {"contract": group.by[2], "direction": direction, "ccy": currency}
        rows.append(ContractRow(contract, party, center.figures(columns, group.values, **choice)))
    rows.sort(key=lambda row: row.contract.label if row.contract else "")
    summed = add_up((group.values for group in groups), COLUMNS)
    total = center.figures(columns, summed, direction=direction, ccy=currency)
    heads = [total[column.key] for column in HEADLINES]
    worth, ledger = ([titled(one, direction) for one in some] for some in (WORTH, LEDGER))
    return FundsSheet(direction, currency, worth, ledger, rows, total, heads)
