"""What hangs on a record's data and is looked up by others: links, list values, unique values."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from portal.db import db, unscoped, write_fixed
from portal.errors import N_, FieldError, Invalid, Message
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.records.models import Record, RecordIndex, RecordLink, UniqueValue

WHY = "a record's own rows are written anew with it"
TEXT_LENGTH = 200
ALREADY = N_("“%(value)s” already exists.")


class Indexed(Protocol):
    """What the rows of a record are made from."""

    @property
    def id(self) -> Any: ...
    @property
    def form(self) -> Any: ...
    @property
    def project_id(self) -> Any: ...
    @property
    def data(self) -> Any: ...


def reindex(record: Record, form: FormDefinition, *, is_new: bool = False) -> None:
    """Write a record's links, list values and unique values anew from its data.

    `is_new`: it was never indexed, so there is nothing to take away.
    """
    db.session.flush()
    if not is_new:
        for table in (RecordLink, RecordIndex, UniqueValue):
            db.session.execute(unscoped(delete(table).where(table.record_id == record.id), WHY))
    add_rows(list(link_rows(record, form)), list(index_rows(record, form)))
    _hold_unique(record, form)


def add_rows(links: Sequence[Mapping[str, Any]], values: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of record_link and record_index."""
    if links:
        write_fixed(_add_links, links)
    if values:
        write_fixed(_add_values, values)


_add_links = unscoped(insert(RecordLink), WHY)
_add_values = unscoped(insert(RecordIndex), WHY)


def links_in(form: FormDefinition, data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(field path, row id, target id) of every link in a record's data."""
    for one in form.links:
        if one.table is None:
            if data.get(one.key):
                yield one.path, "", str(data[one.key])
            continue
        for row in data.get(one.table) or ():
            if row.get(one.key):
                yield one.path, str(row.get("_id", "")), str(row[one.key])


def link_rows(record: Indexed, form: FormDefinition) -> Iterator[dict[str, Any]]:
    """The rows of record_link for a record."""
    from portal.ids import new_id

    for path, row, target in links_in(form, record.data):
        yield {
            "id": new_id(),
            "record_id": record.id,
            "form": record.form,
            "field": path,
            "row": row,
            "target_id": target,
        }


def index_rows(record: Indexed, form: FormDefinition) -> Iterator[dict[str, Any]]:
    """The rows of record_index for a record: one per listed or filtered header field."""
    from portal.ids import new_id

    for path in dict.fromkeys((*form.list_columns, *form.list_filters)):
        one = form.fields.get(path)
        if one is None or one.table is not None:
            continue
        value = typed_index_value(one, record.data.get(one.key))
        if value is None:
            continue
        yield {
            "id": new_id(),
            "record_id": record.id,
            "form": record.form,
            "field": path,
            "text": str(value)[:TEXT_LENGTH] if isinstance(value, str) else None,
            "number": value if isinstance(value, Decimal) else None,
            "day": value if isinstance(value, date) else None,
        }


def typed_index_value(one: FieldDefinition, stored: Any) -> str | Decimal | date | None:
    """The value of a field as lists sort and filter by it."""
    if stored is None:
        return None
    value = one.kind.index_value(one.kind.load(stored, one.options), one.options)
    if isinstance(value, Decimal):
        return value.quantize(Decimal("0.0001")) if abs(value) < 10**14 else None
    return value


def release_unique(record_id: str) -> None:
    """What was unique of a record is free again: it no longer counts."""
    statement = delete(UniqueValue).where(UniqueValue.record_id == record_id)
    db.session.execute(unscoped(statement, WHY))


def unique_text(stored: Any) -> str:
    """A value as two that are the same are compared."""
    return str(stored).strip().casefold()[:TEXT_LENGTH]


def unique_rows(record: Indexed, form: FormDefinition) -> Iterator[dict[str, Any]]:
    """The rows of unique_value for a record: one per declared field that has a value."""
    for one in form.header:
        stored = record.data.get(one.key)
        if not one.unique or stored in (None, ""):
            continue
        yield {
            "form": record.form,
            "field": one.path,
            "within": (record.project_id or "") if one.unique == "project" else "",
            "value": unique_text(stored),
            "record_id": record.id,
        }


def _hold_unique(record: Record, form: FormDefinition) -> None:
    """Let the database hold unique values. Raises Invalid naming the field."""
    for row in unique_rows(record, form):
        try:
            with db.session.begin_nested():
                db.session.execute(insert(UniqueValue), [row])
        except IntegrityError:
            raise doubled(row["field"], record.data) from None


def doubled(path: str, data: Mapping[str, Any]) -> Invalid:
    """Another record holds the value of this field."""
    message = Message(ALREADY, {"value": str(data[path])})
    return Invalid(errors=[FieldError(path, "unique", message)])
