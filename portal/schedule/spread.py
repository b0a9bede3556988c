"""What an uncertain duration may come to: its distribution, drawn alone or by a normal score."""

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Literal

from portal.errors import N_, Invalid

Kind = Literal["pert", "triangular", "uniform", "normal"]
OUT_OF_ORDER = N_("The shortest duration is above the likely one, or that above the longest.")
STEPS = 2048  # of the table that inverts a beta distribution


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

    @property
    def _shape(self) -> tuple[float, float]:
        """The two parameters of the beta distribution of PERT."""
        span = self.high - self.low
        return 1 + 4 * (self.mode - self.low) / span, 1 + 4 * (self.high - self.mode) / span

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
        alpha, beta = self._shape
        return lambda: low + span * chance.betavariate(alpha, beta)

    def by_score(self) -> Callable[[float], float]:
        """The duration as likely not to be exceeded as a standard normal score is; never below
        zero. What is drawn by correlated scores is correlated.
        """
        low, mode, high = self.low, self.mode, self.high
        span = high - low
        if not span:
            return lambda _score: mode
        if self.kind == "normal":
            deviation = span / 6
            return lambda score: max(0.0, mode + deviation * score)
        if self.kind == "uniform":
            return lambda score: low + span * share_below(score)
        if self.kind == "triangular":
            return self._triangular
        inverse = _inverse_beta(*self._shape)
        return lambda score: low + span * inverse(share_below(score))

    def _triangular(self, score: float) -> float:
        share, span = share_below(score), self.high - self.low
        if share * span < self.mode - self.low:
            return self.low + math.sqrt(share * span * (self.mode - self.low))
        return self.high - math.sqrt((1 - share) * span * (self.high - self.mode))


def share_below(score: float) -> float:
    """The standard normal distribution: how much of it lies below a score."""
    return math.erfc(-score / math.sqrt(2)) / 2


@lru_cache(maxsize=4096)
def _inverse_beta(alpha: float, beta: float) -> Callable[[float], float]:
    """The quantiles of a beta distribution with parameters of at least 1, between 0 and 1, from a
    table of its integral by Simpson's rule.
    """

    def density(x: float) -> float:
        return float(x ** (alpha - 1) * (1 - x) ** (beta - 1))

    half = 1 / (2 * STEPS)
    heights = [density(at * half) for at in range(2 * STEPS + 1)]
    below = [0.0]
    for at in range(0, 2 * STEPS, 2):
        below.append(below[-1] + heights[at] + 4 * heights[at + 1] + heights[at + 2])
    whole = below[-1]

    def inverse(share: float) -> float:
        sought = share * whole
        at = min(bisect_right(below, sought), STEPS)
        left, right = below[at - 1], below[at]
        return (at - 1 + (sought - left) / (right - left if right > left else 1)) / STEPS

    return inverse
