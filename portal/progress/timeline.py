"""The milestones as a drawing: where each mark stands, in units of the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.progress.queries import MilestoneRow


@dataclass(frozen=True, slots=True)
class Room:
    """What a drawing has: where the time begins, how long it is, how high a lane is.

    A name stands `name_above` its marks, or on their line where that is zero.
    """

    left: int
    width: int
    lane: int
    ticks: int
    name_above: int = 0

    @property
    def right(self) -> int:
        return self.left + self.width


TOP = 34
WIDE = Room(left=220, width=940, lane=30, ticks=12)
NARROW = Room(left=16, width=328, lane=46, ticks=4, name_above=18)
_NOTE = 34  # what stands beside a mark takes so much room


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign on the time line of a milestone."""

    x: float
    on: date
    kind: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One milestone of the drawing; `y` is the line of its marks, `bottom` its lower edge."""

    row: MilestoneRow
    y: float
    name_y: float
    bottom: float
    marks: Sequence[Mark]
    start: float
    end: float
    note_before: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month (or quarter, or year) on the axis."""

    x: float
    on: date


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole drawing; `today_before`: its word stands before the line, for want of room."""

    lanes: Sequence[Lane]
    ticks: Sequence[Tick]
    today: float
    today_before: bool
    left: int
    right: int
    top: int
    width: int
    height: int
    is_narrow: bool


def drawings(rows: Sequence[MilestoneRow], today: date) -> list[Timeline]:
    """The drawing for wide screens and the one for phones; none when no date is known at all."""
    return [made for room in (WIDE, NARROW) if (made := draw(rows, today, room))]


def draw(rows: Sequence[MilestoneRow], today: date, room: Room = WIDE) -> Timeline | None:
    """The drawing of these milestones; None when no date is known at all."""
    dates = [on for row in rows for on in _dates(row).values()]
    if not dates:
        return None
    first = (min(*dates, today) - timedelta(days=10)).replace(day=1)
    last = max(*dates, today) + timedelta(days=20)
    scale = room.width / max(1, (last - first).days)

    def place(on: date) -> float:
        return round(room.left + (on - first).days * scale, 1)

    lanes = []
    for number, row in enumerate(rows):
        marks = [Mark(place(on), on, kind) for kind, on in _dates(row).items()]
        lanes.append(_lane(row, TOP + room.lane * number, marks, room))
    return Timeline(
        lanes,
        [Tick(place(on), on) for on in _ticks(first, last, room.ticks)],
        place(today),
        place(today) > room.right - _NOTE,
        room.left,
        room.right,
        TOP,
        room.right + 20,
        TOP + room.lane * len(rows) + 12,
        room is NARROW,
    )


def _lane(row: MilestoneRow, top: float, marks: Sequence[Mark], room: Room) -> Lane:
    xs = [mark.x for mark in marks]
    start, end = min(xs, default=room.left), max(xs, default=room.left)
    y = top + (room.lane + room.name_above) / 2
    note_before = end > room.right - _NOTE
    return Lane(row, y, y - room.name_above, top + room.lane, marks, start, end, note_before)


def _dates(row: MilestoneRow) -> dict[str, date]:
    """The marks of a milestone; a plan that changes moved shows both dates."""
    found = {
        "planned": row.planned.on,
        "due": row.due if row.due != row.planned.on else None,
        "forecast": row.forecast.on if not row.is_reached else None,
        "actual": row.actual.on,
    }
    return {kind: on for kind, on in found.items() if on is not None}


def _ticks(first: date, last: date, most: int) -> list[date]:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120) if months <= most * s), 240)
    found = []
    for number in range(0, months, step):
        month = first.month - 1 + number
        found.append(date(first.year + month // 12, month % 12 + 1, 1))
    return found
