"""Slices in turn: limit, portal, limit; ratios to the mean of the two, and their median."""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.places import HERE

ROUNDS = 5
MOST_TRIES = 15
CONNECTIONS = 4
LIMIT_SECONDS, PORTAL_SECONDS = 1.0, 2.5
STEADY = 1.5  # two slices of the same limit that differ more were disturbed
Request = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Load:
    """What one side is asked: (path, cookie, body) one after the other; `once`: none repeats."""

    port: int
    requests: list[Request]
    expects: int = 200
    once: bool = False

    def slice(self, seconds: float) -> dict[str, Any]:
        """Send them for a while from a process of its own."""
        job = {
            "port": self.port,
            "requests": self.requests,
            "seconds": seconds,
            "connections": CONNECTIONS,
            "expects": self.expects,
            "once": self.once,
        }
        found = subprocess.run(
            [sys.executable, str(HERE / "load.py")],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            check=True,
        )
        answer: dict[str, Any] = json.loads(found.stdout)
        if answer["wrong"]:
            raise RuntimeError(f"{self.requests[0][0]}: {answer['statuses']}")
        return answer


@dataclass(slots=True)
class Ratio:
    """The portal against one limit, round by round."""

    ratios: list[float] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    dropped: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.ratios)

    def note(self, before: float, portal: float, after: float) -> None:
        """Take one round, unless the machine was disturbed."""
        if max(before, after) > STEADY * min(before, after):
            self.dropped += 1
            return
        self.ratios.append(portal / ((before + after) / 2))
        self.limits.append((before + after) / 2)


@dataclass(slots=True)
class Measured:
    """One kind of request: its rates, and its ratios to the limit bare and in the same shell."""

    bare: Ratio = field(default_factory=Ratio)
    framed: Ratio = field(default_factory=Ratio)
    rates: list[float] = field(default_factory=list)
    medians: list[float] = field(default_factory=list)


Side = Callable[[int], Load]


def compare(portal: Side, bare: Side, framed: Side) -> Measured:
    """Rounds of slices until both limits have enough; each side makes the load of its round."""
    found = Measured()
    for number in range(MOST_TRIES):
        first = bare(2 * number).slice(LIMIT_SECONDS)["rate"]
        second = framed(2 * number).slice(LIMIT_SECONDS)["rate"]
        ours = portal(number).slice(PORTAL_SECONDS)
        third = framed(2 * number + 1).slice(LIMIT_SECONDS)["rate"]
        fourth = bare(2 * number + 1).slice(LIMIT_SECONDS)["rate"]
        found.rates.append(ours["rate"])
        found.medians.append(ours["median_ms"])
        found.bare.note(first, ours["rate"], fourth)
        found.framed.note(second, ours["rate"], third)
        if min(len(found.bare.ratios), len(found.framed.ratios)) >= ROUNDS:
            return found
    return found
