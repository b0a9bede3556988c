"""Where the cash is going: a balance, what moves it, its lowest point; pure.

closing = opening + in − out, day by day. Three things are still to come: what is owed by the day
it is due, deposits by the day they come back, and what of the plan is not realised yet.
- What we owe and should have paid already counts today: it may be asked for at any moment.
- What others owe us and should have paid does not count until a plan expects it anew.
- A plan line whose day has passed drops out; what of it is not owed either is overdue.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from portal.funds.money import NOTHING, Direction, Key, signed
from portal.funds.netting import Netted, PlanLine, Realised, netted
from portal.funds.open_items import OpenItem

Kind = Literal["owed", "deposit", "plan"]


@dataclass(frozen=True, slots=True)
class Expected:
    """Money still to come in or to go out. `document` is the certificate, deposit or plan."""

    kind: Kind
    document: str
    key: Key
    on: date
    amount: Decimal
    due: date
    party: str | None = None
    note: str = ""

    @property
    def signed(self) -> Decimal:
        return signed(self.key.direction, self.amount)


@dataclass(frozen=True, slots=True)
class Moved:
    """Money that moved: its day, the amount (out below zero), and what it realises of a plan.

    A transfer moves money between accounts, or brings in an opening balance.
    """

    on: date
    signed: Decimal
    direction: Direction
    realises: Realised | None = None
    is_transfer: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """The balance at the end of a day on which something moves."""

    on: date
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Month:
    """A month: what moved, what is still expected, and what had been planned.

    `carried` are opening balances and transfers.
    """

    first: date
    opening: Decimal
    carried: Decimal
    actual_in: Decimal
    actual_out: Decimal
    expected_in: Decimal
    expected_out: Decimal
    planned_in: Decimal
    planned_out: Decimal

    @property
    def is_busy(self) -> bool:
        """Whether anything moved, is expected or was planned."""
        flows = (self.carried, self.actual_in, self.actual_out, self.expected_in)
        return any((*flows, self.expected_out, self.planned_in, self.planned_out))

    @property
    def closing(self) -> Decimal:
        comes = self.carried + self.actual_in + self.expected_in
        return self.opening + comes - self.actual_out - self.expected_out


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What should have come in by now and counts in no balance until a plan expects it anew.

    `owed` is overdue to us, `deposits` were to come back; `planned` is owed by nobody: the day a
    plan named for it has passed.
    """

    owed: Decimal = NOTHING
    deposits: Decimal = NOTHING
    planned: Decimal = NOTHING

    def __add__(self, other: "LeftOut") -> "LeftOut":
        return LeftOut(
            self.owed + other.owed, self.deposits + other.deposits, self.planned + other.planned
        )

    def __bool__(self) -> bool:
        return any((self.owed, self.deposits, self.planned))


class Course:
    """A balance from day to day: its `points`, from today on."""

    __slots__ = ()
    points: Sequence[Point]

    @property
    def lowest(self) -> Point:
        """The lowest balance from today on, the first day of it."""
        return min(self.points, key=lambda point: (point.balance, point.on))

    @property
    def peak_need(self) -> Decimal:
        """How much money is missing at the lowest point; zero if never."""
        return max(NOTHING, -self.lowest.balance)


@dataclass(frozen=True, slots=True)
class Projection(Course):
    """The cash of a project in one currency, from what moved to what is still to come."""

    today: date
    cash: Decimal
    lines: Sequence[Netted]
    expected: Sequence[Expected]
    overdue: Sequence[Expected]
    points: Sequence[Point]
    months: Sequence[Month]

    @property
    def left_out(self) -> LeftOut:
        """What should have come in by today and does not count until a plan expects it anew."""
        return sum((left_out(one) for one in self.overdue), LeftOut())


def left_out(one: Expected) -> LeftOut:
    """What is overdue and should have come in, by its kind; nothing of what was to go out."""
    if one.key.direction == "out":
        return LeftOut()
    kinds = {"owed": "owed", "deposit": "deposits", "plan": "planned"}
    return LeftOut(**{kinds[one.kind]: one.amount})


def project(
    today: date,
    moved: Iterable[Moved],
    owed: Iterable[OpenItem],
    deposits: Iterable[Expected],
    plan: Iterable[PlanLine],
) -> Projection:
    """The projection as of today; all of it in one currency."""
    past = sorted((one for one in moved if one.on <= today), key=lambda one: one.on)
    cash = sum((one.signed for one in past), NOTHING)
    coming, late = _owed(today, [one for one in owed if one.open > 0])
    for one in deposits:
        (coming if one.due > today else late).append(one)
    realised = [one.realises for one in past if one.realises is not None]
    realised += [Realised(one.key, one.on, one.amount) for one in coming if one.kind == "owed"]
    lines = _met(today, netted(plan, realised), late)
    for each in lines:
        if each.remaining > 0:
            (coming if each.line.on >= today else late).append(_planned(each))
    coming.sort(key=_order)
    late.sort(key=_order)
    points = _points(today, cash, coming)
    months = _months(today, past, coming, [one.line for one in lines])
    return Projection(today, cash, lines, coming, late, points, months)


def _met(today: date, lines: Sequence[Netted], late: Iterable[Expected]) -> list[Netted]:
    """The lines, those that have passed shrunk also by what others owe us and are late with.

    So one delay is not told twice, and no later line shrinks by money that does not come. It is
    owed whenever the plan was made.
    """
    owed = [
        Realised(one.key, one.due, one.amount)
        for one in late
        if one.kind == "owed" and one.key.direction == "in"
    ]
    passed = [
        replace(one.line, amount=one.remaining, made_on=None)
        for one in lines
        if one.line.on < today and one.remaining > 0
    ]
    met = {one.line.id: one.realised for one in netted(passed, owed)}
    return [replace(one, realised=one.realised + met.get(one.line.id, NOTHING)) for one in lines]


def _order(one: Expected) -> tuple[date, str, str, str]:
    return one.due, one.kind, one.document, str(one.key)


def _owed(today: date, items: Iterable[OpenItem]) -> tuple[list[Expected], list[Expected]]:
    coming: list[Expected] = []
    late: list[Expected] = []
    for one in items:
        counts = one.key.direction == "out" or one.due >= today
        on = max(one.due, today)
        made = Expected("owed", one.document, one.key, on, one.open, one.due, one.party)
        if counts:
            coming.append(made)
        if one.due < today:
            late.append(made)
    return coming, late


def _planned(one: Netted) -> Expected:
    line = one.line
    return Expected(
        "plan", line.document, line.key, line.on, one.remaining, line.on, note=line.note
    )


def _points(today: date, cash: Decimal, coming: Iterable[Expected]) -> list[Point]:
    by_day: dict[date, Decimal] = {today: NOTHING}
    for one in coming:
        by_day[one.on] = by_day.get(one.on, NOTHING) + one.signed
    points: list[Point] = []
    balance = cash
    for day in sorted(by_day):
        balance += by_day[day]
        points.append(Point(day, balance))
    return points


def _months(
    today: date, past: Sequence[Moved], coming: Sequence[Expected], plan: Sequence[PlanLine]
) -> list[Month]:
    days = [*(one.on for one in past), *(one.on for one in coming), *(one.on for one in plan)]
    first, last = _first(min([today, *days])), _first(max([today, *days]))
    actual: Sums = {}
    for one in past:
        kind = "carried" if one.is_transfer else one.direction
        _add(actual, one.on, kind, one.signed)
    expected: Sums = {}
    for each in coming:
        _add(expected, each.on, each.key.direction, each.signed)
    planned: Sums = {}
    for line in plan:
        _add(planned, line.on, line.key.direction, signed(line.key.direction, line.amount))
    balance, months = NOTHING, []
    while first <= last:
        month = Month(
            first,
            balance,
            _sum(actual, first, "carried"),
            _sum(actual, first, "in"),
            -_sum(actual, first, "out"),
            _sum(expected, first, "in"),
            -_sum(expected, first, "out"),
            _sum(planned, first, "in"),
            -_sum(planned, first, "out"),
        )
        months.append(month)
        balance, first = month.closing, next_month(first)
    return months


Sums = dict[tuple[date, str], Decimal]


def _add(sums: Sums, day: date, kind: str, amount: Decimal) -> None:
    place = _first(day), kind
    sums[place] = sums.get(place, NOTHING) + amount


def _sum(sums: Sums, first: date, kind: str) -> Decimal:
    return sums.get((first, kind), NOTHING)


def _first(day: date) -> date:
    return day.replace(day=1)


def next_month(first: date) -> date:
    """The first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
