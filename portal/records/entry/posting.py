"""What a page posted, laid over its entry: read, judged, kept."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.errors import FieldError, Malformed
from portal.forms.controls import Submission
from portal.forms.evaluation import evaluate, locked_paths
from portal.forms.fieldpaths import cell_path, control_name, declared, split_cell, split_control
from portal.forms.outcome import Facts, Outcome
from portal.forms.rendering.faces import NUMERIC
from portal.forms.rendering.reach import Reach
from portal.forms.submission import Posted, parse_submission
from portal.records import facts, services
from portal.records.entry import choosing, refused
from portal.records.entry.entries import Entry
from portal.records.models import Record

_MOST_NAMES = 2_000


class UnknownFields(Malformed):
    """A page posted controls that no page of this person holds."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(_("This page does not fit the form. Nothing was saved."))
        self.errors = errors


def read(entry: Entry, posted: Posted) -> Submission:
    """The posted page over the entry's values. Raises UnknownFields: then nothing is taken."""
    locked: Iterable[str] = ()
    if entry.compiled.locks():
        locked = locked_paths(entry.compiled, entry.data, entry.facts(entry.data))
    base = _with_linked_rows(entry, posted)
    taken = parse_submission(entry.definition, posted, base, entry.access, tuple(locked))
    if taken.problems:
        refused.note(entry, taken.problems)
        raise UnknownFields(taken.problems)
    refused.note_locked(entry, taken.errors)
    choosing.refuse_foreign(entry, taken)
    return taken


def _with_linked_rows(entry: Entry, posted: Posted) -> Mapping[str, Any]:
    """The entry's values, with the rows of a link the page chose since they were stored.

    Such rows are the link's, not the page's: without this their cells would find no row.
    """
    sources = [table.options.get("rows_from") or {} for table in entry.definition.tables]
    links = {str(one["link"]) for one in sources if one.get("fixed")}
    header = MultiDict((name, text) for name in sorted(links) for text in posted.getlist(name))
    taken = parse_submission(entry.definition, header, entry.data, entry.access)
    if not taken.changed:
        return entry.data
    choosing.refuse_foreign(entry, taken)
    return entry.evaluated(taken.data).data


def begin(entry: Entry) -> Record:
    """The record of an entry, created if nobody saved it yet. Raises Conflict, Forbidden."""
    if entry.record is not None:
        return services.editable(
            actor=entry.viewer, record_id=entry.record_id, seen_revision=entry.revision
        )
    return services.start_draft(
        actor=entry.viewer,
        record_id=entry.record_id,
        origin=services.Origin(entry.form.key, entry.project_id, entry.data),
        now=entry.now,
    )


def keep(entry: Entry, taken: Submission) -> Record:
    """Save the draft as it was typed. Raises Invalid for files of somebody else."""
    record = begin(entry)
    services.save_draft(actor=entry.viewer, record=record, data=taken.data, now=entry.now)
    return record


def judged(entry: Entry, taken: Submission) -> Outcome:
    """Everything wrong with what was posted, as sending would find it."""
    return evaluate(entry.compiled, taken.data, entry.facts(taken.data), mode="submit")


def shown_rows(entry: Entry, taken: Submission) -> dict[str, list[str]]:
    """The row ids the page shows of each table, before any act."""
    return {
        table.key: [str(row["_id"]) for row in taken.data.get(table.key) or ()]
        for table in entry.definition.tables
    }


def said_to_change(entry: Entry, posted: Any) -> set[str] | None:
    """The paths the page says were changed since its last answer; None if it does not say."""
    names = posted.getlist("_changed")
    if not names or len(names) > _MOST_NAMES:
        return None
    found = set()
    for name in names:
        table, row_id, key = split_control(name)
        if table is None:
            found.add(key)
        elif row_id is None:
            found.add(table)
        else:
            found.add(cell_path(table, row_id, key))
    return {path for path in found if declared(path) in entry.definition.fields}


def light_facts(entry: Entry, data: Mapping[str, Any], reach: Reach) -> Facts:
    """Facts for a change: roll-ups are counted again only where it may choose other records."""
    definition = entry.definition
    rolled = [one for one in definition.fields.values() if one.kind.name == "rollup"]
    if any(reach.has(one.path) for one in rolled):
        return entry.facts(data)
    today = facts.today_for(entry.project, entry.now)
    return Facts(
        today=today,
        requester=entry.requester_id,
        project=entry.project,
        record={
            "id": entry.record_id,
            "number": entry.subject.number,
            "state": entry.state,
            "requester": entry.requester_id,
            "project": entry.project_id,
            "submitted_on": entry.subject.submitted_on,
            "approved_on": entry.subject.approved_on,
        },
        links=facts.linked(definition, data, entry.record_id),
        step=entry.subject.step,
        access=entry.access if entry.seat is not None else None,
        required=entry.required,
    )


def normalised(entry: Entry, taken: Submission, posted: Any, hint: set[str] | None) -> str:
    """JSON: control → [text as typed, text as the form writes it], where they differ."""
    found: dict[str, list[str]] = {}
    for path in hint or ():
        field = entry.definition.fields.get(declared(path))
        if field is None or field.kind.name not in NUMERIC or path in taken.raw:
            continue
        stored = _stored(taken.data, path, field.key)
        name = control_name(path)
        typed = posted.get(name)
        if stored is None or typed is None:
            continue
        value = field.kind.recall(stored, field.options)
        text = field.kind.input_text(value, field.options, entry.viewer.language)
        if text != typed:
            found[name] = [typed, text]
    return json.dumps(found, ensure_ascii=False)


def _stored(data: Mapping[str, Any], path: str, key: str) -> Any:
    table, row_id, _key = split_cell(path)
    if table is None:
        return data.get(key)
    rows = data.get(table) or ()
    return next((row.get(key) for row in rows if row.get("_id") == row_id), None)
