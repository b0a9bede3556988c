"""Two baselines, or a baseline and the plan as it stands, compared: added, deleted, moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from portal.progress.baselines import Frozen
from portal.progress.plan import Plan

Kind = Literal["added", "deleted", "moved", "changed"]


@dataclass(frozen=True, slots=True)
class Compared:
    """A task that is not the same. Days are working days of the later one's calendar."""

    id: str
    code: str
    name: str
    kind: Kind
    before: tuple[date, date] | None
    after: tuple[date, date] | None
    start_days: Decimal
    finish_days: Decimal
    duration_days: Decimal
    budget: Decimal
    links_differ: bool


def frozen_now(plan: Plan) -> dict[str, Frozen]:
    """The plan as it stands, as a baseline would keep it."""
    calendars = plan.material.calendars
    return {
        row.task.id: Frozen(
            row.task.id, row.task.code, row.task.name, row.task.type, row.depth, row.start,
            row.finish, plan.material.minutes(row.task), row.task.budget,
            calendars[row.task.calendar].time,
            tuple(
                (one.task, one.type.value, calendars[row.task.calendar].minutes(one.lag, one.unit))
                for one in row.task.links
            ),
        )
        for row in plan.rows
    }  # fmt: skip


def compared(before: Mapping[str, Frozen], after: Mapping[str, Frozen]) -> list[Compared]:
    """What differs between two plans, summaries left out, in the later one's order."""
    found = []
    for key, one in after.items():
        if one.is_summary:
            continue
        old = before.get(key)
        if old is None or old.is_summary:
            found.append(_came(one))
        elif (row := _changed(old, one)) is not None:
            found.append(row)
    found += [_went(one) for key, one in before.items() if not one.is_summary and key not in after]
    return found


def counts(rows: Sequence[Compared]) -> dict[str, int]:
    """How many tasks were added, deleted, moved, or changed otherwise."""
    kinds: tuple[Kind, ...] = ("added", "deleted", "moved", "changed")
    return {kind: sum(row.kind == kind for row in rows) for kind in kinds}


def _came(one: Frozen) -> Compared:
    days = (one.starts_on, one.ends_on)
    none = Decimal(0)
    return Compared(
        one.id, one.code, one.name, "added", None, days, none, none, none, one.budget,
        links_differ=False,
    )  # fmt: skip


def _went(one: Frozen) -> Compared:
    days = (one.starts_on, one.ends_on)
    none = Decimal(0)
    return Compared(
        one.id, one.code, one.name, "deleted", days, None, none, none, none, -one.budget,
        links_differ=False,
    )  # fmt: skip


def _changed(old: Frozen, one: Frozen) -> Compared | None:
    time = one.time
    day = Decimal(max(sum(b - a for a, b in shifts) for shifts in time.said.days))
    start = (time.worked(one.start) - time.worked(old.start)) / day
    finish = (time.worked(one.finish) - time.worked(old.finish)) / day
    duration = (one.minutes - old.minutes) / day
    links = set(old.links) != set(one.links)
    budget = one.budget - old.budget
    if not (start or finish or duration or budget or links or old.name != one.name):
        return None
    return Compared(
        one.id, one.code, one.name, "moved" if start or finish else "changed",
        (old.starts_on, old.ends_on), (one.starts_on, one.ends_on),
        start, finish, duration, budget, links_differ=links,
    )  # fmt: skip
