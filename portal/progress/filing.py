"""Tasks judged and filed many at a time, as the records' own services do: all of them, or none."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.approvals import services as approvals
from portal.calendars.working_time import ALL_DAY, week, working_time
from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.errors import N_, ChangedMeanwhile, Invalid, Message, NotFound, PortalError
from portal.ids import new_id
from portal.progress.judging import CIRCLE, hold_plan, stands_above
from portal.progress.links import Said, said_of, stored_links
from portal.progress.tasks import FORM, SUMMARY, WHY, Task, read_tasks, task_of
from portal.records import batches
from portal.records import services as records
from portal.records.models import Record
from portal.records.surroundings import lock_records
from portal.records.transitions import APPROVED
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


@dataclass(frozen=True, slots=True)
class Judgement:
    """What filing these tasks would do: `errors` by row, or `tasks` as they would be, all of the
    plan's by record id. `seen` is the plan as it was judged.
    """

    tasks: Mapping[str, Task]
    errors: Sequence[RowError]
    batch: batches.Batch | None
    seen: Mapping[str, int]


def judge_tasks(
    *, actor: Viewer, project: ProjectBrief, wanted: Sequence[Wanted], now: datetime
) -> Judgement:
    """Judge all of them as filing does, predecessors first. Writes nothing.

    For a form without a chain, as the shipped one; what its posting rules may refuse, if somebody
    gave it any, is told by filing alone.
    """
    seen = _revisions(project.id)
    tasks = read_tasks(project.id)
    made = prepared(tasks, wanted)
    if made.errors:
        return Judgement(tasks, made.errors, None, seen)
    known = batches.known_records([one.record_id for one in made.order if one.record_id])
    changed, entries, errors = [], [], []
    for one in made.order:
        entry = _entry(one, known.get(one.record_id), made.ids)
        if isinstance(entry, RowError):
            errors.append(entry)
        elif entry is not None:
            changed.append(one)
            entries.append(entry)
    batch = batches.judge(actor=actor, form=FORM, project_id=project.id, entries=entries, now=now)
    after = dict(tasks)
    for one, judged in zip(changed, batch.judged, strict=False):
        if judged.refusal is not None:
            errors += _told(one.row, judged.refusal)
        else:
            after[judged.record.id] = task_of(judged.record.id, judged.record.data)
    errors += _left_below(tasks, after, changed)
    if errors:
        return Judgement(tasks, errors, None, seen)
    return Judgement(after, (), batch, seen)


def prepare(*, actor: Viewer, judgement: Judgement, now: datetime) -> batches.Written:
    """The rows of what was judged sound, made before anybody has to wait. Writes nothing."""
    assert judgement.batch is not None, "judged sound"
    return batches.rows_of(actor=actor, batch=judgement.batch, now=now)


def _write(
    actor: Viewer,
    project: ProjectBrief,
    judgement: Judgement,
    rows: batches.Written,
    now: datetime,
) -> None:
    lock_records([one.record.id for one in rows.batch.judged if not one.is_new])
    hold_plan(project.id)
    if _revisions(project.id) != judgement.seen:
        raise ChangedMeanwhile(batches.MEANWHILE)
    batches.write(actor=actor, rows=rows, now=now)


def file_tasks(
    *, actor: Viewer, project: ProjectBrief, wanted: Sequence[Wanted], now: datetime
) -> list[RowError]:
    """Judge and file all of them in the caller's transaction, which with errors takes back all."""
    found = judge_tasks(actor=actor, project=project, wanted=wanted, now=now)
    if found.errors:
        return list(found.errors)
    rows = prepare(actor=actor, judgement=found, now=now)
    return file_judged(
        actor=actor, project=project, wanted=wanted, judgement=found, rows=rows, now=now
    )


def file_judged(
    *,
    actor: Viewer,
    project: ProjectBrief,
    wanted: Sequence[Wanted],
    judgement: Judgement,
    rows: batches.Written,
    now: datetime,
) -> list[RowError]:
    """File what was judged sound, all of it or, where this raises, nothing that may stay.

    Raises ChangedMeanwhile where the plan is no longer the one that was judged. Tasks that take a
    chain go one by one, and may be refused yet.
    """
    form = definitions.form_in(FORM, project.id)
    if form is not None and form.has_workflow:
        return _one_by_one(actor, project, wanted, now)
    _write(actor, project, judgement, rows, now)
    return []


def _one_by_one(
    actor: Viewer, project: ProjectBrief, wanted: Sequence[Wanted], now: datetime
) -> list[RowError]:
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


def _revisions(project_id: str) -> dict[str, int]:
    """The plan on file by its records and their revisions."""
    statement = select(Record.id, Record.revision).where(
        Record.form == FORM, Record.project_id == project_id, Record.state == APPROVED
    )
    return {one.id: one.revision for one in db.session.execute(unscoped(statement, WHY))}


def _entry(
    one: Wanted, known: Record | None, ids: dict[str, str]
) -> batches.Entry | RowError | None:
    """What a task is to say; None where it says so already."""
    if not one.record_id:
        return batches.Entry(ids[one.code], _data(one, dict(FRESH), ids))
    if known is None:
        return RowError(one.row, NotFound().message)
    data = _data(one, dict(known.data), ids)
    if _content(data) == _content(known.data):
        return None
    return batches.Entry(known.id, data, known, one.revision)


def _left_below(
    before: Mapping[str, Task], after: Mapping[str, Task], changed: Sequence[Wanted]
) -> list[RowError]:
    """Tasks that would be no summaries though others go on standing below them."""
    below: dict[str, list[str]] = {}
    for key, task in after.items():
        if task.parent and key in before and before[key].parent == task.parent:
            below.setdefault(task.parent, []).append(task.code)
    return [
        error
        for one in changed
        if one.record_id in below and not after[one.record_id].is_summary
        for error in _told(one.row, stands_above(below[one.record_id]))
    ]


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


def _told(row: str, refused: PortalError) -> list[RowError]:
    errors = refused.errors if isinstance(refused, Invalid) else ()
    return [RowError(row, one.message) for one in errors] or [RowError(row, refused.message)]
