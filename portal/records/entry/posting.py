"""What a page posted, laid over its entry: read, judged, kept."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from portal.errors import COPY_FIRST, FieldError, Malformed
from portal.forms.controls import Submission
from portal.forms.evaluation import evaluate, locked_paths, merge_errors
from portal.forms.fieldpaths import cell_path, control_name, declared, split_cell, split_control
from portal.forms.outcome import Facts, Outcome
from portal.forms.rendering.faces import NUMERIC
from portal.forms.rendering.reach import Reach
from portal.forms.submission import Posted, parse_submission
from portal.forms.typed import is_blank, of_what_was_typed
from portal.records import facts, services
from portal.records.entry import choosing, linked_rows, refused
from portal.records.entry.entries import Entry
from portal.records.models import Record
from portal.web.words import gettext as _

_MOST_NAMES = 2_000


class UnknownFields(Malformed):
    """A page posted controls that no page of this person holds; `taken` is the rest of it."""

    def __init__(self, errors: list[FieldError], taken: Submission | None = None) -> None:
        text = _("This page does not fit the form. Nothing was saved.")
        super().__init__(text, hint=COPY_FIRST)
        self.errors, self.taken = errors, taken


def read(entry: Entry, posted: Posted) -> Submission:
    """The posted page over the entry's values. Raises UnknownFields: then nothing is taken."""
    locked: tuple[str, ...] = ()
    if entry.compiled.locks():
        locked = tuple(locked_paths(entry.compiled, entry.data, entry.facts(entry.data)))
    laid = linked_rows.lay(entry, posted, locked)
    taken = parse_submission(entry.definition, laid.posted, laid.base, entry.access, locked)
    choosing.refuse_foreign(entry, taken)
    if taken.problems:
        refused.note(entry, taken.problems)
        raise UnknownFields(taken.problems, taken)
    refused.note_locked(entry, taken.errors)
    taken.changed |= laid.changed
    taken.left_out, taken.astray = laid.left_out, laid.astray
    return taken


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


def holds_nothing(entry: Entry, taken: Submission) -> bool:
    """Whether nobody saved it yet and nobody typed anything: there is no draft to keep."""
    if entry.record is not None or taken.errors:
        return False
    return is_blank(entry.definition, taken.data, entry.data)


def keep(entry: Entry, taken: Submission) -> Record:
    """Save the draft as it was typed. Raises Invalid for files of somebody else."""
    record = begin(entry)
    services.save_draft(actor=entry.viewer, record=record, data=taken.data, now=entry.now)
    return record


def judged(entry: Entry, taken: Submission) -> Outcome:
    """Everything wrong with what was posted, as sending would find it."""
    facts, refused = entry.facts(taken.data), {error.path for error in taken.errors}
    return evaluate(entry.compiled, taken.data, facts, mode="submit", refused=refused)


def to_speak_of(
    entry: Entry, outcome: Outcome, taken: Submission | None = None, said: Iterable[str] = ()
) -> list[FieldError]:
    """What is wrong with what was typed; nobody is scolded for what is still to come.

    `said` are the paths that were just changed.
    """
    posted = [] if taken is None else taken.errors
    found = outcome.errors if taken is None else merge_errors(taken, outcome)[len(posted) :]
    typed = of_what_was_typed(entry.compiled, outcome.data, found, frozenset(said))
    return [*posted, *typed]


def shown_rows(entry: Entry, taken: Submission, posted: Posted) -> dict[str, list[str]]:
    """The row ids the page shows of each table, before any act."""
    own = {
        table.key: [str(row["_id"]) for row in taken.data.get(table.key) or ()]
        for table in entry.definition.tables
    }
    return own | linked_rows.held_rows(entry.definition, posted, taken.data)


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
