"""Counting register entries in cells: by age and severity, by probability and impact. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

LEVELS = ("low", "medium", "high")
STEPS = 5


@dataclass(frozen=True, slots=True)
class Age:
    """A span of days since something was found; `most` None has no end."""

    least: int
    most: int | None

    def holds(self, days: int) -> bool:
        return days >= self.least and (self.most is None or days <= self.most)

    def days(self, today: date) -> tuple[date | None, date]:
        """(first day found, last day found) of this span."""
        first = None if self.most is None else today - timedelta(days=self.most)
        return first, today - timedelta(days=self.least)


AGES = (Age(0, 7), Age(8, 30), Age(31, None))


def by_age(
    found: Iterable[tuple[str, date]], kinds: Sequence[str], today: date
) -> Mapping[tuple[Age, str], int]:
    """How many there are of each age and kind; days to come count as today."""
    made = {(age, kind): 0 for age in AGES for kind in kinds}
    for kind, on in found:
        days = max(0, (today - on).days)
        age = next(one for one in AGES if one.holds(days))
        if (age, kind) in made:
            made[age, kind] += 1
    return made


def place(value: Decimal) -> int:
    """The step of the scale a value is shown at: rounded half up, for the cell alone."""
    rounded = int(value.quantize(Decimal(1), ROUND_HALF_UP))
    return max(1, min(STEPS, rounded))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the matrix: how many risks, and the worst of their levels (not of the cell)."""

    count: int = 0
    level: str = ""

    def with_one(self, level: str) -> "Cell":
        worst = max(self.level, level, key=lambda one: LEVELS.index(one) if one in LEVELS else -1)
        return Cell(self.count + 1, worst)


def matrix(
    risks: Iterable[tuple[Decimal, Decimal, str]],
) -> Mapping[tuple[int, int], Cell]:
    """Risks of (probability, impact, level) by cell; the level goes by the unrounded score."""
    made: dict[tuple[int, int], Cell] = {}
    for probability, impact, level in risks:
        key = place(probability), place(impact)
        made[key] = made.get(key, Cell()).with_one(level)
    return made


def span(step: int) -> tuple[str, str]:
    """What a list is filtered by for a step of the scale: (from, to), both included."""
    low = "0" if step == 1 else f"{step - 1}.5"
    high = "100" if step == STEPS else f"{step}.49"
    return low, high
