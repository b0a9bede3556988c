"""A network as arrays, dated many times with other durations: the critical path, fast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.calendars.working_time import WorkingTime
from portal.schedule.critical_path import Dates
from portal.schedule.network import Activity, Constraint, Link, Network
from portal.schedule.order import successors_last


@dataclass(frozen=True, slots=True)
class _Tie:
    """A link by places. `plain`: both ends and the lag run on one calendar: minutes just add."""

    before: int
    after: int
    leaves_start: bool
    meets_start: bool
    lag: int
    ruler: WorkingTime
    plain: bool


class Model:
    """The network in the order in which it is computed. `drawn` are the activities whose duration
    every run brings; `critical` counts in how many runs each had no float.
    """

    def __init__(self, network: Network, drawn: Sequence[str]) -> None:
        self.order = successors_last(network)
        self.critical = [0] * len(self.order)
        self.floor = network.floor
        place = {key: at for at, key in enumerate(self.order)}
        activities = [network.activities[key] for key in self.order]
        self.axes = [one.calendar for one in activities]
        self.work = [Dates(one).work for one in activities]
        self.drawn = [(place[key], _rest(network.activities[key])) for key in drawn]
        self.done = [one.actual_finish for one in activities]
        self.begun = [
            one.actual_finish if one.actual_start is None else one.actual_start
            for one in activities
        ]
        self.starts_at = [
            None if begun is None else axis.worked(begun)
            for begun, axis in zip(self.begun, self.axes, strict=True)
        ]
        self.limits = [_limit(one) for one in activities]
        self.floors = [axis.worked(self.floor) for axis in self.axes]
        self.into: list[list[_Tie]] = [[] for _ in activities]
        self.out: list[list[_Tie]] = [[] for _ in activities]
        for link in network.links:
            tie = self._tie(link, place)
            self.into[tie.after].append(tie)
            self.out[tie.before].append(tie)
        members: dict[int, list[int]] = {}
        for at, axis in enumerate(self.axes):
            members.setdefault(id(axis), []).append(at)
        self.by_axis = [(self.axes[one[0]], one) for one in members.values()]
        self.zero = self.axes[0].worked(network.start)
        self.starts: list[int] = [0] * len(activities)  # worked minutes
        self.ends: list[int] = [0] * len(activities)
        self.at: list[int] = [0] * len(activities)  # the moment of what takes no time

    def _tie(self, link: Link, place: Mapping[str, int]) -> _Tie:
        before, after = place[link.predecessor], place[link.successor]
        ruler = link.calendar or self.axes[after]
        plain = self.axes[before] is self.axes[after] is ruler
        kind = link.type
        return _Tie(before, after, kind.leaves_start, kind.meets_start, link.lag, ruler, plain)

    def run(self, values: Sequence[float]) -> tuple[int, int]:
        """One run with a duration for each that is drawn: the moment at which all is done, and the
        worked minutes until then.
        """
        work = list(self.work)
        for (at, share), value in zip(self.drawn, values, strict=True):
            work[at] = int(value * share + 0.5)
        self._forward(work)
        finish = self._finish(work)
        self._backward(work, finish)
        return finish, self.axes[0].worked(finish) - self.zero

    def _forward(self, work: Sequence[int]) -> None:
        starts, ends, done, starts_at = self.starts, self.ends, self.done, self.starts_at
        for at, minutes in enumerate(work):
            known = starts_at[at]
            finished = done[at]
            if finished is not None:
                starts[at] = known or 0
                ends[at] = self.axes[at].worked(finished)
                continue
            if not minutes:
                self._moment(at, work)
                continue
            resume = self.floors[at]
            for tie in self.into[at]:
                if tie.plain:
                    bound = (starts if tie.leaves_start else ends)[tie.before] + tie.lag
                else:
                    bound = self._bound(tie, self._left(tie, work))
                if not tie.meets_start:
                    bound -= minutes
                if bound > resume:
                    resume = bound
            limit = self.limits[at]
            if limit is not None:
                bound = self.axes[at].worked(limit.at)
                resume = max(resume, bound if limit.type.bounds_start else bound - minutes)
            starts[at] = resume if known is None else known
            ends[at] = resume + minutes

    def _moment(self, at: int, work: Sequence[int]) -> None:
        """What takes no time keeps the moment that brought it there."""
        axis = self.axes[at]
        resume, moment = self.floors[at], self.floor
        bounds = []
        for tie in self.into[at]:
            left = self._left(tie, work)
            bounds.append((self._bound(tie, left), _arrival(tie, left)))
        limit = self.limits[at]
        if limit is not None:
            bounds.append((axis.worked(limit.at), limit.at))
        for bound, arrives in bounds:
            if bound > resume or (bound == resume and arrives > moment):
                resume, moment = bound, arrives
        resume = max(resume, 0)
        known = self.starts_at[at]
        self.starts[at] = resume if known is None else known
        self.ends[at] = resume
        self.at[at] = min(max(moment, axis.closing(resume)), axis.opening(resume))

    def _left(self, tie: _Tie, work: Sequence[int]) -> int:
        """The moment a link leaves its predecessor."""
        before = tie.before
        if tie.leaves_start:
            begun = self.begun[before]
            if begun is not None:
                return begun
            if work[before]:
                return self.axes[before].opening(self.starts[before])
            return self.at[before]
        finished = self.done[before]
        if finished is not None:
            return finished
        return self.axes[before].closing(self.ends[before]) if work[before] else self.at[before]

    def _bound(self, tie: _Tie, left: int) -> int:
        """The worked minutes at which a link arrives, on its successor's calendar."""
        axis = self.axes[tie.after]
        if tie.ruler is axis:
            return axis.worked(left) + tie.lag
        return axis.worked(_arrival(tie, left))

    def _finish(self, work: Sequence[int]) -> int:
        found = 0
        for axis, members in self.by_axis:
            last = max(
                (self.ends[at] for at in members if work[at] and self.done[at] is None), default=0
            )
            found = max(found, axis.closing(last))
        for at, minutes in enumerate(work):
            finished = self.done[at]
            if finished is not None:
                found = max(found, finished)
            elif not minutes:
                found = max(found, self.at[at])
        return found

    def _backward(self, work: Sequence[int], finish: int) -> None:
        axes, ends, done, begun = self.axes, self.ends, self.done, self.begun
        latest = {id(axis): axis.worked(finish) for axis, _ in self.by_axis}
        lates = [0] * len(work)
        for at in range(len(work) - 1, -1, -1):
            axis = axes[at]
            late, minutes = latest[id(axis)], work[at]
            for tie in self.out[at]:
                after = tie.after
                if done[after] is not None or (tie.leaves_start and begun[at] is not None):
                    continue
                value = lates[after] - (work[after] if tie.meets_start else 0)
                value = value - tie.lag if tie.plain else self._latest(tie, value)
                if tie.leaves_start:
                    value += minutes
                if value < late:
                    late = value
            lates[at] = late
            if late <= ends[at] and done[at] is None:
                self.critical[at] += 1

    def _latest(self, tie: _Tie, value: int) -> int:
        """From where a link still lets its successor reach a point, on the calendar it leaves."""
        after, before, ruler = self.axes[tie.after], self.axes[tie.before], tie.ruler
        if ruler is after:
            return before.worked(after.opening(max(value - tie.lag, 0)))
        reached = after.opening(max(value, 0))
        if tie.lag:
            reached = ruler.opening(max(ruler.worked(reached) - tie.lag, 0))
        return before.worked(reached)


def _arrival(tie: _Tie, left: int) -> int:
    """The moment a link arrives: its lag later on its own calendar."""
    if not tie.lag:
        return left
    return tie.ruler.closing(max(tie.ruler.worked(left) + tie.lag, 0))


def _rest(one: Activity) -> float:
    """How much of the drawn duration is still to come."""
    return Dates(one).work / one.duration if one.actual_start is not None and one.duration else 1.0


def _limit(one: Activity) -> Constraint | None:
    """The constraint that holds its early dates back."""
    limit = one.constraint
    return limit if limit and limit.type.is_floor and one.actual_start is None else None
