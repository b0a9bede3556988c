"""What an author may be told of the world of a record: what its own form shows them, no more.

The form of a draft is what its author wants it to be: a link or a roll-up it adds is no right to
read what stands there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.definitions import queries as definitions
from portal.forms.fields import FieldDefinition, FormDefinition
from portal.forms.kinds.table import ROW_ID_KEY
from portal.forms.outcome import Facts
from portal.records import views
from portal.records.models import Record
from portal.web.viewer import Viewer

_NAMES = ("id", "number", "subject")


def withheld(facts: Facts, record: Record, form: FormDefinition, viewer: Viewer) -> Facts:
    """The facts gathered by `form`, without what the form the record was filed with hides."""
    pinned = definitions.form_of(record.release_id, record.form)
    access = views.access_to(record, pinned, viewer)
    then = pinned.form.definition
    shown = {path: one for path, one in then.fields.items() if access.get(path) != "none"}
    return replace(
        facts,
        links=_links(facts.links, shown, viewer),
        rollups={
            place: value
            for place, value in facts.rollups.items()
            if _is_same(form.fields[_path(place)], shown.get(_path(place)))
        },
    )


def _path(place: Any) -> str:
    """The field a fact is about: its path, or (path, row id) inside tables."""
    return place if isinstance(place, str) else str(place[0])


def _is_same(one: FieldDefinition, then: FieldDefinition | None) -> bool:
    return then is not None and then.kind.name == one.kind.name and then.options == one.options


def _links(
    links: Mapping[Any, Mapping[str, Any] | None],
    shown: Mapping[str, FieldDefinition],
    viewer: Viewer,
) -> dict[Any, dict[str, Any] | None]:
    ids = sorted({str(data["id"]) for data in links.values() if data})
    rows = db.session.scalars(select(Record).where(Record.id.in_(ids)))  # those they may read
    readable = {one.id: _readable(one, viewer) for one in rows}
    found: dict[Any, dict[str, Any] | None] = {}
    for place, data in links.items():
        if data is None:
            found[place] = None
            continue
        keys = {*_NAMES, *readable.get(str(data["id"]), ())}
        kept = {key: value for key, value in data.items() if key in keys}
        found[place] = {**_taken(data, _path(place), shown.values()), **kept}
    return found


def _taken(data: Mapping[str, Any], link: str, shown: Iterable[FieldDefinition]) -> dict[str, Any]:
    """What the record itself shows of the record it links to: fetched fields, rows it follows."""
    found: dict[str, Any] = {}
    for one in shown:
        if one.fetched_from is not None and one.fetched_from[0] == link:
            theirs = one.fetched_from[1]
            found[theirs] = data.get(theirs)
        source = one.options.get("rows_from") if one.kind.name == "table" else None
        if source and source["link"] == link:
            columns = source.get("columns") or {}
            wanted = {ROW_ID_KEY, *columns.keys(), *columns.values()}
            rows = data.get(source["table"]) or ()
            found[source["table"]] = [
                {key: row[key] for key in row if key in wanted} for row in rows
            ]
    return found


def _readable(record: Record, viewer: Viewer) -> set[str]:
    """The header fields of a linked record this viewer may read, tables with all their columns."""
    form = definitions.form_of(record.release_id, record.form)
    access = views.access_to(record, form, viewer)
    hidden = {
        path.partition("[]")[0]
        for path in form.form.definition.fields
        if access.get(path) == "none"
    }
    return {one.key for one in form.form.definition.header} - hidden
