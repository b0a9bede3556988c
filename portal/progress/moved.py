"""What a change of the plan moved, and why: two plans compared task by task."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from portal.errors import N_, Message
from portal.progress.plan import Plan, PlanRow
from portal.progress.tasks import Task

Kind = Literal["added", "deleted", "moved", "changed"]
DRIVEN = N_("held by %(other)s")
OWN = N_("its own %(what)s changed")
FLOOR = N_("held by the data date")
LIMIT = N_("held by its constraint")
NEW = N_("new in the plan")
GONE = N_("no longer in the plan")
REPORTED = N_("progress was reported")
_FIELDS = {
    "duration": N_("duration"),
    "duration_unit": N_("duration"),
    "predecessors": N_("predecessors"),
    "calendar": N_("calendar"),
    "constraint": N_("constraint"),
    "constraint_on": N_("constraint"),
    "type": N_("type"),
}


@dataclass(frozen=True, slots=True)
class Moved:
    """A task that stands elsewhere now. `days` are working days its finish moved, `float_change`
    the working days of float it won or lost.
    """

    task: Task
    kind: Kind
    before: tuple[date, date] | None
    after: tuple[date, date] | None
    days: Decimal
    float_change: Decimal | None
    why: Sequence[Message]


@dataclass(frozen=True, slots=True)
class Difference:
    """What moved between two plans; `finish` is the last day of all, before and after."""

    rows: Sequence[Moved]
    finish: tuple[date | None, date | None]
    became_critical: int


def difference(before: Plan, after: Plan) -> Difference:
    """The tasks that moved, those that moved most first."""
    old, new = before.by_id, after.by_id
    found = []
    for key, row in new.items():
        if row.dates is None:
            continue
        earlier = old.get(key)
        if earlier is None:
            found.append(_added(after, row))
        elif (earlier.start, earlier.finish) != (row.start, row.finish) or _own(earlier, row):
            found.append(_moved(after, earlier, row))
    for key, row in old.items():
        if key not in new and row.dates is not None:
            days = (row.starts_on, row.ends_on)
            found.append(Moved(row.task, "deleted", days, None, Decimal(0), None, (Message(GONE),)))
    found.sort(key=lambda one: (one.kind != "changed", -abs(one.days), one.task.code))
    critical = sum(
        row.is_critical and key in old and not old[key].is_critical
        for key, row in new.items()
        if row.dates is not None
    )
    return Difference(found, (before.finish, after.finish), critical)


def _added(after: Plan, row: PlanRow) -> Moved:
    why = (Message(NEW), *_driver(after, row))
    return Moved(row.task, "added", None, (row.starts_on, row.ends_on), Decimal(0), None, why)


def _moved(after: Plan, earlier: PlanRow, row: PlanRow) -> Moved:
    calendar = after.material.calendar(row.task)
    time = calendar.time
    days = calendar.days(time.worked(row.finish) - time.worked(earlier.finish))
    own = _own(earlier, row)
    why = [Message(OWN, {"what": Message(_FIELDS[one])}) for one in own]
    if _reported(earlier, row):
        why.append(Message(REPORTED))
    if earlier.start != row.start:
        why += _driver(after, row)
    slack = None
    if row.total_float is not None and earlier.total_float is not None:
        slack = row.total_float - earlier.total_float
    return Moved(
        row.task,
        "changed" if own else "moved",
        (earlier.starts_on, earlier.ends_on),
        (row.starts_on, row.ends_on),
        days,
        slack,
        why,
    )


def _own(earlier: PlanRow, row: PlanRow) -> list[str]:
    """The fields of the task itself that differ and bear on its dates, each word once."""
    named: dict[str, str] = {}
    for one, word in _FIELDS.items():
        if _said(earlier.task, one) != _said(row.task, one):
            named.setdefault(word, one)
    return list(named.values())


def _said(task: Task, field: str) -> object:
    """What a task says in a field, however its record writes it."""
    if field == "predecessors":
        return {(one.task, one.type, one.lag, one.unit if one.lag else "") for one in task.links}
    return task.duration if field == "duration" else task.data.get(field) or None


def _reported(earlier: PlanRow, row: PlanRow) -> bool:
    return earlier.progress != row.progress


def _driver(plan: Plan, row: PlanRow) -> list[Message]:
    """What holds the start of a task."""
    if row.dates is None or row.is_started or plan.network is None:
        return []
    if row.dates.driver is not None:
        return [Message(DRIVEN, {"other": plan.tasks[row.dates.driver.predecessor].label})]
    limit = row.dates.activity.constraint
    if limit is not None and limit.type.is_floor and limit.at >= row.start - 1440:
        return [Message(LIMIT)]
    return [Message(FLOOR)] if plan.until is not None and row.start >= plan.network.floor else []
