"""Charts of plan and progress: the same figures as in the tables beside them."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from portal.progress.curve import Curve
from portal.progress.earned import Earned
from portal.progress.earned import Point as Reached
from portal.web.charts import Chart, Mark, Point, Series, Tone
from portal.web.filters import day, money, short_money
from portal.web.words import gettext as _

Ways = Callable[[date], dict[str, str]]


def curve_chart(found: Earned, drawn: Curve, words: dict[str, str], ways_on: Ways) -> Chart:
    """The S-curve; each value leads where its cell of the table does."""

    def series(
        key: str, tone: Tone, way: str, value: Callable[[Reached], Decimal | None]
    ) -> Series:
        points = [
            Point(one.on, worth, money(worth), ways_on(one.on)[way])
            for one in found.curve
            if (worth := value(one)) is not None
        ]
        return Series(key, words[key], "line", tone, points, dashed=key != "earned", labeled=True)

    every: Sequence[Series] = (
        series("planned", "ink", "tasks", lambda one: one.planned),
        series("earned", "accent", "tasks", lambda one: one.earned),
        series("spent", "red", "spent", lambda one: one.spent),
    )
    return Chart(
        "day",
        [one for one in every if one.points],
        levels=[(mark.value, short_money(mark.value)) for mark in drawn.levels],
        ticks=[(one.on, day(one.on)) for one in found.curve if one.number >= 0],
        marks=[Mark(_("Data date"), "amber", x=found.on)],
    )
