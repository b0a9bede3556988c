"""What of a plan a page shows: which rows are open, and what is told at its head."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.progress.plan import Plan, PlanRow

OPEN_ROWS = 400  # a longer plan opens with its upper levels only


@dataclass(frozen=True, slots=True)
class Head:
    """The figures at the head of a plan. `done` is the share of the value, else of the work."""

    finish: date | None
    critical: int
    near: int
    done: Decimal | None
    count: int


def head_of(plan: Plan) -> Head:
    """The figures at the head of the page."""
    work = [row for row in plan.work if not row.task.is_moment]
    weighted = any(row.budget for row in work)
    weights = [row.budget if weighted else Decimal(plan.material.minutes(row.task)) for row in work]
    whole = sum(weights, Decimal(0))
    done = sum((row.done * weight for row, weight in zip(work, weights, strict=True)), Decimal(0))
    return Head(
        plan.finish,
        sum(row.is_critical for row in plan.work),
        sum(row.is_near for row in plan.work),
        done / whole if whole else None,
        len(plan.work),
    )


def deepest(plan: Plan) -> int:
    """How many levels the plan has."""
    return max((row.depth for row in plan.rows), default=0) + 1


def usual_level(plan: Plan) -> int:
    """How many levels are open when nobody chose: all of a plan of usual length."""
    levels = deepest(plan)
    while levels > 1 and sum(row.depth < levels for row in plan.rows) > OPEN_ROWS:
        levels -= 1
    return levels


def shown_rows(
    plan: Plan, *, level: int, closed: Collection[str], critical_only: bool
) -> list[PlanRow]:
    """The rows that are open: down to a level, without what stands below a closed summary."""
    found: list[PlanRow] = []
    hidden_below: int | None = None
    for row in plan.rows:
        if hidden_below is not None and row.depth > hidden_below:
            continue
        hidden_below = None
        if row.has_below and (row.depth + 1 >= level or row.task.code in closed):
            hidden_below = row.depth
        if row.depth < level:
            found.append(row)
    return _critical(found) if critical_only else found


def moments(plan: Plan) -> list[PlanRow]:
    """The milestones and decision points alone: the roadmap of the plan."""
    return sorted(
        (row for row in plan.work if row.task.is_moment),
        key=lambda row: (row.finish, row.task.code),
    )


def _critical(rows: Sequence[PlanRow]) -> list[PlanRow]:
    return [row for row in rows if row.is_critical or row.is_near]


def is_closed(row: PlanRow, *, level: int, closed: Collection[str]) -> bool:
    """Whether a summary hides what stands below it."""
    return row.has_below and (row.depth + 1 >= level or row.task.code in closed)
