"""The S-curve as a drawing: planned, earned and spent value over time. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal

from portal.progress.earned import Earned, Point

WIDTH, HEIGHT = 960, 300
LEFT, RIGHT, TOP, BOTTOM = 84, 130, 16, 34
MARKS = 5
NAME_WIDTH, NAME_HIGH = 120, 16


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: `points` as SVG wants them, where it ends, and how high its name stands."""

    key: str
    points: str
    x: float
    y: float
    name_at: float = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the axis: how high (or, of days, how far right), and what it means."""

    at: float
    value: Decimal
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """The whole drawing."""

    lines: Sequence[Line]
    levels: Sequence[Mark]
    days: Sequence[Mark]
    now: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM
    top: int = TOP


def draw_curve(found: Earned) -> Curve:
    """The curves of the figures."""
    first, last = found.curve[0].on, max(found.curve[-1].on, found.on)
    span = max(1, (last - first).days)
    most = max(
        [found.value.bac, found.value.ac, Decimal(1)]
        + [one.spent for one in found.curve if one.spent is not None]
    )
    step = _step(most)
    top = step * (most / step).to_integral_value(ROUND_CEILING)

    def x(on: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (on - first).days / span, 1)

    def y(value: Decimal) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * float(value / top), 1)

    lines = [
        _line("planned", found.curve, lambda one: one.planned, x, y),
        _line("earned", found.curve, lambda one: one.earned, x, y),
        _line("spent", found.curve, lambda one: one.spent, x, y),
    ]
    levels = [Mark(y(step * at), step * at) for at in range(int(top / step) + 1)]
    whole = [one for one in found.curve if one.number >= 0]
    every = max(1, -(-len(whole) // 9))
    days = [Mark(x(one.on), Decimal(one.number), one.on) for one in whole[::every]]
    return Curve(named_apart([one for one in lines if one]), levels, days, x(found.on))


def named_apart(lines: Sequence[Line]) -> list[Line]:
    """The curves with their names beside their ends, none over another and none below the axis."""
    found: list[Line] = []
    for one in sorted(lines, key=lambda each: each.y):
        beside = [each.name_at for each in found if abs(each.x - one.x) < NAME_WIDTH]
        found.append(replace(one, name_at=max([one.y + 4, *(at + NAME_HIGH for at in beside)])))
    over = max((one.name_at for one in found), default=0) - (HEIGHT - BOTTOM)
    if over > 0:
        found = [replace(one, name_at=round(one.name_at - over, 1)) for one in found]
    return [next(one for one in found if one.key == line.key) for line in lines]


def _step(most: Decimal) -> Decimal:
    """A round distance between the lines of the axis."""
    rough = most / MARKS
    power = Decimal(10) ** rough.adjusted()
    return next(power * by for by in (1, 2, 5, 10) if power * by >= rough)


def _line(
    key: str,
    points: Sequence[Point],
    value: Callable[[Point], Decimal | None],
    x: Callable[[date], float],
    y: Callable[[Decimal], float],
) -> Line | None:
    known = [(x(one.on), y(worth)) for one in points if (worth := value(one)) is not None]
    if not known:
        return None
    text = " ".join(f"{a},{b}" for a, b in known)
    return Line(key, text, *known[-1])
