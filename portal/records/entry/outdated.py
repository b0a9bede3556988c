"""A page made before a newer release of its form: what was typed is carried to the form of now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.definitions import queries as definitions
from portal.definitions.moving import moved
from portal.definitions.moving_losses import lost
from portal.errors import NotFound
from portal.forms.controls import Submission
from portal.forms.evaluation import new_record
from portal.forms.fieldpaths import declared, split_cell
from portal.forms.fields import FieldDefinition
from portal.forms.submission import Posted
from portal.records.entry import conflicts, looking, opening, posting
from portal.records.entry.entries import Entry
from portal.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Carried:
    """What was typed, as the form wants it now; `lost` is what it has no place for any more."""

    taken: Submission
    lost: list[dict[str, str]]


def carried(entry: Entry, posted: Posted) -> Carried | None:
    """What a page of an earlier release holds; None for a page of the form as it is now.

    Raises UnknownFields, as for a page of today.
    """
    then = as_it_was(entry, posted)
    if then is None:
        return None
    taken = posting.read(then, posted)
    fields = entry.definition.fields
    gone = list(_gone(then, entry, taken))
    arrived = replace(
        taken,
        data=moved(taken.data, then.definition.version, entry.definition),
        errors=[one for one in taken.errors if declared(one.path) in fields],
        raw={path: texts for path, texts in taken.raw.items() if declared(path) in fields},
    )
    return Carried(arrived, gone)


def as_it_was(entry: Entry, posted: Posted) -> Entry | None:
    """The entry under the release its page was made from, if the form was another one then.

    At a step nothing moves: the record stays under the release it was sent with.
    """
    release_id = next(iter(posted.getlist("_release")), "")
    if release_id in ("", entry.form.release_id) or entry.seat is not None:
        return None
    try:
        form = definitions.form_of(release_id, entry.form.key)
    except NotFound:
        return None
    if form.sha256 == entry.form.sha256:
        return None
    is_own = entry.requester_id == entry.viewer.person_id
    access = opening.everything(entry.viewer, form, entry.project_id, is_own=is_own)
    then = replace(entry, form=form, access=access, data={})
    return replace(then, data=_stored(then))


def _stored(then: Entry) -> Mapping[str, Any]:
    """The stored values as that form had them."""
    record = then.record
    if record is None:
        return new_record(then.compiled, then.facts({}))
    if record.release_id == then.form.release_id:
        return record.data
    pinned = definitions.form_of(record.release_id, record.form).form.definition
    return moved(record.data, pinned.version, then.definition)


def _gone(then: Entry, entry: Entry, taken: Submission) -> Iterator[dict[str, str]]:
    """Each value that has no place in the form any more, read or not, in words."""
    builder = conflicts.builder_of(then, taken.data)
    files = looking.files_of(then, taken.data)
    for path in lost(taken.data, then.definition, entry.definition):
        one = then.definition.fields[path]
        columns = then.definition.columns.get(path, (one,))
        for number, column, holder in _places(columns, one, taken.data):
            value = holder.get(column.key)
            if one.kind.name == "attachment":
                text = ", ".join(files[key].name for key in value or () if key in files)
            else:
                text = builder.text(column, value, holder)
            yield {"label": _label(then, column, number), "typed": text}
    for path, texts in taken.raw.items():
        if declared(path) not in entry.definition.fields:
            one = then.definition.fields[declared(path)]
            yield {"label": _label(then, one, _number(path, taken.data)), "typed": texts[0]}


def _places(
    columns: tuple[FieldDefinition, ...], one: FieldDefinition, data: Mapping[str, Any]
) -> Iterator[tuple[int, FieldDefinition, Mapping[str, Any]]]:
    """(number of the row or 0, field, what holds its value) of each value that stands there."""
    table = one.key if one.kind.name == "table" else one.table
    holders = [data] if table is None else data.get(table) or ()
    for number, holder in enumerate(holders, start=1):
        for column in columns:
            if column.is_writable and holder.get(column.key) not in (None, "", []):
                yield 0 if table is None else number, column, holder


def _number(path: str, data: Mapping[str, Any]) -> int:
    table, row_id, _key = split_cell(path)
    rows = data.get(table) or () if table else ()
    return next((at for at, row in enumerate(rows, start=1) if row.get("_id") == row_id), 0)


def _label(then: Entry, one: FieldDefinition, number: int) -> str:
    label = one.label.in_language(then.viewer.language)
    if not number:
        return label
    return str(_("Row %(number)s, %(label)s", number=number, label=label))
