"""What resources are asked for, day by day, against what there is of them. Pure but for names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from portal.calendars.working_time import start_of, time_of
from portal.ledgers.naming import Named, names_of
from portal.progress.plan import Plan, PlanRow

DAYS_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row on which more is asked for than there is, and by which tasks."""

    first: date
    last: date
    most: Decimal
    rows: Sequence[PlanRow]


@dataclass(frozen=True, slots=True)
class Week:
    """The most a resource is asked for on a day of a week."""

    monday: date
    most: Decimal


@dataclass(frozen=True, slots=True)
class Load:
    """A resource: its capacity, its load by week, and where it is over-allocated."""

    resource: Named
    capacity: Decimal
    weeks: Sequence[Week]
    over: Sequence[Span]
    unit_days: Decimal
    days: Mapping[date, Decimal]

    @property
    def most(self) -> Decimal:
        return max((one.most for one in self.weeks), default=Decimal(0))


def loads_of(plan: Plan) -> list[Load]:
    """The resources that tasks still to be done ask for, by code."""
    asked: dict[str, list[tuple[PlanRow, Decimal]]] = {}
    for row in plan.work:
        if row.is_finished or row.dates is None:
            continue
        for line in row.task.data.get("resources") or ():
            if line.get("resource"):
                units = Decimal(str(line.get("units") or 0))
                asked.setdefault(line["resource"], []).append((row, units))
    named = names_of(set(asked))
    found = [_load(plan, named[key], rows) for key, rows in asked.items() if key in named]
    return sorted(found, key=lambda one: (one.resource.code, one.resource.id))


def _load(plan: Plan, resource: Named, asked: Sequence[tuple[PlanRow, Decimal]]) -> Load:
    capacity = Decimal(str(resource.data.get("capacity") or 0))
    days: dict[date, Decimal] = {}
    for row, units in asked:
        for on in _worked_days(plan, row):
            days[on] = days.get(on, Decimal(0)) + units
    weeks: dict[date, Decimal] = {}
    for on, load in days.items():
        monday = on - timedelta(days=on.weekday())
        weeks[monday] = max(weeks.get(monday, Decimal(0)), load)
    return Load(
        resource,
        capacity,
        [Week(monday, most) for monday, most in sorted(weeks.items())],
        _spans(days, capacity, plan, asked),
        sum(days.values(), Decimal(0)),
        days,
    )


def worked_loads(plan: Plan, first: date, last: date) -> dict[str, Decimal]:
    """The resource-days that were worked from a day to a day, by the resource: those of tasks from
    their start to their finish, or to the data date while they go on.
    """
    until = min(last, plan.until or last)
    found: dict[str, Decimal] = {}
    for row in plan.work:
        lines = [one for one in row.task.data.get("resources") or () if one.get("resource")]
        if not lines or not row.is_started:
            continue
        said = plan.material.calendar(row.task).time.said
        begin, end = max(first, row.starts_on), min(until, row.ends_on)
        days = sum(1 for at in range((end - begin).days + 1) if said.on(begin + timedelta(days=at)))
        for one in lines:
            units = Decimal(str(one.get("units") or 0)) * days
            found[one["resource"]] = found.get(one["resource"], Decimal(0)) + units
    return found


def _worked_days(plan: Plan, row: PlanRow) -> list[date]:
    """The days on which what remains of a task is worked on."""
    assert row.dates is not None
    said = plan.material.calendar(row.task).time
    begin = said.opening(row.dates.resume)
    on = time_of(begin).date()
    found: list[date] = []
    while start_of(on) < row.finish and len(found) < DAYS_MOST:
        if said.said.on(on):
            found.append(on)
        on += timedelta(days=1)
    return found


def _spans(
    days: Mapping[date, Decimal],
    capacity: Decimal,
    plan: Plan,
    asked: Sequence[tuple[PlanRow, Decimal]],
) -> list[Span]:
    """Over-allocated days joined across days on which nobody works."""
    over = sorted(on for on, load in days.items() if load > capacity)
    found: list[tuple[date, date]] = []
    for on in over:
        if found and not any(
            found[-1][1] < day < on and day in days for day in _between(found[-1][1], on)
        ):
            found[-1] = (found[-1][0], on)
        else:
            found.append((on, on))
    made = []
    for first, last in found:
        rows = [
            row for row, _ in asked if any(first <= on <= last for on in _worked_days(plan, row))
        ]
        most = max(load for on, load in days.items() if first <= on <= last)
        made.append(Span(first, last, most, rows))
    return made


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=at) for at in range(1, (last - first).days)]
