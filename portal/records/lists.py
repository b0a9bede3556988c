"""Lists of a form's records: the rows of one page, their count and sum.

Values of fields come from `record_index`. Rows are scoped by hand, once, on the record itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from portal.db import db, read_fixed, unscoped
from portal.records import aliases
from portal.records.list_catalog import ListField
from portal.records.list_query import Query, column_of, conditions, filtered
from portal.records.models import Record, RecordIndex
from portal.web.viewer import Viewer

WHY = "scoped by its own condition: a condition on every joined table would be judged twice"
MOST_COUNTED = 1_000
_MOST_VALUES = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list; `values` are typed index values by path."""

    id: str
    number: str | None
    subject: str
    state: str
    amount: Decimal | None
    currency: str | None
    project_id: str | None
    requester_id: str
    submitted_at: Any
    updated_at: Any
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Summary:
    """How many rows there are (counted up to a limit) and the sum of their amounts.

    `more`: the count stopped at the limit; then there is no sum. `currency` is None where the rows
    have several.
    """

    count: int
    more: bool
    amount: Decimal | None
    currency: str | None


_SORTS: Mapping[str, Any] = {
    "number": Record.number,
    "title": Record.subject,
    "state": Record.state,
    "amount": Record.amount,
    "date": Record.submitted_at,
}


_ids_given: Any = bindparam("ids", expanding=True)
_shown = unscoped(
    select(
        Record.id,
        Record.number,
        Record.subject,
        Record.state,
        Record.amount,
        Record.currency,
        Record.project_id,
        Record.requester_id,
        Record.submitted_at,
        Record.updated_at,
    ).where(Record.id.in_(_ids_given)),
    WHY,
)
_indexed = unscoped(
    select(
        RecordIndex.record_id,
        RecordIndex.field,
        RecordIndex.text,
        RecordIndex.number,
        RecordIndex.day,
    ).where(
        RecordIndex.record_id.in_(_ids_given),
        RecordIndex.field.in_(bindparam("fields", expanding=True)),
    ),
    WHY,
)


def has_any(form: str) -> bool:
    """Whether the viewer sees any record of a form: their own, or one they take part in."""
    statement = select(Record.id).where(Record.form == form).limit(1)
    return db.session.scalar(statement) is not None


def rows(query: Query, viewer: Viewer, columns: Sequence[ListField]) -> list[Row]:
    """One page of the list, with the values of its columns."""
    ids = _ids(query, viewer, (query.page - 1) * query.size, query.size)
    if not ids:
        return []
    by_id = {row.id: row for row in read_fixed(_shown, {"ids": ids})}
    values = _values(ids, [one.path for one in columns])
    return [Row(**by_id[one]._mapping, values=values.get(one, {})) for one in ids if one in by_id]


def _ids(query: Query, viewer: Viewer, offset: int, limit: int) -> list[str]:
    """The keys of one page: the wide columns are read for these rows alone."""
    if query.sort_field is not None:
        where = conditions(query, viewer, query.chosen)
        return _ids_by_field(query, where, query.sort_field, offset, limit)
    column = _SORTS.get(query.sort)
    statement, key = filtered(query, viewer, first=column is None)
    if column is None:
        return _keys(
            statement.order_by(key.asc() if query.descending else key.desc()), offset, limit
        )
    by = column.desc().nulls_last() if query.descending else column.asc().nulls_first()
    return _keys(statement.order_by(by, *_both_ways(query, key)), offset, limit)


def _ids_by_field(
    query: Query,
    where: list[ColumnElement[bool]],
    by: ListField,
    offset: int,
    limit: int,
) -> list[str]:
    """In the order of an indexed field; records without a value follow at the end."""
    index = aliased(RecordIndex)
    column = column_of(index, by)
    own = and_(index.form == query.form, index.field == by.path)
    ordered = (
        select(index.record_id)
        .join(Record, Record.id == index.record_id)
        .where(own, *where)
        .order_by(*_both_ways(query, column, index.record_id))  # the order of the index itself
    )
    found = _keys(ordered, offset, limit)
    if len(found) == limit:
        return found
    held = select(index.record_id).where(own)
    if not found and offset:
        counted = select(func.count()).select_from(ordered.order_by(None).subquery())
        offset -= int(db.session.execute(unscoped(counted, WHY)).scalar_one())
    else:
        offset = 0
    rest = select(Record.id).where(*where, Record.id.not_in(held)).order_by(Record.id.desc())
    return found + _keys(rest, max(0, offset), limit - len(found))


def _both_ways(query: Query, *columns: Any) -> list[Any]:
    """The columns all in the direction of the list."""
    return [one.desc() if query.descending else one.asc() for one in columns]


def _keys(statement: Select[Any], offset: int, limit: int) -> list[str]:
    page = statement.offset(offset).limit(limit)
    return [row[0] for row in read_fixed(unscoped(page, WHY), {})]


def _values(ids: Sequence[str], paths: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Typed index values by record and path, of rows the viewer was found to see."""
    if not paths:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for record_id, path, text, number, day in read_fixed(_indexed, {"ids": ids, "fields": paths}):
        value = text if number is None and day is None else day if number is None else number
        found.setdefault(record_id, {})[path] = value
    return found


def summary(query: Query, viewer: Viewer) -> Summary:
    """Count and sum; both stop where counting would cost more than the page itself."""
    found, _key = filtered(query, viewer, Record.amount, Record.currency)
    inner = found.limit(MOST_COUNTED + 1).subquery()
    statement = select(
        func.count(),
        func.sum(inner.c.amount),
        func.min(inner.c.currency),
        func.max(inner.c.currency),
    )
    count, amount, first, last = read_fixed(unscoped(statement, WHY), {})[0]
    more = count > MOST_COUNTED
    one = first if first == last else None
    total = None if more or one is None else amount
    return Summary(min(count, MOST_COUNTED), more, total, one)


def values_in_use(
    form: str, one: ListField, viewer: Viewer, *, only: str | None = None, most: int = 50
) -> list[str]:
    """The distinct keys a reference field holds in records the viewer may see, for its filter.

    `only` asks for one key alone: a filter names it just to whom some row shows it.
    """
    own = and_(RecordIndex.form == form, RecordIndex.field == one.path)
    keys = select(RecordIndex.text).where(own, RecordIndex.text.is_not(None)).distinct()
    known = aliases.merged() if one.kind == "record" else aliases.Aliases()
    if only is not None:
        keys = keys.where(RecordIndex.text.in_(known.families([only])))
    held = keys.order_by(RecordIndex.text).limit(_MOST_VALUES).subquery()
    row = aliased(RecordIndex)
    shown = (
        select(row.id)
        .join(Record, Record.id == row.record_id)
        .where(row.form == form, row.field == one.path, row.text == held.c.text)
        .where(Record.visible_to(viewer))
        .exists()
    )
    statement = select(held.c.text).where(shown).order_by(held.c.text).limit(most)
    found = (known.stays(text) for text in db.session.scalars(unscoped(statement, WHY)) if text)
    return list(dict.fromkeys(found))
