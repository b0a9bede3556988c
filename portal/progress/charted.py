"""Charts of plan and progress: the same figures as in the tables beside them."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from portal.progress.curve import Curve
from portal.progress.earned import Earned
from portal.progress.earned import Point as Reached
from portal.progress.loads import Load
from portal.progress.risk import Bin
from portal.web.charts import Chart, Mark, Point, Series, Tone, scale
from portal.web.filters import day, money, quantity, short_money
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


def load_chart(load: Load) -> Chart:
    """What a resource is asked for by week, red where it is more than there is."""
    weeks = [
        Point(
            week.monday,
            week.most,
            quantity(week.most),
            tone="alarm" if week.most > load.capacity else None,
        )
        for week in load.weeks
    ]
    available = f"{_('Available')} {quantity(load.capacity)}"
    return Chart(
        "day",
        [Series("asked", _("Asked for"), "bar", "fill", weeks)],
        levels=[(at, quantity(at)) for at in scale(max(load.most, load.capacity))],
        ticks=[(week.monday, day(week.monday)) for week in load.weeks],
        marks=[Mark(available, "ink", y=load.capacity)],
    )


def runs_chart(bins: Sequence[Bin]) -> Chart:
    """In how many runs it takes how many working days."""
    counts = [Point(at, Decimal(one.runs), str(one.runs)) for at, one in enumerate(bins)]
    return Chart(
        "text",
        [Series("runs", _("Runs"), "bar", "fill", counts)],
        levels=[(at, quantity(at)) for at in scale(max(one.y for one in counts))],
        ticks=[
            (at, f"{quantity(one.low, places=1)} – {quantity(one.high, places=1)}")
            for at, one in enumerate(bins)
        ],
    )
