"""The cost sheet of a project: per cost code in tree order, with subtotals, per currency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.costs.columns import COLUMNS, HEADLINES, Standing, standing
from portal.costs.tree import Node, in_tree_order
from portal.ledgers.naming import names_of, register_entries
from portal.ledgers.pages import Center, Figure, add_up
from portal.ledgers.queries import sums
from portal.web.viewer import ProjectBrief

Values = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line of the sheet; a group's figures include everything below it."""

    node: Node
    figures: Mapping[str, Figure]

    @property
    def standing(self) -> Standing:
        return standing({key: figure.value for key, figure in self.figures.items()})


@dataclass(frozen=True, slots=True)
class CostSheet:
    """The sheet in one currency."""

    currency: str
    rows: Sequence[SheetRow]
    total: Mapping[str, Figure]
    headlines: Sequence[Figure]
    used: Decimal | None


def cost_sheets(project: ProjectBrief) -> list[CostSheet]:
    """One sheet per currency, the project's own first; empty while nothing was posted."""
    center = Center("cost", project)
    found = sums(COLUMNS, ("ccy", "cost_code_id"), [project.id], {})
    by_currency: dict[str, dict[str, Values]] = {}
    for group in found:
        currency, code = group.by
        by_currency.setdefault(currency, {})[code] = group.values
    nodes = _nodes(project, {code for rows in by_currency.values() for code in rows})
    order = sorted(by_currency, key=lambda currency: (currency != project.currency, currency))
    return [_sheet(center, currency, by_currency[currency], nodes) for currency in order]


def subtree(project: ProjectBrief, code_id: str) -> tuple[str, ...]:
    """A cost code and every code below it; only itself when the register does not know it."""
    found = next((n for n in _nodes(project, {code_id}) if n.code.id == code_id), None)
    return found.below if found else (code_id,)


def _nodes(project: ProjectBrief, used: set[str]) -> list[Node]:
    codes = {one.id: one for one in register_entries("cost_code", project.id)}
    codes.update(names_of(used - codes.keys()))
    return in_tree_order(codes.values())


def _sheet(
    center: Center, currency: str, values: Mapping[str, Values], nodes: Sequence[Node]
) -> CostSheet:
    rows = []
    for node in nodes:
        own = [values[code] for code in node.below if code in values]
        if not own:
            continue
        named = {"under" if node.is_group else "cost_code": node.code.id}
        figures = center.figures(COLUMNS, add_up(own, COLUMNS), ccy=currency, **named)
        rows.append(SheetRow(node, figures))
    summed = add_up(values.values(), COLUMNS)
    total = center.figures(COLUMNS, summed, ccy=currency)
    revised = summed["revised"]
    return CostSheet(
        currency,
        rows,
        total,
        [total[column.key] for column in HEADLINES],
        summed["actual"] / revised if revised > 0 else None,
    )
