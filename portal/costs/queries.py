"""The cost sheet of a project: per cost code in tree order, with subtotals, per currency."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.costs.bars import Bars, Use, draw_bars, nearest_first
from portal.costs.columns import sheet_in_force
from portal.costs.commitments import OpenColumn, open_columns, with_lines
from portal.costs.forecasts import Forecast, Key, standing_forecasts
from portal.costs.margin import Margin, incomes
from portal.costs.sheet import Sheet, Standing
from portal.costs.tree import Node, in_tree_order
from portal.ledgers.keeping import Kept
from portal.ledgers.naming import names_of, register_entries
from portal.ledgers.pages import Center, Figure
from portal.ledgers.queries import sums
from portal.web.viewer import ProjectBrief

Values = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A line of the sheet; a group's figures include everything below it."""

    node: Node
    figures: Mapping[str, Figure]
    standing: Standing


@dataclass(frozen=True, slots=True)
class CostSheet:
    """The sheet in one currency; `own` are the amounts of each cost code alone.

    `nearest` are the codes nearest to their budget or beyond it, and `bars` their drawing.
    """

    currency: str
    rows: Sequence[SheetRow]
    total: Mapping[str, Figure]
    headlines: Sequence[Figure]
    used: Decimal | None
    own: Mapping[str, Values]
    forecasts: Mapping[str, Forecast]
    nearest: Sequence[SheetRow]
    bars: Bars
    margin: Margin | None


Found = dict[tuple[str, str], dict[str, dict[str, Decimal]]]
"""Amounts by (project, currency), then cost code, then column."""

BY_CODE = ("project_id", "ccy", "cost_code_id")


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the ledger says of cost codes, and what the sheet makes of it."""

    sheet: Sheet
    groups: Mapping[tuple[Any, ...], Values]
    opened: Sequence[OpenColumn]
    forecasts: Mapping[Key, Forecast]

    def values(self, extra: Sequence[Mapping[str, Any]] = ()) -> Found:
        """Every amount of every cost code; `extra` are entries the ledger does not have: what would
        be if it had them.
        """
        opened = {one.key: one.values(extra) for one in self.opened}
        groups = with_lines(self.groups, BY_CODE, self.sheet.summed, extra)
        found: Found = {}
        for (project, currency, code), summed in groups.items():
            key = (project, currency, code)
            forecast = self.forecasts.get(key)
            found.setdefault((project, currency), {})[code] = self.sheet.values(
                summed,
                {name: one.get(key, Decimal(0)) for name, one in opened.items()},
                forecast.amount if forecast else None,
            )
        return found


def read_amounts(
    sheet: Sheet,
    projects: Collection[str],
    codes: Collection[str] | None = None,
    *,
    why: str = "",
) -> Amounts:
    """What the ledger says of the cost codes of some projects; `codes` None: of all.

    Of the projects the viewer may see; with `why`, a reason, of all that are asked for.
    """
    where = {} if codes is None else {"cost_code_id": codes}
    groups = {one.by: one.values for one in sums(sheet.summed, BY_CODE, projects, where, why=why)}
    opened = open_columns(sheet, projects, where, why=why)
    return Amounts(sheet, groups, opened, standing_forecasts(projects, why=why))


_kept: Kept[Found] = Kept()


def code_values(sheet: Sheet, projects: Collection[str]) -> Found:
    """The amounts of every cost code of some projects."""
    if len(projects) < 2:
        return read_amounts(sheet, projects).values()

    def compute(missing: list[str]) -> dict[str, Found]:
        made: dict[str, Found] = {one: {} for one in missing}
        for key, codes in read_amounts(sheet, missing).values().items():
            made[key[0]][key] = codes
        return made

    found: Found = {}
    for one in _kept.of(projects, sheet, compute).values():
        found.update(one)
    return found


def totals(rows: Collection[Values]) -> dict[str, Decimal]:
    """The sums of the amounts of several cost codes; empty for none."""
    found: dict[str, Decimal] = {}
    for row in rows:
        for key, value in row.items():
            found[key] = found.get(key, Decimal(0)) + value
    return found


def cost_sheets(project: ProjectBrief) -> list[CostSheet]:
    """One sheet per currency, the project's own first; empty while nothing was posted."""
    sheet = sheet_in_force()
    read = read_amounts(sheet, [project.id])
    found, standing = read.values(), read.forecasts
    by_currency = {currency: rows for (_, currency), rows in found.items()}
    nodes = cost_nodes(project.id, {code for rows in by_currency.values() for code in rows})
    order = sorted(by_currency, key=lambda currency: (currency != project.currency, currency))
    made, income = [], incomes(project)
    for currency in order:
        forecasts = {code: one for (_, ccy, code), one in standing.items() if ccy == currency}
        maker = _Maker(sheet, project, currency, forecasts, income.get(currency))
        made.append(maker.made(by_currency[currency], nodes))
    return made


def subtree(project: ProjectBrief, code_id: str) -> tuple[str, ...]:
    """A cost code and every code below it; only itself when the register does not know it."""
    found = next((n for n in cost_nodes(project.id, {code_id}) if n.code.id == code_id), None)
    return found.below if found else (code_id,)


def cost_nodes(project_id: str, used: set[str]) -> list[Node]:
    """The cost codes of a project in tree order, and those in use that no register lists."""
    codes = {one.id: one for one in register_entries("cost_code", project_id, retired=True)}
    codes.update(names_of(used - codes.keys()))
    return in_tree_order(codes.values())


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the sheet of one currency."""

    sheet: Sheet
    project: ProjectBrief
    currency: str
    forecasts: Mapping[str, Forecast]
    income: tuple[Figure, int] | None

    def made(self, values: Mapping[str, Values], nodes: Sequence[Node]) -> CostSheet:
        rows = [row for node in nodes if (row := self._row(values, node)) is not None]
        summed = totals(values.values())
        total = self.figures(summed)
        spent, budget = summed[self.sheet.spent], summed[self.sheet.budget]
        leaves = [row for row in rows if not row.node.is_group]
        names = {row.node.code.id: row.node.code.label for row in leaves}
        own = {key: values[key] for key in names if key in values}
        uses = nearest_first(_uses(self.sheet, own, names))
        by_code = {row.node.code.id: row for row in leaves}
        return CostSheet(
            self.currency,
            rows,
            total,
            [total[key] for key in self.sheet.headlines],
            spent / budget if budget > 0 else None,
            values,
            self.forecasts,
            [by_code[one.key] for one in uses],
            draw_bars(uses),
            self._margin(total),
        )

    def _margin(self, total: Mapping[str, Figure]) -> Margin | None:
        if self.income is None or not self.sheet.forecast:
            return None
        income, untaxed = self.income
        return Margin(income, total[self.sheet.forecast], untaxed)

    def _row(self, values: Mapping[str, Values], node: Node) -> SheetRow | None:
        own = [values[code] for code in node.below if code in values]
        if not own:
            return None
        summed = totals(own)
        figures = self.figures(summed, **{"under" if node.is_group else "cost_code": node.code.id})
        return SheetRow(node, figures, self.sheet.standing(summed))

    def figures(self, values: Values, **choice: Any) -> dict[str, Figure]:
        return sheet_figures(self.sheet, self.project, self.currency, values, **choice)


def _uses(sheet: Sheet, own: Mapping[str, Values], names: Mapping[str, str]) -> list[Use]:
    """What cost codes have used: what binds one is its budget less what is left of it."""
    return [
        Use(
            names[key],
            key,
            budget=values[sheet.budget],
            bound=values[sheet.budget] - values[sheet.left],
            spent=values[sheet.spent],
            projected=values[sheet.projected],
            forecast=values[sheet.forecast] if sheet.forecast else None,
        )
        for key, values in own.items()
    ]


def sheet_figures(
    sheet: Sheet, project: ProjectBrief, currency: str, values: Values, **choice: Any
) -> dict[str, Figure]:
    """The figures of a row by column key, shares included."""
    center, made = Center("cost", project), {}
    for one in sheet.columns:
        column = sheet.ledger_columns[one.key]
        share = sheet.share(one, values) if values else None
        amount = {one.key: share} if share is not None else values
        figure = center.figure(column, amount, ccy=currency, **choice)
        if one.share and share is None:
            figure = Figure(figure.value, column, "", figure.way, is_defined=False)
        made[one.key] = figure
    return made
