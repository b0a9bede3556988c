"""The plan as a picture of its own: head, table, bars and legend, in units of the picture. Pure."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from portal.progress.bars import Bar
from portal.progress.gantt import Gantt

MARGIN, TOP = 24, 84
LETTER, WIDE_LETTER = 0.56, 1.0  # of a letter's height
SIZE = 11
INDENT = 12
SIGN, GAP = 30, 22  # of the legend: room of a sign, space behind its words
LEGEND_ROW = 22
FITS = 1_000
"""How wide a whole plan is drawn."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its words, its left edge, its width."""

    label: str
    x: float
    width: float
    is_number: bool = False

    @property
    def at(self) -> float:
        """Where its text begins, or ends if it is a number."""
        return self.x + self.width - 10 if self.is_number else self.x


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of the table."""

    x: float
    y: float
    text: str
    tone: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """An item of the legend: what is drawn, and what it means."""

    kind: str
    words: str
    x: float = 0
    y: float = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture. The drawing stands at (`left`, `TOP`)."""

    gantt: Gantt
    columns: Sequence[Column]
    cells: Sequence[Cell]
    legend: Sequence[Sign]
    left: float
    width: float
    height: float
    margin: int = MARGIN
    top: int = TOP


def columns_of(labels: Sequence[tuple[str, float]]) -> list[Column]:
    """Columns beside each other; all but the first three hold numbers."""
    found, x = [], float(MARGIN)
    for at, (label, width) in enumerate(labels):
        found.append(Column(label, x, width, is_number=at > 2))
        x += width
    return found


def picture_of(
    gantt: Gantt,
    columns: Sequence[Column],
    texts: Sequence[Sequence[str]],
    legend: Sequence[tuple[str, str]],
) -> Picture:
    """The picture; `texts` are the cells of every row of the drawing, `legend` signs and words."""
    left = columns[-1].x + columns[-1].width
    gantt = replace(gantt, width=round(max([gantt.width, *(_end(bar) for bar in gantt.bars)])))
    width = max(left + gantt.width, 720) + MARGIN
    signs = _placed(legend, width, TOP + gantt.height + 26)
    height = max((one.y for one in signs), default=TOP + gantt.height) + 40
    return Picture(gantt, columns, list(_cells(gantt, columns, texts)), signs, left, width, height)


def _end(bar: Bar) -> float:
    """Where the name beside a bar ends."""
    return bar.name_at + length(bar.name)


def _cells(
    gantt: Gantt, columns: Sequence[Column], texts: Sequence[Sequence[str]]
) -> Iterator[Cell]:
    for bar, row in zip(gantt.bars, texts, strict=True):
        tone = f"is-{bar.tone} of-{bar.kind}"
        for at, (column, text) in enumerate(zip(columns, row, strict=True)):
            indent = INDENT * min(bar.row.depth, 6) if at == 0 else 0
            fitting = fit(text, column.width - indent - 10)
            yield Cell(column.at + indent, TOP + bar.y + 17, fitting, tone, column.is_number)


def _placed(legend: Sequence[tuple[str, str]], width: float, y: float) -> list[Sign]:
    """The legend in as many lines as it needs."""
    found, x = [], float(MARGIN)
    for kind, words in legend:
        wide = SIGN + length(words) + GAP
        if x > MARGIN and x + wide > width - MARGIN:
            x, y = float(MARGIN), y + LEGEND_ROW
        found.append(Sign(kind, words, round(x, 1), y))
        x += wide
    return found


def length(text: str) -> float:
    """How long a text is, about: fonts differ."""
    wide = sum(unicodedata.east_asian_width(one) in "WF" for one in text)
    return SIZE * (WIDE_LETTER * wide + LETTER * (len(text) - wide))


def fit(text: str, width: float) -> str:
    """As much of a text as has room."""
    if length(text) <= width:
        return text
    while text and length(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"
