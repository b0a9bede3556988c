"""The milestones as a drawing: where each mark stands, in units of the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.progress.queries import MilestoneRow

LEFT, WIDTH, ROW, TOP = 220, 940, 30, 34
RIGHT_EDGE = LEFT + WIDTH + 20


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign on the time line of a milestone."""

    x: float
    on: date
    kind: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One milestone of the drawing."""

    row: MilestoneRow
    y: float
    marks: Sequence[Mark]
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month (or quarter, or year) on the axis."""

    x: float
    on: date


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole drawing."""

    lanes: Sequence[Lane]
    ticks: Sequence[Tick]
    today: float | None
    left: int
    right: int
    top: int
    width: int
    height: int


def draw(rows: Sequence[MilestoneRow], today: date) -> Timeline | None:
    """The drawing of these milestones; None when no date is known at all."""
    dates = [on for row in rows for on in _dates(row).values()]
    if not dates:
        return None
    first = (min(*dates, today) - timedelta(days=10)).replace(day=1)
    last = max(*dates, today) + timedelta(days=20)
    scale = WIDTH / max(1, (last - first).days)

    def place(on: date) -> float:
        return round(LEFT + (on - first).days * scale, 1)

    lanes = []
    for number, row in enumerate(rows):
        marks = [Mark(place(on), on, kind) for kind, on in _dates(row).items()]
        xs = [mark.x for mark in marks]
        y = TOP + ROW * number + ROW / 2
        lanes.append(Lane(row, y, marks, min(xs, default=LEFT), max(xs, default=LEFT)))
    return Timeline(
        lanes,
        [Tick(place(on), on) for on in _ticks(first, last)],
        place(today),
        LEFT,
        LEFT + WIDTH,
        TOP,
        RIGHT_EDGE,
        TOP + ROW * len(rows) + 12,
    )


def _dates(row: MilestoneRow) -> dict[str, date]:
    """The marks of a milestone; a plan that changes moved shows both dates."""
    found = {
        "planned": row.planned.on,
        "due": row.due if row.due != row.planned.on else None,
        "forecast": row.forecast.on if not row.is_reached else None,
        "actual": row.actual.on,
    }
    return {kind: on for kind, on in found.items() if on is not None}


def _ticks(first: date, last: date) -> list[date]:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((s for s in (1, 2, 3, 6, 12) if months <= 12 * s), 24)
    found = []
    for number in range(0, months, step):
        month = first.month - 1 + number
        found.append(date(first.year + month // 12, month % 12 + 1, 1))
    return found
