"""From tasks, calendars and readings to the network that is computed, and what does not fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from portal.calendars.working_time import start_of
from portal.errors import N_, Message
from portal.progress.decisions import Decision
from portal.progress.readings import Progress
from portal.progress.tasks import Task
from portal.progress.working import Calendar
from portal.schedule.earned_value import by_fixed_share, by_quantity, by_steps
from portal.schedule.network import Activity, Constraint, ConstraintType, Link, Network
from portal.schedule.undefined import Undefined

NONE, WHOLE = Decimal(0), Decimal(1)
TO_SUMMARY = N_("It waits for “%(other)s”, a summary: such a link is left out. Link to a task.")
TO_NOTHING = N_("It waits for a task that is no longer on file: the link is left out.")
NO_START = N_("It has begun, but nobody said when: it counts from %(day)s.")
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not fit in a plan, in words, and the tasks it is about."""

    tasks: tuple[Task, ...]
    text: Message


@dataclass(slots=True)
class Material:
    """What a plan is computed from. `until` is the data date: the end of that day."""

    tasks: Mapping[str, Task]
    calendars: Mapping[str, Calendar]
    progress: Mapping[str, Progress]
    begins: date
    until: date | None
    decisions: Sequence[Decision] = ()
    problems: list[Problem] = field(default_factory=list)

    def calendar(self, task: Task) -> Calendar:
        """The calendar a task runs on."""
        return self.calendars[task.calendar]

    def minutes(self, task: Task) -> int:
        """The duration of a task in working minutes."""
        if task.is_moment or task.is_summary:
            return 0
        return self.calendar(task).minutes(task.duration, task.unit)

    @property
    def data_date(self) -> int | None:
        """The moment after which everything still to come happens."""
        return None if self.until is None else start_of(self.until + timedelta(days=1))


def share_done(task: Task, progress: Progress | None) -> Decimal:
    """How much of a task's value is earned (0 to 1), by the measure it has."""
    if progress is None:
        return NONE
    if progress.is_finished:
        return WHOLE
    if task.is_moment:
        return NONE
    if task.measure == "zero_hundred":
        return NONE
    if task.measure == "fifty_fifty":
        return by_fixed_share(started=progress.has_begun, finished=False, at_start=HALF)
    said = (progress.percent or NONE) / 100
    if task.measure == "quantity" and progress.qty is not None:
        done = by_quantity(progress.qty, task.number("planned_qty") or NONE)
        return said if isinstance(done, Undefined) else done
    if task.measure == "steps" and progress.qty is not None:
        done = by_steps(_steps(task, progress.qty))
        return said if isinstance(done, Undefined) else done
    return min(said, WHOLE)


def _steps(task: Task, done: Decimal) -> list[tuple[Decimal, Decimal]]:
    """The weights of the steps, and how much of each is done when so many are."""
    weights = [Decimal(str(row.get("weight") or 0)) for row in task.data.get("steps") or ()]
    return [(one, min(WHOLE, max(NONE, done - at))) for at, one in enumerate(weights)]


def network_of(material: Material) -> Network:
    """The network; what does not fit is noted in the material and left out."""
    activities = {
        task.id: _activity(material, task)
        for task in material.tasks.values()
        if not task.is_summary
    }
    links: list[Link] = []
    for task in material.tasks.values():
        if task.id in activities:
            links += _links(material, task)
    return Network(activities, links, start_of(material.begins), material.data_date)


def _activity(material: Material, task: Task) -> Activity:
    calendar, progress = material.calendar(task), material.progress.get(task.id)
    duration = material.minutes(task)
    limit, on, deadline = (
        task.data.get("constraint"),
        task.day("constraint_on"),
        task.day("deadline"),
    )
    constraint = None
    if limit:
        kind = ConstraintType(limit)
        moment = (
            0 if on is None else calendar.opens(on) if kind.bounds_start else calendar.closes(on)
        )
        if task.is_moment and on is not None:
            moment = calendar.closes(on)
        if on is not None or kind is ConstraintType.LATE:
            constraint = Constraint(kind, moment)
    started, finished = _actuals(material, task, progress)
    remaining = None
    if started is not None and finished is None and progress is not None:
        remaining = _remaining(material, task, progress, duration, started)
    return Activity(
        task.id,
        duration,
        calendar.time,
        constraint,
        None if deadline is None else calendar.closes(deadline),
        started,
        finished,
        remaining,
    )


def _actuals(
    material: Material, task: Task, progress: Progress | None
) -> tuple[int | None, int | None]:
    """The moments at which it really started and finished."""
    if progress is None or not progress.has_begun:
        return None, None
    calendar = material.calendar(task)
    finished = calendar.closes(progress.finished_on) if progress.finished_on else None
    if task.is_moment:
        return None, finished
    begun = progress.started_on or (None if finished else progress.begun_by)
    if progress.started_on is None and begun is not None:
        material.problems.append(Problem((task,), Message(NO_START, {"day": begun})))
    started = calendar.opens(begun) if begun else None
    if finished is not None and started is not None:
        started = min(started, finished)
    return started, finished


def _remaining(
    material: Material, task: Task, progress: Progress, duration: int, started: int
) -> int:
    """Working minutes still to come: as said, else by the share done, else by the clock."""
    calendar = material.calendar(task)
    if progress.remaining is not None:
        return calendar.minutes(progress.remaining, "d")
    if task.measure in ("quantity", "steps") and progress.qty is not None:
        return round(duration * (1 - share_done(task, progress)))
    if progress.percent is not None:
        return round(duration * (1 - min(progress.percent / 100, WHOLE)))
    worked = calendar.time.worked(material.data_date or started) - calendar.time.worked(started)
    return max(0, duration - worked)


def _links(material: Material, task: Task) -> Sequence[Link]:
    calendar = material.calendar(task)
    found = []
    for link in task.links:
        other = material.tasks.get(link.task)
        if other is None:
            material.problems.append(Problem((task,), Message(TO_NOTHING)))
        elif other.is_summary:
            args = {"other": other.label}
            material.problems.append(Problem((task, other), Message(TO_SUMMARY, args)))
        else:
            lag = calendar.minutes(link.lag, link.unit)
            found.append(Link(other.id, task.id, link.type, lag))
    return found
