"""Tasks filed many at a time through the records' own services: all of them, or none."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal.approvals import services as approvals
from portal.calendars.working_time import ALL_DAY, week, working_time
from portal.errors import N_, Invalid, Message, PortalError
from portal.ids import new_id
from portal.progress.judging import CIRCLE
from portal.progress.links import Said, said_of, stored_links
from portal.progress.tasks import FORM, SUMMARY, Task, read_tasks, task_of
from portal.records import services as records
from portal.records.models import Record
from portal.schedule.network import Activity, Link, Network
from portal.schedule.order import Cycle, successors_last
from portal.web.viewer import ProjectBrief, Viewer

FRESH: Mapping[str, Any] = {"type": "task", "duration_unit": "d", "measure": "physical"}

TWICE = N_("The code “%(code)s” is used twice.")
NO_SUMMARY = N_("There is no task “%(code)s” to stand below.")
_CLOCK = working_time(week([ALL_DAY] * 7))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task as somebody wants it: `row` names where it was written.

    Without a `record_id` it is new. `changes` are stored values by field; `parent` is the code of
    the summary above ("" for none, None: as it is), `links` are predecessors by code (None: as they
    are).
    """

    row: str
    code: str
    record_id: str = ""
    revision: int | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    parent: str | None = None
    links: Sequence[Said] | None = None


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in a row."""

    row: str
    message: Message


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is wanted in the order in which it can be filed; `ids` are record ids by code."""

    order: Sequence[Wanted]
    ids: dict[str, str]
    errors: Sequence[RowError]


def prepared(tasks: Mapping[str, Task], wanted: Sequence[Wanted]) -> Prepared:
    """Codes told apart, names of tasks found, no circle; else the errors."""
    errors = _doubles(tasks, wanted)
    codes = {one.id: one.code for one in tasks.values()}
    codes |= {one.record_id: one.code for one in wanted if one.record_id}
    ids = {code: key for key, code in codes.items()}
    ids |= {one.code: new_id() for one in wanted if not one.record_id}
    errors += [
        RowError(one.row, Message(NO_SUMMARY, {"code": one.parent}))
        for one in wanted
        if one.parent and one.parent not in ids
    ]
    order: Sequence[Wanted] = ()
    try:
        order = _order(tasks, codes, wanted)
    except Cycle as found:
        args = {"members": " → ".join(found.members)}
        errors.append(RowError("", Message(CIRCLE, args)))
    return Prepared(order, ids, errors)


def file_tasks(
    *, actor: Viewer, project: ProjectBrief, wanted: Sequence[Wanted], now: datetime
) -> list[RowError]:
    """File all of them, predecessors first. With errors the caller takes everything back."""
    made = prepared(read_tasks(project.id), wanted)
    errors = list(made.errors)
    for one in made.order if not errors else ():
        try:
            _file(actor, project, one, made.ids, now)
        except Invalid as refused:
            errors += _told(one.row, refused)
        except PortalError as refused:
            errors.append(RowError(one.row, refused.message))
            break
    return errors


def as_wanted(
    tasks: Mapping[str, Task], wanted: Sequence[Wanted]
) -> tuple[dict[str, Task], list[RowError]]:
    """The tasks as they would be; nothing is filed, and no rule of the form is asked."""
    made = prepared(tasks, wanted)
    found = dict(tasks)
    for one in made.order if not made.errors else ():
        known = tasks.get(one.record_id)
        data = _data(one, dict(known.data) if known else dict(FRESH), made.ids)
        found[made.ids[one.code]] = task_of(made.ids[one.code], data)
    return found, list(made.errors)


def _data(one: Wanted, data: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    data |= {"code": one.code, **one.changes}
    if one.parent is not None:
        data["parent_task"] = ids[one.parent] if one.parent else None
    if one.links is not None:
        data["predecessors"] = stored_links(one.links, ids)
    return data


def _doubles(tasks: Mapping[str, Task], wanted: Sequence[Wanted]) -> list[RowError]:
    """Codes that two tasks would have."""
    changed = {one.record_id for one in wanted}
    taken = {one.code for one in tasks.values() if one.id not in changed}
    errors = []
    for one in wanted:
        if one.code in taken:
            errors.append(RowError(one.row, Message(TWICE, {"code": one.code})))
        taken.add(one.code)
    return errors


def _order(
    tasks: Mapping[str, Task], codes: Mapping[str, str], wanted: Sequence[Wanted]
) -> list[Wanted]:
    """Each after what it waits for and stands below, as all will be. Raises Cycle of codes."""
    before: dict[str, list[str]] = {}
    leaving: list[Link] = []
    ordinary = {one.code for one in wanted if one.changes.get("type") not in (None, SUMMARY)}
    parents = {codes[one.id]: codes.get(one.parent, "") for one in tasks.values()}
    for task in tasks.values():
        before[codes[task.id]] = [each.code for each in said_of(task, dict(codes))]
    for one in wanted:
        before.setdefault(one.code, [])
        parents.setdefault(one.code, "")
        if one.links is not None:
            before[one.code] = [each.code for each in one.links]
        if one.parent is not None:
            if parents[one.code] in ordinary - {one.parent}:
                leaving.append(Link(one.code, parents[one.code]))
            parents[one.code] = one.parent
    for code, parent in parents.items():
        if parent in before:
            before[code] = [*before[code], parent]
    links = [
        Link(other, code) for code, others in before.items() for other in others if other in before
    ]
    activities = {code: Activity(code, 0, _CLOCK) for code in before}
    order = successors_last(Network(activities, links, 0))
    with suppress(Cycle):  # what stood below a summary leaves it before it is one no more
        order = successors_last(Network(activities, [*links, *leaving], 0))
    place = {code: at for at, code in enumerate(order)}
    return sorted(wanted, key=lambda one: place[one.code])


def _file(
    actor: Viewer, project: ProjectBrief, one: Wanted, ids: dict[str, str], now: datetime
) -> Record:
    if one.record_id:
        record = records.get(one.record_id)
        data = _data(one, dict(record.data), ids)
        if _content(data) == _content(record.data):
            return record
        seen = record.revision if one.revision is None else one.revision
    else:
        data, seen = _data(one, dict(FRESH), ids), 0
        origin = records.Origin(FORM, project.id, data)
        records.start_draft(actor=actor, record_id=ids[one.code], origin=origin, now=now)
    return approvals.submit(
        actor=actor, record_id=ids[one.code], seen_revision=seen, data=data, now=now
    )


def _content(data: Mapping[str, Any]) -> Any:
    """What a record says, without what is empty, lags of nothing, and the ids of its rows."""
    no_lag = ("lag", "lag_unit") if not Decimal(str(data.get("lag") or 0)) else ()
    return {
        key: [_content(row) for row in value] if isinstance(value, list) else value
        for key, value in data.items()
        if key != "_id" and key not in no_lag and value not in (None, "", [])
    }


def _told(row: str, refused: Invalid) -> list[RowError]:
    if not refused.errors:
        return [RowError(row, refused.message)]
    return [RowError(row, one.message) for one in refused.errors]
