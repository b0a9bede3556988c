"""The PDF of a plan: rows with their dates and, beside them, their bars on an axis of time."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from portal.reports import look, pages
from portal.reports.sheet import BarChart, BarLine, RecordSheet
from portal.reports.text import P, TextStyle, write_line

ROW, HEAD = 14.0, 26.0
FIRST_ROWS, NEXT_ROWS = 25, 29
CELL = TextStyle(size=7, leading=9)
TICK = TextStyle(size=6, leading=8, color=look.MUTED)
RULE = "#e2e6eb"
TICK_ROOM = 24.0  # what the name of a month needs


def bars_pdf(sheet: RecordSheet, chart: BarChart) -> bytes:
    """The chart on paper lying on its side, as many pages as it needs; each repeats the axis."""
    paper = look.LANDSCAPE
    story: list[Flowable] = [
        P(sheet.company, look.COMPANY),
        P(sheet.title, look.TITLE),
        P(sheet.subject, look.SUBJECT),
    ]
    story += [_Bars(replace(chart, lines=part)) for part in _parts(chart.lines)]
    story += [P(one, look.SMALL) for one in sheet.notes]
    return pages.build(sheet, story, paper)


def _parts(lines: Sequence[BarLine]) -> Iterator[Sequence[BarLine]]:
    yield lines[:FIRST_ROWS]
    for at in range(FIRST_ROWS, len(lines), NEXT_ROWS):
        yield lines[at : at + NEXT_ROWS]


class _Bars(Flowable):
    """Some rows of a chart, with the axis above them."""

    def __init__(self, chart: BarChart) -> None:
        super().__init__()
        self.chart = chart

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """As wide as offered, as high as its rows."""
        self.width = available_width
        self.height = HEAD + ROW * len(self.chart.lines) + 4
        return self.width, self.height

    def draw(self) -> None:
        """Head, lines, bars, and the marks over all of it."""
        self.left = sum(width for _, width in self.chart.columns) + 8
        self.scale = (self.width - self.left) / max(self.chart.days, 1)
        self._axis()
        for at, line in enumerate(self.chart.lines):
            y = self.height - HEAD - ROW * (at + 1)
            self._cells(line, y)
            self._bar(line, y)
        for day, color in self.chart.marks:
            self._rule(self._x(day), 0, self._x(day), self.height - 12, color, 1)

    def _x(self, day: float) -> float:
        return self.left + day * self.scale

    def _rule(self, x0: float, y0: float, x1: float, y1: float, color: str, wide: float) -> None:
        self.canv.setStrokeColor(HexColor(color))
        self.canv.setLineWidth(wide)
        self.canv.line(x0, y0, x1, y1)

    def _text(self, text: str, style: TextStyle, x: float, y: float, width: float) -> None:
        canvas: Any = self.canv
        canvas.saveState()
        canvas.translate(x, y)
        write_line(canvas, text, style, width, 0)
        canvas.restoreState()

    def _axis(self) -> None:
        x, bold = 0.0, replace(CELL, bold=True)
        for label, width in self.chart.columns:
            self._text(label, bold, x, self.height - HEAD + 5, width - 4)
            x += width
        room = self.width - self.left
        for at, (day, label) in enumerate(self.chart.ticks):
            following = [one for one, _ in self.chart.ticks[at + 1 : at + 2]]
            end = self._x(following[0]) if following else self.left + room
            self._rule(self._x(day), 0, self._x(day), self.height - 10, RULE, 0.5)
            if end - self._x(day) > TICK_ROOM:
                self._text(label, TICK, self._x(day) + 2, self.height - 10, end - self._x(day) - 3)

    def _cells(self, line: BarLine, y: float) -> None:
        style = replace(CELL, bold=line.kind == "summary")
        x = 0.0
        for at, (text, (_, width)) in enumerate(zip(line.cells, self.chart.columns, strict=True)):
            indent = 7.0 * line.depth if at == 0 else 0.0
            self._text(text, style, x + indent, y + 4, width - 4 - indent)
            x += width
        self._rule(0, y, self.width, y, RULE, 0.5)

    def _bar(self, line: BarLine, y: float) -> None:
        canvas: Any = self.canv
        x, end = self._x(line.start), self._x(line.finish)
        if line.old is not None:
            canvas.setFillColor(HexColor("#9aa4b1"))
            first, last = self._x(line.old[0]), self._x(line.old[1])
            canvas.rect(first, y + 1.5, max(last - first, 1), 1.8, stroke=0, fill=1)
        canvas.setFillColor(HexColor(look.TONES[line.tone]))
        if line.kind == "moment":
            path = canvas.beginPath()
            path.moveTo(x, y + 3.5)
            for side, up in ((x + 4, y + 7.5), (x, y + 11.5), (x - 4, y + 7.5)):
                path.lineTo(side, up)
            path.close()
            canvas.drawPath(path, stroke=0, fill=1)
            return
        height = 3.0 if line.kind == "summary" else 6.0
        canvas.rect(x, y + 5, max(end - x, 1), height, stroke=0, fill=1)
        if line.done and line.kind == "task" and line.tone != "good":
            canvas.setFillColor(HexColor("#ffffff"))
            canvas.rect(x, y + 7, (end - x) * line.done, 2, stroke=0, fill=1)
        if line.late > line.finish:
            self._rule(end, y + 8, self._x(line.late), y + 8, look.MUTED, 0.6)
