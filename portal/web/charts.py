"""Charts as data: what a drawing shows, for the script that lets it answer the pointer.

Numbers say where things stand; whatever is read comes as text in the reader's language. How a chart
looks is decided in `static/js/charts.js`, nowhere here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any, Literal

from portal.web.filters import day

Tone = Literal["ink", "accent", "fill", "soft", "red", "amber", "alarm"]
Place = date | int
"""A day; or which of the names of the axis, counted from zero."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value: where it stands, how it reads, where it leads."""

    x: Place
    y: Decimal
    shown: str
    href: str | None = None
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Values that belong together. An `area` is ground between a step line and zero: never read."""

    key: str
    name: str
    kind: Literal["line", "step", "area", "bar", "point"]
    tone: Tone
    points: Sequence[Point]
    dashed: bool = False
    labeled: bool = False
    """Whether its name (of a `point`: its value) stands beside it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the chart: at a place of the axis, or at a value."""

    name: str
    tone: Tone
    x: date | None = None
    y: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart. `levels` are the lines of the scale of values, evenly apart; `ticks` name places of
    the axis. On an axis of days the script can zoom; `rows` stand one below the other, and `ends`
    stand at their ends.
    """

    axis: Literal["day", "text", "rows"]
    series: Sequence[Series]
    levels: Sequence[tuple[Decimal, str]]
    ticks: Sequence[tuple[Place, str]]
    marks: Sequence[Mark] = ()
    ends: Sequence[tuple[str, Tone]] = ()

    def described(self) -> dict[str, Any]:
        """The chart for the script."""
        days = {one.x for line in self.series for one in line.points if isinstance(one.x, date)}
        return {
            "axis": self.axis,
            "levels": [[float(value), shown] for value, shown in self.levels],
            "ticks": [[_place(x), shown] for x, shown in self.ticks],
            "ends": [list(one) for one in self.ends],
            "days": {on.isoformat(): day(on) for on in sorted(days)},
            "series": [_series(one) for one in self.series],
            "marks": [
                {
                    "name": one.name,
                    "tone": one.tone,
                    "x": None if one.x is None else one.x.isoformat(),
                    "y": None if one.y is None else float(one.y),
                }
                for one in self.marks
            ],
        }


def scale(most: Decimal) -> list[Decimal]:
    """Three to six round amounts from zero on that hold this one."""
    about = max(most, Decimal(1)) / 4
    unit = Decimal(10) ** about.adjusted()
    step = next(unit * times for times in (1, 2, 5, 10) if unit * times >= about)
    count = int((most / step).to_integral_value(ROUND_CEILING))
    return [step * at for at in range(max(count, 1) + 1)]


def _place(x: Place) -> str | int:
    return x.isoformat() if isinstance(x, date) else x


def _series(one: Series) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name,
        "kind": one.kind,
        "tone": one.tone,
        "dashed": one.dashed,
        "labeled": one.labeled,
        "points": [
            {
                "x": _place(each.x),
                "y": float(each.y),
                "shown": each.shown,
                "href": each.href,
                "tone": each.tone,
            }
            for each in one.points
        ],
    }
