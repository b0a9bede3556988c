"""The cash curve as a chart: the balances the tables of the page tell."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from portal.funds.drawing import Curve, Step, months, near
from portal.web.charts import Chart, Mark, Point, Series
from portal.web.filters import day, money, month, short_money
from portal.web.words import gettext as _

ZERO = Decimal(0)


def cash_chart(
    past: Sequence[Step], future: Sequence[Step], drawn: Curve, way: Callable[[date], str | None]
) -> Chart:
    """Balances by day; `way` tells where the balance at the end of a day leads."""
    ahead = near(future)
    today = ahead[0][0]
    before = [*past, (today, past[-1][1])] if past and past[-1][0] < today else list(past)

    def points(steps: Sequence[Step]) -> list[Point]:
        return [Point(on, amount, money(amount), way(on)) for on, amount in steps]

    expected = _("what is expected")
    below = [Point(on, min(amount, ZERO), "") for on, amount in ahead]
    low = Point(
        drawn.low_on,
        drawn.low_balance,
        f"{short_money(drawn.low_balance)}, {day(drawn.low_on)}",
        way(drawn.low_on),
    )
    return Chart(
        "day",
        [
            Series("below", expected, "area", "red", below),
            Series("past", _("what moved"), "step", "ink", points(before)),
            Series("future", expected, "step", "accent", points(ahead), dashed=True),
            Series("low", _("lowest balance ahead"), "point", "red", [low], labeled=True),
        ],
        levels=[(level.amount, short_money(level.amount)) for level in drawn.levels],
        ticks=[(on, month(on)) for on in months(before[0][0] if before else today, ahead[-1][0])],
        marks=[Mark(_("Today"), "accent", x=today), Mark("", "ink", y=ZERO)],
    )
