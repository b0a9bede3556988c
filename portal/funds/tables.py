"""Tables of the funds center, declared once: for the page, the spreadsheet and the PDF."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from portal.ledgers.pages import Figure, Way

HeadKind = Literal["text", "money", "day", "number"]
Value = str | Decimal | date | int | None


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column, and what stands under it."""

    label: str
    kind: HeadKind = "text"

    @property
    def is_number(self) -> bool:
        return self.kind in ("money", "number")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value; it leads to its entries (`way`), a record, or a page (`address`).

    `sub` is a second line of it.
    """

    value: Value
    way: Way | None = None
    record: str = ""
    sub: str = ""
    badge: str = ""
    is_alarming: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads, in one currency. `key` names it in the address of its spreadsheet."""

    key: str
    title: str
    currency: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] | None = None
    empty: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stat:
    """A figure at the top of a page. `text` stands instead of an amount.

    It leads to its entries (`way`), or to the table of the page it is the sum of (`table`). `adds`:
    over currencies, once it is told in one.
    """

    label: str
    value: Decimal | None
    way: Way | None = None
    hint: str = ""
    unit: str = ""
    is_alarming: bool = False
    adds: bool = False
    text: str = ""
    table: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """What a page shows of one currency."""

    currency: str
    stats: Sequence[Stat] = ()
    tables: Sequence[Table] = field(default_factory=tuple)


def of_figure(figure: Figure) -> Cell:
    """A figure as a cell."""
    if figure.is_private:
        return Cell("–")
    value = figure.value if figure.is_defined else None
    return Cell(value, figure.way, is_alarming=figure.is_alarming)
