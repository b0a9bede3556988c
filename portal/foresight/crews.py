"""Day labor against the plan: workers on tickets, and what the plan asks for of people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import distinct, func, select

from portal.db import db
from portal.ledgers.models import LaborEntry, Posting
from portal.ledgers.standing import stands, undoing
from portal.progress.loads import Load, worked_loads
from portal.progress.plan import Plan
from portal.progress.working import OWN
from portal.web.viewer import ProjectBrief

PEOPLE = "people"
SPAN = 14  # days


@dataclass(frozen=True, slots=True)
class Fortnight:
    """Two weeks: workers on tickets a day on which there were any (None ahead), the most of them on
    one day, and people of the plan's resources a working day.
    """

    first: date
    last: date
    workers: Decimal | None
    most: int | None
    asked: Decimal


@dataclass(frozen=True, slots=True)
class Crews:
    """The two fortnights before today and the two from today on."""

    spans: Sequence[Fortnight]

    @property
    def grows_by(self) -> Decimal | None:
        """By how many percent the plan asks for more than in the last two weeks."""
        before, ahead = self.spans[1].asked, self.spans[2].asked
        return (ahead - before) * 100 / before if before > 0 else None


def crews_of(project: ProjectBrief, plan: Plan, loads: Sequence[Load], today: date) -> Crews | None:
    """Day labor beside what the plan asks for; None where nobody was on a ticket lately."""
    begins = today - timedelta(days=2 * SPAN)
    by_day = _workers(project, begins, today - timedelta(days=1))
    if not by_day:
        return None
    people = [one for one in loads if one.resource.data.get("kind") == PEOPLE]
    spans = []
    for at in range(4):
        first = begins + timedelta(days=at * SPAN)
        last = first + timedelta(days=SPAN - 1)
        heads = [count for on, count in by_day.items() if first <= on <= last]
        is_past = last < today
        spans.append(
            Fortnight(
                first,
                last,
                Decimal(sum(heads)) / len(heads) if is_past and heads else None,
                max(heads) if is_past and heads else None,
                _asked(plan, people, first, last, is_past=is_past),
            )
        )
    return Crews(spans)


def _workers(project: ProjectBrief, first: date, last: date) -> dict[date, int]:
    """How many workers were on tickets, by the day."""
    undone = undoing()
    statement = (
        select(LaborEntry.work_date, func.count(distinct(LaborEntry.worker_id)))
        .join(Posting, Posting.id == LaborEntry.posting_id)
        .outerjoin(undone, undone.c.reverses_id == Posting.id)
        .where(
            LaborEntry.project_id == project.id,
            LaborEntry.kind == "booked",
            LaborEntry.work_date.between(first, last),
            stands(undone),
        )
        .group_by(LaborEntry.work_date)
        .order_by(LaborEntry.work_date)
    )
    return {on: int(count) for on, count in db.session.execute(statement)}


def _asked(
    plan: Plan, people: Sequence[Load], first: date, last: date, *, is_past: bool
) -> Decimal:
    """People of the plan a working day: those of tasks under way, or those still asked for."""
    said = plan.material.calendars[OWN].time.said
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    worked = sum(1 for on in days if said.on(on))
    if not worked:
        return Decimal(0)
    if is_past:
        by_resource = worked_loads(plan, first, last)
        total = sum((by_resource.get(one.resource.id, Decimal(0)) for one in people), Decimal(0))
    else:
        total = sum(
            (load for one in people for on, load in one.days.items() if first <= on <= last),
            Decimal(0),
        )
    return total / worked
