"""What stands above the lines of a drawing's axis, in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.progress.gantt import Gantt, Tick
from portal.web.filters import month

ROOM = {"day": 14, "week": 18, "month": 58, "quarter": 58}  # what a text needs


@dataclass(frozen=True, slots=True)
class AxisText:
    """A text of the axis: months (or years) above, days (or months) below."""

    x: float
    text: str
    is_major: bool


def axis_texts(gantt: Gantt) -> list[AxisText]:
    """The texts of the axis that have room."""
    majors = [tick for tick in gantt.ticks if tick.is_major]
    found = [
        AxisText(tick.x, _major(tick, gantt.zoom), is_major=True)
        for at, tick in enumerate(majors)
        if _room(majors, at, gantt.width) >= 58
    ]
    minors = [tick for tick in gantt.ticks if not _is_edge(tick, gantt.zoom)]
    found += [
        AxisText(tick.x, _minor(tick, gantt.zoom), is_major=False)
        for at, tick in enumerate(minors)
        if _room(minors, at, gantt.width) >= ROOM[gantt.zoom]
    ]
    return found


def _is_edge(tick: Tick, zoom: str) -> bool:
    """The first day of the drawing, where it begins none of what the lower texts tell."""
    if zoom == "day":
        return False
    if zoom == "week":
        return tick.on.weekday() != 0
    return tick.on.day != 1


def _room(ticks: Sequence[Tick], at: int, width: int) -> float:
    return (ticks[at + 1].x if at + 1 < len(ticks) else width) - ticks[at].x


def _major(tick: Tick, zoom: str) -> str:
    return month(tick.on) if zoom in ("day", "week") else str(tick.on.year)


def _minor(tick: Tick, zoom: str) -> str:
    return str(tick.on.day) if zoom in ("day", "week") else month(tick.on)
