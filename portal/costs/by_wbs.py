"""The cost sheet by elements of the work breakdown: its columns that are plain sums of entries.

What is worked out per cost code (open commitments, forecasts, floors) has no meaning there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.costs.columns import sheet_in_force
from portal.costs.sheet import Sheet
from portal.costs.tree import PARENT_ELEMENT, Node, in_tree_order
from portal.db import db
from portal.ledgers.columns import Column
from portal.ledgers.models import CostEntry
from portal.ledgers.naming import names_of, register_entries
from portal.ledgers.pages import Center, Figure, add_up
from portal.ledgers.queries import sums
from portal.web.viewer import ProjectBrief


@dataclass(frozen=True, slots=True)
class WbsRow:
    """A line; a group's figures include everything below it. `node` None: cost of no element."""

    node: Node | None
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class WbsSheet:
    """The sheet of one currency by elements of the work breakdown."""

    currency: str
    rows: Sequence[WbsRow]
    total: Mapping[str, Figure]


def has_elements(project: ProjectBrief) -> bool:
    """Whether any cost of a project names an element of the work breakdown."""
    named = CostEntry.project_id == project.id, CostEntry.wbs_id.is_not(None)
    return db.session.execute(select(CostEntry.id).where(*named).limit(1)).first() is not None


def plain_columns(sheet: Sheet, *, every: bool) -> tuple[Column, ...]:
    """The columns of the page that are plain sums; `every`: also those of detail."""
    return tuple(one for one in sheet.shown(every=every) if sheet.by_key[one.key].cells is not None)


def wbs_sheets(project: ProjectBrief, *, every: bool) -> list[WbsSheet]:
    """One sheet per currency, the project's own first."""
    columns = plain_columns(sheet_in_force(), every=every)
    by_currency: dict[str, dict[str | None, Mapping[str, Decimal]]] = {}
    for group in sums(columns, ("ccy", "wbs_id"), [project.id], {}):
        if any(group.values.values()):
            by_currency.setdefault(group.by[0], {})[group.by[1]] = group.values
    nodes = _nodes(project, {one for rows in by_currency.values() for one in rows if one})
    order = sorted(by_currency, key=lambda currency: (currency != project.currency, currency))
    return [_sheet(project, columns, nodes, one, by_currency[one]) for one in order]


def elements_below(project: ProjectBrief, element_id: str) -> tuple[str, ...]:
    """An element and all below it; only itself when the register does not know it."""
    found = next((n for n in _nodes(project, {element_id}) if n.code.id == element_id), None)
    return found.below if found else (element_id,)


def _nodes(project: ProjectBrief, used: set[str]) -> list[Node]:
    known = {one.id: one for one in register_entries("wbs", project.id, retired=True)}
    known.update(names_of(used - known.keys()))
    return in_tree_order(known.values(), PARENT_ELEMENT)


def _sheet(
    project: ProjectBrief,
    columns: Sequence[Column],
    nodes: Sequence[Node],
    currency: str,
    values: Mapping[str | None, Mapping[str, Decimal]],
) -> WbsSheet:
    center = Center("cost", project)

    def figures(own: list[Mapping[str, Decimal]], **choice: Any) -> Mapping[str, Figure]:
        return center.figures(columns, add_up(own, columns), ccy=currency, **choice)

    rows = []
    for node in nodes:
        own = [values[one] for one in node.below if one in values]
        if own:
            where = {"under_wbs" if node.is_group else "wbs": node.code.id}
            rows.append(WbsRow(node, figures(own, **where)))
    if None in values:
        rows.append(WbsRow(None, figures([values[None]], wbs=None)))
    return WbsSheet(currency, rows, figures(list(values.values())))
