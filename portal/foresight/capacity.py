"""What resources are asked for in the next weeks against what there is; how well that was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from portal.ledgers.naming import Named
from portal.progress.hindsight import CutOff, known_until
from portal.progress.loads import Load, Span, loads_of, worked_loads
from portal.progress.plan import Plan, plan_of
from portal.progress.working import OWN, Calendar
from portal.schedule.past_error import Foretold, PastError, past_error
from portal.web.viewer import ProjectBrief

WEEKS = 6
AHEAD = timedelta(days=28)
CUTS = 3
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Week:
    """A week of a resource in hours: what is asked for, and what there is."""

    monday: date
    needed: Decimal
    available: Decimal
    is_over: bool


@dataclass(frozen=True, slots=True)
class Capacity:
    """A resource in the next weeks; `over` is the first span on which it does not suffice."""

    resource: Named
    units: Decimal
    weeks: Sequence[Week]
    over: Span | None
    windows: Sequence[Foretold]

    @property
    def past(self) -> PastError | None:
        """How far what was asked for was off, in percent of it."""
        return past_error([one.off for one in self.windows if one.off is not None])

    @property
    def lacks(self) -> Decimal:
        """By how many more are asked for than there are."""
        return self.over.most - self.units if self.over else NOTHING


def capacities(
    project: ProjectBrief, plan: Plan, cuts: Sequence[CutOff], today: date
) -> list[Capacity]:
    """The resources that open tasks ask for, those that do not suffice first."""
    begins = max(today, plan.until + timedelta(days=1)) if plan.until else today
    loads = loads_of(plan)
    told = _looked_back(project, plan, cuts) if loads else {}
    own = plan.material.calendars[OWN]
    found = [
        Capacity(
            one.resource,
            one.capacity,
            weeks_of(one.days, one.capacity, own, begins),
            next((span for span in one.over if span.last >= begins), None),
            told.get(one.resource.id, ()),
        )
        for one in loads
    ]
    return sorted(found, key=_order)


def _order(one: Capacity) -> tuple[date, str, str]:
    return one.over.first if one.over else date.max, one.resource.code, one.resource.id


def weeks_of(
    days: Mapping[date, Decimal], units: Decimal, calendar: Calendar, begins: date
) -> list[Week]:
    """The weeks from a day on; of the first one only the days that are left. A day counts as many
    hours as a usual working day of the project.
    """
    hours = Decimal(calendar.day) / 60
    monday = begins - timedelta(days=begins.weekday())
    made = []
    for at in range(WEEKS):
        first = monday + timedelta(days=7 * at)
        left = [first + timedelta(days=n) for n in range(7) if first + timedelta(days=n) >= begins]
        worked = sum(1 for on in left if calendar.time.said.on(on))
        loads = [days.get(on, NOTHING) for on in left]
        over = any(load > units for load in loads)
        made.append(Week(first, sum(loads, NOTHING) * hours, units * worked * hours, over))
    return made


def _looked_back(
    project: ProjectBrief, plan: Plan, cuts: Sequence[CutOff]
) -> dict[str, list[Foretold]]:
    """What plans of earlier reports asked for in the four weeks after them, and what was worked."""
    last = known_until(project, plan)
    found: dict[str, list[Foretold]] = {}
    for cut in [one for one in cuts if one.on + AHEAD <= last][:CUTS]:
        then = loads_of(plan_of(project, until=cut.on, known_at=cut.known_at))
        came = worked_loads(plan, cut.on + timedelta(days=1), cut.on + AHEAD)
        for one in then:
            asked = _between(one, cut.on + timedelta(days=1), cut.on + AHEAD)
            if asked:
                told = Foretold(
                    cut.on + timedelta(days=1), cut.on + AHEAD, asked,
                    came.get(one.resource.id, NOTHING),
                )  # fmt: skip
                found.setdefault(one.resource.id, []).append(told)
    return found


def _between(load: Load, first: date, last: date) -> Decimal:
    return sum((units for on, units in load.days.items() if first <= on <= last), NOTHING)
