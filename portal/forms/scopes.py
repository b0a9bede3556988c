"""The names an expression of a form may use, and their types."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from portal.expressions import Scope, Type
from portal.forms.fields import FieldDefinition, FormDefinition

Linked = Callable[[str], FormDefinition | None]

PROJECT_FIELDS: Mapping[str, Type] = {
    "id": Type("text"),
    "code": Type("text"),
    "name": Type("text"),
    "currency": Type("text"),
}
HOST_FUNCTIONS = frozenset({"today"})
_PROJECT = Type("project", fields=PROJECT_FIELDS)


def record_fields(project: bool) -> dict[str, Type]:
    """What `record.` offers everywhere."""
    fields = {
        "id": Type("text"),
        "number": Type("text"),
        "state": Type("text"),
        "requester": Type("person"),
        "submitted_on": Type("date"),
        "approved_on": Type("date"),
    }
    return {**fields, "project": _PROJECT} if project else fields


def field_type(field: FieldDefinition, linked: Linked) -> Type:
    """The type of a simple field; a record link offers the fields of the form it leads to."""
    kind = field.kind.expression_type(field.options)
    if kind.kind == "project":
        return _PROJECT
    target = linked(kind.target) if kind.kind == "record" and kind.target else None
    return kind if target is None else replace(kind, fields=linked_fields(target))


def linked_fields(target: FormDefinition) -> dict[str, Type]:
    """What may be read after the dot of a link: header fields, tables to go over, the number."""
    fields = {one.key: _plain(target, one) for one in target.header if one.kind.is_stored}
    return {"number": Type("text"), **fields, "id": Type("text")}


def _plain(form: FormDefinition, one: FieldDefinition) -> Type:
    """The type of a field or a table of a linked record; its own links lead no further."""
    if one.kind.name != "table":
        return one.kind.expression_type(one.options)
    columns = form.columns[one.key]
    return Type("table", columns={each.key: _plain(form, each) for each in columns})


def form_names(form: FormDefinition, linked: Linked) -> dict[str, Type]:
    """The bare names of a form: its fields, then what every host knows unless a field hides it."""
    columns = {
        table: {one.key: field_type(one, linked) for one in fields}
        for table, fields in form.columns.items()
    }
    names = {
        one.key: Type("table", columns=columns[one.key])
        if one.kind.name == "table"
        else field_type(one, linked)
        for one in form.header
        if one.kind.is_stored
    }
    has_project = form.scope == "project"
    known = {
        "record": Type("record", target=form.form, fields=record_fields(has_project)),
        "requester": Type("person"),
    }
    if has_project:
        known["project"] = _PROJECT
    return {**known, **names}


def form_scopes(form: FormDefinition, linked: Linked) -> dict[str | None, Scope]:
    """The scope of the header (None) and of a row of each table."""
    names = form_names(form, linked)
    aliases = _aliases(form)
    scopes: dict[str | None, Scope] = {
        None: Scope(names, functions=HOST_FUNCTIONS, aliases=aliases)
    }
    for table in form.columns:
        scopes[table] = Scope(
            names, row=names[table].columns, parent=names, functions=HOST_FUNCTIONS, aliases=aliases
        )
    return scopes


def _aliases(form: FormDefinition) -> dict[str, str]:
    """A fetched currency is the currency of the linked record: their amounts may be added."""
    aliases: dict[str, str] = {}
    for one in form.fields.values():
        if one.fetched_from is not None and one.table is None:
            link, theirs = one.fetched_from
            aliases[one.key] = f"{link}.{theirs}"
    return aliases


def linked_forms(
    form: FormDefinition, links: Callable[[str], Mapping[str, Any] | None]
) -> Callable[[str], Mapping[str, Any] | None]:
    """Look-up of linked definitions in which a form also finds itself."""

    def find(key: str) -> Mapping[str, Any] | None:
        return form.expanded if key == form.form else links(key)

    return find
