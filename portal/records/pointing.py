"""The records that point at one: what its page lists, and where the next of them is filed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.definitions import queries as definitions
from portal.definitions.queries import FormInRelease
from portal.forms.fields import FieldDefinition
from portal.forms.kinds import Reader
from portal.records import aliases, names, transitions
from portal.records.document import NUMERIC, currency_of
from portal.records.list_catalog import hidden_somewhere, shown_as
from portal.records.models import Record, RecordLink
from portal.records.shown import ShownReverse
from portal.web.viewer import Viewer

MOST = 50


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the list."""

    label: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A record in the list, with the texts of its columns."""

    id: str
    number: str
    state: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class PointingHere:
    """Records of one form that lead here, within the reader's scope, the latest first.

    `is_readable`: whether this reader may read any of them. `new_title`: what the reader may file
    from here, by its title; empty where there is nothing to file.
    """

    heads: Sequence[Head] = ()
    rows: Sequence[Row] = ()
    is_readable: bool = True
    new_title: str = ""


def pointing_here(
    record: Record, part: ShownReverse, viewer: Viewer, project: Mapping[str, Any] | None
) -> PointingHere:
    """What the page of a record lists under one of its reverse fields."""
    form = definitions.current_form(part.form)
    if form is None:
        return PointingHere()
    found = _found(record.id, part)
    new = form.title.in_language(viewer.language) if _is_next(record, form, part, viewer) else ""
    readable = bool(found) or definitions.concerns(viewer, form)
    fields = _columns(form, part.columns)
    heads = [Head(one.label.in_language(viewer.language), _is_number(one)) for one in fields]
    currency = project["currency"] if project else None
    return PointingHere(heads, _rows(form, fields, found, viewer, currency), readable, new)


def _found(record_id: str, part: ShownReverse) -> Sequence[Any]:
    statement = (
        select(Record.id, Record.number, Record.state, Record.data)
        .join(RecordLink, RecordLink.record_id == Record.id)
        .where(
            RecordLink.target_id.in_(_behind(record_id)),
            RecordLink.form == part.form,
            RecordLink.field == part.by,
        )
        .order_by(Record.submitted_at.desc(), Record.id)
        .limit(MOST)
    )
    return db.session.execute(statement).all()


def _behind(record_id: str) -> Sequence[str]:
    """The entry itself, and those merged into it; a merged one shows what names it alone."""
    return (record_id, *aliases.merged().behind.get(record_id, ()))


def _columns(form: FormInRelease, wanted: Sequence[str]) -> list[FieldDefinition]:
    """The columns the field names; without any, what the form calls its subject and its amount.

    As in every list, what a step hides from its people and what is private is shown to nobody.
    """
    definition = form.form.definition
    hidden = hidden_somewhere(form) | definition.private
    paths = wanted or [one for one in (definition.subject, definition.amount) if one]
    known = [definition.fields[path] for path in paths if path in definition.fields]
    return [one for one in known if one.table is None and one.path not in hidden]


def _is_number(one: FieldDefinition) -> bool:
    return shown_as(one).name in NUMERIC and one.options.get("as") not in {"date", "text"}


def _rows(
    form: FormInRelease,
    fields: Sequence[FieldDefinition],
    found: Sequence[Any],
    viewer: Viewer,
    project_currency: str | None,
) -> list[Row]:
    keys = {one.key for one in fields}
    held = [{key: value for key, value in row.data.items() if key in keys} for row in found]
    name_of = names.names_of(form.form.definition, held)

    def text(one: FieldDefinition, data: Mapping[str, Any]) -> str:
        stored = data.get(one.key)
        if stored is None:
            return ""
        reader = Reader(viewer.language, name_of, currency_of(one, data, project_currency))
        return one.kind.display(one.kind.load(stored, one.options), one.options, reader)

    return [
        Row(row.id, row.number or "", row.state, [text(one, row.data) for one in fields])
        for row in found
    ]


def _is_next(record: Record, form: FormInRelease, part: ShownReverse, viewer: Viewer) -> bool:
    """Whether the viewer may file a record that leads here: links lead to what is approved."""
    field = form.form.definition.fields.get(part.by)
    if field is None or field.table is not None or not field.is_writable:
        return False
    where = record.project_id if form.scope == "project" else None
    return record.state == transitions.APPROVED and definitions.may_file(viewer, form, where)
