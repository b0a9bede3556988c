"""The figures of the cost center that rules of health may name."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from portal.costs.columns import sheet_in_force
from portal.costs.queries import code_values, totals
from portal.costs.sheet import Sheet
from portal.definitions.measures import Measure, Measured
from portal.ledgers.naming import names_of
from portal.ledgers.pages import Center, Way
from portal.web.viewer import ProjectBrief

MEASURES = (
    Measure(
        "cost.variance",
        _l("Budget less forecast"),
        _l("Revised budget − estimate at completion, in percent of the revised budget"),
        "percent",
    ),
    Measure(
        "cost.left",
        _l("Left of the budget"),
        _l("Revised budget − committed − direct cost, in percent of the revised budget"),
        "percent",
    ),
    Measure(
        "cost.used",
        _l("Budget used"),
        _l("Actual cost in percent of the revised budget"),
        "percent",
    ),
    Measure(
        "cost.code_left",
        _l("Left of a cost code"),
        _l("The same as left of the budget, cost code by cost code"),
        "percent",
    ),
)


def take(projects: Sequence[ProjectBrief], now: datetime) -> Iterator[tuple[str, Measured]]:
    """Shares of the budget, per currency; a project without a budget has none."""
    sheet, by_id = sheet_in_force(), {one.id: one for one in projects}
    found = code_values(sheet, sorted(by_id))
    names = names_of({code for codes in found.values() for code in codes})
    for (project_id, currency), codes in found.items():
        project = by_id[project_id]
        for key, column, share in _shares(sheet, totals(codes.values())):
            way = _way(sheet, project, column, ccy=currency)
            yield f"cost.{key}", Measured(project_id, share, way, currency)
        for code, values in codes.items():
            for key, column, share in _shares(sheet, values):
                if key == "left":
                    way = _way(sheet, project, column, ccy=currency, cost_code=code)
                    label = names[code].label if code in names else "?"
                    yield "cost.code_left", Measured(project_id, share, way, currency, code, label)


def _shares(sheet: Sheet, values: Mapping[str, Decimal]) -> Iterator[tuple[str, str, Decimal]]:
    """(figure, the column it leads to, its share of the budget in percent)."""
    budget = values[sheet.budget]
    if budget <= 0:
        return
    yield "left", sheet.left, values[sheet.left] / budget * 100
    yield "used", sheet.spent, values[sheet.spent] / budget * 100
    if sheet.forecast:
        yield "variance", sheet.forecast, (budget - values[sheet.forecast]) / budget * 100


def _way(sheet: Sheet, project: ProjectBrief, column: str, **choice: str) -> Way:
    return Center("cost", project).figure(sheet.ledger_columns[column], {}, **choice).way
