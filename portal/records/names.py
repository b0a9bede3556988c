"""The names behind the keys a record holds: people, departments, projects, records, files."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Department, Person
from portal.db import db, unscoped
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.projects.models import Project
from portal.records.models import Attachment, Record

WHY = "whoever sees a record sees the names of what it refers to"
NAMED = ("user", "department", "project", "record", "attachment")
NameOf = Callable[[str, str], str]


def keys_in(form: FormDefinition, data: Mapping[str, Any]) -> dict[str, set[str]]:
    """The keys a record holds, by kind."""
    found: dict[str, set[str]] = {name: set() for name in NAMED}
    for one in form.fields.values():
        if one.kind.name not in found:
            continue
        rows: Iterable[Mapping[str, Any]] = (
            [data] if one.table is None else data.get(one.table) or ()
        )
        for row in rows:
            value = row.get(one.key)
            if isinstance(value, list):
                found[one.kind.name].update(str(key) for key in value)
            elif value:
                found[one.kind.name].add(str(value))
    return found


def names_of(form: FormDefinition, versions: Iterable[Mapping[str, Any]]) -> NameOf:
    """A look-up of every name in these versions of a record's data, one query per kind."""
    wanted: dict[str, set[str]] = {name: set() for name in NAMED}
    for data in versions:
        for kind, keys in keys_in(form, data).items():
            wanted[kind] |= keys
    names: dict[tuple[str, str], str] = {}
    for kind, load in _LOADERS.items():
        if wanted[kind]:
            names |= {(kind, key): name for key, name in load(wanted[kind]).items()}
    return lambda kind, key: names.get((kind, key), key)


def records_to_open(form: FormDefinition, versions: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The records these versions name that the viewer may open; the others are names alone."""
    keys = {key for data in versions for key in keys_in(form, data)["record"]}
    if not keys:
        return frozenset()
    return frozenset(db.session.scalars(select(Record.id).where(Record.id.in_(sorted(keys)))))


def _people(keys: set[str]) -> dict[str, str]:
    statement = select(Person.id, Person.name).where(Person.id.in_(sorted(keys)))
    return {row.id: row.name for row in db.session.execute(unscoped(statement, WHY))}


def _departments(keys: set[str]) -> dict[str, str]:
    statement = select(Department.id, Department.name).where(Department.id.in_(sorted(keys)))
    return {row.id: row.name for row in db.session.execute(unscoped(statement, WHY))}


def _projects(keys: set[str]) -> dict[str, str]:
    statement = select(Project.id, Project.code, Project.name).where(Project.id.in_(sorted(keys)))
    rows = db.session.execute(unscoped(statement, WHY))
    return {row.id: f"{row.code} {row.name}" for row in rows}


def _records(keys: set[str]) -> dict[str, str]:
    statement = select(Record.id, Record.number, Record.subject).where(Record.id.in_(sorted(keys)))
    rows = db.session.execute(unscoped(statement, WHY))
    return {row.id: record_name(row.number, row.subject) for row in rows}


def record_name(number: str | None, subject: str) -> str:
    """A record in one line: its title, then its number where that adds something."""
    if number and subject and number != subject:
        return f"{subject} ({number})"
    return subject or number or "–"


def _files(keys: set[str]) -> dict[str, str]:
    statement = select(Attachment.id, Attachment.name).where(Attachment.id.in_(sorted(keys)))
    return {row.id: row.name for row in db.session.execute(unscoped(statement, WHY))}


_LOADERS: dict[str, Callable[[set[str]], dict[str, str]]] = {
    "user": _people,
    "department": _departments,
    "project": _projects,
    "record": _records,
    "attachment": _files,
}


def option_label(one: FieldDefinition, value: str, language: str) -> str:
    """The label of a choice."""
    text = (one.options.get("choices") or {}).get(value)
    return text.in_language(language) if text else value
