"""How the forms of a module are used: what is opened and sent, and what nobody ever needed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from portal.accounts.models import Department, Person
from portal.approvals import conditions
from portal.approvals.models import ApprovalEvent
from portal.db import db, unscoped
from portal.definitions import catalog
from portal.definitions.moving import moved
from portal.definitions.published import FormInRelease
from portal.errors import PortalError
from portal.expressions import ExpressionError
from portal.forms.texts import Text, read_text
from portal.records.models import Record
from portal.usage import queries as usage
from portal.usage.queries import Habit
from portal.workflows.blocks import Step

DAYS = 90
RECORDS = 1_000
TRIED = 200
_WHY = "authors see how often and where a form is used, never what a record holds"


@dataclass(frozen=True, slots=True)
class Never:
    """A part of a form nobody needed in the records looked at: its key and what it is called."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True)
class FormUsage:
    """One form: what happened on its pages, who files it, and what was never needed.

    `looked` records were looked through for fields, `tried` of them for rules and `runs` approvals
    for steps.
    """

    key: str
    title: Text
    acts: Mapping[str, Habit]
    filed: int
    people: int
    departments: Sequence[tuple[str, int]]
    looked: int
    fields: Sequence[Never]
    tried: int
    rules: Sequence[str]
    runs: int
    steps: Sequence[Never]


def usage_of(forms: Iterable[FormInRelease], now: datetime) -> list[FormUsage]:
    """How these forms were used in the last `DAYS` days."""
    found = list(forms)
    since = now - timedelta(days=DAYS)
    acts = usage.habits([one.key for one in found], since.date())
    return [_usage(one, acts, since, now) for one in found]


def _usage(
    form: FormInRelease, acts: Mapping[tuple[str, str], Habit], since: datetime, now: datetime
) -> FormUsage:
    filed, people = _filed(form.key, since)
    records = _records(form.key)
    tried, rules = _rules(form, records[:TRIED], now)
    runs, steps = _steps(form, since)
    return FormUsage(
        form.key,
        form.title,
        {act: acts.get((form.key, act), Habit()) for act in ("open", "send", "list", "read")},
        filed,
        people,
        _departments(form.key, since),
        len(records),
        _fields(form, records),
        tried,
        rules,
        runs,
        steps,
    )


def _filed(form: str, since: datetime) -> tuple[int, int]:
    statement = select(func.count(), func.count(Record.requester_id.distinct())).where(
        Record.form == form, Record.submitted_at >= since
    )
    filed, people = db.session.execute(unscoped(statement, _WHY)).one()
    return filed, people


def _departments(form: str, since: datetime) -> list[tuple[str, int]]:
    statement = (
        select(Department.name, func.count())
        .select_from(Record)
        .join(Person, Person.id == Record.requester_id)
        .join(Department, Department.id == Person.department_id)
        .where(Record.form == form, Record.submitted_at >= since)
        .group_by(Department.name)
        .order_by(func.count().desc(), Department.name)
        .limit(5)
    )
    return [(name, count) for name, count in db.session.execute(unscoped(statement, _WHY))]


def _records(form: str) -> Sequence[Record]:
    statement = (
        select(Record)
        .where(Record.form == form, Record.submitted_at.is_not(None))
        .order_by(Record.submitted_at.desc(), Record.id.desc())
        .limit(RECORDS)
    )
    return db.session.scalars(unscoped(statement, _WHY)).all()


def _fields(form: FormInRelease, records: Sequence[Record]) -> list[Never]:
    """The fields people could fill in and never did; columns of tables as well."""
    if not records:
        return []
    filled: set[str] = set()
    for record in records:
        filled |= _filled(record.data)
    definition = form.form.definition
    return [
        Never(one.path, one.label)
        for one in definition.fields.values()
        if one.is_writable and one.path not in filled and (one.table or "") in ({""} | filled)
    ]


def _filled(data: Mapping[str, Any]) -> set[str]:
    found = {key for key, value in data.items() if value not in (None, "", [], False)}
    for key, value in data.items():
        for row in value if isinstance(value, list) else ():
            if isinstance(row, Mapping):
                found |= {f"{key}[].{cell}" for cell, one in row.items() if one not in (None, "")}
    return found


def _rules(form: FormInRelease, records: Sequence[Record], now: datetime) -> tuple[int, list[str]]:
    """How many records could be tried, and the rules whose condition held for none of them."""
    wanted = {one.id for one in form.form.definition.rules if one.when is not None}
    held: Counter[str] = Counter()
    tried = 0
    for record in records if wanted else ():
        pinned = catalog.release(record.release_id).forms[record.form]
        data = moved(record.data, int(pinned.expanded["version"]), form.form.definition)
        stand_in = Record(
            id=record.id,
            form=record.form,
            release_id=form.release_id,
            project_id=record.project_id,
            requester_id=record.requester_id,
            state=record.state,
            number=record.number,
            data=dict(data),
        )
        try:
            held.update(conditions.true_of(stand_in, now, form.form))
        except (PortalError, ExpressionError):
            continue
        tried += 1
    return tried, sorted(wanted - held.keys()) if tried else []


def _steps(form: FormInRelease, since: datetime) -> tuple[int, list[Never]]:
    """How many approvals were begun, and the steps none of them reached."""
    if form.workflow is None:
        return 0, []
    events = (
        select(ApprovalEvent.kind, ApprovalEvent.data)
        .join(Record, Record.id == ApprovalEvent.record_id)
        .where(
            Record.form == form.key,
            ApprovalEvent.kind.in_(("started", "entered")),
            ApprovalEvent.at >= since,
        )
    )
    runs, reached = 0, set()
    for kind, data in db.session.execute(unscoped(events, _WHY)):
        if kind == "started":
            runs += 1
        else:
            reached.add(str(data.get("step")))
    if not runs:
        return 0, []
    steps = [one for one in form.workflow.all_blocks() if isinstance(one, Step)]
    return runs, [Never(one.id, read_text(one.title)) for one in steps if one.id not in reached]
