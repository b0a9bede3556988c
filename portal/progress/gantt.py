"""A plan as a drawing: where bars, links and lines stand, in units of the picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.calendars.working_time import DAY, Week, start_of, time_of
from portal.progress.bars import Bar
from portal.progress.plan import Plan, PlanRow
from portal.schedule.network import LinkType

ZOOMS: Mapping[str, float] = {"day": 22, "week": 7, "month": 2.4, "quarter": 0.8}
"""How wide a day is at each zoom; `FIT` shows the whole plan."""
FIT = "fit"
ROW, HEAD = 28, 40  # heights
NAME_ROOM = 40  # right of the last day, at the least
WIDEST = 60_000
MOST_LINKS = 4_000
FITS = 430  # how wide the whole plan is drawn


@dataclass(frozen=True, slots=True)
class Old:
    """Where a task stood in a baseline, as moments."""

    start: int
    finish: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the axis: `is_major` begins a month (at wide zooms a year)."""

    x: float
    on: date
    is_major: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """A link as a path; `drives`: it is what holds its successor back."""

    path: str
    drives: bool


@dataclass(frozen=True, slots=True)
class Gantt:
    """The whole drawing."""

    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    idle: Sequence[tuple[float, float]]
    arrows: Sequence[Arrow]
    today: float | None
    data_date: float | None
    width: int
    height: int
    zoom: str
    head: int = HEAD

    @property
    def lanes(self) -> str:
        """The lines below all rows, as one path."""
        return "".join([f"M0 {bar.y + ROW}H{self.width}" for bar in self.bars])

    def axis(self, *, major: bool) -> str:
        """The upright lines of the axis, as one path."""
        top = 2 if major else 22
        xs = [tick.x for tick in self.ticks if tick.is_major is major]
        return "".join([f"M{x} {top}V{self.height}" for x in xs])

    def links(self, *, driving: bool) -> str:
        """The links that hold their successors back, or the others, as one path."""
        return "".join([one.path for one in self.arrows if one.drives is driving])


def _scale(zoom: str, days: int, fits: int) -> tuple[float, str]:
    """How wide a day is, and the zoom whose lines suit that."""
    scale = ZOOMS[zoom] if zoom in ZOOMS else min(max(fits / days, 0.2), ZOOMS["day"])
    scale = min(scale, WIDEST / days)
    return scale, next((key for key, size in ZOOMS.items() if size <= scale * 1.5), "quarter")


def draw(
    plan: Plan,
    rows: Sequence[PlanRow],
    *,
    zoom: str,
    today: date,
    old: Mapping[str, Old] | None = None,
    own: Week | None = None,
    marks: Mapping[str, str] | None = None,
    fits: int = FITS,
) -> Gantt:
    """The drawing of these rows of a plan. `old` are bars of a baseline, `own` what is idle,
    `marks` what of decisions is due or blocked, `fits` how wide a whole plan is drawn.
    """
    old, marks = old or {}, marks or {}
    edges = [row.start for row in rows] + [row.finish for row in rows]
    edges += [edge for row in rows if row.task.id in old for edge in _edges(old[row.task.id])]
    first = time_of(min(edges, default=start_of(today))).date() - timedelta(days=3)
    last = time_of(max(edges, default=start_of(today))).date() + timedelta(days=4)
    scale, zoom = _scale(zoom, (last - first).days, fits)
    zero = start_of(first)

    def place(moment: int) -> float:
        return round((moment - zero) * scale / DAY, 1)

    bars = []
    for at, row in enumerate(rows):
        x, end = place(row.start), place(row.finish)
        late = place(row.dates.late_finish_at) if row.dates and (row.total_float or 0) > 0 else end
        before = old.get(row.task.id)
        stood = (place(before.start), place(before.finish)) if before else None
        width = round(max(end - x, 0 if row.task.is_moment else 1.5), 1)
        done = round(width * float(row.done), 1)
        mark = marks.get(row.task.id, "")
        bars.append(Bar(row, HEAD + ROW * at, x, width, done, late, stood, mark))
    right = place(start_of(last))
    return Gantt(
        bars,
        _ticks(first, last, zoom, scale),
        _idle(first, last, scale, own) if own and scale >= ZOOMS["week"] else (),
        _arrows(plan, bars),
        place(start_of(today)) if first <= today <= last else None,
        None if plan.until is None else place(start_of(plan.until + timedelta(days=1))),
        round(max([right + NAME_ROOM, *(bar.name_ends for bar in bars)])),
        HEAD + ROW * len(rows) + 6,
        zoom,
    )


def _edges(old: Old) -> tuple[int, int]:
    return old.start, old.finish


def _ticks(first: date, last: date, zoom: str, scale: float) -> list[Tick]:
    """Days, Mondays, months or quarters; months, at wide zooms years, are the major lines."""
    found = []
    for at in range((last - first).days + 1):
        on = first + timedelta(days=at)
        month = on.day == 1
        major = month if zoom in ("day", "week") else month and on.month == 1
        minor = {
            "day": True,
            "week": on.weekday() == 0,
            "month": month,
            "quarter": month and on.month % 3 == 1,
        }[zoom]
        if at == 0 or major or minor:
            found.append(Tick(round(at * scale, 1), on, major or at == 0))
    return found


def _idle(first: date, last: date, scale: float, own: Week) -> list[tuple[float, float]]:
    """Spans of days on which the project does not work."""
    found: list[tuple[float, float]] = []
    for at in range((last - first).days):
        if own.on(first + timedelta(days=at)):
            continue
        x, width = at * scale, scale
        if found and abs(found[-1][0] + found[-1][1] - x) < 0.01:
            x, width = found[-1][0], found[-1][1] + scale
            found.pop()
        found.append((round(x, 2), round(width, 2)))
    return found


def _arrows(plan: Plan, bars: Sequence[Bar]) -> list[Arrow]:
    """The links between rows that are shown."""
    if plan.network is None or plan.schedule is None:
        return []
    shown = {bar.row.task.id: bar for bar in bars}
    found = []
    for link in plan.network.links:
        one, other = shown.get(link.predecessor), shown.get(link.successor)
        if one is None or other is None:
            continue
        drives = plan.schedule.dates[link.successor].driver is link
        found.append(Arrow(_path(one, other, link.type), drives))
    return found if len(found) <= MOST_LINKS else [one for one in found if one.drives]


def _path(one: Bar, other: Bar, kind: LinkType) -> str:
    """From an end of a bar to an end of another, in right angles."""
    y0, y1 = one.y + ROW // 2, other.y + ROW // 2
    x0 = one.x if kind.leaves_start else one.x + one.width
    x1 = other.x if kind.meets_start else other.x + other.width
    out = -5 if kind.leaves_start else 5
    into = -6 if kind.meets_start else 6
    if kind is LinkType.FS and x1 - x0 >= 8:
        return f"M{x0} {y0}H{x1 - 5:.1f}V{y1}H{x1}"
    half = y0 + (ROW // 2 if y1 > y0 else -ROW // 2)
    return f"M{x0} {y0}h{out}V{half}H{x1 + into:.1f}V{y1}H{x1}"
