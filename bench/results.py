"""RESULTS.md: every figure with its aim, and what the machine was."""

import json
import os
import platform
import statistics
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.slices import Measured

AIMS = {
    "open form": 0.33,
    "submit": 0.25,
    "decide": 0.25,
    "inbox": 0.33,
    "detail": 0.33,
    "list": 0.33,
}
OTHERS = {
    "inbox, first page, against 1,000 records": (1.3, "times"),
    "inbox, tenth page, against 1,000 records": (1.3, "times"),
    "list, first page, against 1,000 records": (1.3, "times"),
    "list, tenth page, against 1,000 records": (1.3, "times"),
    "recalculation, one row of 200": (15.0, "ms"),
    "compiling 200 fields": (50.0, "ms"),
    "builder: a field moved among 200": (150.0, "ms"),
    "builder: all checks of the largest shipped module": (2.0, "s"),
    "builder: replay of 1,000 records": (10.0, "s"),
    "moving a thousand stored records": (500.0, "ms"),
    "critical path of 10,000 activities, 30,000 links": (1.0, "s"),
    "schedule page of 1,000 tasks": (300.0, "ms"),
    "simulation, 1,000 runs of 500 activities": (5.0, "s"),
    "checking a plan of 1,000 tasks": (5.0, "s"),
    "bringing in a plan of 1,000 tasks": (5.0, "s"),
    "changing a plan by a file of 1,000 tasks": (5.0, "s"),
    "bringing in a plan of 1,000 tasks, others wait": (2.0, "s"),
    "checking a plan of 10,000 tasks": (50.0, "s"),
    "bringing in a plan of 10,000 tasks": (50.0, "s"),
    "changing a plan by a file of 10,000 tasks": (50.0, "s"),
    "bringing in a plan of 10,000 tasks, others wait": (2.0, "s"),
    "changing a plan by a file of 10,000 tasks, others wait": (2.0, "s"),
    "cost center, first page, p95": (300.0, "ms"),
    "funds center, first page, p95": (300.0, "ms"),
    "day-labor center, first page, p95": (300.0, "ms"),
    "progress center, first page, p95": (300.0, "ms"),
    "portfolio, first page, p95": (300.0, "ms"),
    "months, first page, p95": (300.0, "ms"),
    "drill-down, p95": (150.0, "ms"),
    "ledger verify, 100,000 entries": (60.0, "s"),
    "memory per worker after the mix": (120.0, "MB"),
    "first answer after process start": (1.5, "s"),
    "errors of 200 people": (0.1, "%"),
}
PROOF = "## Full bounds"  # as tests/run.py writes it

PREFACE = """# Speed

Written by `make bench`; the aims are those of the issue, the method that of the reference's README:
two gunicorn workers on every side, one load generator with four connections, slices in turn (limit,
portal, limit), the ratio to the mean of the two limit slices, pairs that differ by more than half
dropped, the median of at least five.

The README asks for the same shell and sign-in on both sides. **Same shell** is therefore the fixed
application, unchanged, inside the portal's frame (`limit_shell.py`): the same bytes around the
page, its counts and places by raw SQL, its loops in plain Jinja; the aims are held against it.
**Bare** is the fixed application as it comes, with a frame of two links and one look at the user:
against it the portal's frame and rights count as well. Both inboxes show 20 rows; detail and list
are held against the limit's inbox, which has no such pages.
"""


@dataclass(slots=True)
class Results:
    """What was measured so far, by database."""

    ratios: dict[str, dict[str, Measured]] = field(default_factory=dict)
    others: dict[str, dict[str, float]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def note(self, kind: str, name: str, value: float) -> None:
        """One figure that is not a ratio to the limit."""
        self.others.setdefault(name, {})[kind] = value

    def write(self, path: Path) -> None:
        """The whole report; what `make prove` wrote at its end stays."""
        parts = [PREFACE, f"{_machine()}\n", *self._ratio_tables(), self._other_table()]
        if self.notes:
            parts.append("## Remarks\n\n" + "\n".join(f"- {one}" for one in self.notes) + "\n")
        _, mark, proof = (path.read_text("utf-8") if path.exists() else "").partition(PROOF)
        path.write_text("\n".join(parts) + (f"\n{mark}{proof}" if mark else ""), "utf-8")

    def _ratio_tables(self) -> list[str]:
        return [_ratio_table(kind, found) for kind, found in self.ratios.items()]

    def _other_table(self) -> str:
        kinds = sorted({kind for found in self.others.values() for kind in found}, reverse=True)
        lines = [
            "## Other figures\n",
            f"| | aim | {' | '.join(kinds)} |",
            f"|---|---|{'---|' * len(kinds)}",
        ]
        for name, (aim, unit) in OTHERS.items():
            found = self.others.get(name, {})
            cells = [_figure(found.get(kind), aim, unit) for kind in kinds]
            lines.append(f"| {name} | ≤ {aim:g} {unit} | {' | '.join(cells)} |")
        return "\n".join(lines) + "\n"


def _figure(value: float | None, aim: float, unit: str) -> str:
    if value is None:
        return "–"
    return f"{value:.2f} {unit}{'' if value <= aim else ' **missed**'}"


def _ratio_table(kind: str, found: dict[str, Measured]) -> str:
    lines = [
        f"## {kind}, 100,000 records\n",
        "| | aim | same shell | bare | portal /s | limit in shell /s | limit bare /s | rounds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, aim in AIMS.items():
        one = found.get(name)
        if one is None or not one.framed.ratios or not one.bare.ratios:
            lines.append(f"| {name} | {aim:.2f} | – | – | – | – | – | – |")
            continue
        missed = "" if one.framed.median >= aim else " **missed**"
        rates = [one.rates, one.framed.limits, one.bare.limits]
        shown = " | ".join(f"{statistics.median(values):,.0f}" for values in rates)
        dropped = one.bare.dropped + one.framed.dropped
        lines.append(
            f"| {name} | {aim:.2f} | {one.framed.median:.2f}{missed} | {one.bare.median:.2f} "
            f"| {shown} | {len(one.framed.ratios)} ({dropped} dropped) |"
        )
    return "\n".join(lines) + "\n"


def _machine() -> str:
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    processor = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    day = datetime.now(UTC).date().isoformat()
    return (
        f"{day} · {processor}, {cores} cores · Python {platform.python_version()} · "
        f"load average at the end {load:.1f} (of which about {cores} are the measurement itself)"
    )


def as_json(value: Any) -> str:
    """For the terminal."""
    return json.dumps(value, ensure_ascii=False)
