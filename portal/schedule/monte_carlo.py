"""The schedule simulated: durations drawn, the network dated, again and again (DOMAIN 5.10).

Draws are floats, dates are worked minutes on each activity's own calendar, as in the critical path.
The same seed and count give the same result.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from portal.errors import N_, Invalid
from portal.schedule.network import Network
from portal.schedule.runs import Model
from portal.schedule.spread import Spread

RUNS_MOST = 20_000
_Draw = Callable[[Sequence[float]], float]


@dataclass(frozen=True, slots=True)
class Correlation:
    """How far durations of one group go together: a Gaussian copula with a common factor each.

    `strength` (0 to 1) is the correlation of any two normal scores of a group; `groups` says which
    group an activity belongs to, and what is in none is drawn alone.
    """

    strength: float
    groups: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 <= self.strength <= 1:
            raise Invalid(N_("A correlation between durations lies between 0 and 1."))


INDEPENDENT = Correlation(0)


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
    network: Network,
    spreads: Mapping[str, Spread],
    *,
    seed: int,
    runs: int,
    correlation: Correlation = INDEPENDENT,
) -> Simulation:
    """So many runs of a network; activities without a spread keep their duration.

    Of what has begun only the rest is drawn: the spread in the measure of what remains. Raises
    Cycle, Invalid.
    """
    if not 1 <= runs <= RUNS_MOST or not network.activities:
        raise Invalid(N_("A simulation takes 1 to %(most)s runs of a plan."), most=RUNS_MOST)
    chance = Random(seed)  # noqa: S311 - a simulation, no secret
    drawn = {
        key: spread
        for key, spread in spreads.items()
        if key in network.activities and network.activities[key].actual_finish is None
    }
    model, draws = Model(network, list(drawn)), _Draws(drawn, chance, correlation)
    tally = _Tally(len(drawn))
    finishes, spans = [], []
    for _ in range(runs):
        values = draws.next()
        finish, span = model.run(values)
        finishes.append(finish)
        spans.append(span)
        tally.add(values, span)
    return Simulation(
        seed,
        runs,
        sorted(finishes),
        sorted(spans),
        {key: count / runs for key, count in zip(model.order, model.critical, strict=True)},
        dict(zip(drawn, tally.correlations(runs), strict=True)),
    )


class _Draws:
    """The durations of one run after the other."""

    def __init__(
        self, spreads: Mapping[str, Spread], chance: Random, correlation: Correlation
    ) -> None:
        self.gauss, strength = chance.gauss, correlation.strength
        self.common, self.own = math.sqrt(strength), math.sqrt(1 - strength)
        groups = correlation.groups if strength else {}
        self.groups = sorted({groups[key] for key in spreads if key in groups})
        self.each = [
            self._of_group(one, self.groups.index(groups[key]))
            if key in groups
            else self._alone(one, chance)
            for key, one in spreads.items()
        ]

    def next(self) -> list[float]:
        """A duration for each activity that is drawn."""
        factors = [self.common * self.gauss(0, 1) for _ in self.groups]
        return [draw(factors) for draw in self.each]

    def _of_group(self, spread: Spread, at: int) -> _Draw:
        by_score, gauss, own = spread.by_score(), self.gauss, self.own
        return lambda factors: by_score(factors[at] + own * gauss(0, 1))

    def _alone(self, spread: Spread, chance: Random) -> _Draw:
        draw = spread.draw(chance)
        return lambda _factors: draw()


class _Tally:
    """Sums by which each drawn duration is correlated with the whole one."""

    def __init__(self, count: int) -> None:
        self.sums = [[0.0, 0.0, 0.0] for _ in range(count)]  # x, x², x·y
        self.y = self.yy = 0.0

    def add(self, values: Sequence[float], span: int) -> None:
        """One run more."""
        self.y += span
        self.yy += span * span
        for one, value in zip(self.sums, values, strict=True):
            one[0] += value
            one[1] += value * value
            one[2] += value * span

    def correlations(self, runs: int) -> list[float]:
        """The correlation of every drawn duration with the whole one; 0 where nothing varies."""
        found = []
        spread_y = runs * self.yy - self.y * self.y
        for x, xx, xy in self.sums:
            spread_x = runs * xx - x * x
            below = math.sqrt(max(spread_x, 0.0) * max(spread_y, 0.0))
            found.append((runs * xy - x * self.y) / below if below else 0.0)
        return found
