"""The work that remains, by month, as the schedule has it; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from portal.dates import last_of

NOTHING, CENT = Decimal(0), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Job:
    """A task with the part of its worth that is not done: planned evenly from day to day."""

    first: date
    last: date
    weight: Decimal


def shares(jobs: Iterable[Job], today: date) -> list[tuple[date, Decimal]]:
    """(last day of a month, share of what remains that is planned in it); they total one.

    What should be done already is done this month.
    """
    sums: dict[date, Decimal] = {}
    whole = NOTHING
    for job in jobs:
        first = max(job.first, today)
        last = max(job.last, first)
        days, day = (last - first).days + 1, first
        whole += job.weight
        while day <= last:
            end = min(last_of(day), last)
            part = job.weight * ((end - day).days + 1) / days
            sums[last_of(day)] = sums.get(last_of(day), NOTHING) + part
            day = end + timedelta(days=1)
    return [(month, sums[month] / whole) for month in sorted(sums)] if whole else []


def amounts(whole: Decimal, parts: Sequence[tuple[date, Decimal]]) -> list[tuple[date, Decimal]]:
    """The amount by these shares, to the cent: sums to date are rounded, so that all add up."""
    found, share, before = [], NOTHING, NOTHING
    for place, (month, part) in enumerate(parts, 1):
        share += part
        upto = whole if place == len(parts) else (whole * share).quantize(CENT, ROUND_HALF_UP)
        found.append((month, upto - before))
        before = upto
    return found


def by_nodes(
    nodes: Sequence[tuple[date, Decimal, str]], certified: Decimal
) -> list[tuple[date, Decimal, str]]:
    """(day, amount, node) of what is still to be billed: nodes in the order of their days, the
    first ones covered by what is certified already.
    """
    found, upto = [], NOTHING
    for on, amount, node in sorted(nodes):
        upto += amount
        left = min(amount, upto - certified)
        if left > 0:
            found.append((on, left, node))
    return found
