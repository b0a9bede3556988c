"""The money of a project on its overview: cost, contracts we pay, contracts we are paid for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from portal.costs.columns import sheet_in_force
from portal.costs.queries import sheet_figures
from portal.funds import columns as funds
from portal.ledgers.columns import Column
from portal.ledgers.pages import Center, Figure, start_url
from portal.ledgers.queries import sums
from portal.portfolio.overview.gathered import costs_of
from portal.projects.tabs import Panel
from portal.web.viewer import ProjectBrief, Viewer

CONTRACTS: tuple[Column, ...] = (
    funds.CURRENT,
    funds.CLAIMED,
    funds.CERTIFIED,
    funds.RETENTION,
    funds.NET_DUE,
    funds.PAID,
    funds.DUE,
)

Kind = Literal["cost", "out", "in"]


@dataclass(frozen=True, slots=True)
class Account:
    """Figures of one kind in one currency; the last one is what it comes down to.

    `used` is the part of the revised budget that was spent; `apart` stands in none of the others.
    """

    kind: Kind
    currency: str
    figures: Sequence[Figure]
    used: Decimal | None = None
    apart: Figure | None = None

    @property
    def is_alarming(self) -> bool:
        return self.figures[-1].is_alarming


def panel(viewer: Viewer, project: ProjectBrief) -> Panel | None:
    """Its accounts, the project's own currency first; nothing for people from outside."""
    if viewer.is_external:
        return None
    accounts = sorted(
        [*_cost(project), *_contracts(project)],
        key=lambda one: (one.currency != project.currency, one.currency),
    )
    return Panel(
        "portfolio/overview/_money.html",
        {"accounts": accounts, "project": project, "start_url": start_url()},
        place="top",
    )


def _cost(project: ProjectBrief) -> Iterable[Account]:
    sheet = sheet_in_force()
    for currency, values in costs_of(project).items():
        figures = sheet_figures(sheet, project, currency, values)
        budget = values[sheet.budget]
        used = values[sheet.spent] / budget if budget > 0 else None
        yield Account("cost", currency, [figures[key] for key in sheet.headlines], used)


def _contracts(project: ProjectBrief) -> Iterable[Account]:
    center = Center("funds", project)
    found = sums((*CONTRACTS, funds.LOOSE), ("direction", "ccy"), [project.id], {})
    for group in sorted(found, key=lambda one: one.by[0] != "out"):
        direction, currency = group.by
        columns = [funds.titled(column, direction) for column in CONTRACTS]
        figures = center.figures(columns, group.values, direction=direction, ccy=currency)
        apart = None
        if group.values[funds.LOOSE.key]:
            choice = {"contract": None, "direction": direction, "ccy": currency}
            apart = center.figure(funds.LOOSE, group.values, **choice)
        yield Account(direction, currency, tuple(figures.values()), apart=apart)
