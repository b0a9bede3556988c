"""What waits for decisions nobody took: nothing behind a decision point begins before it. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.calendars.working_time import start_of
from portal.progress.plan import Plan, PlanRow
from portal.schedule.critical_path import Schedule
from portal.schedule.network import Link

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Waiting:
    """The undecided points (ids) a task waits for: before it may begin, and before it may end."""

    to_begin: frozenset[str] = NOTHING
    to_end: frozenset[str] = NOTHING


def undecided(plan: Plan) -> list[PlanRow]:
    """The decision points nobody took yet, in the order of the plan."""
    return [row for row in plan.work if row.task.type == "decision" and not row.is_finished]


def due(plan: Plan, today: date) -> list[PlanRow]:
    """Those of them whose date has come: it lies behind, or only the data date holds it back."""
    if plan.network is None:
        return []
    limit = max(plan.network.floor, start_of(today + timedelta(days=1)))
    return [row for row in undecided(plan) if row.finish <= limit]


def waiting(plan: Plan, points: Collection[PlanRow]) -> dict[str, Waiting]:
    """What waits for these points, by task. A link with a negative lag lets its task begin before;
    what has begun waits with its end alone.
    """
    if plan.schedule is None or not points:
        return {}
    into: dict[str, list[Link]] = {}
    for link in plan.schedule.network.links:
        if link.lag >= 0:
            into.setdefault(link.successor, []).append(link)
    held: dict[str, Waiting] = {row.task.id: _of_itself(row) for row in points}
    for key in plan.schedule.dates:
        if key in into:
            one = _waiting(plan.schedule, key, into[key], held)
            if one.to_end:
                held[key] = one
    for row in points:
        own = held[row.task.id]
        mine = frozenset({row.task.id})
        held[row.task.id] = Waiting(own.to_begin - mine, own.to_end - mine)
    return {key: one for key, one in held.items() if one.to_end}


def _of_itself(row: PlanRow) -> Waiting:
    mine = frozenset({row.task.id})
    return Waiting(mine, mine)


def _waiting(
    schedule: Schedule, key: str, links: Collection[Link], held: Mapping[str, Waiting]
) -> Waiting:
    dates, own = schedule.dates[key], held.get(key, Waiting())
    if dates.is_finished:
        return Waiting()
    begin, end = own.to_begin, own.to_end
    for link in links:
        before = held.get(link.predecessor)
        if before is not None:
            points = before.to_begin if link.type.leaves_start else before.to_end
            begin |= points if link.type.meets_start else NOTHING
            end |= points
    return Waiting(NOTHING if dates.is_started else begin, end)
