"""Rows of text that become one table: cells wrap, tall rows continue, the header repeats."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable, Table

from portal.reports import look
from portal.reports.text import Lines, P, TextStyle

_TALLEST = 120.0  # points: a taller row is cut, so that it can cross pages
_SLICE = 54.0  # points: the height it is cut into


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, how it looks, and how many columns it covers."""

    text: str
    style: TextStyle = look.VALUE
    span: int = 1


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands in one cell: where it begins, how many columns, how wide, and the flowable."""

    column: int
    span: int
    width: float
    content: Lines


class Grid:
    """Collects rows; `table()` is the result. Widths and paddings in points."""

    def __init__(self, widths: Sequence[float], *, side: float = 5, above: float = 3.5) -> None:
        self._widths = list(widths)
        self._side, self._above = side, above
        self._rows: list[list[Flowable | str]] = []
        self._commands: list[tuple[Any, ...]] = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), side),
            ("RIGHTPADDING", (0, 0), (-1, -1), side),
            ("TOPPADDING", (0, 0), (-1, -1), above),
            ("BOTTOMPADDING", (0, 0), (-1, -1), above),
        ]

    def add(
        self,
        cells: Sequence[Cell],
        *,
        shade: str = "",
        rule: str = look.RULE,
        with_previous: bool = False,
    ) -> None:
        """One row, ruled off below (`rule=""` leaves the rule out)."""
        first = len(self._rows)
        if with_previous and first:
            self._commands.append(("NOSPLIT", (0, first - 1), (0, first)))
        self._sink(cells, first)
        for slices in _slices(self._pieces(cells)):
            self._put(slices)
        last = len(self._rows) - 1
        self._join(first, last)
        if shade:
            self._commands.append(("BACKGROUND", (0, first), (-1, last), HexColor(shade)))
        if rule:
            self._commands.append(("LINEBELOW", (0, last), (-1, last), 0.5, HexColor(rule)))

    def edge(self, color: str, *, where: str = "LINEABOVE", weight: float = 0.8) -> None:
        """A line along the whole table, above its first row or beside its first column."""
        end = (-1, 0) if where == "LINEABOVE" else (0, -1)
        self._commands.append((where, (0, 0), end, weight, HexColor(color)))

    def table(self, *, header_rows: int = 0, after: float = 10) -> Flowable:
        """The finished table; its first rows stand again on every page."""
        return Table(
            self._rows,
            colWidths=self._widths,
            repeatRows=header_rows,
            style=self._commands,
            spaceAfter=after,
            hAlign="LEFT",
        )

    def _pieces(self, cells: Sequence[Cell]) -> list[_Piece]:
        pieces = []
        column = 0
        for one in cells:
            width = sum(self._widths[column : column + one.span]) - 2 * self._side
            pieces.append(_Piece(column, one.span, width, P(one.text, one.style)))
            column += one.span
        return pieces

    def _join(self, first: int, last: int) -> None:
        """Take the padding out from between the slices of one row."""
        if first < last:
            self._commands.append(("BOTTOMPADDING", (0, first), (-1, last - 1), 0))
            self._commands.append(("TOPPADDING", (0, first + 1), (-1, last), 0))

    def _sink(self, cells: Sequence[Cell], row: int) -> None:
        """Lower small text to the baseline of the largest in its row."""
        largest = max(one.style.size for one in cells)
        column = 0
        for one in cells:
            if one.style.size < largest:
                place = (column, row)
                above = self._above + largest - one.style.size
                self._commands.append(("TOPPADDING", place, place, above))
            column += one.span

    def _put(self, pieces: Sequence[_Piece]) -> None:
        row: list[Flowable | str] = [""] * len(self._widths)
        place = len(self._rows)
        for piece in pieces:
            row[piece.column] = piece.content
            if piece.span > 1:
                end = (piece.column + piece.span - 1, place)
                self._commands.append(("SPAN", (piece.column, place), end))
        self._rows.append(row)


def _slices(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    """A row as it is, or, if it is too tall for one page to be sure of it, cut into several."""
    heights = [piece.content.wrap(piece.width, 0)[1] for piece in pieces]
    if max(heights) <= _TALLEST:
        yield pieces
        return
    left = pieces
    while left:
        parts = [(piece, piece.content.split(piece.width, _SLICE)) for piece in left]
        yield [replace(piece, content=both[0]) for piece, both in parts]
        left = [replace(piece, content=both[1]) for piece, both in parts if len(both) > 1]
