"""What a form's evaluation needs from outside the record: project, requester, links, roll-ups."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select, true

from portal import clock
from portal.accounts.models import Company
from portal.db import db, read_fixed, remembered, unscoped
from portal.forms.access import FieldAccess
from portal.forms.compiled import CompiledForm
from portal.forms.evaluation import evaluate
from portal.forms.fieldpaths import split
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.outcome import Facts, Mode, Outcome
from portal.projects.models import Project
from portal.records import aliases, scope
from portal.records.models import Record, RecordLink

WHY_LINK = "a record that may be filed shows what its links fetch, whoever looks"
WHY_ROLLUP = "a roll-up counts every record, or it would differ from reader to reader"


Seen = Callable[[set[str], str], Mapping[str, Mapping[str, Any]]]
"""The data of linked records by id, as far as the record of this id shows them."""


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


def complete(
    form: CompiledForm,
    data: Mapping[str, Any],
    subject: Subject,
    now: datetime,
    *,
    mode: Mode,
    access: FieldAccess | None = None,
    seen: Seen | None = None,
) -> tuple[Outcome, Facts]:
    """Evaluate a record; once more when that brought rows or links whose facts were not yet known.

    Rows filled from a linked record appear only by evaluating; what they roll up is asked then.
    """
    definition = form.definition
    found = gather(definition, data, subject, now, access=access, seen=seen)
    outcome = evaluate(form, data, found, mode=mode)
    if places(definition, outcome.data) != places(definition, data):
        found = gather(definition, outcome.data, subject, now, access=access, seen=seen)
        outcome = evaluate(form, data if mode == "submit" else outcome.data, found, mode=mode)
    return outcome, found


def places(form: FormDefinition, data: Mapping[str, Any]) -> list[Any]:
    """What decides which facts are needed: the links, and the rows of tables."""
    links = [data.get(one.key) for one in form.links if one.table is None]
    rows = [[row.get("_id") for row in data.get(one.key) or ()] for one in form.tables]
    inner = [
        [row.get(one.key) for row in data.get(one.table) or ()]
        for one in form.links
        if one.table is not None
    ]
    return [links, rows, inner]


_project = unscoped(
    select(Project.id, Project.code, Project.name, Project.currency, Project.zone).where(
        Project.id == bindparam("project")
    ),
    "the record's own project",
)


def project_facts(project_id: str | None) -> dict[str, Any] | None:
    """A project's id, code, name, currency and zone; None outside a project."""
    if project_id is None:
        return None
    known = remembered(Project)
    if project_id not in known:
        known[project_id] = dict(read_fixed(_project, {"project": project_id})[0]._mapping)
    return dict(known[project_id])


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
    seen: Seen | None = None,
) -> Facts:
    """Every outside fact the evaluation of this record can ask for.

    `seen`: who asks for many records has the linked ones at hand.
    """
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
        links=linked(form, data, subject.record_id, seen),
        rollups=rolled_up(form, data, subject),
        step=subject.step,
        access=access,
        required=required,
    )


def linked(
    form: FormDefinition, data: Mapping[str, Any], record_id: str = "", seen: Seen | None = None
) -> dict[Any, Mapping[str, Any] | None]:
    """The data of every linked record: by path, and by (column path, row id) inside tables."""
    places = link_places(form, data)
    known = (seen or seen_links)(set(places.values()), record_id)
    return {place: known.get(target) for place, target in places.items()}


def link_places(form: FormDefinition, data: Mapping[str, Any]) -> dict[Any, str]:
    """The id of every linked record, by path or (column path, row id)."""
    places: dict[Any, str] = {}
    for one in form.links:
        if one.table is None:
            if data.get(one.key):
                places[one.path] = str(data[one.key])
            continue
        for row in data.get(one.table) or ():
            if row.get(one.key):
                places[(one.path, str(row.get("_id")))] = str(row[one.key])
    return places


def seen_links(ids: set[str], record_id: str) -> dict[str, Mapping[str, Any]]:
    """As load_links, but only what this viewer may see, or the record was filed with."""
    if not ids:
        return {}
    kept = targets_of(record_id) if aliases.merged().into else ()
    return load_links(ids, reachable(record_id), kept)


def reachable(record_id: str) -> ColumnElement[bool]:
    """Records that a record was filed with, or that whoever asks may see."""
    return or_(Record.id.in_(_targets(record_id)), scope.visible_now(Record))


def _targets(record_id: str) -> Select[str]:
    return select(RecordLink.target_id).where(RecordLink.record_id == record_id)


def targets_of(record_id: str) -> set[str]:
    """The ids of the records that a record was last filed with."""
    return set(db.session.scalars(unscoped(_targets(record_id), WHY_LINK)))


def load_links(
    ids: set[str], narrowed: ColumnElement[bool] | None = None, kept: Collection[str] = ()
) -> dict[str, Mapping[str, Any]]:
    """Records' data by id, with `number` and `subject` beside the fields.

    What they name of merged entries, outside their tables, reads as the one that stayed, save those
    `kept`: a record goes on with what it was filed with.
    """
    if not ids:
        return {}
    statement = select(Record.id, Record.number, Record.subject, Record.state, Record.data).where(
        Record.id.in_(sorted(ids)), true() if narrowed is None else narrowed
    )
    known = aliases.merged()
    return {
        row.id: {
            **known.resolved(row.data, kept),
            "id": row.id,
            "number": row.number,
            "subject": row.subject,
        }
        for row in db.session.execute(unscoped(statement, WHY_LINK))
    }


def rolled_up(form: FormDefinition, data: Mapping[str, Any], subject: Subject) -> dict[Any, Any]:
    """The value of every roll-up: by path, and by (path, row id) inside tables."""
    found: dict[Any, Any] = {}
    sources: dict[Any, Sequence[Any]] = {}
    for one in form.fields.values():
        if one.kind.name != "rollup":
            continue
        records = _sources(one, form, data, subject, sources)
        if one.table is None:
            found[one.path] = _fold(one, [v for data in records for v in _values(one, data)])
            continue
        rows = data.get(one.table) or ()
        keys = {row.get("_id"): _key(row, one.options.get("match") or {}) for row in rows}
        matched = _matched(one, records, set(keys.values()))
        for row_id, key in keys.items():
            found[(one.path, row_id)] = _fold(one, matched.get(key, []))
    return found


Key = tuple[Any, ...]


def _key(row: Mapping[str, Any], columns: Iterable[str]) -> Key:
    return tuple(row.get(one) for one in columns)


def _takers(keys: Collection[Key]) -> Callable[[Key], Key]:
    """Under which row's key something is counted: its own, else that of what it was merged into,
    else any that was merged into the same. Never under two, which would count it twice.
    """
    known = aliases.merged()
    if not known.into:
        return lambda key: key

    def stays(key: Key) -> Key:
        return tuple(known.stays(part) for part in key)

    by_family: dict[Key, Key] = {}
    for key in sorted(keys, key=str):
        if key == stays(key) or stays(key) not in by_family:
            by_family[stays(key)] = key
    return lambda key: key if key in keys else by_family.get(stays(key), key)


def _sources(
    one: FieldDefinition,
    form: FormDefinition,
    data: Mapping[str, Any],
    subject: Subject,
    known: dict[Any, Sequence[Any]],
) -> list[Mapping[str, Any]]:
    """The data of the records a roll-up counts, oldest first.

    Loaded once per kind of source, in whatever states the form counts: read one after the other,
    a record that moves from one to the next meanwhile would be in neither.
    """
    key = _source(one)
    if key not in known:
        alike = [other for other in form.fields.values() if _source(other) == key]
        states = sorted({state for other in alike for state in _states(other)})
        known[key] = _counted(one, states, data, subject)
    return [row.data for row in known[key] if row.state in _states(one)]


def _source(one: FieldDefinition) -> Any:
    """Which records a roll-up counts, whatever their state; None for any other field."""
    if one.kind.name != "rollup":
        return None
    return one.options["form"], tuple(sorted((one.options.get("same") or {}).items()))


def _states(one: FieldDefinition) -> Collection[str]:
    return one.options.get("states") or ("approved",)


def _counted(
    one: FieldDefinition, states: list[str], data: Mapping[str, Any], subject: Subject
) -> Sequence[Any]:
    form, same = one.options["form"], one.options.get("same") or {}
    statement = (
        select(Record.state, Record.data)
        .where(Record.form == form, Record.state.in_(states), Record.id != subject.record_id)
        .order_by(Record.decided_at, Record.id)
    )
    if subject.project_id is not None and not same:
        statement = statement.where(Record.project_id == subject.project_id)
    for mine, theirs in sorted(same.items()):
        target = data.get(mine)
        there: Any = _there(target, subject.record_id)
        if mine == "id":
            target, there = subject.record_id, [subject.record_id]
        if not target:
            return ()
        statement = statement.where(
            Record.id.in_(
                select(RecordLink.record_id).where(
                    RecordLink.target_id.in_(there),
                    RecordLink.form == form,
                    RecordLink.field == theirs,
                )
            )
        )
    return db.session.execute(unscoped(statement, WHY_ROLLUP)).all()


def _there(target: Any, record_id: str) -> Any:
    """The record a roll-up goes by, if it may be reached, with those merged into it."""
    chosen = select(Record.id).where(Record.id == target, reachable(record_id))
    family = aliases.merged().families([target])
    if family == [target]:
        return chosen
    reached = db.session.scalar(unscoped(chosen, WHY_ROLLUP))
    return family if reached is not None else []


def _matched(
    one: FieldDefinition, records: list[Mapping[str, Any]], keys: Collection[Key]
) -> dict[Key, list[Any]]:
    """The values of a matched roll-up by the key of their row, read once for all rows."""
    table, key = split(str(one.options.get("field") or ""))
    theirs = list((one.options.get("match") or {}).values())
    found: dict[Any, list[Any]] = {}
    taker = _takers(keys)
    for data in records:
        for line in data.get(table or "") or ():
            place = taker(_key(line, theirs))
            found.setdefault(place, []).append(line.get(key))
    return found


def _values(one: FieldDefinition, data: Mapping[str, Any]) -> list[Any]:
    """What one source gives to a roll-up of the header."""
    if one.options["op"] == "count":
        return [True]
    table, key = split(str(one.options["field"]))
    if table is None:
        return [data.get(key)]
    return [line.get(key) for line in data.get(table) or ()]


def _fold(one: FieldDefinition, values: list[Any]) -> Any:
    """The sum, count or latest of the values, as a stored value."""
    known = [value for value in values if value is not None]
    if one.options["op"] == "count":
        return len(known)
    if one.options["op"] == "latest":
        return known[-1] if known else None
    return str(sum((Decimal(str(value)) for value in known), Decimal(0)))
