"""How planned money shrinks by money that is owed or has moved: FUND-1, nothing counts twice; pure.

A line shrinks first by what settles its own document, then by money of the same key (direction,
contract, category), then by money of the contract that names no category. Within a key the lines
of the same month shrink first, then earlier ones, then later ones.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.funds.money import NOTHING, Key


@dataclass(frozen=True, slots=True)
class PlanLine:
    """Money expected on a day; `document` is the plan it stands in."""

    id: str
    document: str
    key: Key
    on: date
    amount: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Realised:
    """Money that is owed or has moved, by the day it counts; `settles` may name a plan."""

    key: Key
    on: date
    amount: Decimal
    settles: str | None = None


@dataclass(frozen=True, slots=True)
class Netted:
    """A plan line, and how much of it is realised."""

    line: PlanLine
    realised: Decimal

    @property
    def remaining(self) -> Decimal:
        return self.line.amount - self.realised


def netted(lines: Iterable[PlanLine], realised: Iterable[Realised]) -> list[Netted]:
    """The lines in the order of their days, each with what is realised of it.

    Money dated before the month of the first line it could realise is none of the plan's: it was
    there when the plan was made. What settles a plan always counts.
    """
    ordered = sorted(lines, key=lambda line: (line.on, line.id))
    left = {line.id: line.amount for line in ordered}
    money = sorted(realised, key=lambda one: (one.on, str(one.key)))
    rest = [one.amount for one in money]
    for takes in (_own, _same, _any_category):
        for place, one in enumerate(money):
            if rest[place] > 0:
                rest[place] = _consume(one, rest[place], ordered, left, takes)
    return [Netted(line, line.amount - left[line.id]) for line in ordered]


Takes = Callable[[Realised, PlanLine], bool]


def _own(one: Realised, line: PlanLine) -> bool:
    same = (one.key.direction, one.key.currency) == (line.key.direction, line.key.currency)
    return one.settles == line.document and same


def _same(one: Realised, line: PlanLine) -> bool:
    return one.key == line.key


def _any_category(one: Realised, line: PlanLine) -> bool:
    mine, theirs = one.key, line.key
    return (
        mine.category is None
        and mine.contract is not None
        and (
            (mine.direction, mine.currency, mine.contract)
            == (theirs.direction, theirs.currency, theirs.contract)
        )
    )


def _consume(
    one: Realised,
    amount: Decimal,
    lines: Sequence[PlanLine],
    left: dict[str, Decimal],
    takes: Takes,
) -> Decimal:
    """What is left of the money after the lines it fits have shrunk by it."""
    fitting = [line for line in lines if takes(one, line)]
    if not fitting or (takes is not _own and _month(one.on) < _month(fitting[0].on)):
        return amount
    mine = _month(one.on)
    same = [line for line in fitting if _month(line.on) == mine]
    earlier = [line for line in fitting if _month(line.on) < mine]
    later = [line for line in fitting if _month(line.on) > mine]
    for line in (*same, *earlier, *later):
        part = min(amount, left[line.id])
        left[line.id] -= part
        amount -= part
        if amount <= NOTHING:
            break
    return amount


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
