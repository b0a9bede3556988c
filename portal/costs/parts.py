"""What a figure is made of that is no plain sum: its parts, cost code by cost code."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from portal.costs.columns import sheet_in_force
from portal.costs.forecasts import Forecast
from portal.costs.queries import CostSheet, cost_nodes, cost_sheets, sheet_figures, totals
from portal.costs.sheet import Sheet, SheetColumn
from portal.errors import N_, NotFound
from portal.ledgers.columns import Column
from portal.ledgers.naming import Named
from portal.ledgers.pages import Figure
from portal.web.viewer import ProjectBrief


@dataclass(frozen=True, slots=True)
class PartRow:
    """A cost code: the parts of its figure, what they come to, and the forecast that replaces it.

    `calculated` differs from the figure where a forecast or the floor stands instead.
    """

    code: Named
    figures: Mapping[str, Figure]
    calculated: Decimal
    forecast: Forecast | None


@dataclass(frozen=True, slots=True)
class Parts:
    """A figure taken apart. `signs` tell parts that are added from those taken away."""

    column: Column
    currency: str
    parts: Sequence[Column]
    signs: Mapping[str, str]
    is_adjusted: bool
    rows: Sequence[PartRow]
    total: Mapping[str, Figure]
    calculated: Decimal


@dataclass(frozen=True, slots=True)
class Chosen:
    """The cost codes a page is narrowed to (None: all), as its address and its heading say it."""

    codes: Collection[str] | None = None
    choice: Mapping[str, str] = field(default_factory=dict)
    words: str = ""


def parts_of(project: ProjectBrief, key: str, currency: str, chosen: Chosen) -> Parts:
    """The parts of a column for some cost codes. Raises NotFound for a column that is made of no
    others, and for a foreign currency nothing was posted in; the project's own may be nothing yet.
    """
    sheet = sheet_in_force()
    column = sheet.by_key.get(key)
    found = next((one for one in cost_sheets(project) if one.currency == currency), None)
    if column is None or not column.parts or not (found or currency == project.currency):
        raise NotFound(N_("There is no such figure."))
    shown = _codes(project, found, chosen) if found else []
    rows = [_row(sheet, project, column, found, one) for one in shown] if found else []
    summed = totals([found.own[one.id] for one in shown] if found else [])
    total = sheet_figures(sheet, project, currency, summed, **chosen.choice)
    return Parts(
        column.column,
        currency,
        sheet.named(*column.parts),
        {key: "−" if key in column.minus else "+" for key in column.parts},
        column.has_floor or column.is_replaced,
        rows,
        total,
        sum((row.calculated for row in rows), Decimal(0)),
    )


def _codes(project: ProjectBrief, found: CostSheet, chosen: Chosen) -> list[Named]:
    nodes = cost_nodes(project.id, set(found.own))
    named = [node.code for node in nodes if node.code.id in found.own]
    return [one for one in named if chosen.codes is None or one.id in chosen.codes]


def _row(
    sheet: Sheet, project: ProjectBrief, column: SheetColumn, found: CostSheet, code: Named
) -> PartRow:
    values = found.own[code.id]
    return PartRow(
        code,
        sheet_figures(sheet, project, found.currency, values, cost_code=code.id),
        sheet.calculated(column, values),
        found.forecasts.get(code.id) if column.is_replaced else None,
    )
