"""What a form's evaluation needs from outside the record: project, requester, links, roll-ups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select

from portal import clock
from portal.accounts.models import Company
from portal.db import db, unscoped
from portal.forms.access import FieldAccess
from portal.forms.fieldpaths import split
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.outcome import Facts
from portal.projects.models import Project
from portal.records.models import Record, RecordLink

WHY_LINK = "a record that may be filed shows what its links fetch, whoever looks"
WHY_ROLLUP = "a roll-up counts every record, or it would differ from reader to reader"


@dataclass(frozen=True, slots=True)
class Subject:
    """The record being evaluated, saved or not: what facts are gathered for."""

    record_id: str
    project_id: str | None
    requester_id: str
    state: str
    number: str | None = None
    submitted_on: date | None = None
    approved_on: date | None = None
    step: str | None = None


def subject_of(record: Record, step: str | None = None) -> Subject:
    """The subject of a saved record."""
    return Subject(
        record.id,
        record.project_id,
        record.requester_id,
        record.state,
        record.number,
        step=step,
    )


def project_facts(project_id: str | None) -> dict[str, Any] | None:
    """A project's id, code, name, currency and zone; None outside a project."""
    if project_id is None:
        return None
    statement = select(
        Project.id, Project.code, Project.name, Project.currency, Project.zone
    ).where(Project.id == project_id)
    row = db.session.execute(unscoped(statement, "the record's own project")).one()
    return dict(row._mapping)


def company_zone() -> str:
    """The company's zone, for forms outside any project."""
    return db.session.execute(unscoped(select(Company.zone), "one company")).scalar_one()


def today_for(project: Mapping[str, Any] | None, now: datetime) -> date:
    """The business date: in the project's zone, or the company's."""
    return clock.date_in(str(project["zone"]) if project else company_zone(), now)


def gather(
    form: FormDefinition,
    data: Mapping[str, Any],
    subject: Subject,
    now: datetime,
    *,
    access: FieldAccess | None = None,
    required: frozenset[str] = frozenset(),
) -> Facts:
    """Every outside fact the evaluation of this record can ask for."""
    project = project_facts(subject.project_id)
    return Facts(
        today=today_for(project, now),
        requester=subject.requester_id,
        project=project,
        record={
            "id": subject.record_id,
            "number": subject.number,
            "state": subject.state,
            "requester": subject.requester_id,
            "project": subject.project_id,
            "submitted_on": subject.submitted_on,
            "approved_on": subject.approved_on,
        },
        links=linked(form, data),
        rollups=rolled_up(form, data, subject),
        step=subject.step,
        access=access,
        required=required,
    )


def linked(form: FormDefinition, data: Mapping[str, Any]) -> dict[Any, Mapping[str, Any] | None]:
    """The data of every linked record: by path, and by (column path, row id) inside tables."""
    places: dict[Any, str] = {}
    for one in form.links:
        if one.table is None:
            if data.get(one.key):
                places[one.path] = str(data[one.key])
            continue
        for row in data.get(one.table) or ():
            if row.get(one.key):
                places[(one.path, str(row.get("_id")))] = str(row[one.key])
    known = load_links(set(places.values()))
    return {place: known.get(target) for place, target in places.items()}


def load_links(ids: set[str]) -> dict[str, Mapping[str, Any]]:
    """Records' data by id, with `number` and `subject` beside the fields."""
    if not ids:
        return {}
    statement = select(Record.id, Record.number, Record.subject, Record.state, Record.data).where(
        Record.id.in_(sorted(ids))
    )
    return {
        row.id: {**row.data, "id": row.id, "number": row.number, "subject": row.subject}
        for row in db.session.execute(unscoped(statement, WHY_LINK))
    }


def rolled_up(form: FormDefinition, data: Mapping[str, Any], subject: Subject) -> dict[Any, Any]:
    """The value of every roll-up: by path, and by (path, row id) inside tables."""
    found: dict[Any, Any] = {}
    sources: dict[Any, list[Mapping[str, Any]]] = {}
    for one in form.fields.values():
        if one.kind.name != "rollup":
            continue
        records = _sources(one, data, subject, sources)
        if one.table is None:
            found[one.path] = _fold(one, records, None)
            continue
        for row in data.get(one.table) or ():
            found[(one.path, row.get("_id"))] = _fold(one, records, row)
    return found


def _sources(
    one: FieldDefinition,
    data: Mapping[str, Any],
    subject: Subject,
    known: dict[Any, list[Mapping[str, Any]]],
) -> list[Mapping[str, Any]]:
    """The data of the records a roll-up counts, oldest first; loaded once per kind of source."""
    options = one.options
    same = tuple(sorted((options.get("same") or {}).items()))
    states = tuple(options.get("states") or ("approved",))
    key = (options["form"], same, states)
    if key in known:
        return known[key]
    statement: Select[Any] = (
        select(Record.data)
        .where(
            Record.form == options["form"],
            Record.state.in_(states),
            Record.id != subject.record_id,
        )
        .order_by(Record.decided_at, Record.id)
    )
    if subject.project_id is not None and not same:
        statement = statement.where(Record.project_id == subject.project_id)
    for mine, theirs in same:
        target = subject.record_id if mine == "id" else data.get(mine)
        if not target:
            known[key] = []
            return []
        statement = statement.where(
            Record.id.in_(
                select(RecordLink.record_id).where(
                    RecordLink.target_id == target,
                    RecordLink.form == options["form"],
                    RecordLink.field == theirs,
                )
            )
        )
    known[key] = list(db.session.scalars(unscoped(statement, WHY_ROLLUP)))
    return known[key]


def _fold(
    one: FieldDefinition, records: list[Mapping[str, Any]], row: Mapping[str, Any] | None
) -> Any:
    """The sum, count or latest value over the sources, as a stored value."""
    operation = one.options["op"]
    if operation == "count":
        return len(records)
    values = [
        value
        for data in records
        for value in _values(str(one.options["field"]), data, one.options.get("match"), row)
        if value is not None
    ]
    if operation == "latest":
        return values[-1] if values else None
    return str(sum((Decimal(str(value)) for value in values), Decimal(0)))


def _values(
    path: str,
    data: Mapping[str, Any],
    match: Mapping[str, str] | None,
    row: Mapping[str, Any] | None,
) -> Iterable[Any]:
    table, key = split(path)
    if table is None:
        yield data.get(key)
        return
    for line in data.get(table) or ():
        pairs = (match or {}).items()
        if all(row is not None and line.get(t) == row.get(m) for m, t in pairs):
            yield line.get(key)
