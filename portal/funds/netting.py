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
    money = sorted(realised, key=_turn)
    rest = [one.amount for one in money]
    for of_money, of_line in _FITS:
        fitting = _grouped(ordered, of_line)
        for place, one in enumerate(money):
            same = fitting.get(of_money(one)) if rest[place] > 0 else None
            if same and (of_money is _settled or _month(one.on) >= _month(same[0].on)):
                rest[place] = _consume(one.on, rest[place], same, left)
    return [Netted(line, line.amount - left[line.id]) for line in ordered]


Place = tuple[str | None, ...] | None


def _turn(one: Realised) -> tuple[date, str, str, str, str]:
    key = one.key
    return one.on, key.direction, key.currency, key.contract or "", key.category or ""


def _grouped(
    lines: Sequence[PlanLine], of_line: Callable[[PlanLine], Place]
) -> dict[Place, list[PlanLine]]:
    """The lines by what money must have in common with them, each group in the order of days."""
    found: dict[Place, list[PlanLine]] = {}
    for line in lines:
        found.setdefault(of_line(line), []).append(line)
    return found


def _settled(one: Realised) -> Place:
    return (one.settles, one.key.direction, one.key.currency) if one.settles else None


def _own(line: PlanLine) -> Place:
    return line.document, line.key.direction, line.key.currency


def _whole(one: Realised | PlanLine) -> Place:
    return one.key.direction, one.key.currency, one.key.contract, one.key.category


def _uncategorised(one: Realised) -> Place:
    key = one.key
    if key.category is not None or key.contract is None:
        return None
    return key.direction, key.currency, key.contract


def _of_contract(line: PlanLine) -> Place:
    return line.key.direction, line.key.currency, line.key.contract


# which lines money may realise, in the order in which it does: its own, those of its key, any
_FITS: tuple[tuple[Callable[[Realised], Place], Callable[[PlanLine], Place]], ...] = (
    (_settled, _own),
    (_whole, _whole),
    (_uncategorised, _of_contract),
)


def _consume(
    on: date, amount: Decimal, fitting: Sequence[PlanLine], left: dict[str, Decimal]
) -> Decimal:
    """What is left of the money of a day after the lines it fits have shrunk by it."""
    mine = _month(on)
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
