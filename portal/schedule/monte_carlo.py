"""The schedule simulated: durations drawn, the network dated, again and again (DOMAIN 5.10).

Draws are floats, dates are worked minutes on each activity's own calendar, as in the critical path.
The same seed and count give the same result.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from portal.errors import N_, Invalid
from portal.schedule.network import Activity, Constraint, Link, Network
from portal.schedule.order import successors_last

Kind = Literal["pert", "triangular", "uniform", "normal"]
OUT_OF_ORDER = N_("The shortest duration is above the likely one, or that above the longest.")
RUNS_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Spread:
    """What a duration may come to, in minutes. A normal one has (high - low) / 6 as deviation."""

    kind: Kind
    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.mode <= self.high:
            raise Invalid(OUT_OF_ORDER)

    @property
    def mean(self) -> float:
        """The expected duration; of PERT (a + 4m + b) / 6."""
        if self.kind == "triangular":
            return (self.low + self.mode + self.high) / 3
        if self.kind == "uniform":
            return (self.low + self.high) / 2
        return self.mode if self.kind == "normal" else (self.low + 4 * self.mode + self.high) / 6

    @property
    def deviation(self) -> float:
        """The standard deviation; of PERT, as the method takes it, (b - a) / 6."""
        low, mode, high = self.low, self.mode, self.high
        if self.kind == "triangular":
            square = low * low + mode * mode + high * high - low * mode - low * high - mode * high
            return math.sqrt(square / 18)
        return (high - low) / (math.sqrt(12) if self.kind == "uniform" else 6)

    def draw(self, chance: Random) -> Callable[[], float]:
        """What draws one duration after the other; never below zero."""
        low, mode, high = self.low, self.mode, self.high
        span = high - low
        if not span:
            return lambda: mode
        if self.kind == "triangular":
            return lambda: chance.triangular(low, high, mode)
        if self.kind == "uniform":
            return lambda: chance.uniform(low, high)
        if self.kind == "normal":
            deviation = span / 6
            return lambda: max(0.0, chance.gauss(mode, deviation))
        alpha, beta = 1 + 4 * (mode - low) / span, 1 + 4 * (high - mode) / span
        return lambda: low + span * chance.betavariate(alpha, beta)


@dataclass(frozen=True, slots=True)
class Simulation:
    """What came of all runs. `finishes` are sorted moments; `criticality` the share of runs in
    which an activity had no float; `sensitivity` how its duration goes with the finish (-1 to 1).
    """

    seed: int
    runs: int
    finishes: Sequence[int]
    spans: Sequence[int]
    criticality: Mapping[str, float]
    sensitivity: Mapping[str, float]

    def percentile(self, percent: int) -> int:
        """The moment by which so many percent of the runs were done."""
        return self.finishes[_place(percent, self.runs)]

    def span(self, percent: int) -> int:
        """The same as worked minutes since the start, on the first activity's calendar."""
        return self.spans[_place(percent, self.runs)]

    @property
    def mean(self) -> float:
        """The mean duration in worked minutes."""
        return sum(self.spans) / self.runs

    @property
    def deviation(self) -> float:
        """The standard deviation of the duration in worked minutes."""
        mean = self.mean
        return math.sqrt(sum((one - mean) ** 2 for one in self.spans) / max(1, self.runs - 1))

    def chance(self, moment: int) -> float:
        """The share of runs done by a moment."""
        return sum(one <= moment for one in self.finishes) / self.runs


def _place(percent: int, runs: int) -> int:
    return min(runs - 1, max(0, math.ceil(runs * percent / 100) - 1))


def simulate(
    network: Network, spreads: Mapping[str, Spread], *, seed: int, runs: int
) -> Simulation:
    """So many runs of a network; activities without a spread keep their duration.

    Of what has begun only the rest is drawn: the spread in the measure of what remains. Raises
    Cycle, Invalid.
    """
    if not 1 <= runs <= RUNS_MOST or not network.activities:
        raise Invalid(N_("A simulation takes 1 to %(most)s runs of a plan."), most=RUNS_MOST)
    model = _Model(network, spreads, Random(seed))  # noqa: S311 - a simulation, no secret
    finishes, spans = [], []
    for _ in range(runs):
        finish, span = model.run()
        finishes.append(finish)
        spans.append(span)
    return Simulation(
        seed,
        runs,
        sorted(finishes),
        sorted(spans),
        {key: count / runs for key, count in zip(model.order, model.critical, strict=True)},
        model.sensitivity(runs),
    )


class _Model:
    """The network as arrays, in the order in which it is computed."""

    def __init__(self, network: Network, spreads: Mapping[str, Spread], chance: Random) -> None:
        self.order = successors_last(network)
        place = {key: at for at, key in enumerate(self.order)}
        activities = [network.activities[key] for key in self.order]
        self.axes = [one.calendar for one in activities]
        self.work = [_work(one) for one in activities]
        self.done = [one.actual_finish is not None for one in activities]
        self.begun = [one.actual_start is not None for one in activities]
        self.drawn = [
            (place[key], spread.draw(chance), _rest(network.activities[key]))
            for key, spread in spreads.items()
            if key in place and network.activities[key].actual_finish is None
        ]
        self.floors = [
            _floor(one, axis.worked(network.floor), work)
            for one, axis, work in zip(activities, self.axes, self.work, strict=True)
        ]
        self.fixed = [
            axis.worked(one.actual_finish) if one.actual_finish is not None else 0
            for one, axis in zip(activities, self.axes, strict=True)
        ]
        self.starts = [
            axis.worked(one.actual_start) if one.actual_start is not None else -1
            for one, axis in zip(activities, self.axes, strict=True)
        ]
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
        self.critical = [0] * len(activities)
        self.zero = self.axes[0].worked(network.start)
        self.sums = [[0.0, 0.0, 0.0] for _ in self.drawn]  # x, x², x·y
        self.y = self.yy = 0.0

    def _tie(self, link: Link, place: Mapping[str, int]) -> "_Tie":
        before, after = place[link.predecessor], place[link.successor]
        plain = self.axes[before] is self.axes[after] and (
            link.calendar is None or link.calendar is self.axes[after]
        )
        return _Tie(before, after, link.type.leaves_start, link.type.meets_start, link.lag, plain)

    def run(self) -> tuple[int, int]:
        """One run: the moment at which all is done, and the worked minutes until then."""
        work = list(self.work)
        values = []
        for at, draw, share in self.drawn:
            value = draw()
            values.append(value)
            work[at] = int(value * share + 0.5)
        starts, ends = self._forward(work)
        finish = max(
            axis.closing(max(ends[at] for at in members)) for axis, members in self.by_axis
        )
        self._backward(work, starts, ends, finish)
        span = self.axes[0].worked(finish) - self.zero
        self.y += span
        self.yy += span * span
        for one, value in zip(self.sums, values, strict=True):
            one[0] += value
            one[1] += value * value
            one[2] += value * span
        return finish, span

    def _forward(self, work: Sequence[int]) -> tuple[list[int], list[int]]:
        starts, ends = [0] * len(work), [0] * len(work)
        axes, floors = self.axes, self.floors
        for at, minutes in enumerate(work):
            if self.done[at]:
                ends[at] = self.fixed[at]
                starts[at] = self.starts[at] if self.begun[at] else ends[at]
                continue
            resume = floors[at]
            for tie in self.into[at]:
                left = starts[tie.before] if tie.leaves_start else ends[tie.before]
                if not tie.plain:
                    left = axes[at].worked(axes[tie.before].closing(left))
                bound = left + tie.lag
                if not tie.meets_start:
                    bound -= minutes
                if bound > resume:
                    resume = bound
            starts[at] = self.starts[at] if self.begun[at] else resume
            ends[at] = resume + minutes
        return starts, ends

    def _backward(
        self, work: Sequence[int], starts: Sequence[int], ends: Sequence[int], finish: int
    ) -> None:
        axes = self.axes
        latest: dict[int, int] = {}
        lates = [0] * len(work)
        for at in range(len(work) - 1, -1, -1):
            axis = axes[at]
            late = latest.get(id(axis))
            if late is None:
                late = latest[id(axis)] = axis.worked(finish)
            minutes = work[at]
            for tie in self.out[at]:
                after = tie.after
                if self.done[after] or (tie.leaves_start and self.begun[at]):
                    continue
                value = lates[after] - (work[after] if tie.meets_start else 0) - tie.lag
                if not tie.plain:
                    value = axis.worked(axes[after].opening(max(value, 0)))
                if tie.leaves_start:
                    value += minutes
                if value < late:
                    late = value
            lates[at] = late
            if late <= ends[at] and not self.done[at]:
                self.critical[at] += 1

    def sensitivity(self, runs: int) -> dict[str, float]:
        """The correlation of every drawn duration with the whole one."""
        found = {}
        spread_y = runs * self.yy - self.y * self.y
        for (at, _draw, _share), (x, xx, xy) in zip(self.drawn, self.sums, strict=True):
            spread_x = runs * xx - x * x
            below = math.sqrt(max(spread_x, 0.0) * max(spread_y, 0.0))
            found[self.order[at]] = (runs * xy - x * self.y) / below if below else 0.0
        return found


@dataclass(frozen=True, slots=True)
class _Tie:
    """A link by places; `plain`: both ends run on one calendar, so that minutes just add."""

    before: int
    after: int
    leaves_start: bool
    meets_start: bool
    lag: int
    plain: bool


def _work(one: Activity) -> int:
    if one.actual_finish is not None:
        return 0
    if one.actual_start is not None and one.remaining is not None:
        return one.remaining
    return one.duration


def _rest(one: Activity) -> float:
    """How much of the drawn duration is still to come."""
    return _work(one) / one.duration if one.actual_start is not None and one.duration else 1.0


def _floor(one: Activity, floor: int, work: int) -> int:
    limit: Constraint | None = one.constraint
    if limit is None or not limit.type.is_floor or one.actual_start is not None:
        return floor
    at = one.calendar.worked(limit.at)
    return max(floor, at if limit.type.bounds_start else at - work)
