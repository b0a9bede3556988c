"""A balance by day on paper: steps over an axis of time, its levels, today and its lowest point."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from portal.reports import look
from portal.reports.sheet import Place, StepChart
from portal.reports.text import TextStyle, measure, write_line

TICK = TextStyle(size=7, leading=9, color=look.MUTED)
PAST, AHEAD, TODAY, BELOW = "#1f4e8c", "#4a86c5", "#9a5b00", "#f6dede"
DASHES = [3, 2]


class Steps(Flowable):
    """The chart in its own size; what a screen draws downwards is turned over here."""

    def __init__(self, chart: StepChart) -> None:
        super().__init__()
        self.chart = chart
        self.spaceAfter = 8

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """As wide and as high as it was drawn for."""
        self.width, self.height = self.chart.width, self.chart.height
        return self.width, self.height

    def draw(self) -> None:
        """What is below zero first, then levels and months, the two lines, what is marked."""
        chart = self.chart
        self._area()
        for at, label in chart.levels:
            self._rule((chart.left, at), (chart.right, at), look.RULE, 0.5)
            style = replace(TICK, align="right")
            self._text(label, style, 0, at + 2.5, chart.left - 4)
        self._rule((chart.left, chart.zero), (chart.right, chart.zero), look.MUTED, 0.8)
        for at, label in chart.ticks:
            self._text(label, TICK, at, chart.height - 6, chart.right - at)
        self._line(chart.past, PAST, dashed=False)
        self._line(chart.ahead, AHEAD, dashed=True)
        self._rule((chart.today[0], 18), (chart.today[0], chart.height - 20), TODAY, 0.7)
        self._text(chart.today[1], replace(TICK, color=TODAY), chart.today[0] + 3, 14, 80)
        self._low()

    def _area(self) -> None:
        """Between zero and the balances below it."""
        steps = [(x, max(y, self.chart.zero)) for x, y in self.chart.ahead]
        canvas: Any = self.canv
        canvas.setFillColor(HexColor(BELOW))
        for (x, y), (end, _next) in pairwise(steps):
            if y > self.chart.zero and end > x:
                canvas.rect(x, self._y(y), end - x, y - self.chart.zero, stroke=0, fill=1)

    def _low(self) -> None:
        (x, y), label = self.chart.low
        canvas: Any = self.canv
        canvas.setFillColor(HexColor(look.TONES["bad" if y > self.chart.zero else "neutral"]))
        canvas.circle(x, self._y(y), 3, stroke=0, fill=1)
        style = replace(TICK, bold=True, color=look.INK)
        wide = measure(label, style) + 2
        start = x - wide - 6 if x > (self.chart.left + self.chart.right) / 2 else x + 6
        self._text(label, style, start, self.label_at, wide)

    @property
    def label_at(self) -> float:
        """Where the label of the lowest point stands: no line of the chart strikes it through."""
        y = self.chart.low[0][1] + 12
        for line in sorted({self.chart.zero, *(at for at, _label in self.chart.levels)}):
            if y - TICK.size <= line <= y + 2:
                return line + TICK.leading
        return y

    def _y(self, y: float) -> float:
        return self.chart.height - y

    def _line(self, places: tuple[Place, ...], color: str, *, dashed: bool) -> None:
        canvas: Any = self.canv
        canvas.saveState()
        canvas.setStrokeColor(HexColor(color))
        canvas.setLineWidth(1.4)
        if dashed:
            canvas.setDash(DASHES)
        path = canvas.beginPath()
        for at, (x, y) in enumerate(places):
            if not at:
                path.moveTo(x, self._y(y))
                continue
            path.lineTo(x, self._y(places[at - 1][1]))
            path.lineTo(x, self._y(y))
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.restoreState()

    def _rule(self, start: Place, end: Place, color: str, wide: float) -> None:
        self.canv.setStrokeColor(HexColor(color))
        self.canv.setLineWidth(wide)
        self.canv.line(start[0], self._y(start[1]), end[0], self._y(end[1]))

    def _text(self, text: str, style: TextStyle, x: float, y: float, width: float) -> None:
        canvas: Any = self.canv
        canvas.saveState()
        canvas.translate(x, self._y(y))
        write_line(canvas, text, style, width, 0)
        canvas.restoreState()
