"""The cash curve as a drawing: where each line stands, in units of the picture; pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from portal.funds.projection import next_month

Step = tuple[date, Decimal]
Across = Callable[[date], float]
Down = Callable[[Decimal], float]
TOP, FOOT = 28, 30
AHEAD = 183
_TICK = 46  # the word of a month takes so much room


@dataclass(frozen=True, slots=True)
class Room:
    """What a drawing has: its edges, its height, how many months it can name."""

    left: int
    right: int
    height: int
    ticks: int


WIDE = Room(86, 1110, 260, 12)
NARROW = Room(62, 344, 220, 4)
PAPER = Room(62, 710, 190, 12)


@dataclass(frozen=True, slots=True)
class Level:
    """A line of an amount."""

    y: float
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month."""

    x: float
    on: date


@dataclass(frozen=True, slots=True)
class Curve:
    """The whole drawing. `past` and `future` are paths of steps; `low` is the lowest point.

    `past_places` and `future_places` are where their steps begin.

    `below` is the future below zero, as an area.
    """

    past: str
    future: str
    past_places: Sequence[tuple[float, float]]
    future_places: Sequence[tuple[float, float]]
    below: str
    levels: Sequence[Level]
    ticks: Sequence[Tick]
    zero: float
    today: float
    low: tuple[float, float]
    low_on: date
    low_balance: Decimal
    low_at_end: bool
    room: Room
    width: int
    height: int
    is_narrow: bool


def curves(past: Sequence[Step], future: Sequence[Step]) -> list[Curve]:
    """The drawing for wide screens and the one for phones. `past` ends today, `future` begins."""
    return [draw(past, future, room) for room in (WIDE, NARROW)]


def draw(past: Sequence[Step], future: Sequence[Step], room: Room) -> Curve:
    """Balances by day as steps; the lowest is sought in what is still to come."""
    future = near(future)
    every = [*past, *future]
    first = every[0][0]
    last = max(every[-1][0], first + timedelta(days=28)) + timedelta(days=7)
    levels = _levels([amount for _on, amount in every])
    top, bottom = levels[-1], levels[0]
    across = (room.right - room.left) / (last - first).days
    down = Decimal(room.height - TOP - FOOT) / (top - bottom)

    def x(on: date) -> float:
        return round(room.left + (on - first).days * across, 1)

    def y(amount: Decimal) -> float:
        return round(float(TOP + (top - amount) * down), 1)

    today = future[0][0]
    before = [*past, (today, past[-1][1])] if past and past[-1][0] < today else list(past)
    low = min(future, key=lambda step: (step[1], step[0]))
    zero = y(Decimal(0))
    ends = [*future, (last, future[-1][1])]
    return Curve(
        past=_steps(before, x, y),
        future=_steps(ends, x, y),
        past_places=[(x(on), y(amount)) for on, amount in before],
        future_places=[(x(on), y(amount)) for on, amount in ends],
        below=_area([(on, min(amount, Decimal(0))) for on, amount in ends], x, y, zero),
        levels=[Level(y(amount), amount) for amount in levels],
        ticks=[
            Tick(x(on), on)
            for on in _apart(months(first, last), room.ticks)
            if x(on) < room.right - _TICK
        ],
        zero=zero,
        today=x(today),
        low=(x(low[0]), y(low[1])),
        low_on=low[0],
        low_balance=low[1],
        low_at_end=x(low[0]) > (room.left + room.right) / 2,
        room=room,
        width=room.right + 16,
        height=room.height,
        is_narrow=room is NARROW,
    )


def near(future: Sequence[Step]) -> list[Step]:
    """Half a year ahead, or as far as the lowest point: much later hides what matters."""
    low = min(future, key=lambda step: (step[1], step[0]))[0]
    end = max(low, future[0][0] + timedelta(days=AHEAD))
    return [step for step in future if step[0] <= end]


def _steps(steps: Sequence[Step], x: Across, y: Down) -> str:
    parts = []
    for number, (on, amount) in enumerate(steps):
        parts.append(f"M{x(on)} {y(amount)}" if not number else f"H{x(on)}V{y(amount)}")
    return "".join(parts)


def _area(steps: Sequence[Step], x: Across, y: Down, zero: float) -> str:
    if all(amount >= 0 for _on, amount in steps):
        return ""
    return f"M{x(steps[0][0])} {zero}V{_steps(steps, x, y).partition(' ')[2]}V{zero}Z"


def _levels(amounts: Sequence[Decimal]) -> list[Decimal]:
    """Three to six round amounts that hold all of these and zero, ascending."""
    low, high = min(*amounts, Decimal(0)), max(*amounts, Decimal(0))
    if low == high:
        high = Decimal(1000)
    step = _round_step((high - low) / 4)
    first, last = low // step * step, high // step * step
    if first > low:
        first -= step
    if last < high:
        last += step
    count = int((last - first) / step)
    return [first + step * number for number in range(count + 1)]


def _round_step(about: Decimal) -> Decimal:
    unit = Decimal(10) ** about.adjusted()
    return next(unit * times for times in (1, 2, 5, 10) if unit * times >= about)


def months(first: date, last: date) -> list[date]:
    """The first days of the months that begin between two days."""
    found, day = [], next_month(first.replace(day=1))
    while day < last:
        found.append(day)
        day = next_month(day)
    return found


def _apart(found: Sequence[date], most: int) -> Sequence[date]:
    return found[:: -(-len(found) // most) or 1]
