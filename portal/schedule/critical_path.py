"""The critical path method: early and late dates, total and free float, with calendars.

Every activity is computed on the axis of its own calendar (minutes worked since the origin), where
ES + duration = EF without end. A link is carried across by the moment itself. The bounds are those
of the precedence diagramming method with the four link types; started work keeps its actual start,
what remains of it waits for the data date and for its predecessors (retained logic).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.schedule.network import Activity, Constraint, ConstraintType, Link, Network
from portal.schedule.order import successors_last

_FAR = 1 << 60  # later than any plan


@dataclass(slots=True)
class Dates:
    """The computed dates of one activity.

    `early_*`, `late_*` and the floats are minutes on the activity's own calendar; `start`,
    `finish`, `late_start_at`, `late_finish_at` are moments. `driver` is the link that holds the
    start back. Floats are None of what is finished.
    """

    activity: Activity
    early_start: int = 0
    resume: int = 0  # where what remains begins; the early start of what has not begun
    early_finish: int = 0
    late_start: int = 0
    late_finish: int = 0
    total_float: int | None = None
    free_float: int | None = None
    start: int = 0
    finish: int = 0
    driver: Link | None = None

    @property
    def work(self) -> int:
        """Minutes still to come."""
        one = self.activity
        if one.actual_finish is not None:
            return 0
        if one.actual_start is not None and one.remaining is not None:
            return one.remaining
        return one.duration

    @property
    def is_started(self) -> bool:
        return self.activity.actual_start is not None or self.is_finished

    @property
    def is_finished(self) -> bool:
        return self.activity.actual_finish is not None

    @property
    def is_critical(self) -> bool:
        return self.total_float is not None and self.total_float <= 0

    @property
    def late_start_at(self) -> int:
        return self.start if self.is_started else self.activity.calendar.opening(self.late_start)

    @property
    def late_finish_at(self) -> int:
        if self.is_finished:
            return self.finish
        closing = self.activity.calendar.closing(max(self.late_finish, 0))
        in_time = not self.work and (self.total_float or 0) >= 0  # between two shifts it may stand
        return max(closing, self.finish) if in_time else closing


@dataclass(frozen=True, slots=True)
class Schedule:
    """A computed network: dates by key, successors last, and the moment at which all is done."""

    dates: Mapping[str, Dates]
    finish: int
    network: Network

    @property
    def critical(self) -> Sequence[str]:
        """Activities without float, in the network's order."""
        return [key for key, one in self.dates.items() if one.is_critical]

    def near_critical(self, percent: int) -> Sequence[str]:
        """Activities whose float is positive and within so many percent of the whole duration."""
        found = []
        for key, one in self.dates.items():
            axis = one.activity.calendar
            whole = axis.worked(self.finish) - axis.worked(self.network.start)
            if one.total_float is not None and 0 < one.total_float * 100 <= whole * percent:
                found.append(key)
        return found


def compute(network: Network) -> Schedule:
    """All dates of a network. `Cycle` names the activities of a circle, `Invalid` a stray link."""
    order = successors_last(network)
    into: dict[str, list[Link]] = {key: [] for key in order}
    out: dict[str, list[Link]] = {key: [] for key in order}
    for link in network.links:
        into[link.successor].append(link)
        out[link.predecessor].append(link)
    dates = {key: Dates(network.activities[key]) for key in order}
    for key in order:
        _early(dates[key], [(link, dates[link.predecessor]) for link in into[key]], network)
    finish = max((one.finish for one in dates.values()), default=network.start)
    followed = {key: [(link, dates[link.successor]) for link in out[key]] for key in order}
    for key in reversed(order):
        _delay(dates[key], followed[key], finish)
    for key in reversed(order):
        _late(dates[key], followed[key], finish)
    return Schedule(dates, finish, network)


def _early(one: Dates, links: list[tuple[Link, Dates]], network: Network) -> None:
    activity, axis, work = one.activity, one.activity.calendar, one.work
    if activity.actual_finish is not None:
        begun = activity.actual_start
        one.start = activity.actual_finish if begun is None else begun
        one.finish = activity.actual_finish
        one.early_start = one.resume = axis.worked(one.start)
        one.early_finish = axis.worked(one.finish)
        return
    at, moment = axis.worked(network.floor), network.floor
    for link, before in links:
        bound, arrives = arrival(link, before, one)
        if bound > at or (bound == at and arrives > moment):
            if bound > at:
                one.driver = link
            at, moment = bound, arrives
    limit = activity.constraint
    if limit is not None and limit.type.is_floor and activity.actual_start is None:
        bound = axis.worked(limit.at) - (0 if limit.type.bounds_start else work)
        if bound > at or (bound == at and limit.at > moment):
            if bound > at:
                one.driver = None
            at, moment = bound, limit.at
    _place(one, max(at, 0), moment)


def arrival(link: Link, before: Dates, after: Dates) -> tuple[int, int]:
    """Where a link lets its successor's work (what remains of it) begin at the earliest, on the
    successor's calendar; and at which moment it arrives (0 where that means nothing).
    """
    axis, work = after.activity.calendar, after.work
    left = before.start if link.type.leaves_start else before.finish
    lag, ruler = link.lag, link.calendar or axis
    if not lag:
        bound, arrives = axis.worked(left), left
    elif ruler is axis and work:
        bound, arrives = axis.worked(left) + lag, 0
    else:
        arrives = ruler.closing(max(ruler.worked(left) + lag, 0))
        bound = axis.worked(arrives)
    return (bound if link.type.meets_start else bound - work), arrives


def _place(one: Dates, resume: int, moment: int) -> None:
    """Where the work stands; one without duration keeps the moment that brought it there."""
    axis = one.activity.calendar
    one.resume = resume
    one.early_finish = resume + one.work
    begun = one.activity.actual_start
    if one.work:
        one.start = axis.opening(resume)
        one.finish = axis.closing(one.early_finish)
    else:
        one.start = min(max(moment, axis.closing(resume)), axis.opening(resume))
        one.finish = one.start
    if begun is not None:
        one.start = begun
    one.early_start = resume if begun is None else axis.worked(begun)


def _latest(link: Link, after: Dates, value: int) -> int:
    """The latest moment from which this link still lets its successor reach `value` in time."""
    axis = after.activity.calendar
    ruler = link.calendar or axis
    if ruler is axis:
        return axis.opening(max(value - link.lag, 0))
    reached = axis.opening(max(value, 0))
    return ruler.opening(max(ruler.worked(reached) - link.lag, 0)) if link.lag else reached


def _slack(one: Dates, links: list[tuple[Link, Dates]], finish: int) -> int:
    """The free float: how far it may slip on its calendar before an early date of others moves."""
    axis = one.activity.calendar
    least = axis.worked(finish) - one.early_finish
    for link, after in links:
        if after.is_finished or (link.type.leaves_start and one.is_started):
            continue
        value = after.resume if link.type.meets_start else after.early_finish
        mine = one.early_start if link.type.leaves_start else one.early_finish
        least = min(least, axis.worked(_latest(link, after, value)) - mine)
    return least


def _delay(one: Dates, links: list[tuple[Link, Dates]], finish: int) -> None:
    """Work as late as possible takes its free float."""
    limit = one.activity.constraint
    if limit is not None and limit.type is ConstraintType.LATE and not one.is_started:
        least = _slack(one, links, finish)
        if least > 0:
            _place(one, one.resume + least, finish)


def _late(one: Dates, links: list[tuple[Link, Dates]], finish: int) -> None:
    activity, axis, work = one.activity, one.activity.calendar, one.work
    if one.is_finished:
        one.late_start, one.late_finish = one.early_start, one.early_finish
        return
    late = axis.worked(finish)
    for link, after in links:
        if after.is_finished or (link.type.leaves_start and one.is_started):
            continue
        value = after.late_finish - (after.work if link.type.meets_start else 0)
        bound = axis.worked(_latest(link, after, value))
        late = min(late, bound + work if link.type.leaves_start else bound)
    if activity.deadline is not None:
        late = min(late, axis.worked(activity.deadline))
    late = min(late, _ceiling(activity.constraint, one))
    one.late_finish = late
    one.late_start = one.early_start if one.is_started else late - work
    one.total_float = late - one.early_finish
    one.free_float = _slack(one, links, finish)


def _ceiling(limit: Constraint | None, one: Dates) -> int:
    if limit is None or not limit.type.is_ceiling or (limit.type.bounds_start and one.is_started):
        return _FAR
    return one.activity.calendar.worked(limit.at) + (one.work if limit.type.bounds_start else 0)
