"""How planned money shrinks by money that is owed or has moved: FUND-1, nothing counts twice; pure.

What remains of a key (direction, currency, contract, category) is its plan less what is realised
of it, never below zero: max(0, plan − realised). Money that comes back is realised no longer.

A line shrinks first by what settles its own document, then by money of the same key, then by money
of the contract that names no category. The month decides only which line of a key shrinks first:
those of the same month, then earlier ones, then later ones.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.funds.money import NOTHING, Key


@dataclass(frozen=True, slots=True)
class PlanLine:
    """Money expected on a day; `document` is the plan it stands in, made on `made_on`.

    Without a day on which it was made, all money of its key realises it.
    """

    id: str
    document: str
    key: Key
    on: date
    amount: Decimal
    note: str = ""
    made_on: date | None = None

    @property
    def since(self) -> date:
        """From when on money realises it: the day it was made, or that its month begins."""
        return min(self.made_on, self.on.replace(day=1)) if self.made_on else date.min


@dataclass(frozen=True, slots=True)
class Realised:
    """Money that is owed or has moved, by the day it counts; `settles` may name a plan.

    Below zero it came back.
    """

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

    Money dated before the first plan of its key was made is none of it, unless the month of its
    first line had begun: it was known then. What settles a plan always counts.
    """
    ordered = sorted(lines, key=lambda line: (line.on, line.id))
    left = {line.id: line.amount for line in ordered}
    money = sorted(realised, key=_turn)
    rest = _kept(money)
    for of_money, of_line in _FITS:
        fitting = _grouped(ordered, of_line)
        since = {place: min(line.since for line in same) for place, same in fitting.items()}
        for number, one in enumerate(money):
            place = of_money(one)
            if rest[number] <= 0 or place not in fitting:
                continue
            if of_money is _settled or one.on >= since[place]:
                rest[number] = _consume(one.on, rest[number], fitting[place], left)
    return [Netted(line, line.amount - left[line.id]) for line in ordered]


Place = tuple[str | None, ...] | None


def _turn(one: Realised) -> tuple[date, str, str, str, str]:
    key = one.key
    return one.on, key.direction, key.currency, key.contract or "", key.category or ""


def _kept(money: Sequence[Realised]) -> list[Decimal]:
    """What is left of each sum after what came back; nothing of what came back itself.

    It is taken from money for the same document, then of the same key, then, if it names no
    category, of the contract: from what moved last before it, else from what moved first after.
    """
    rest = [max(one.amount, NOTHING) for one in money]
    back = [max(-one.amount, NOTHING) for one in money]
    for of_returned, of_money in _RETURNS:
        fitting: dict[Place, list[int]] = {}
        for number, one in enumerate(money):
            if rest[number]:
                fitting.setdefault(of_money(one), []).append(number)
        for number, one in enumerate(money):
            place = of_returned(one)
            if not back[number] or place is None:
                continue
            same = fitting.get(place, [])
            before = [each for each in same if money[each].on <= one.on]
            after = same[len(before) :]
            for each in (*reversed(before), *after):
                part = min(back[number], rest[each])
                rest[each] -= part
                back[number] -= part
    return rest


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


def _of_contract(one: Realised | PlanLine) -> Place:
    return one.key.direction, one.key.currency, one.key.contract


# which lines money may realise, in the order in which it does: its own, those of its key, any
_FITS: tuple[tuple[Callable[[Realised], Place], Callable[[PlanLine], Place]], ...] = (
    (_settled, _own),
    (_whole, _whole),
    (_uncategorised, _of_contract),
)
# which money what came back is taken from, likewise
_RETURNS: tuple[tuple[Callable[[Realised], Place], Callable[[Realised], Place]], ...] = (
    (_settled, _settled),
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
