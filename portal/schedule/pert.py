"""PERT: the expected finish along the critical path, how far it varies, and the chance of a date.

te = (a + 4m + b) / 6 and σ² = ((b - a) / 6)² of each activity (other distributions bring their own
mean and variance); the critical path is that of the expected durations, and of several the one
that varies most (DOMAIN 5.10).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from portal.schedule.critical_path import Dates, Schedule, arrival, compute
from portal.schedule.network import Activity, Link, Network
from portal.schedule.spread import Spread, share_below


@dataclass(frozen=True, slots=True)
class PathEstimate:
    """The finish as a moment, its standard deviation in worked minutes, and the activities that
    lead to it, first ones first.
    """

    finish: int
    deviation: float
    path: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Chain:
    """What leads to a moment of the network: its variance, and the activities it runs through."""

    variance: float = 0.0
    last: str = ""
    before: "_Chain | None" = None


def pert(network: Network, spreads: Mapping[str, Spread]) -> PathEstimate:
    """The estimate of a network that has activities. Raises Cycle, Invalid."""
    expected = {key: _expected(one, spreads.get(key)) for key, one in network.activities.items()}
    schedule = compute(replace(network, activities=expected))
    ends = _ends(schedule, network, spreads)
    last = [ends[key] for key, one in schedule.dates.items() if one.finish == schedule.finish]
    chain = max(last, key=lambda one: one.variance)
    return PathEstimate(schedule.finish, math.sqrt(chain.variance), _walked(chain))


def score(due: float, expected: float, deviation: float) -> tuple[float, float] | None:
    """z = (D - Σ te) / √Σσ², and the chance to be done by then; None where nothing varies."""
    if not deviation:
        return None
    z = (due - expected) / deviation
    return z, share_below(z)


def _expected(one: Activity, spread: Spread | None) -> Activity:
    """The activity with its expected duration; of what has begun only the rest is uncertain."""
    if spread is None or one.actual_finish is not None:
        return one
    if one.actual_start is None or one.remaining is None:
        return replace(one, duration=round(spread.mean))
    rest = one.remaining / one.duration if one.duration else 0
    return replace(one, remaining=round(spread.mean * rest))


def _variance(one: Activity, spread: Spread | None) -> float:
    if spread is None or one.actual_finish is not None:
        return 0.0
    work = Dates(one).work
    rest = work / one.duration if one.actual_start is not None and one.duration else 1.0
    return (spread.deviation * rest) ** 2


def _ends(schedule: Schedule, network: Network, spreads: Mapping[str, Spread]) -> dict[str, _Chain]:
    """What leads to each end: of equal ways the one that varies most."""
    starts: dict[str, _Chain] = {}
    ends: dict[str, _Chain] = {}
    into: dict[str, list[Link]] = {key: [] for key in schedule.dates}
    for link in network.links:
        into[link.successor].append(link)
    for key, one in schedule.dates.items():
        if one.is_finished:
            starts[key] = ends[key] = _Chain()
            continue
        held, by_end = _Chain(), False
        for link in into[key]:
            before = schedule.dates[link.predecessor]
            if before.is_finished or arrival(link, before, one)[0] != one.resume:
                continue
            way = (starts if link.type.leaves_start else ends)[link.predecessor]
            if held.variance < way.variance or not held.last:
                held, by_end = way, not link.type.meets_start
        more = 0.0 if by_end else _variance(network.activities[key], spreads.get(key))
        ends[key] = _Chain(held.variance + more, key, held)
        starts[key] = _Chain() if one.is_started else held
    return ends


def _walked(chain: _Chain) -> list[str]:
    found = []
    at: _Chain | None = chain
    while at is not None:
        if at.last:
            found.append(at.last)
        at = at.before
    return found[::-1]
