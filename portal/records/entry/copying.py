"""Filing again: a new record that starts with what was typed into another one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from portal.definitions import queries as definitions
from portal.definitions.moving import moved
from portal.errors import NotFound
from portal.forms.evaluation import new_record
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.rowids import new_row_id
from portal.records import services, views
from portal.records.entry import choosing
from portal.records.entry.entries import Entry
from portal.records.entry.link_filters import depends_on
from portal.records.models import Record
from portal.records.telling import REFERENCES
from portal.web.viewer import Viewer

ROW_ID = "_id"
Row = dict[str, Any]


def may_copy(viewer: Viewer, record: Record) -> bool:
    """Whether the viewer may file this form anew in the record's project, as things stand now."""
    form = definitions.form_in(record.form, record.project_id)
    if form is None or not definitions.may_file(viewer, form, record.project_id):
        return False
    if record.project_id is None:
        return form.scope == "company"
    return any(
        one.id == record.project_id and one.status == "active" for one in viewer.project_list
    )


def source_of(form_key: str, record_id: str) -> Record:
    """The record to start from. Raises NotFound for one unseen, or of another form."""
    record = services.get(record_id)
    if record.form != form_key:
        raise NotFound()
    return record


def copied(entry: Entry, source: Record) -> Entry:
    """A new entry with the typed values of `source`, as its form wants them now.

    Left out: what the viewer may not read there or choose here; what the portal fills in itself
    (computed, fetched, prefilled); what no two records may share; files.
    """
    data = readable(source, entry.viewer, entry.definition)
    taken: Row = {}
    for field in entry.definition.header:
        if not _is_copied(field):
            continue
        if field.kind.name == "table":
            taken[field.key] = _rows(entry, field, data.get(field.key) or ())
        elif data.get(field.key) is not None:
            taken[field.key] = data[field.key]
    for field in entry.definition.fields.values():
        if field.kind.name in REFERENCES:
            _drop_foreign(entry, field, taken)
    return replace(entry, data=new_record(entry.compiled, entry.facts(taken), taken))


def readable(source: Record, viewer: Viewer, definition: FormDefinition) -> Mapping[str, Any]:
    """What the viewer may read of the source, moved to this definition of its form."""
    pinned = definitions.form_of(source.release_id, source.form)
    access = views.access_to(source, pinned, viewer)
    then = pinned.form.definition
    found: Row = {}
    for field in then.header:
        value = source.data.get(field.key)
        if value is None or access.get(field.path) == "none":
            continue
        if field.kind.name == "table":
            unseen = {c.key for c in then.columns[field.key] if access.get(c.path) == "none"}
            value = [{key: row[key] for key in row if key not in unseen} for row in value]
        found[field.key] = value
    return moved(found, int(pinned.expanded.get("version", 1)), definition)


def _is_copied(field: FieldDefinition) -> bool:
    return (
        field.is_writable
        and field.kind.name != "attachment"
        and field.prefill is None
        and field.unique is None
    )


def _rows(entry: Entry, table: FieldDefinition, theirs: Any) -> list[Row]:
    """The typed cells of each row; rows that follow a linked record keep the ids they match by."""
    columns = {one.key for one in entry.definition.columns[table.key] if _is_copied(one)}
    follows = bool(table.options.get("rows_from"))
    rows = []
    for row in theirs:
        row_id = row[ROW_ID] if follows else new_row_id()
        rows.append({ROW_ID: row_id, **{key: row[key] for key in row if key in columns}})
    return rows if rows or follows else [{ROW_ID: new_row_id()}]


def _drop_foreign(entry: Entry, field: FieldDefinition, taken: Row) -> None:
    """Clear keys the viewer may not choose here: gone, closed, out of sight, or filtered away."""
    holders = [one for one in _holders(field, taken) if one.get(field.key)]
    by_row = any(path.startswith(f"{field.table}[].") for path in _reads(entry, field))
    groups = [[one] for one in holders] if by_row else [holders]
    for group in groups:
        keys = {str(one[field.key]) for one in group}
        row = group[0] if by_row else None
        allowed = choosing.choosable(entry, field, keys, taken, row) if keys else keys
        for holder in group:
            if str(holder[field.key]) not in allowed:
                del holder[field.key]


def _holders(field: FieldDefinition, taken: Row) -> list[Row]:
    return [taken] if field.table is None else list(taken.get(field.table) or ())


def _reads(entry: Entry, field: FieldDefinition) -> frozenset[str]:
    """What the filter of a link reads; nothing for other references."""
    return depends_on(entry.compiled, field.path) if field.kind.name == "record" else frozenset()
