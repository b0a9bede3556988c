"""How far cost codes have used their budgets, as a drawing: each against its own budget. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

WIDTH, ROW, HEAD, FOOT = 640, 46, 26, 6
LEFT, RIGHT = 8, 72
MOST, LEAST = 10, Decimal(100)
FURTHEST = Decimal(200)
"""Percent of the budget at which the axis ends; what goes beyond is told in figures only."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a cost code has used of its budget.

    `bound` is what contracts and spending bind, `forecast` what it will have cost in the end (None
    where nothing is forecast): that is held against `projected`, the budget with what is pending.
    """

    name: str
    key: str
    budget: Decimal
    bound: Decimal
    spent: Decimal
    projected: Decimal
    forecast: Decimal | None

    @property
    def reach(self) -> Decimal:
        """The largest part of the budget that is used, or will be beyond it; more than everything
        without a budget.
        """
        used = _part(max(self.bound, self.spent), self.budget)
        foreseen = _part(self.forecast or Decimal(0), self.projected)
        return max(used, foreseen) if foreseen > 1 else used


def _part(amount: Decimal, whole: Decimal) -> Decimal:
    if whole > 0:
        return max(amount, Decimal(0)) / whole
    return Decimal("Infinity") if amount > 0 else Decimal(0)


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the drawing: where it stands, how wide its bars are, where the forecast lies."""

    use: Use
    y: int
    bound: float
    spent: float
    forecast: float | None
    percent: Decimal | None

    @property
    def is_over(self) -> bool:
        return self.use.reach > 1


@dataclass(frozen=True, slots=True)
class Bars:
    """The whole drawing; `ticks` are (place, percent), `budget` the place of 100 percent."""

    rows: Sequence[Bar]
    ticks: Sequence[tuple[float, Decimal]]
    budget: float
    height: int
    width: int = WIDTH
    left: int = LEFT
    top: int = HEAD
    end: int = WIDTH - RIGHT


def nearest_first(uses: Sequence[Use], most: int = MOST) -> list[Use]:
    """The codes that have used most of their budget, or gone beyond it; those with nothing left
    out. Equal ones stand in the order given.
    """
    used = [one for one in uses if one.reach > 0]
    return sorted(used, key=lambda one: one.reach, reverse=True)[:most]


def draw_bars(uses: Sequence[Use]) -> Bars:
    """The drawing of some codes, in the order given."""
    finite = [one.reach * 100 for one in uses if one.reach.is_finite()]
    longest = min(max([LEAST, *finite]), FURTHEST)
    end = int((longest / 25).to_integral_value(ROUND_CEILING)) * 25
    length = WIDTH - RIGHT - LEFT

    def place(amount: Decimal, whole: Decimal) -> float:
        """How far an amount reaches: at most to the end of the axis."""
        share = min(_part(amount, whole) * 100, Decimal(end))
        return round(float(share / end * length), 1)

    rows = [
        Bar(
            one,
            HEAD + at * ROW,
            place(one.bound, one.budget),
            place(one.spent, one.budget),
            None if one.forecast is None else place(one.forecast, one.projected),
            one.reach * 100 if one.reach.is_finite() else None,
        )
        for at, one in enumerate(uses)
    ]
    step = 25 if end <= 125 else 50
    ticks = [(round(LEFT + at / end * length, 1), Decimal(at)) for at in range(0, end + 1, step)]
    budget = round(LEFT + 100 / end * length, 1)
    return Bars(rows, ticks, budget, HEAD + len(uses) * ROW + FOOT)
