"""The codes nearest to their budget as a chart: each against its own, in the table's amounts."""

from decimal import Decimal

from portal.costs.queries import CostSheet
from portal.costs.sheet import Sheet
from portal.ledgers.pages import Figure
from portal.web.charts import Chart, Mark, Point, Series, Tone
from portal.web.filters import money, quantity
from portal.web.words import gettext as _

FULL = Decimal(100)


def budget_chart(found: CostSheet, sheet: Sheet) -> Chart:
    """How far each bar of the drawing reaches, in percent; what it tells are amounts."""
    bars = found.bars
    end = bars.ticks[-1][1]
    rows = list(zip(bars.rows, found.nearest, strict=True))

    def point(at: int, reach: float, figure: Figure, shown: str = "") -> Point:
        share = Decimal(str(reach)) / Decimal(bars.end - bars.left) * end
        return Point(at, share, shown or money(figure.value), figure.url)

    def series(key: str, tone: Tone) -> Series:
        is_forecast = key == sheet.forecast
        points = [
            point(at, reach, one.figures[key])
            for at, (row, one) in enumerate(rows)
            if (reach := row.forecast if is_forecast else row.spent) is not None
        ]
        label = str(sheet.ledger_columns[key].label)
        return Series(key, label, "point" if is_forecast else "bar", tone, points)

    bound = [
        point(at, row.bound, one.figures[sheet.left], money(row.use.bound))
        for at, (row, one) in enumerate(rows)
    ]
    every = [
        Series("bound", _("Committed and direct"), "bar", "soft", bound),
        series(sheet.spent, "accent"),
    ]
    if sheet.forecast:
        every.append(series(sheet.forecast, "ink"))
    return Chart(
        "rows",
        every,
        levels=[(at, quantity(at, "%")) for _place, at in bars.ticks],
        ticks=[(at, row.use.name) for at, (row, _one) in enumerate(rows)],
        ends=[
            (
                _("no budget") if row.percent is None else quantity(row.percent, "%", places=0),
                "red" if row.is_over else "ink",
            )
            for row, _one in rows
        ],
        marks=[Mark(str(sheet.ledger_columns[sheet.budget].label), "red", y=FULL)],
    )
