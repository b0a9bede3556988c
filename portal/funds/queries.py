"""The contract ledger of a project: per contract and direction, currencies apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from portal.funds.columns import ALL_COLUMNS, DETAIL, HEADLINES, LEDGER, LOOSE, WORTH, titled
from portal.ledgers.columns import Column
from portal.ledgers.naming import Named, names_of
from portal.ledgers.pages import Center, Figure, add_up
from portal.ledgers.pay import FEWEST, may_see_wages, workers_behind
from portal.ledgers.queries import Sums, sums
from portal.web.viewer import ProjectBrief, Viewer

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

    @property
    def is_private(self) -> bool:
        """Whether a figure of it is not told, as it would tell wages."""
        return any(figure.is_private for figure in self.figures.values())


@dataclass(frozen=True, slots=True)
class FundsSheet:
    """Contracts of one direction in one currency: money that goes out, or comes in.

    `worth` are the columns of what contracts are worth, `ledger` those of the money that follows.
    `loose` is what came in without a contract: it settles none, and stands in no row or total.
    """

    direction: Direction
    currency: str
    worth: Sequence[Column]
    ledger: Sequence[Column]
    rows: Sequence[ContractRow]
    total: Mapping[str, Figure]
    headlines: Sequence[Figure]
    loose: Figure | None = None

    @property
    def share(self) -> Decimal | None:
        return certified_share(self.total)


def certified_share(figures: Mapping[str, Figure]) -> Decimal | None:
    """Certified ÷ current contract amount; None without an amount, and of what is not told."""
    current, certified = figures["current"].value, figures["certified"]
    return certified.value / current if current > 0 and certified.is_defined else None


def funds_sheets(project: ProjectBrief, *, every: bool = False) -> list[FundsSheet]:
    """One sheet per direction and currency: what we pay first, the project's currency first.

    With `every` its ledger shows the columns of detail too.
    """
    groups: dict[tuple[Direction, str], list[Sums]] = {}
    found = sums((*ALL_COLUMNS, LOOSE), ("direction", "ccy", "contract_id"), [project.id], {})
    for group in found:
        direction, currency, _contract = group.by
        groups.setdefault((direction, currency), []).append(group)
    contracts = names_of({group.by[2] for group in found if group.by[2]})
    parties = names_of({one.names("party") for one in contracts.values()} - {""})
    order = sorted(groups, key=lambda key: (key[0] != "out", key[1] != project.currency, key[1]))
    center = Center("funds", project)
    ledger = (*LEDGER, *DETAIL) if every else LEDGER
    return [_sheet(center, key, groups[key], contracts, parties, ledger) for key in order]


def _sheet(
    center: Center,
    key: tuple[Direction, str],
    groups: Sequence[Sums],
    contracts: Mapping[str, Named],
    parties: Mapping[str, Named],
    shown: Sequence[Column],
) -> FundsSheet:
    direction, currency = key
    columns = [titled(column, direction) for column in ALL_COLUMNS]
    rows = []
    for group in groups:
        if direction == "in" and group.by[2] is None and not _has_more(group):
            continue
        contract = contracts.get(group.by[2])
        party = parties.get(contract.names("party")) if contract else None
        choice = {"contract": group.by[2], "direction": direction, "ccy": currency}
        rows.append(ContractRow(contract, party, center.figures(columns, group.values, **choice)))
    rows.sort(key=lambda row: row.contract.label if row.contract else "")
    summed = add_up((group.values for group in groups), ALL_COLUMNS)
    total = center.figures(columns, summed, direction=direction, ccy=currency)
    heads = [total[column.key] for column in HEADLINES]
    apart = add_up((group.values for group in groups), (LOOSE,))
    loose = None
    if apart[LOOSE.key]:
        choice = {"contract": None, "direction": direction, "ccy": currency}
        loose = center.figure(LOOSE, apart, **choice)
        heads.append(loose)
    worth, ledger = ([titled(one, direction) for one in some] for some in (WORTH, shown))
    return FundsSheet(direction, currency, worth, ledger, rows, total, heads, loose)


def _has_more(group: Sums) -> bool:
    """Whether a row says anything besides what came in without a contract."""
    return any(group.values[column.key] for column in ALL_COLUMNS)


def told_to(
    viewer: Viewer, project: ProjectBrief, sheets: Sequence[FundsSheet]
) -> list[FundsSheet]:
    """The sheets as a viewer is told them: who may not see wages, without the figures that would
    tell what few workers got. These stand without a contract.
    """
    if may_see_wages(viewer, project.id):
        return list(sheets)
    return [
        replace(one, rows=[_without_wages(project, one, row) for row in one.rows]) for one in sheets
    ]


def _without_wages(project: ProjectBrief, sheet: FundsSheet, row: ContractRow) -> ContractRow:
    if row.contract is not None:
        return row
    where = {
        "contract_id": (None,), "direction": (sheet.direction,), "ccy": (sheet.currency,),
    }  # fmt: skip
    behind = workers_behind(ALL_COLUMNS, [project.id], where)
    figures = {
        key: replace(figure, value=Decimal(0), is_defined=False, is_private=True)
        if 0 < behind[key] < FEWEST
        else figure
        for key, figure in row.figures.items()
    }
    return replace(row, figures=figures)
