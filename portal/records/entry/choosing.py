"""What a reference offers, and whether what was chosen may be: people, departments, records."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select

from portal.accounts import queries as accounts
from portal.db import db
from portal.errors import N_, FieldError, Message
from portal.forms.controls import Submission
from portal.forms.fieldpaths import split_cell
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.rendering.look import Option
from portal.records import aliases, telling
from portal.records.entry.entries import Entry
from portal.records.entry.leftovers import still_left
from portal.records.entry.link_filters import Filter, filter_of
from portal.records.models import Record
from portal.records.telling import REFERENCES
from portal.records.transitions import APPROVED

FEW = 50
_MOST_FILTERED = 500
NOT_OFFERED = N_("This entry cannot be chosen here. Choose one of the list.")
Row = Mapping[str, Any]


def offered(
    entry: Entry,
    field: FieldDefinition,
    *,
    text: str = "",
    most: int = FEW,
    data: Mapping[str, Any] | None = None,
    row: Row | None = None,
) -> Sequence[Option]:
    """At most `most` entries a reference field may name, by name; `text` narrows them."""
    kind = field.kind.name
    text = text.strip()[:100]
    if kind == "user":
        return [_person(one) for one in accounts.find_people(text, most)]
    if kind == "department":
        rows = [one for one in accounts.departments() if one.active]
        found = [Option(one.id, one.name, one.code) for one in rows]
    elif kind == "project":
        found = [Option(one.id, f"{one.code} {one.name}") for one in entry.viewer.project_list]
    else:
        return _records(entry, field, text, most, entry.data if data is None else data, row)
    wanted = text.casefold()
    return [one for one in found if wanted in f"{one.text} {one.facts}".casefold()][:most]


def _person(one: accounts.PersonBrief) -> Option:
    return Option(one.id, one.name, " · ".join(p for p in (one.title, one.department) if p))


def _records(
    entry: Entry,
    field: FieldDefinition,
    text: str,
    most: int,
    data: Mapping[str, Any],
    row: Row | None,
) -> list[Option]:
    """Approved records of the target form, in the viewer's scope, that pass the field's filter."""
    target = entry.compiled.linked.get(str(field.options["target"]))
    condition = filter_of(entry.compiled, field.path)
    facts = target.facts if target is not None else ()
    statement = (
        select(Record.id, Record.number, Record.subject, Record.data)
        if facts or condition or field.options.get("left")
        else select(Record.id, Record.number, Record.subject)
    )
    statement = statement.where(
        Record.form == field.options["target"],
        Record.state == APPROVED,
        or_(Record.project_id.is_(None), Record.project_id == entry.project_id),
    )
    if text:
        like = (
            Record.subject.icontains(text, autoescape=True),
            Record.number.icontains(text, autoescape=True),
            Record.id.in_(aliases.named_alike(text)),
        )
        statement = statement.where(or_(*like))
    ordered = statement.order_by(Record.subject, Record.id)
    left = field.options.get("left")
    narrowed = condition is not None or left is not None
    rows = db.session.execute(ordered.limit(_MOST_FILTERED if narrowed else most)).all()
    if condition is not None and target is not None:
        judge = Filter(entry, condition, target, data, row)
        rows = [one for one in rows if judge.passes(one)]
    if left is not None:
        rows = still_left(entry, field, rows)
    rows = rows[:most]
    return [_option(one, target, entry.viewer.language) for one in rows]


def _option(row: Any, target: FormDefinition | None, language: str) -> Option:
    text = row.subject or row.number or "–"
    return Option(row.id, text, telling.facts_of(row, target, language))


def may_choose(entry: Entry, field: FieldDefinition, key: str) -> bool:
    """Whether a value of a field may be chosen by this viewer; fields that name nothing may."""
    if field.kind.name not in REFERENCES:
        return True
    return key in choosable(entry, field, {key}, entry.data, None)


def refuse_foreign(entry: Entry, taken: Submission) -> None:
    """Drop newly chosen keys the viewer may not name here, with an error at their fields."""
    for path in sorted(taken.changed):
        holder, field = _holder(entry.definition, taken.data, path)
        key = holder.get(field.key) if holder is not None and field is not None else None
        if holder is None or field is None or field.kind.name not in REFERENCES or not key:
            continue
        row = holder if field.table is not None else None
        if str(key) not in choosable(entry, field, {str(key)}, taken.data, row):
            holder.pop(field.key)
            taken.errors.append(FieldError(path, "foreign", Message(NOT_OFFERED)))


def _holder(
    form: FormDefinition, data: dict[str, Any], path: str
) -> tuple[dict[str, Any] | None, FieldDefinition | None]:
    """Where a changed value stands, and its field."""
    table, row_id, key = split_cell(path)
    if table is None:
        return data, form.fields.get(path)
    rows: Iterable[dict[str, Any]] = data.get(table) or ()
    row = next((one for one in rows if one.get("_id") == row_id), None)
    return row, form.fields.get(f"{table}[].{key}")


def choosable(
    entry: Entry,
    field: FieldDefinition,
    keys: set[str],
    data: Mapping[str, Any],
    row: Row | None,
) -> set[str]:
    """Which of these keys the viewer may name in a field of this record, or of this row of it."""
    kind = field.kind.name
    if kind == "user":
        found = accounts.people_briefly(keys)
        return {key for key, one in found.items() if one.active}
    if kind == "department":
        return keys & {one.id for one in accounts.departments() if one.active}
    if kind == "project":
        return keys & {one.id for one in entry.viewer.project_list}
    rows = db.session.execute(
        select(Record.id, Record.number, Record.data).where(
            Record.id.in_(sorted(keys)),
            Record.form == field.options["target"],
            Record.state == APPROVED,
            or_(Record.project_id.is_(None), Record.project_id == entry.project_id),
        )
    ).all()
    condition = filter_of(entry.compiled, field.path)
    target = entry.compiled.linked.get(str(field.options["target"]))
    if condition is not None and target is not None:
        judge = Filter(entry, condition, target, data, row)
        rows = [one for one in rows if judge.passes(one)]
    return {row.id for row in rows}
