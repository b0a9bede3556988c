"""What a sheet holds: cells as people see them, and which of them are merged; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from portal.errors import N_, Invalid

COLUMNS_MOST = 60
ROWS_MOST = 20_000
CELLS_MOST = 200_000
TEXT_MOST = 2_000

CellKind = Literal["text", "number", "date", "yes_no"]
Merge = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """One filled cell. `text` is a decimal for numbers (5 % is 5), an ISO day for dates, `yes` or
    `no` for logical values; `is_money` and `currency` are what its number format says."""

    kind: CellKind
    text: str
    is_percent: bool = False
    is_money: bool = False
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: filled cells by (row, column), both from 1; merges as (row, column, row, column)."""

    name: str
    cells: Mapping[tuple[int, int], Cell]
    merges: tuple[Merge, ...] = ()
    others: tuple[str, ...] = field(default=())

    def row(self, number: int) -> dict[int, Cell]:
        """The filled cells of a row by column."""
        return {at[1]: cell for at, cell in self.cells.items() if at[0] == number}

    def rows(self) -> dict[int, dict[int, Cell]]:
        """The rows that hold something, in order."""
        found: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in sorted(self.cells.items()):
            found.setdefault(row, {})[column] = cell
        return found


def number_text(number: Decimal, decimals: int | None) -> str:
    """A number with the decimals its format shows; without one, without binary noise."""
    if decimals is None:
        number = Decimal(f"{number:.15g}") if number else Decimal(0)
        decimals = min(6, max(0, -int(number.normalize().as_tuple().exponent)))
    return format(number.quantize(Decimal(1).scaleb(-min(decimals, 6)), ROUND_HALF_UP), "f")


def demand_size(cells: Mapping[tuple[int, int], Cell]) -> None:
    """Raise Invalid for more columns or cells than a form is ever made of."""
    if len({column for _row, column in cells}) > COLUMNS_MOST:
        told = N_("The sheet has more than %(most)s columns. Keep those a form should ask for.")
        raise Invalid(told, most=COLUMNS_MOST)
